"""A desk of a.VAZ for the tests of a worker."""

from collections.abc import Iterator

import pytest

from tests.avaz.fallback import Desk, running_desk


@pytest.fixture(scope="session")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    """Yield a desk that runs."""
    with running_desk(tmp_path_factory.mktemp("avaz"), AVAZ_ATTEMPTS_PER_ADDRESS="1000") as started:
        yield started

"""One running house for the tests that need all of it at once."""

import os
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from tests.running.house import House, running_house

_REDIS_DATABASE = 9


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """All tests here share one house, so one worker of xdist runs them; it reads the mark next."""
    here = Path(__file__).parent
    for item in items:
        if here in item.path.parents:
            item.add_marker(pytest.mark.xdist_group("house"))


@pytest.fixture(scope="session")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    """Yield a house with two months of the demo economy."""
    redis = urlsplit(os.environ["REDIS_URL"])._replace(path=f"/{_REDIS_DATABASE}").geturl()
    folder = tmp_path_factory.mktemp("house")
    with running_house(folder, os.environ["DATABASE_URL"], redis) as started:
        started.manage("load_demo", "--months", "2")
        yield started

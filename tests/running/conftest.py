"""A running house for the tests that need all of it at once; each worker of xdist has its own."""

import os
from collections.abc import Iterator
from urllib.parse import urlsplit

import pytest

from tests.running.house import House, running_house

_FIRST_REDIS_DATABASE = 4
"""Redis has sixteen; those before are the portal's and the other tests'."""


@pytest.fixture(scope="session")
def house(tmp_path_factory: pytest.TempPathFactory, worker_id: str) -> Iterator[House]:
    """Yield a house with two months of the demo economy."""
    database = _FIRST_REDIS_DATABASE + int(worker_id.removeprefix("gw").replace("master", "0")) % 12
    redis = urlsplit(os.environ["REDIS_URL"])._replace(path=f"/{database}").geturl()
    folder = tmp_path_factory.mktemp("house")
    with running_house(folder, os.environ["DATABASE_URL"], redis) as started:
        started.manage("load_demo", "--months", "2")
        yield started

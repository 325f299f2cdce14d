"""A desk of a.VAZ for the tests of a worker, and somebody at the portal."""

from collections.abc import Iterator

import pytest
from django.test import Client

from accounts import sessions
from accounts.models import User
from tests.avaz.fallback import Desk, running_desk


@pytest.fixture(scope="session")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    """Yield a desk that runs."""
    folder = tmp_path_factory.mktemp("avaz")
    with running_desk(folder, AVAZ_ATTEMPTS_PER_ADDRESS="1000") as started:
        yield started


def at_the_portal(user: User) -> Client:
    """A browser in which somebody has signed in to the portal."""
    client = Client()
    client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    session = client.session
    sessions.begin(session)
    session.save()
    return client

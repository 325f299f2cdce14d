"""A desk of a.VAZ for the tests of a worker, and somebody at the portal."""

import uuid
from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from accounts import sessions
from accounts.models import User
from avaz.models import Access
from avaz.services import ordering
from avaz.services.taking_over import Told
from imas.kernel import clock
from tests import make
from tests.avaz.fallback import Desk, running_desk
from tests.ivaz.records import waybill

HOUR = timedelta(hours=1)
Tell = Callable[..., Told]


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


@pytest.fixture
def access() -> Access:
    user = make.make_user(phone="+37060000001", phone_confirmed_at=clock.now())
    make.make_headship(user, make.make_taxpayer(name="UAB „Vežėjas“"))
    ordering.look_at_people()
    return Access.objects.get()


@pytest.fixture
def told(access: Access) -> Tell:
    """An announcement as the desk tells it."""

    def made(number: str = "VAZ L-1", **changed: Any) -> Told:
        now = clock.now()
        fields = {
            "desk": uuid.UUID(int=1),
            "desk_id": 1,
            "arn": "AV2600000018",
            "access": access.pk,
            "number": number,
            "reason": "own",
            "description": "",
            "channel": "web",
            "trouble_from": now - HOUR,
            "trouble_to": None,
            "at": now - HOUR / 2,
            **changed,
        }
        return Told(**fields)

    return made


def late(access: Access) -> dict[str, Any]:
    dispatch = clock.now() - HOUR / 4
    return waybill(access.taxpayer, make.make_taxpayer(), None, dispatch=dispatch)

"""Announcements taken over exactly once, completed or late."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from pytest_django.fixtures import Settings

from accounts.models import User
from avaz.deadlines import last_day
from avaz.models import Access, Fallback, Outage
from avaz.services import linking, minding, ordering, taking_over
from imas.embedded.notes import free_port
from imas.kernel import clock
from imas.kernel.errors import ConflictError, UnavailableError
from ivaz import ports
from ivaz.models import Reservation
from ivaz.types import Section
from mailbox.models import Message
from tests import make
from tests.avaz.conftest import Tell, late
from tests.avaz.fallback import Desk, running_desk
from tests.avaz.fallback import access as told_access
from tests.ivaz.records import codes, issued, say

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


def test_taken_once(told: Tell) -> None:
    assert taking_over.take_over(told())
    assert not taking_over.take_over(told())
    assert Fallback.objects.count() == Reservation.objects.count() == Message.objects.count() == 1


def test_a_crash_in_between_leaves_nothing(told: Tell, monkeypatch: pytest.MonkeyPatch) -> None:
    def die(**_: Any) -> None:
        raise SystemExit

    monkeypatch.setattr(ports, "reserve", die)  # the worker dies just there
    with pytest.raises(SystemExit):
        taking_over.take_over(told())
    monkeypatch.undo()
    assert not Fallback.objects.exists()
    assert taking_over.take_over(told())
    assert Reservation.objects.count() == 1


def test_one_waybill_is_completed(told: Tell, access: Access) -> None:
    taking_over.take_over(told())
    rn = issued(access.taxpayer, late(access))
    minding.note_completed()
    assert Fallback.objects.get().rn == rn
    assert minding.tell_overdue() == 0


def test_several_are_taken_late_and_said_to_be_submitted(told: Tell, access: Access) -> None:
    taking_over.take_over(told(""))
    issued(access.taxpayer, late(access))
    acting = make.make_acting(taxpayer=access.taxpayer)
    minding.say_submitted(acting, "AV2600000018")
    with pytest.raises(ConflictError):
        minding.say_submitted(acting, "AV2600000018")


@pytest.mark.parametrize(
    ("back", "until"),
    [
        ("2026-12-01T08:00:00", "2026-12-04"),  # Tuesday
        ("2026-12-23T12:00:00", "2026-12-30"),  # over Christmas
        ("2026-12-23T22:30:00", "2026-12-30"),  # in Vilnius it is the 24th already
        ("2026-12-05T12:00:00", "2026-12-09"),  # Saturday
    ],
)
def test_three_working_days(back: str, until: str) -> None:
    at = datetime.fromisoformat(back).replace(tzinfo=UTC)
    assert last_day(at) == date.fromisoformat(until)


def test_who_is_late_is_told_once(told: Tell, access: Access) -> None:
    taking_over.take_over(told())
    Fallback.objects.update(complete_until=clock.today() - DAY)
    Reservation.objects.update(complete_until=clock.today() - DAY)
    assert minding.tell_overdue() == 1
    assert minding.tell_overdue() == 0
    assert Message.objects.filter(code="avaz.overdue").count() == 1
    assert codes(*say(access.taxpayer, Section.WAYBILL, late(access))) == ["ivaz.after-dispatch"]


@pytest.fixture
def own_desk(tmp_path: Path, settings: Settings) -> Iterator[Desk]:
    """A desk that only this house speaks to; the hashes of its codes are those of production."""
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.Argon2PasswordHasher"]
    with running_desk(tmp_path) as started:
        settings.AVAZ_DESK_URL, settings.AVAZ_LINK_SECRET = started.url, started.secret
        yield started


def test_both_sweeps_with_a_desk(own_desk: Desk, access: Access) -> None:
    assert linking.push() == 1
    assert linking.push() == 0
    _access, code = ordering.renew(User.objects.get(pk=access.user_id), access.pk)
    assert linking.push() == 1
    for number in ("VAZ L-1", "B2"):
        assert "ARN" in own_desk.text(access.phone, f"{code} {number}")
    own_desk.change("INSERT INTO avaz_desk_observed (start) VALUES ('2026-11-30 05:00:00')")
    assert linking.pull() == 2
    assert linking.pull() == 0
    assert Outage.objects.count() == 1
    rn = issued(access.taxpayer, late(access))
    minding.note_completed()
    assert list(Fallback.objects.order_by("arn").values_list("number", "rn")) == [
        ("VAZ L-1", rn), ("B2", ""),
    ]  # fmt: skip


def test_a_desk_that_lost_its_file_is_another_desk(own_desk: Desk, access: Access) -> None:
    linking.push()
    _access, code = ordering.renew(User.objects.get(pk=access.user_id), access.pk)
    linking.push()
    for number in ("A1", "A2"):
        own_desk.text(access.phone, f"{code} {number}")
    assert linking.pull() == 2
    for statement in (
        "DELETE FROM avaz_desk_text",
        "DELETE FROM avaz_desk_registration",
        "DELETE FROM avaz_desk_desk",
        "DELETE FROM sqlite_sequence",
    ):
        own_desk.change(statement)
    Access.objects.update(pushed_version=0)
    linking.push()  # tells the last ARN too, so that none is given twice
    own_desk.text(access.phone, f"{code} A3")
    assert linking.pull() == 1
    assert Fallback.objects.count() == 3


def test_an_unknown_access_holds_up_nobody(own_desk: Desk, access: Access) -> None:
    unknown = told_access("HJKMNPQ")
    own_desk.tell(unknown)
    linking.push()
    _access, code = ordering.renew(User.objects.get(pk=access.user_id), access.pk)
    linking.push()
    own_desk.text(unknown["phone"], "HJKMNPQ U1")
    own_desk.text(access.phone, f"{code} U2")
    assert linking.pull() == 1
    assert Fallback.objects.get().number == "U2"


def test_a_desk_that_is_away_is_asked_again(access: Access, settings: Settings) -> None:
    settings.AVAZ_DESK_URL = f"http://127.0.0.1:{free_port()}"
    settings.AVAZ_LINK_SECRET = "s" * 40
    with pytest.raises(UnavailableError):
        linking.push()
    assert Access.objects.get().pushed_version == 0
    with pytest.raises(UnavailableError):
        linking.pull()

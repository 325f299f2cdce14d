from collections.abc import Mapping, Sequence
from datetime import date, timedelta

import pytest
from django.test import Client
from icalendar import Calendar as ICalendar

from accounts.models import User
from imas.kernel import clock
from imas.kernel.errors import NotFoundError, UnprocessableError
from mailbox import deadlines, selectors, services, words
from mailbox.deadlines import Deadline
from mailbox.models import CalendarLink, Message, Notice
from representation.models import Mandate, Taxpayer
from representation.types import MandateState
from tests.mailbox.make import WORDS
from tests.make import PASSWORD, make_acting, make_grant, make_headship, make_taxpayer, make_user

pytestmark = pytest.mark.django_db

TODAY = clock.today()
words.register(WORDS)


def due(in_days: int, *, is_done: bool = False, right: str = "isaf.view") -> Deadline:
    return Deadline(
        subsystem="isaf",
        key=f"tests.{in_days}",
        day=TODAY + timedelta(days=in_days),
        code="tests.arrived",
        right=right,
        is_done=is_done,
        url_name="isaf:registers",
        params={"number": f"N{in_days}"},
    )


@pytest.fixture(autouse=True)
def told(monkeypatch: pytest.MonkeyPatch) -> list[Deadline]:
    """The only source of deadlines, the same for every taxpayer."""
    shown: list[Deadline] = []

    def source(
        taxpayer_ids: Sequence[int], since: date, until: date
    ) -> Mapping[int, list[Deadline]]:
        mine = [one for one in shown if since <= one.day <= until]
        return dict.fromkeys(taxpayer_ids, mine)

    monkeypatch.setattr(deadlines, "_sources", [source])
    return shown


@pytest.fixture
def taxpayer() -> Taxpayer:
    return make_taxpayer()


@pytest.fixture
def head(taxpayer: Taxpayer) -> User:
    user = make_user("vadovas")
    make_headship(user, taxpayer)
    return user


@pytest.fixture
def browser(head: User) -> Client:
    client = Client()
    client.post("/sign-in/", {"username": "vadovas", "password": PASSWORD})
    return client


def states(user: User, taxpayer: Taxpayer, view: str) -> list[tuple[str, str]]:
    acting = make_acting(user=user, taxpayer=taxpayer)
    months = selectors.months_of(acting, view)
    return [(one.deadline.key, one.state) for month in months for one in month.entries]


def test_what_is_late_open_and_done_stand_apart_by_months(
    told: list[Deadline], head: User, taxpayer: Taxpayer
) -> None:
    told += [due(-40), due(-2, is_done=True), due(0), due(40)]
    assert states(head, taxpayer, "") == [
        ("tests.-40", "late"),
        ("tests.0", "open"),
        ("tests.40", "open"),
    ]
    assert states(head, taxpayer, "done") == [("tests.-2", "done")]
    months = selectors.months_of(make_acting(user=head, taxpayer=taxpayer), "all")
    assert [month.start for month in months] == sorted({one.day.replace(day=1) for one in told})


def test_a_deadline_is_not_shown_without_its_right(
    told: list[Deadline], taxpayer: Taxpayer
) -> None:
    told.append(due(1))
    acting = make_acting("mailbox.view", taxpayer=taxpayer)
    assert selectors.months_of(acting, "all") == []
    with pytest.raises(NotFoundError):
        services.snooze(acting, "tests.1", 1)


def test_one_person_puts_off_for_himself_and_never_past_the_day(
    told: list[Deadline], head: User, taxpayer: Taxpayer
) -> None:
    told += [due(2), due(-5)]
    acting = make_acting(user=head, taxpayer=taxpayer)
    assert services.snooze(acting, "tests.2", 7).until == TODAY + timedelta(days=2)
    assert services.snooze(acting, "tests.-5", 7).until == TODAY + timedelta(days=7)
    assert states(head, taxpayer, "") == []
    assert len(states(make_user(), taxpayer, "")) == 2
    services.wake(acting, "tests.2")
    assert states(head, taxpayer, "") == [("tests.2", "open")]
    with pytest.raises(UnprocessableError):
        services.snooze(acting, "tests.2", 365)


def test_people_are_reminded_once_each_on_their_own_day(
    told: list[Deadline], head: User, taxpayer: Taxpayer
) -> None:
    early = make_user("rasa")
    make_grant(early, taxpayer, "mailbox.view", "isaf.view")
    services.choose_reminders(early, 14)
    told += [due(10), due(9, is_done=True), due(-1)]
    for _ in range(2):
        services.remind(TODAY)
    assert [(one.user, one.message.key) for one in Notice.objects.select_related("user")] == [
        (early, "reminder.tests.10")
    ]
    for _ in range(2):
        services.remind(TODAY + timedelta(days=7))
    assert Message.objects.count() == 1
    assert {one.user for one in Notice.objects.select_related("user")} == {early, head}


def test_nobody_is_reminded_of_what_he_may_not_see_or_has_put_off(
    told: list[Deadline], head: User, taxpayer: Taxpayer
) -> None:
    make_grant(make_user(), taxpayer, "mailbox.view")
    told.append(due(2))
    services.snooze(make_acting(user=head, taxpayer=taxpayer), "tests.2", 1)
    services.remind(TODAY)
    assert not Message.objects.exists()
    services.remind(TODAY + timedelta(days=1))
    assert [one.user for one in Notice.objects.select_related("user")] == [head]


def test_many_taxpayers_are_all_reminded(
    told: list[Deadline], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("mailbox.services.calendar._BATCH", 2)
    for _ in range(5):
        make_headship(make_user(), make_taxpayer())
    told.append(due(1))
    services.remind(TODAY)
    assert Message.objects.count() == 5


def test_a_calendar_program_reads_titles_and_days_by_a_secret_link(
    told: list[Deadline], browser: Client, taxpayer: Taxpayer
) -> None:
    told += [due(5), due(6, is_done=True)]
    address = browser.post("/mailbox/calendar/link/").context["address"]
    path = address[address.index("/mailbox") :]
    answer = Client().get(path)
    assert answer["Content-Type"] == "text/calendar; charset=utf-8"
    (event,) = ICalendar.from_ical(answer.content.decode()).walk("VEVENT")
    assert str(event["summary"]) == "Register N5 has come"
    assert event.decoded("dtstart") == TODAY + timedelta(days=5)
    text = answer.content.decode()
    assert taxpayer.code not in text
    assert taxpayer.name not in text
    again = ICalendar.from_ical(Client().get(path).content.decode()).walk("VEVENT")
    assert again[0]["uid"] == event["uid"]
    assert path.split("/")[-1].removesuffix(".ics") not in str(CalendarLink.objects.values().get())


def test_a_link_ends_with_a_new_one_when_revoked_and_with_the_right(
    told: list[Deadline], taxpayer: Taxpayer
) -> None:
    clerk = make_user()
    make_grant(clerk, taxpayer, "mailbox.view", "isaf.view")
    acting = make_acting(user=clerk, taxpayer=taxpayer)
    told.append(due(5))
    first, second = services.new_calendar_link(acting), services.new_calendar_link(acting)
    with pytest.raises(NotFoundError):
        services.open_calendar(first)
    assert len(services.open_calendar(second).deadlines) == 1
    Mandate.objects.update(rights=["mailbox.view"])
    assert services.open_calendar(second).deadlines == []
    Mandate.objects.update(state=MandateState.REVOKED)
    with pytest.raises(NotFoundError):
        services.open_calendar(second)
    Mandate.objects.update(state=MandateState.ACTIVE)
    services.revoke_calendar_link(acting)
    with pytest.raises(NotFoundError):
        services.open_calendar(second)


def test_the_page_puts_off_and_keeps_the_days_of_reminders(
    told: list[Deadline], browser: Client
) -> None:
    told.append(due(5))
    assert "Register N5 has come" in browser.get("/mailbox/calendar/").content.decode()
    browser.post("/mailbox/calendar/snooze/", {"key": "tests.5", "days": "3"})
    assert "Register N5" not in browser.get("/mailbox/calendar/").content.decode()
    assert "Register N5" in browser.get("/mailbox/calendar/?view=snoozed").content.decode()
    browser.post("/mailbox/calendar/wake/", {"key": "tests.5"})
    assert "Register N5" in browser.get("/mailbox/calendar/").content.decode()
    browser.post("/mailbox/calendar/reminders/", {"days": "7"})
    assert browser.get("/mailbox/calendar/").context["reminders"].initial == {"days": 7}

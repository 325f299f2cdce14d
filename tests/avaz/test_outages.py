"""Outages: declared, planned, ended, corrected, withdrawn, observed; what follows, who is told."""

import uuid
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries
from pytest_django.fixtures import Settings

from accounts import stepup
from accounts.models import User
from avaz.deadlines import last_day, overdue_before
from avaz.models import Access, Fallback, Outage, OutageNotice
from avaz.services import declaring, minding, observing, taking_over, telling
from avaz.services.declaring import Declaration
from avaz.tasks import tell_outages
from avaz.types import Effect, FallbackState, OutageAct, Subsystem
from imas.kernel import clock
from imas.kernel.errors import ConflictError, NotFoundError, UnprocessableError
from ivaz.models import Disturbance, Reservation
from ivaz.types import Section
from mailbox.models import Event, Message, Notice
from representation.models import JournalEntry, Taxpayer
from representation.services.officers import Officer
from tests import make
from tests.avaz.conftest import HOUR, Tell, at_the_portal, late
from tests.ivaz.records import codes, issued, say, waybill

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


def declared(**changed: Any) -> Declaration:
    fields = {
        "subsystem": Subsystem.IVAZ,
        "start": clock.now() - HOUR,
        "end": None,
        "effect": Effect.LATE_WAYBILLS,
        **changed,
    }
    return Declaration(**fields)


@pytest.fixture
def officer() -> Officer:
    return Officer(make.make_user(is_staff=True, language="en"))


def at_the_desk(officer: Officer) -> Client:
    """The officer's browser, with a second factor just proved."""
    assert officer.user
    make.make_totp(officer.user)
    client = at_the_portal(officer.user)
    session = client.session
    stepup.confirm(session)
    session.save()
    return client


def tell_all() -> None:
    while telling.tell_outages():
        pass


def heard(taxpayer: Taxpayer) -> list[str]:
    """The codes of what the mailbox was told of outages, in order."""
    messages = Message.objects.filter(taxpayer=taxpayer, code__startswith="avaz.outage")
    return list(messages.order_by("created_at").values_list("code", flat=True))


def later(monkeypatch: pytest.MonkeyPatch, moment: datetime) -> None:
    monkeypatch.setattr(clock, "now", lambda: moment)
    monkeypatch.setattr(clock, "today", lambda: moment.astimezone(clock.VILNIUS).date())


def refused(access: Access) -> bool:
    return codes(*say(access.taxpayer, Section.WAYBILL, late(access))) == ["ivaz.after-dispatch"]


def test_an_outage_excuses_and_is_told(access: Access, officer: Officer) -> None:
    outage = declaring.declare(officer, declared())
    tell_all()
    issued(access.taxpayer, late(access))
    declaring.end(officer, outage.pk)
    tell_all()
    tell_all()
    assert heard(access.taxpayer) == ["avaz.outage-began", "avaz.outage-over"]
    assert Disturbance.objects.get().complete_until
    with pytest.raises(ConflictError):
        declaring.end(officer, outage.pk)


@pytest.mark.parametrize(
    ("changed", "code"),
    [
        ({"end": -2}, "avaz-outage-time"),
        ({"subsystem": Subsystem.ISAF}, "avaz-outage-effect"),
        ({"start": -93 * 24}, "avaz-outage-far"),
        ({"start": 367 * 24}, "avaz-outage-far"),
    ],
)
def test_what_cannot_be_declared(officer: Officer, changed: dict[str, Any], code: str) -> None:
    now = clock.now()
    moved = {key: now + at * HOUR for key, at in changed.items() if key != "subsystem"}
    with pytest.raises(UnprocessableError) as refusal:
        declaring.declare(officer, declared(**{**changed, **moved}))
    assert refusal.value.code == code


def test_an_outage_of_another_subsystem_excuses_nothing_and_is_not_in_the_mailboxes(
    access: Access, officer: Officer
) -> None:
    declaring.declare(officer, declared(subsystem=Subsystem.ISAF, effect=Effect.NONE))
    tell_all()
    assert refused(access)
    assert heard(access.taxpayer) == []


def test_the_banner_and_the_feed_tell_of_it(officer: Officer) -> None:
    user = make.make_user(language="en")
    make.make_headship(user, make.make_taxpayer())
    client = at_the_portal(user)
    outage = declaring.declare(officer, declared(words_en="The database is being mended."))
    assert "The database is being mended." in client.get("/").content.decode()
    answer = Client().get(reverse("avaz:feed"))
    assert answer.headers["Cache-Control"] == "public, max-age=30"
    (one,) = answer.json()["outages"]
    assert (one["subsystem"], one["state"], one["lasts"], one["end"]) == (
        "ivaz", "lasts", True, None,
    )  # fmt: skip
    declaring.withdraw(officer, outage.pk, why="A mistake")
    assert "The database is being mended." not in client.get("/").content.decode()
    (one,) = Client().get(reverse("avaz:feed")).json()["outages"]
    assert (one["state"], one["lasts"], one["version"]) == ("withdrawn", False, 2)


def test_one_declared_after_its_days_opens_them_again(access: Access, officer: Officer) -> None:
    now = clock.now()
    declaring.declare(officer, declared(start=now - 20 * DAY, end=now - 19 * DAY))
    dispatched = waybill(
        access.taxpayer, make.make_taxpayer(), None, dispatch=now - 20 * DAY + 2 * HOUR
    )
    issued(access.taxpayer, dispatched)
    assert Disturbance.objects.get().complete_until == last_day(now)
    tell_all()
    assert heard(access.taxpayer) == ["avaz.outage-over"]


def test_a_planned_one_is_told_ahead_and_at_its_end(
    access: Access, officer: Officer, monkeypatch: pytest.MonkeyPatch
) -> None:
    now = clock.now()
    outage = declaring.declare(officer, declared(start=now + DAY, end=now + DAY + 2 * HOUR))
    assert not Outage.objects.lasting(now).exists()
    tell_all()
    assert heard(access.taxpayer) == ["avaz.outage-planned"]
    page = Client().get(reverse("avaz:status"), headers={"accept-language": "en"})
    assert "Planned: i.VAZ will not work" in page.content.decode()
    with pytest.raises(ConflictError):
        declaring.end(officer, outage.pk)
    assert refused(access)
    later(monkeypatch, now + DAY + HOUR)
    tell_all()
    issued(access.taxpayer, late(access))
    later(monkeypatch, now + DAY + 3 * HOUR)
    tell_all()
    assert heard(access.taxpayer) == ["avaz.outage-planned", "avaz.outage-over"]


def test_a_plan_that_is_dropped_before_anybody_heard_of_it_is_not_told(
    access: Access, officer: Officer
) -> None:
    outage = declaring.declare(officer, declared(start=clock.now() + DAY))
    declaring.withdraw(officer, outage.pk, why="Not needed")
    tell_all()
    assert heard(access.taxpayer) == []
    assert not Disturbance.objects.exists()


def test_withdrawn_it_excuses_only_what_relied_on_it(
    access: Access, officer: Officer, monkeypatch: pytest.MonkeyPatch
) -> None:
    now = clock.now()
    outage = declaring.declare(officer, declared(start=now - 3 * HOUR))
    before = late(access)
    rn = issued(access.taxpayer, before)
    tell_all()
    later(monkeypatch, now + 2 * HOUR)
    declaring.withdraw(officer, outage.pk, why="Our own network was down")
    tell_all()
    assert heard(access.taxpayer) == ["avaz.outage-began", "avaz.outage-withdrawn"]
    (left,) = Disturbance.objects.all()
    assert (left.start, left.end) == (outage.versions.get(number=1).at, now + 2 * HOUR)
    assert left.complete_until == last_day(now + 2 * HOUR)
    for at, is_taken in ((now - HOUR, False), (now + HOUR, True), (now + 3 * HOUR, False)):
        later(monkeypatch, now + 4 * HOUR)
        content = waybill(
            access.taxpayer, make.make_taxpayer(), None, uid=f"W{at:%H}", dispatch=at,
            LocalTransportDocumentDate=(clock.today() - 30 * DAY).isoformat(),
        )  # fmt: skip
        (verdict,) = say(access.taxpayer, Section.WAYBILL, content)
        assert verdict.is_taken == is_taken, at
    assert issued(access.taxpayer, before) == rn  # what was taken stays
    for act in (declaring.end, lambda *given: declaring.withdraw(*given, why="x")):
        with pytest.raises(ConflictError):
            act(officer, outage.pk)


def test_a_withdrawal_keeps_the_arns_it_led_to(
    access: Access, officer: Officer, told: Tell
) -> None:
    outage = declaring.declare(officer, declared())
    taking_over.take_over(told())
    declaring.withdraw(officer, outage.pk, why="A mistake")
    assert Reservation.objects.get().complete_until == Fallback.objects.get().complete_until
    issued(access.taxpayer, late(access))


def test_corrected_times_count_and_are_told(access: Access, officer: Officer) -> None:
    now = clock.now()
    outage = declaring.declare(officer, declared(start=now - HOUR))
    tell_all()
    longer = declared(start=now - 3 * HOUR, end=now - HOUR / 2, words_lt="Taisyta")
    declaring.correct(officer, outage.pk, longer, version=1, why="The log says so")
    tell_all()
    assert heard(access.taxpayer) == ["avaz.outage-began", "avaz.outage-corrected"]
    assert Disturbance.objects.order_by("start").first() == Disturbance.objects.get(
        source=str(outage.pk), start=now - 3 * HOUR
    )
    assert list(outage.versions.values_list("act", "why")) == [
        (OutageAct.DECLARED, ""), (OutageAct.CORRECTED, "The log says so"),
    ]  # fmt: skip
    entry = JournalEntry.objects.get(action="avaz.outage-corrected")
    assert (entry.params["why"], entry.params["version"]) == ("The log says so", "2")


def test_other_words_are_no_news(access: Access, officer: Officer) -> None:
    now = clock.now()
    outage = declaring.declare(officer, declared(start=now - HOUR))
    tell_all()
    same = declared(start=now - HOUR, words_en="Mended soon")
    declaring.correct(officer, outage.pk, same, version=1, why="Words")
    tell_all()
    assert heard(access.taxpayer) == ["avaz.outage-began"]
    with pytest.raises(UnprocessableError):
        declaring.correct(officer, outage.pk, same, version=2, why="Nothing")


def test_two_officers_do_not_overwrite_one_another(officer: Officer) -> None:
    now = clock.now()
    outage = declaring.declare(officer, declared(start=now - HOUR))
    first = declared(start=now - 2 * HOUR)
    declaring.correct(officer, outage.pk, first, version=1, why="First")
    with pytest.raises(ConflictError):
        declaring.correct(officer, outage.pk, declared(), version=1, why="Second")
    with pytest.raises(NotFoundError):
        declaring.correct(officer, uuid.uuid4(), first, version=1, why="None")


def test_an_observed_outage_is_kept_once(access: Access) -> None:
    desk, start = uuid.uuid4(), clock.now() - HOUR
    observing.observe(desk, {"id": 1, "start": start.isoformat(), "end": None})
    observing.observe(desk, {"id": 1, "start": start.isoformat(), "end": None})
    tell_all()
    assert heard(access.taxpayer) == []  # perhaps it is over in a minute
    issued(access.taxpayer, late(access))
    ended = {"id": 1, "start": start.isoformat(), "end": clock.now().isoformat()}
    observing.observe(desk, ended)
    observing.observe(desk, ended)
    tell_all()
    assert heard(access.taxpayer) == ["avaz.outage-over"]
    assert Outage.objects.get().version == 2
    assert Disturbance.objects.get().complete_until


def test_an_observed_one_that_lasts_is_told_after_some_minutes(
    access: Access, monkeypatch: pytest.MonkeyPatch
) -> None:
    now = clock.now()
    observing.observe(uuid.uuid4(), {"id": 1, "start": now.isoformat(), "end": None})
    later(monkeypatch, now + HOUR)
    tell_all()
    assert heard(access.taxpayer) == ["avaz.outage-began"]


def test_what_an_officer_says_counts_more_than_the_desk(officer: Officer) -> None:
    desk, start = uuid.uuid4(), clock.now() - 2 * HOUR
    observed = {"id": 1, "start": start.isoformat(), "end": None}
    observing.observe(desk, observed)
    outage = Outage.objects.get()
    declaring.withdraw(officer, outage.pk, why="The network of the desk")
    observing.observe(desk, {**observed, "end": clock.now().isoformat()})
    outage.refresh_from_db()
    assert (outage.end, outage.version) == (None, 2)


def test_days_that_an_outage_took_away_are_given_back(
    access: Access, officer: Officer, told: Tell, monkeypatch: pytest.MonkeyPatch
) -> None:
    taking_over.take_over(told(""))
    before = Fallback.objects.get().complete_until
    outage = declaring.declare(officer, declared(subsystem=Subsystem.ALL))
    now = clock.now()
    later(monkeypatch, now + 10 * DAY)
    assert overdue_before(clock.now()) <= before
    assert minding.tell_overdue() == 0  # nobody can complete anything while it lasts
    declaring.end(officer, outage.pk)
    tell_all()
    held = Fallback.objects.get()
    assert held.complete_until == last_day(now + 10 * DAY) > before
    own = Disturbance.objects.get(source=held.arn)
    assert own.complete_until == held.complete_until
    later(monkeypatch, now + 20 * DAY)
    assert minding.tell_overdue() == 1


def preparer(days_ago: int) -> Taxpayer:
    """Somebody who prepared a waybill that left so many days ago, and has no code."""
    taxpayer = make.make_taxpayer()
    user = make.make_user(phone="")
    make.make_headship(user, taxpayer)
    source = f"outage-of-{taxpayer.pk}"
    dispatch = clock.now() - days_ago * DAY
    Disturbance.objects.create(
        source=source, start=dispatch - HOUR, end=clock.now(), complete_until=clock.today()
    )
    issued(taxpayer, waybill(taxpayer, make.make_taxpayer(), None, dispatch=dispatch))
    Disturbance.objects.filter(source=source).delete()
    return taxpayer


def test_all_who_prepare_waybills_are_told_once(
    access: Access, officer: Officer, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(telling, "TOLD_AT_ONCE", 2)
    settings.AVAZ_NOTICE_DAYS = 30
    recent = [preparer(days) for days in (1, 29, 5, 2)]
    long_ago, carrier = preparer(31), make.make_taxpayer()
    declaring.declare(officer, declared())
    tell_all()
    tell_all()
    for taxpayer in (*recent, access.taxpayer):
        assert heard(taxpayer) == ["avaz.outage-began"]
        assert Event.objects.filter(taxpayer=taxpayer, code="mailbox.message").count() == 1
        assert Notice.objects.filter(message__taxpayer=taxpayer).count() == 1
    assert heard(long_ago) == heard(carrier) == []
    assert OutageNotice.objects.get().count == 5


def test_many_cost_few_queries_each(
    officer: Officer, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    for _ in range(12):
        preparer(1)
    declaring.declare(officer, declared())
    with django_assert_max_num_queries(24 + 12 * 4):
        telling.tell_outages()
    assert Message.objects.filter(code="avaz.outage-began").count() == 12


def test_the_task_comes_back_until_all_are_told(
    officer: Officer, monkeypatch: pytest.MonkeyPatch, settings: Settings
) -> None:
    monkeypatch.setattr(telling, "TOLD_AT_ONCE", 2)
    settings.CELERY_TASK_ALWAYS_EAGER = True
    several = [preparer(1) for _ in range(5)]
    declaring.declare(officer, declared())
    tell_outages.apply()
    assert OutageNotice.objects.get().told_at or [heard(one) for one in several]


def test_officers_correct_and_withdraw_on_pages(access: Access, officer: Officer) -> None:
    client = at_the_desk(officer)
    outage = declaring.declare(officer, declared(words_en="Mended soon"))
    tell_all()
    page = client.get(reverse("avaz:outage", args=[outage.pk])).content.decode()
    assert "Mended soon" in page
    assert "Mailboxes told of the beginning" in page
    address = reverse("avaz:correct", args=[outage.pk])
    start = outage.start.astimezone(clock.VILNIUS)
    fields = {
        "start": f"{start:%Y-%m-%dT%H:%M}",
        "end": f"{start + HOUR / 2:%Y-%m-%dT%H:%M}",
        "effect": "late-waybills",
        "words_en": "Mended",
        "version": "1",
        "why": "It is mended",
    }
    assert "Another officer" in client.post(address, {**fields, "version": "7"}).content.decode()
    assert client.post(address, {**fields, "end": "2020-01-01T00:00"}).status_code == 200
    assert client.post(address, fields).status_code == 302
    outage.refresh_from_db()
    assert outage.start.astimezone(clock.VILNIUS) == start  # with its seconds
    assert (outage.words_en, outage.version) == ("Mended", 2)
    address = reverse("avaz:withdraw", args=[outage.pk])
    assert client.post(address, {"why": ""}).status_code == 200
    assert client.post(address, {"why": "A mistake"}).status_code == 302
    history = client.get(reverse("avaz:outage", args=[outage.pk])).content.decode()
    assert history.index("A mistake") < history.index("It is mended")
    assert (
        "Withdrawn: declared by mistake"
        in Client().get(reverse("avaz:outages"), headers={"accept-language": "en"}).content.decode()
    )


@pytest.mark.parametrize("name", ["correct", "withdraw", "end"])
def test_a_second_factor_is_asked_for(officer: Officer, name: str) -> None:
    outage = declaring.declare(officer, declared())
    assert officer.user
    client = at_the_portal(User.objects.get(pk=officer.user.pk))
    answer = client.post(reverse(f"avaz:{name}", args=[outage.pk]), {"why": "x"})
    assert answer.status_code == 302
    assert "factor" in answer.headers["Location"]
    outage.refresh_from_db()
    assert outage.version == 1


@pytest.fixture
def overdue(access: Access, told: Tell) -> Fallback:
    taking_over.take_over(told("VAZ 77"))
    taking_over.take_over(told("VAZ 78", desk_id=2, arn="AV2600000026"))
    Fallback.objects.filter(desk_id=1).update(complete_until=clock.today() - DAY)
    return Fallback.objects.get(desk_id=1)


def test_officers_see_what_is_overdue(officer: Officer, overdue: Fallback) -> None:
    client = at_the_desk(officer)
    address = reverse("avaz:fallbacks-desk")
    shown = client.get(address).content.decode()
    assert overdue.arn in shown
    assert "AV2600000026" not in shown
    for query, found in (
        ({"state": "open"}, ["AV2600000026"]),
        ({"state": "all"}, ["AV2600000018", "AV2600000026"]),
        ({"q": "vežėjas"}, ["AV2600000018"]),
        ({"q": overdue.taxpayer.code[:5]}, ["AV2600000018"]),
        ({"q": "VAZ 78", "state": "all"}, ["AV2600000026"]),
        ({"q": "nobody"}, []),
        ({"until": f"{clock.today() - 2 * DAY}"}, []),
        ({"since": "x", "state": "y"}, ["AV2600000018"]),
    ):
        page = client.get(address, query).content.decode()
        assert [arn for arn in ("AV2600000018", "AV2600000026") if arn in page] == found, query


def test_how_an_announcement_stands(overdue: Fallback) -> None:
    today = clock.today()
    assert overdue.state(today) is FallbackState.OVERDUE
    overdue.completed_at = clock.now()
    overdue.save()
    assert overdue.state(today) is FallbackState.LATE
    assert Fallback.objects.standing(FallbackState.LATE, today).get() == overdue
    overdue.complete_until = today
    overdue.save()
    assert overdue.state(today) is FallbackState.COMPLETED
    assert Fallback.objects.standing(FallbackState.COMPLETED, today).get() == overdue


def test_the_list_is_taken_away_and_that_is_journalled(
    officer: Officer, overdue: Fallback, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    client = at_the_desk(officer)
    with django_assert_max_num_queries(15):
        answer = client.get(reverse("avaz:fallbacks-csv"), {"state": "all"})
        table = b"".join(answer.streaming_content).decode()  # type: ignore[attr-defined]  # a stream
    assert table.count("\r\n") == 3
    assert f"{overdue.arn};VAZ 77;{overdue.taxpayer.code}" in table
    entry = JournalEntry.objects.get(action="avaz.fallbacks-exported")
    assert entry.params["state"] == "all"

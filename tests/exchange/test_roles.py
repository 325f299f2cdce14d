"""Roles in other systems: given, told once and in order, ended with the mandate."""

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from datetime import timedelta

import pytest
from django.db import connection
from pytest_django.fixtures import Settings

from accounts.models import User
from accounts.sso.claims import subject
from exchange import services, tasks
from exchange.claims import teller
from exchange.models import RoleAssignment, RoleDelivery
from exchange.selectors import find_holder, roles_of, systems_taking_roles
from imas.kernel import clock
from imas.kernel.errors import ForbiddenError, NotFoundError, UnprocessableError
from mailbox.models import Message
from mailbox.words import words_of
from representation.models import Employment, JournalEntry, Mandate, Taxpayer
from representation.services import acting_of
from representation.types import Acting, MandateState, TaxpayerKind
from tests.exchange.conftest import AIS
from tests.exchange.listener import Listener, listening
from tests.make import (
    fingerprint_of,
    make_accountant,
    make_employment,
    make_grant,
    make_headship,
    make_taxpayer,
    make_user,
)

pytestmark = pytest.mark.django_db


@dataclass
class Firm:
    """A company, its head, and a representative who may read the mailbox."""

    taxpayer: Taxpayer
    head: User
    clerk: User
    mandate: Mandate

    def acting(self, person: User | None = None) -> Acting:
        found = acting_of(person or self.head, self.taxpayer, clock.now())
        assert found
        return found

    def handle(self, person: User | None = None) -> str:
        return subject(person or self.clerk, f"roles:{self.taxpayer.pk}")

    def give(self, *roles: str, to: User | None = None, by: User | None = None) -> RoleAssignment:
        return services.assign_roles(self.acting(by), "ais", self.handle(to), roles)


@pytest.fixture
def firm() -> Firm:
    taxpayer, head, clerk = make_taxpayer(), make_user(), make_user()
    make_headship(head, taxpayer)
    return Firm(taxpayer, head, clerk, make_grant(clerk, taxpayer, "mailbox.view"))


@pytest.fixture
def ais(settings: Settings) -> Iterator[Listener]:
    """AIS listens."""
    with listening() as listener:
        settings.OTHER_SYSTEMS = (replace(AIS, roles_address=listener.url),)
        yield listener


def _later(monkeypatch: pytest.MonkeyPatch, **by: float) -> None:
    now = clock.now() + timedelta(**by)
    monkeypatch.setattr(clock, "now", lambda: now)


def _deliver_due() -> None:
    for system in systems_taking_roles():
        services.deliver_due(system)


def _newest() -> RoleDelivery:
    return RoleDelivery.objects.order_by("assignment", "-number")[0]


def test_the_head_gives_roles_and_they_are_told_once(firm: Firm, ais: Listener) -> None:
    given = firm.give("declarations", "view")
    _deliver_due()
    _deliver_due()
    ((claims, header),) = ais.came
    assert (claims["iss"], claims["aud"]) == ("http://localhost:8000", "ais")
    assert claims["jti"] == str(given.deliveries.get().pk)
    assert "exp" not in claims
    assert (header["typ"], header["Content-Type"]) == (
        "secevent+jwt", "application/secevent+jwt",
    )  # fmt: skip
    assert ais.told[0]["roles"] == ["declarations", "view"]
    assert ais.told[0]["taxpayer"]["code"] == firm.taxpayer.code
    assert ais.told[0]["person"]["sub"] == subject(firm.clerk, "ais")
    assert ais.told[0]["person"]["personal_code"] == firm.clerk.personal_code
    assert _newest().delivered_at


def test_saving_the_same_again_tells_nothing_again(firm: Firm, ais: Listener) -> None:
    firm.give("view")
    firm.give("view", "view")
    _deliver_due()
    assert len(ais.came) == RoleDelivery.objects.count() == 1


def test_only_who_may_manage_roles_gives_them(firm: Firm) -> None:
    with pytest.raises(ForbiddenError):
        firm.give("view", to=firm.clerk, by=firm.clerk)
    assert not RoleAssignment.objects.exists()


def test_whoever_manages_roles_may_give_them_to_himself(firm: Firm) -> None:
    manager = make_user()
    make_grant(manager, firm.taxpayer, "ais.roles")
    assert firm.give("view", to=manager, by=manager).roles == ["view"]


@pytest.mark.parametrize("who", ["stranger", "representative of another"])
def test_somebody_who_does_not_represent_the_taxpayer_gets_no_roles(firm: Firm, who: str) -> None:
    other = make_user()
    if who != "stranger":
        make_grant(other, make_taxpayer(), "mailbox.view")
    with pytest.raises(NotFoundError):
        firm.give("view", to=other)


def test_a_role_that_does_not_exist_is_refused(firm: Firm) -> None:
    with pytest.raises(UnprocessableError):
        firm.give("view", "everything")


def test_a_person_has_another_handle_for_each_taxpayer(firm: Firm) -> None:
    other = make_taxpayer()
    make_grant(firm.clerk, other, "mailbox.view")
    with pytest.raises(NotFoundError):
        find_holder(other.pk, "ais", firm.handle(), clock.today())


def test_a_silent_system_is_asked_again_with_growing_pauses_and_nothing_is_lost(
    firm: Firm, ais: Listener, monkeypatch: pytest.MonkeyPatch
) -> None:
    ais.status = 503
    firm.give("view")
    pauses = []
    for _ in range(8):
        _deliver_due()
        pauses.append((_newest().due_at - clock.now()).total_seconds() / 60)
        _later(monkeypatch, minutes=9)
    assert [round(pause, 1) for pause in pauses] == [0.5, 1, 2, 4, 8, 8, 8, 8]
    ais.status = 202
    _deliver_due()
    assert len({claims["jti"] for claims, _ in ais.came}) == 1
    assert [told["number"] for told in ais.told] == [1] * 9
    assert _newest().delivered_at


def test_nobody_there_is_silence_too(firm: Firm) -> None:
    firm.give("view")
    _deliver_due()
    assert (_newest().answer, _newest().delivered_at, _newest().attempts) == ("silence", None, 1)


def test_a_later_change_takes_the_place_of_one_that_waits(
    firm: Firm, ais: Listener, monkeypatch: pytest.MonkeyPatch
) -> None:
    ais.status = 503
    firm.give("view", "permits")
    _deliver_due()
    firm.give("view")
    ais.status = 202
    _deliver_due()
    assert [(told["number"], told["roles"]) for told in ais.told] == [
        (1, ["permits", "view"]), (2, ["view"]),
    ]  # fmt: skip
    _later(monkeypatch, minutes=9)
    _deliver_due()
    assert len(ais.came) == 2
    assert RoleDelivery.objects.get(number=1).superseded_at


def test_a_refusal_is_kept_with_its_words_and_not_repeated(firm: Firm, ais: Listener) -> None:
    ais.status, ais.said = 400, {"err": "invalid_request", "description": "No excise subject."}
    firm.give("view")
    _deliver_due()
    _deliver_due()
    assert (len(ais.came), _newest().answer) == (1, "No excise subject.")
    assert _newest().refused_at
    (message,) = Message.objects.filter(taxpayer=firm.taxpayer)
    assert "No excise subject." in words_of(message.code, message.params).body
    ais.status = 202
    firm.give("view")
    _deliver_due()
    assert [told["number"] for told in ais.told] == [1, 2]


def test_what_takes_a_role_away_is_repeated_even_when_refused(firm: Firm, ais: Listener) -> None:
    firm.give("view", "permits")
    _deliver_due()
    ais.status, ais.said = 409, {"err": "invalid_request", "description": "Busy."}
    firm.give("view")
    _deliver_due()
    assert _newest().refused_at is None
    assert _newest().due_at > clock.now()


@pytest.mark.parametrize("error", ["invalid_key", "authentication_failed"])
def test_a_system_that_does_not_trust_us_is_no_refusal_of_the_roles(
    firm: Firm, ais: Listener, error: str
) -> None:
    ais.status, ais.said = 400, {"err": error, "description": "Who are you?"}
    firm.give("view")
    _deliver_due()
    assert _newest().refused_at is None


@pytest.mark.parametrize("said", [None, ["list"], "text", {"description": "x" * 900}])
def test_whatever_the_other_side_says_is_short_and_harmless(
    firm: Firm, ais: Listener, said: object
) -> None:
    ais.status, ais.said = 422, said
    firm.give("view")
    _deliver_due()
    assert _newest().refused_at
    assert 0 < len(_newest().answer) <= 300


def _revoked(firm: Firm) -> None:
    Mandate.objects.filter(pk=firm.mandate.pk).update(state=MandateState.REVOKED)


def _expired(firm: Firm) -> None:
    yesterday = clock.today() - timedelta(days=1)
    Mandate.objects.filter(pk=firm.mandate.pk).update(until=yesterday)


def _renounced(firm: Firm) -> None:
    Mandate.objects.filter(pk=firm.mandate.pk).update(state=MandateState.RENOUNCED)


def _dead(firm: Firm) -> None:
    code = firm.clerk.personal_code
    own = make_taxpayer(code, kind=TaxpayerKind.NATURAL)
    own.ended_on = clock.today() - timedelta(days=1)
    own.save()


def _closed(firm: Firm) -> None:
    User.objects.filter(pk=firm.clerk.pk).update(is_active=False)


def _deregistered(firm: Firm) -> None:
    yesterday = clock.today() - timedelta(days=1)
    Taxpayer.objects.filter(pk=firm.taxpayer.pk).update(ended_on=yesterday)


ENDINGS = (_revoked, _expired, _renounced, _dead, _closed, _deregistered)


@pytest.mark.parametrize("end", ENDINGS)
def test_roles_end_in_the_other_system_with_what_they_rest_on(
    firm: Firm, ais: Listener, monkeypatch: pytest.MonkeyPatch, end: Callable[[Firm], None]
) -> None:
    firm.give("view")
    _deliver_due()
    assert teller("ais")(firm.clerk)["ais_taxpayers"]
    end(firm)
    firm.clerk.refresh_from_db()
    assert teller("ais")(firm.clerk) == {"ais_taxpayers": []}
    services.look_at_stale()
    _later(monkeypatch, minutes=6)
    services.look_at_stale()
    _deliver_due()
    assert [told["roles"] for told in ais.told] == [["view"], []]
    assert JournalEntry.objects.filter(action="exchange.roles-ended").count() == 1
    assert Message.objects.filter(code="exchange.roles-ended").count() == 1


def test_roles_of_a_firm_s_employee_end_with_a_link_of_the_chain(
    firm: Firm, ais: Listener, monkeypatch: pytest.MonkeyPatch
) -> None:
    office, employee = make_taxpayer(), make_user()
    held = make_grant(office, firm.taxpayer, "isaf.view", passing_on=1)
    make_employment(make_user(), office)
    make_employment(employee, office)
    make_grant(employee, firm.taxpayer, "isaf.view", via=held)
    firm.give("view", to=employee)
    _deliver_due()
    Employment.objects.filter(person=fingerprint_of(employee)).delete()
    _later(monkeypatch, minutes=6)
    services.look_at_stale()
    _deliver_due()
    assert [told["roles"] for told in ais.told] == [["view"], []]


def test_what_has_ended_before_it_was_told_is_never_told_as_given(
    firm: Firm, ais: Listener
) -> None:
    firm.give("view")
    _revoked(firm)
    _deliver_due()
    assert [(told["number"], told["roles"]) for told in ais.told] == [(2, [])]


def test_ended_roles_do_not_come_back_with_another_mandate(
    firm: Firm, ais: Listener, monkeypatch: pytest.MonkeyPatch
) -> None:
    firm.give("view")
    _revoked(firm)
    _later(monkeypatch, minutes=6)
    services.look_at_stale()
    make_grant(firm.clerk, firm.taxpayer, "mailbox.view")
    assert roles_of(firm.clerk, "ais", clock.now()) == []


def test_what_one_gave_to_oneself_ends_with_the_right_to_manage_roles(
    firm: Firm, monkeypatch: pytest.MonkeyPatch
) -> None:
    manager = make_user()
    mandate = make_grant(manager, firm.taxpayer, "ais.roles", "mailbox.view")
    firm.give("view", to=manager, by=manager)
    Mandate.objects.filter(pk=mandate.pk).update(rights=["mailbox.view"])
    assert roles_of(manager, "ais", clock.now()) == []
    _later(monkeypatch, minutes=6)
    services.look_at_stale()
    assert RoleAssignment.objects.get().ended_because == "not-manager"


def test_the_scope_tells_only_taxpayers_for_whom_there_are_roles(firm: Firm) -> None:
    make_headship(firm.clerk, make_taxpayer())
    make_accountant(firm.clerk, make_taxpayer())
    firm.give("view")
    (told,) = teller("ais")(firm.clerk)["ais_taxpayers"]
    assert (told["code"], told["roles"]) == (firm.taxpayer.code, ["view"])
    assert teller("ais")(firm.head) == {"ais_taxpayers": []}


def test_the_journal_tells_of_giving_and_of_taking(firm: Firm, ais: Listener) -> None:
    firm.give("view")
    _deliver_due()
    found = JournalEntry.objects.of_taxpayer(firm.taxpayer.pk).values_list("action", "user_id")
    assert list(found) == [
        ("exchange.roles-delivered", None), ("exchange.roles-given", firm.head.pk),
    ]  # fmt: skip


@pytest.mark.django_db(transaction=True)
def test_of_two_workers_one_tells(firm: Firm, ais: Listener) -> None:
    given = firm.give("view")

    def work(_: int) -> None:
        services.deliver(given.pk)
        connection.close()

    with ThreadPoolExecutor(4) as workers:
        list(workers.map(work, range(4)))
    assert len(ais.came) == 1


@pytest.mark.django_db(transaction=True)
def test_two_who_save_at_once_leave_one_message_open(firm: Firm) -> None:
    def save(role: str) -> None:
        firm.give(role)
        connection.close()

    with ThreadPoolExecutor(2) as people:
        list(people.map(save, ["view", "permits"]))
    assert [one.number for one in RoleDelivery.objects.order_by("number")] == [1, 2]
    (newest,) = RoleDelivery.objects.open()
    assert newest.roles == RoleAssignment.objects.get().roles


def test_the_timetable_s_tasks_end_and_tell(
    firm: Firm, ais: Listener, monkeypatch: pytest.MonkeyPatch
) -> None:
    given = firm.give("view")
    tasks.deliver(str(given.pk))
    _revoked(firm)
    _later(monkeypatch, minutes=6)
    tasks.look_at_stale()
    tasks.deliver_due()
    assert [told["roles"] for told in ais.told] == [["view"], []]

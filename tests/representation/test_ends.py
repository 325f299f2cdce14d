"""Every way in which rights end, × session, key, certificate: gone at the very next request."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from io import BytesIO
from urllib.parse import quote

import pytest
from django.test import Client
from django.urls import reverse
from pytest_django import Settings

from accounts import sessions
from accounts.encryption import lookup_hash
from accounts.models import User
from imas.kernel import clock
from imas.kernel.errors import NotFoundError
from representation import selectors, services, ways
from representation.models import (
    Accountant,
    Employment,
    Headship,
    Mandate,
    Taxpayer,
)
from representation.registers.types import RegisterKind, RunSource, RunState
from representation.services import NewPerson, Terms, acting_of
from representation.services.importing import ImportOrder, import_register
from representation.services.officers import OPERATOR
from representation.types import Acting, MandateState, TaxpayerKind
from tests.make import (
    make_accountant,
    make_acting,
    make_api_key,
    make_certificate,
    make_employment,
    make_grant,
    make_headship,
    make_taxpayer,
    make_user,
    personal_code,
)

pytestmark = pytest.mark.django_db
TODAY = clock.today()
YESTERDAY = TODAY - timedelta(days=1)
YEAR = TODAY + timedelta(days=365)
RIGHT = "isaf.view"
EVERYTHING = (RIGHT, "representation.manage", "keys.manage")


@dataclass(frozen=True)
class Case:
    """A person who may act for a taxpayer, and what ends it."""

    person: User
    taxpayer: Taxpayer
    end: Callable[[], object]


def _person() -> User:
    return make_user(personal_code=personal_code())


def _own_taxpayer(person: User) -> Taxpayer:
    return make_taxpayer(person.personal_code, kind=TaxpayerKind.NATURAL)


def _register_says(code: str, ended_on: date) -> None:
    """Take in a file of deaths and deregistrations, as an officer does."""
    rows = BytesIO(f"code,ended_on\n{code},{ended_on}\n".encode())
    order = ImportOrder(RegisterKind.ENDINGS, RunSource.COMMAND, "endings.csv", applies=True)
    assert import_register(OPERATOR, order, rows).state == RunState.APPLIED


def _direct() -> tuple[User, Taxpayer, Mandate]:
    person, taxpayer = _person(), make_taxpayer()
    return person, taxpayer, make_grant(person, taxpayer, *EVERYTHING)


def _chain() -> tuple[User, Taxpayer, Taxpayer, Mandate]:
    """A client, a firm, and the firm's employee to whom it has passed the mandate on."""
    employee, firm, client = _person(), make_taxpayer(), make_taxpayer()
    make_employment(employee, firm)
    held = make_grant(firm, client, *EVERYTHING, passing_on=1)
    make_grant(employee, client, *EVERYTHING, via=held)
    return employee, firm, client, held


def _updating(rows: object, **columns: object) -> Callable[[], object]:
    return lambda: rows.update(**columns)  # type: ignore[attr-defined]


def its_day_passes() -> Case:
    person, taxpayer, mandate = _direct()
    return Case(person, taxpayer, _updating(Mandate.objects.filter(pk=mandate.pk), until=YESTERDAY))


def the_taxpayer_revokes() -> Case:
    person, taxpayer, mandate = _direct()
    head = make_acting(taxpayer=taxpayer)
    return Case(person, taxpayer, lambda: services.revoke(head, mandate.pk))


def the_right_is_taken_out() -> Case:
    person, taxpayer, mandate = _direct()
    head = make_acting(taxpayer=taxpayer)
    left = ["mailbox.view"]
    return Case(
        person, taxpayer, lambda: services.change_mandate(head, mandate.pk, left, mandate.until)
    )


def the_holder_gives_up() -> Case:
    person, taxpayer, _ = _direct()
    acting = acting_of(person, taxpayer, clock.now())
    assert acting
    return Case(person, taxpayer, lambda: services.give_up(acting))


def the_employee_leaves_the_taxpayer() -> Case:
    person, taxpayer, _ = _direct()
    make_employment(person, taxpayer)
    return Case(person, taxpayer, _updating(Employment.objects, until=YESTERDAY))


def the_employee_leaves_the_firm() -> Case:
    employee, _, client, _ = _chain()
    return Case(employee, client, _updating(Employment.objects, until=YESTERDAY))


def the_client_revokes_above() -> Case:
    employee, _, client, held = _chain()
    head = make_acting(taxpayer=client)
    return Case(employee, client, lambda: services.revoke(head, held.pk))


def the_firm_gives_up() -> Case:
    employee, firm, client, held = _chain()
    head = make_acting(taxpayer=firm)
    return Case(employee, client, lambda: services.renounce(head, held.pk))


def the_firm_takes_back() -> Case:
    employee, firm, client, _ = _chain()
    head = make_acting(taxpayer=firm)
    below = Mandate.objects.get(via__isnull=False)
    return Case(employee, client, lambda: services.end_passed_on(head, below.pk))


def the_firm_is_deregistered() -> Case:
    employee, firm, client, _ = _chain()
    return Case(employee, client, lambda: _register_says(firm.code, YESTERDAY))


def the_firm_s_head_changes() -> Case:
    boss, firm, client = _person(), make_taxpayer(), make_taxpayer()
    make_headship(boss, firm)
    make_grant(firm, client, *EVERYTHING)
    return Case(boss, client, _updating(Headship.objects, until=YESTERDAY))


def the_head_changes() -> Case:
    head, taxpayer = _person(), make_taxpayer()
    make_headship(head, taxpayer)
    return Case(head, taxpayer, _updating(Headship.objects, until=YESTERDAY))


def the_accountant_changes() -> Case:
    accountant, taxpayer = _person(), make_taxpayer()
    make_accountant(accountant, taxpayer)
    return Case(accountant, taxpayer, _updating(Accountant.objects, until=YESTERDAY))


def the_taxpayer_is_deregistered() -> Case:
    person, taxpayer, _ = _direct()
    return Case(person, taxpayer, lambda: _register_says(taxpayer.code, YESTERDAY))


def the_taxpayer_dies() -> Case:
    person, taxpayer = _person(), make_taxpayer(kind=TaxpayerKind.NATURAL)
    make_grant(person, taxpayer, *EVERYTHING)
    return Case(person, taxpayer, lambda: _register_says(taxpayer.code, YESTERDAY))


def the_person_dies_who_acts_for_himself() -> Case:
    person = _person()
    own = _own_taxpayer(person)
    return Case(person, own, lambda: _register_says(own.code, YESTERDAY))


def the_representative_dies() -> Case:
    person, taxpayer, _ = _direct()
    own = _own_taxpayer(person)
    return Case(person, taxpayer, lambda: _register_says(own.code, YESTERDAY))


def the_head_dies() -> Case:
    head, taxpayer = _person(), make_taxpayer()
    make_headship(head, taxpayer)
    own = _own_taxpayer(head)
    return Case(head, taxpayer, lambda: _register_says(own.code, YESTERDAY))


def the_accountant_dies() -> Case:
    accountant, taxpayer = _person(), make_taxpayer()
    make_accountant(accountant, taxpayer)
    own = _own_taxpayer(accountant)
    return Case(accountant, taxpayer, lambda: _register_says(own.code, YESTERDAY))


def the_head_of_the_firm_dies() -> Case:
    boss, firm, client = _person(), make_taxpayer(), make_taxpayer()
    make_headship(boss, firm)
    make_grant(firm, client, *EVERYTHING)
    own = _own_taxpayer(boss)
    return Case(boss, client, lambda: _register_says(own.code, YESTERDAY))


def the_account_is_closed() -> Case:
    person, taxpayer, _ = _direct()
    return Case(person, taxpayer, _updating(User.objects.filter(pk=person.pk), is_active=False))


ENDS = (
    its_day_passes,
    the_taxpayer_revokes,
    the_right_is_taken_out,
    the_holder_gives_up,
    the_employee_leaves_the_taxpayer,
    the_employee_leaves_the_firm,
    the_client_revokes_above,
    the_firm_gives_up,
    the_firm_takes_back,
    the_firm_is_deregistered,
    the_firm_s_head_changes,
    the_head_changes,
    the_accountant_changes,
    the_taxpayer_is_deregistered,
    the_taxpayer_dies,
    the_person_dies_who_acts_for_himself,
    the_representative_dies,
    the_head_dies,
    the_accountant_dies,
    the_head_of_the_firm_dies,
    the_account_is_closed,
)


def by_session(case: Case) -> Callable[[], bool]:
    """Ask a page, in a session begun before."""
    client = Client()
    client.force_login(case.person, "django.contrib.auth.backends.ModelBackend")
    session = client.session
    sessions.begin(session)
    session.save()
    client.post(reverse("representation:act-for"), {"taxpayer": case.taxpayer.code})
    return lambda: client.get(reverse("isaf:registers")).status_code == 200


def by_key(case: Case) -> Callable[[], bool]:
    """Ask a web service with a key issued before."""
    _, plain = make_api_key(case.person, case.taxpayer)
    headers = {"Authorization": f"Bearer {plain}", "X-Taxpayer": case.taxpayer.code}
    return lambda: Client().get(reverse("api-isaf-registers"), headers=headers).status_code == 200


def by_certificate(case: Case) -> Callable[[], bool]:
    """Ask a web service with a certificate issued before."""
    certificate, _ = make_certificate(case.person, case.taxpayer)
    headers = {
        "X-Client-Certificate": quote(certificate.pem),
        "X-Taxpayer": case.taxpayer.code,
    }
    return lambda: Client().get(reverse("api-isaf-registers"), headers=headers).status_code == 200


@pytest.mark.parametrize("means", [by_session, by_key, by_certificate])
@pytest.mark.parametrize("way", ENDS)
def test_what_has_ended_is_gone_at_the_very_next_request(
    way: Callable[[], Case],
    means: Callable[[Case], Callable[[], bool]],
    settings: Settings,
) -> None:
    settings.CERTIFICATE_PROXIES = ["127.0.0.0/8"]
    case = way()
    is_let_in = means(case)
    assert is_let_in()
    case.end()
    assert not is_let_in()


@pytest.mark.parametrize("way", ENDS)
def test_who_may_act_no_more_is_listed_nowhere(way: Callable[[], Case]) -> None:
    case = way()
    assert case.person in selectors.people_with(case.taxpayer.pk, RIGHT, TODAY)
    case.end()
    case.person.refresh_from_db()
    case.taxpayer.refresh_from_db()
    assert case.person not in selectors.people_with(case.taxpayer.pk, RIGHT, TODAY)
    left = acting_of(case.person, case.taxpayer, clock.now())
    listed = selectors.taxpayers_of(case.person, TODAY)
    assert (case.taxpayer in listed and case.person.is_active) == bool(left)
    shown = {one.user for one in selectors.representatives_of(case.taxpayer.pk, TODAY)}
    assert (case.person in shown and case.person.is_active) == bool(left)


@pytest.mark.parametrize("way", ENDS[:-1])
def test_the_page_says_what_has_ended_it(way: Callable[[], Case]) -> None:
    case = way()
    person = case.person.personal_code_hash
    assert any(one.holds for one in ways.ways_to(case.taxpayer, person, RIGHT, TODAY))
    case.end()
    case.taxpayer.refresh_from_db()
    told = ways.ways_to(case.taxpayer, person, RIGHT, TODAY)
    assert told
    assert not any(one.holds for one in told)


def test_whoever_comes_back_to_work_represents_again() -> None:
    case = the_employee_leaves_the_taxpayer()
    case.end()
    assert acting_of(case.person, case.taxpayer, clock.now()) is None
    make_employment(case.person, case.taxpayer, since=TODAY)
    assert acting_of(case.person, case.taxpayer, clock.now())


def test_work_that_ended_before_the_mandate_was_given_does_not_end_it() -> None:
    person, taxpayer = _person(), make_taxpayer()
    make_employment(person, taxpayer, until=YESTERDAY)
    make_grant(person, taxpayer, RIGHT, since=TODAY)
    assert acting_of(person, taxpayer, clock.now())


def test_the_day_of_death_is_the_last_one() -> None:
    case = the_representative_dies()
    _register_says(case.person.personal_code, TODAY)
    assert acting_of(case.person, case.taxpayer, clock.now())


def _offered(acting: Acting, person: User) -> tuple[Mandate, str]:
    named = NewPerson(person.full_name, person.personal_code, person.email)
    mandate = services.offer(acting, named, Terms([RIGHT], YEAR))
    return mandate, services.letters.token_of(mandate.letters.get())


@pytest.mark.parametrize("who", ["taxpayer", "person"])
def test_an_offer_of_or_to_the_dead_opens_to_nobody(who: str) -> None:
    head, person = make_acting(), _person()
    own = _own_taxpayer(person)
    mandate, token = _offered(head, person)
    assert services.offered_by_link(person, token)
    _register_says(head.taxpayer_code if who == "taxpayer" else own.code, YESTERDAY)
    assert services.offered_by_link(person, token) == []
    with pytest.raises(NotFoundError):
        services.answer_by_link(person, token, accept=True)
    services.expire_mandates()
    mandate.refresh_from_db()
    ended = MandateState.EXPIRED if who == "taxpayer" else MandateState.OFFERED
    assert mandate.state == ended


def test_what_was_offered_on_falls_with_the_firm_that_offered_it() -> None:
    firm, person = make_taxpayer(), _person()
    above = make_grant(firm, make_taxpayer(), RIGHT, passing_on=1)
    named = NewPerson(person.full_name, person.personal_code, person.email)
    passed = services.pass_on(make_acting(taxpayer=firm), above.pk, named, Terms([RIGHT], TODAY))
    token = services.letters.token_of(passed.letters.get())
    _register_says(firm.code, YESTERDAY)
    assert services.offered_by_link(person, token) == []


@pytest.mark.parametrize("who", ["client", "firm"])
def test_a_firm_s_offer_ends_with_either_side(who: str) -> None:
    client, firm = make_acting(), make_acting()
    mandate = services.offer(client, firm.taxpayer_code, Terms([RIGHT], YEAR))
    _register_says(client.taxpayer_code if who == "client" else firm.taxpayer_code, YESTERDAY)
    with pytest.raises(NotFoundError):
        services.answer_for_firm(firm, mandate.pk, accept=True)
    services.expire_mandates()
    mandate.refresh_from_db()
    assert mandate.state == MandateState.EXPIRED


def test_a_request_of_somebody_who_died_is_not_accepted() -> None:
    head, asker = make_acting(), _person()
    own = _own_taxpayer(asker)
    services.request_mandate(asker, None, head.taxpayer_code, Terms([RIGHT], YEAR))
    asked = Mandate.objects.get()
    _register_says(own.code, YESTERDAY)
    with pytest.raises(NotFoundError):
        services.answer_request(head, asked.pk, accept=True)
    assert lookup_hash(own.code) == asked.person

"""The pages of other systems as people see them."""

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries
from pytest_django.fixtures import Settings

from accounts import sessions
from accounts.models import User
from accounts.sso.claims import subject
from exchange import services
from exchange.models import RoleAssignment, RoleDelivery
from imas.kernel import clock
from representation.models import Mandate, Taxpayer
from representation.services import acting_of
from tests.make import make_grant, make_headship, make_taxpayer, make_user, prove_second_factor

pytestmark = pytest.mark.django_db


@pytest.fixture
def company() -> Taxpayer:
    return make_taxpayer(name="UAB „Lašas“")


@pytest.fixture
def head(company: Taxpayer) -> User:
    user = make_user(first_name="Rūta", last_name="Vadovė")
    make_headship(user, company)
    return user


@pytest.fixture
def clerk(company: Taxpayer) -> User:
    user = make_user(first_name="Jonas", last_name="Akcizas")
    make_grant(user, company, "mailbox.view")
    return user


def _browser(user: User) -> Client:
    client = Client()
    client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    session = client.session
    sessions.begin(session)
    session.save()
    prove_second_factor(client)
    return client


def _person_page(person: User, company: Taxpayer) -> str:
    return reverse("exchange:person", args=["ais", subject(person, f"roles:{company.pk}")])


def _give(head: User, clerk: User, company: Taxpayer, *roles: str) -> RoleAssignment:
    acting = acting_of(head, company, clock.now())
    assert acting
    handle = subject(clerk, f"roles:{company.pk}")
    return services.assign_roles(acting, "ais", handle, roles)


def _seen(client: Client, address: str) -> str:
    answer = client.get(address, headers={"Accept-Language": "en"})
    assert answer.status_code == 200
    return str(answer.content.decode())


def test_the_head_ticks_roles_and_sees_that_they_wait(
    company: Taxpayer, head: User, clerk: User
) -> None:
    browser = _browser(head)
    assert "Manage rights in other systems" in _seen(browser, reverse("exchange:rights"))
    answer = browser.post(_person_page(clerk, company), {"roles": ["view", "permits"]})
    assert answer.headers["Location"] == reverse("exchange:people", args=["ais"])
    page = _seen(browser, reverse("exchange:people", args=["ais"]))
    assert "Jonas Akcizas" in page
    assert "Sees the data and changes nothing" in page
    assert "Waits to be delivered" in page


def test_a_silence_is_shown_with_the_next_try(company: Taxpayer, head: User, clerk: User) -> None:
    assignment = _give(head, clerk, company, "view")
    assert services.deliver(assignment.pk) is False
    page = _seen(_browser(head), reverse("exchange:people", args=["ais"]))
    assert "Not delivered yet" in page
    assert "it does not answer" in page
    assert "Next try:" in page


def test_a_refusal_is_shown_with_its_words_as_text(
    company: Taxpayer, head: User, clerk: User
) -> None:
    _give(head, clerk, company, "view")
    RoleDelivery.objects.update(refused_at=clock.now(), answer="<b>No</b>", attempts=1)
    page = _seen(_browser(head), _person_page(clerk, company))
    assert "Refused by the other system" in page
    assert "AIS says: &lt;b&gt;No&lt;/b&gt;" in page


def test_ended_roles_are_shown_with_the_reason_while_the_person_is_gone(
    company: Taxpayer, head: User, clerk: User
) -> None:
    assignment = _give(head, clerk, company, "view")
    Mandate.objects.update(until=clock.today() - timedelta(days=1))
    services.look_again(assignment.pk)
    browser = _browser(head)
    for address in (reverse("exchange:people", args=["ais"]), _person_page(clerk, company)):
        assert "The roles have ended: the person does not represent" in _seen(browser, address)
    answer = browser.post(_person_page(clerk, company), {"roles": ["view"]})
    assert answer.status_code == 404


def test_who_has_no_roles_is_told_what_to_do_and_who_has_is_let_through(
    company: Taxpayer, head: User, clerk: User
) -> None:
    browser, way = _browser(clerk), reverse("exchange:enter", args=["ais"])
    what = reverse("exchange:no-roles", args=["ais"])
    assert browser.get(way).headers["Location"] == what
    page = _seen(browser, what)
    assert "is not found in the AIS system" in page
    assert "Ask the head of the taxpayer" in page
    assert reverse("exchange:people", args=["ais"]) in _seen(_browser(head), what)
    _give(head, clerk, company, "view")
    assert browser.get(way).headers["Location"] == "http://localhost:9/login"


def test_the_list_costs_the_same_for_many(
    company: Taxpayer,
    head: User,
    clerk: User,
    django_assert_max_num_queries: DjangoAssertNumQueries,
) -> None:
    browser, address = _browser(head), reverse("exchange:people", args=["ais"])
    for _ in range(12):
        person = make_user()
        make_grant(person, company, "mailbox.view")
        _give(head, person, company, "view")
    with django_assert_max_num_queries(22):
        _seen(browser, address)


def test_without_other_systems_there_is_nothing_to_see(
    settings: Settings, company: Taxpayer, head: User
) -> None:
    settings.OTHER_SYSTEMS = ()
    browser = _browser(head)
    assert reverse("exchange:rights") not in _seen(browser, "/")
    assert "No other systems yet" in _seen(browser, reverse("exchange:systems"))
    assert browser.get(reverse("exchange:people", args=["ais"])).status_code == 404

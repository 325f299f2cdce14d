"""Chains of mandates: every link gives, and any broken one takes."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta

import pytest
from pytest_django import DjangoAssertNumQueries

from accounts.models import User
from imas.kernel import clock
from representation import selectors
from representation.models import Employment, Headship, Mandate, Taxpayer
from representation.services import acting_of
from representation.types import Acting, MandateState, Why, WhyKind
from tests.make import (
    LONG_AGO,
    make_accountant,
    make_employment,
    make_grant,
    make_headship,
    make_taxpayer,
    make_user,
)

pytestmark = pytest.mark.django_db
YESTERDAY = clock.today() - timedelta(days=1)
YEAR = clock.today() + timedelta(days=365)


@dataclass(frozen=True)
class Story:
    """A client, its accounting firm with a head, and an employee the head passed some of it to."""

    client: Taxpayer
    firm: Taxpayer
    head: User
    employee: User
    given: Mandate
    passed: Mandate


@pytest.fixture
def story() -> Story:
    client, firm = make_taxpayer(name="UAB Klientas"), make_taxpayer(name="UAB Apskaita")
    head, employee = make_user("galva"), make_user("darbuotoja")
    make_headship(head, firm)
    make_employment(employee, firm)
    given = make_grant(firm, client, "isaf.view", "isaf.upload", "isaf.submit", passing_on=1)
    passed = make_grant(employee, client, "isaf.view", "mailbox.view", via=given)
    return Story(client, firm, head, employee, given, passed)


def _acting(user: User, client: Taxpayer) -> Acting | None:
    return acting_of(user, client, clock.now())


def _rights(user: User, client: Taxpayer) -> set[str]:
    acting = _acting(user, client)
    return set(acting.rights) if acting else set()


def test_the_head_of_the_firm_has_what_was_given_to_the_firm(story: Story) -> None:
    acting = _acting(story.head, story.client)
    assert acting is not None
    assert acting.rights == {"isaf.view", "isaf.upload", "isaf.submit"}
    assert acting.why == Why(WhyKind.FIRM, LONG_AGO, YEAR, chain=(story.firm.code,))


def test_an_employee_has_what_was_passed_on_and_the_firm_has(story: Story) -> None:
    acting = _acting(story.employee, story.client)
    assert acting is not None
    assert acting.rights == {"isaf.view"}
    assert acting.why == Why(WhyKind.GRANT, LONG_AGO, YEAR, chain=(story.firm.code,))


def _end_headship(story: Story) -> None:
    Headship.objects.update(until=YESTERDAY)


def _end_employment(story: Story) -> None:
    Employment.objects.update(until=YESTERDAY)


def _change_given(**fields: object) -> Callable[[Story], None]:
    def change(story: Story) -> None:
        Mandate.objects.filter(pk=story.given.pk).update(**fields)

    return change


def _end(what: str) -> Callable[[Story], None]:
    def end(story: Story) -> None:
        Taxpayer.objects.filter(pk=getattr(story, what).pk).update(ended_on=YESTERDAY)

    return end


@pytest.mark.parametrize(
    ("cut", "head_too"),
    [
        (_end_headship, True),
        (_end_employment, False),
        (_end("firm"), True),
        (_end("client"), True),
        (_change_given(state=MandateState.REVOKED), True),
        (_change_given(until=YESTERDAY), True),
        (_change_given(since=clock.today() + timedelta(days=1)), True),
        (_change_given(passing_on=0), False),
        (_change_given(rights=["isaf.upload"]), False),
    ],
)
def test_a_broken_link_ends_all_below_it_at_once(
    story: Story, cut: Callable[[Story], None], *, head_too: bool
) -> None:
    today = clock.today()
    cut(story)
    story.client.refresh_from_db()
    below = story.head if cut is _end_headship else story.employee
    assert _rights(below, story.client) == set()
    assert (_rights(story.head, story.client) == set()) is head_too
    assert story.client not in selectors.taxpayers_of(below, today)
    assert below not in selectors.people_with(story.client.pk, "isaf.view", today)
    reached = selectors.representatives_of(story.client.pk, today)
    assert all("isaf.view" not in one.whys for one in reached if one.user == below)


def test_a_change_of_head_leaves_the_employees_of_the_firm_in_place(story: Story) -> None:
    _end_headship(story)
    successor = make_user()
    make_headship(successor, story.firm)
    assert _rights(story.employee, story.client) == {"isaf.view"}
    assert _rights(successor, story.client) == set(story.given.rights)


def test_employment_is_not_asked_where_the_register_knows_no_employee(story: Story) -> None:
    Employment.objects.all().delete()
    assert _rights(story.employee, story.client) == {"isaf.view"}


def test_a_colleague_to_whom_nothing_was_passed_on_has_nothing(story: Story) -> None:
    colleague = make_user()
    make_employment(colleague, story.firm)
    assert _acting(colleague, story.client) is None


def test_a_mandate_is_passed_on_as_deep_as_it_says_and_no_deeper() -> None:
    client, firms = make_taxpayer(), [make_taxpayer() for _ in range(3)]
    first = make_grant(firms[0], client, "isaf.view", passing_on=2)
    second = make_grant(firms[1], client, "isaf.view", via=first, passing_on=1)
    third = make_grant(firms[2], client, "isaf.view", via=second, passing_on=0)
    head, employee = make_user(), make_user()
    make_headship(head, firms[2])
    make_employment(employee, firms[2])
    acting = _acting(head, client)
    assert acting is not None
    assert acting.why.chain == tuple(firm.code for firm in firms)
    make_grant(employee, client, "isaf.view", via=third)
    assert _rights(employee, client) == set()
    Mandate.objects.filter(pk=second.pk).update(passing_on=2)
    assert _rights(head, client) == set()


def test_two_ways_to_one_client_add_up_and_are_one_reason(story: Story) -> None:
    since = date(2015, 1, 1)
    make_grant(story.employee, story.client, "keys.manage", since=since, until=clock.today())
    acting = _acting(story.employee, story.client)
    assert acting is not None
    assert acting.rights == {"isaf.view", "keys.manage"}
    assert (acting.why.since, acting.why.until) == (since, YEAR)


def test_somebody_without_a_fingerprint_is_nobody_s_representative() -> None:
    firm, client = make_taxpayer(), make_taxpayer()
    make_grant(firm, client, "isaf.view")
    nameless = make_user()
    assert _acting(nameless, client) is None
    assert not selectors.taxpayers_of(nameless, clock.today())


def test_one_request_of_a_chain_is_a_steady_number_of_queries(
    story: Story, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    with django_assert_max_num_queries(5):
        acting_of(story.employee, story.client, clock.now())
    with django_assert_max_num_queries(1):
        list(selectors.choices_of(story.employee, clock.today()))
    with django_assert_max_num_queries(3):
        selectors.why_of(story.employee, [story.client], clock.today())


def test_every_capacity_is_among_the_clients_once(story: Story) -> None:
    headed, kept = make_taxpayer(name="UAB A"), make_taxpayer(name="UAB B")
    make_headship(story.employee, headed)
    make_headship(story.employee, kept)
    make_accountant(story.employee, kept)
    found = selectors.taxpayers_of(story.employee, clock.today())
    assert list(found) == [headed, kept, story.client]
    whys = selectors.why_of(story.employee, found, clock.today())
    assert [whys[one.pk].kind for one in found] == [WhyKind.HEAD, WhyKind.HEAD, WhyKind.GRANT]


def test_what_an_employee_passed_on_ends_with_his_employment() -> None:
    """VA-119, 12.1 p.: what rests on his mandate does not outlive it."""
    company, bookkeeper, helper = make_taxpayer(), make_user(), make_user()
    held = make_grant(bookkeeper, company, "isaf.view", passing_on=1)
    make_grant(helper, company, "isaf.view", via=held)
    make_employment(bookkeeper, company)
    assert acting_of(helper, company, clock.now())
    Employment.objects.update(until=clock.today() - timedelta(days=1))
    assert acting_of(bookkeeper, company, clock.now()) is None
    assert acting_of(helper, company, clock.now()) is None

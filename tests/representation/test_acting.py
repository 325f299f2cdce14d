from datetime import UTC, date, datetime, timedelta

import pytest
from django.db import IntegrityError, transaction
from pytest_django import DjangoAssertNumQueries

from accounts.encryption import lookup_hash
from accounts.models import User
from imas.kernel import clock
from imas.kernel.errors import ForbiddenError
from representation import selectors
from representation.models import Employment, Headship, Taxpayer
from representation.rights import ACCOUNTANT_RIGHTS, EVERY_RIGHT
from representation.services import acting_of
from representation.types import NOBODY, MandateState, TaxpayerKind, Why, WhyKind, system_acting
from tests.make import (
    LONG_AGO,
    make_accountant,
    make_employment,
    make_grant,
    make_headship,
    make_taxpayer,
    make_user,
    personal_code,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def user() -> User:
    return make_user()


@pytest.fixture
def taxpayer() -> Taxpayer:
    return make_taxpayer()


def test_a_person_acts_for_himself_with_every_right() -> None:
    code = personal_code()
    user = make_user(personal_code=code)
    acting = acting_of(user, make_taxpayer(code, kind=TaxpayerKind.NATURAL), clock.now())
    assert acting is not None
    assert (acting.why, acting.rights) == (Why(WhyKind.SELF), EVERY_RIGHT)


def test_a_person_without_a_code_is_nobody_s_self(user: User) -> None:
    taxpayer = make_taxpayer("x", kind=TaxpayerKind.NATURAL)
    Taxpayer.objects.filter(pk=taxpayer.pk).update(code="")
    taxpayer.refresh_from_db()
    assert acting_of(user, taxpayer, clock.now()) is None
    assert list(selectors.taxpayers_of(user, clock.today())) == []


def test_a_company_with_the_code_of_a_person_is_not_that_person() -> None:
    code = personal_code()
    user = make_user(personal_code=code)
    assert acting_of(user, make_taxpayer(code), clock.now()) is None


def test_a_head_acts_with_every_right_and_the_days_say_why(user: User, taxpayer: Taxpayer) -> None:
    make_headship(user, taxpayer, until=date(2099, 1, 1))
    acting = acting_of(user, taxpayer, clock.now())
    assert acting is not None
    assert acting.why == Why(WhyKind.HEAD, LONG_AGO, date(2099, 1, 1))
    assert acting.rights == EVERY_RIGHT


def test_a_representative_has_what_was_granted_and_no_more(user: User, taxpayer: Taxpayer) -> None:
    make_grant(user, taxpayer, "isaf.view", "isaf.upload")
    acting = acting_of(user, taxpayer, clock.now())
    assert acting is not None
    assert acting.rights == {"isaf.view", "isaf.upload"}
    with pytest.raises(ForbiddenError):
        acting.require("isaf.submit")


def test_a_grant_of_an_unknown_right_gives_nothing(user: User, taxpayer: Taxpayer) -> None:
    make_grant(user, taxpayer, "isaf.everything")
    acting = acting_of(user, taxpayer, clock.now())
    assert acting is not None
    assert acting.rights == frozenset()


@pytest.mark.parametrize(("first", "last", "has"), [(0, 0, True), (1, 9, False), (-9, -1, False)])
def test_a_mandate_holds_from_its_first_to_its_last_vilnius_day(
    user: User, taxpayer: Taxpayer, first: int, last: int, *, has: bool
) -> None:
    today = clock.today()
    since, until = today + timedelta(days=first), today + timedelta(days=last)
    make_grant(user, taxpayer, "isaf.view", since=since, until=until)
    assert (acting_of(user, taxpayer, clock.now()) is not None) is has
    assert (taxpayer in selectors.taxpayers_of(user, today)) is has


def test_a_day_begins_in_vilnius_not_in_greenwich(user: User, taxpayer: Taxpayer) -> None:
    make_grant(user, taxpayer, "isaf.view", since=date(2026, 11, 22))
    evening = datetime(2026, 11, 21, 22, 30, tzinfo=UTC)
    assert acting_of(user, taxpayer, evening) is not None


def test_revoked_grants_and_inactive_people_have_nothing(user: User, taxpayer: Taxpayer) -> None:
    make_grant(user, taxpayer, "isaf.view", state=MandateState.REVOKED)
    assert acting_of(user, taxpayer, clock.now()) is None
    make_headship(user, taxpayer)
    user.is_active = False
    assert acting_of(user, taxpayer, clock.now()) is None


def test_the_vat_code_of_the_day_is_carried(user: User) -> None:
    taxpayer = make_taxpayer(vat_code="LT100001919017")
    make_headship(user, taxpayer)
    acting = acting_of(user, taxpayer, clock.now())
    assert acting is not None
    assert acting.taxpayer_vat == "LT100001919017"


def test_several_grants_are_one_reason_from_the_first_day_to_the_last(
    user: User, taxpayer: Taxpayer
) -> None:
    make_grant(user, taxpayer, "isaf.view", until=date(2098, 1, 1))
    make_grant(user, taxpayer, "isaf.upload", since=date(2020, 1, 1), until=date(2099, 1, 1))
    acting = acting_of(user, taxpayer, clock.now())
    assert acting is not None
    assert acting.why == Why(WhyKind.GRANT, LONG_AGO, date(2099, 1, 1))
    assert selectors.why_of(user, [taxpayer], clock.today()) == {taxpayer.pk: acting.why}


def test_the_house_itself_acts_with_the_rights_it_names(taxpayer: Taxpayer) -> None:
    acting = system_acting(taxpayer, ["isaf.crosscheck"])
    assert (acting.user_id, acting.why.kind) == (NOBODY, WhyKind.SYSTEM)
    assert not acting.may("isaf.submit")


@pytest.mark.parametrize("typed", ["žem", "zem", "ZEM", "305", "LT1000", "  žemaitijos pienas "])
def test_a_client_is_found_by_letters_with_or_without_marks_or_by_code(
    user: User, typed: str
) -> None:
    wanted = make_taxpayer("305000009", name="AB Žemaitijos pienas", vat_code="LT100001919017")
    make_headship(user, wanted)
    make_headship(user, make_taxpayer("999999999", name="UAB Kita"))
    make_taxpayer("305000108", name="AB Žemaitijos svetimas")
    assert list(selectors.choices_of(user, clock.today(), typed)) == [wanted]


def test_people_with_a_right_are_heads_holders_and_the_person_himself() -> None:
    code = personal_code()
    taxpayer = make_taxpayer(code, kind=TaxpayerKind.NATURAL)
    himself, head, holder = make_user(personal_code=code), make_user(), make_user()
    make_headship(head, taxpayer)
    make_grant(holder, taxpayer, "mailbox.view")
    make_grant(make_user(), taxpayer, "isaf.view")
    make_grant(make_user(), make_taxpayer(), "mailbox.view")
    found = selectors.people_with(taxpayer.pk, "mailbox.view", clock.today())
    assert set(found) == {himself, head, holder}


def test_an_accountant_has_i_saf_without_a_grant_and_nothing_else(
    user: User, taxpayer: Taxpayer
) -> None:
    make_accountant(user, taxpayer, until=date(2099, 1, 1))
    acting = acting_of(user, taxpayer, clock.now())
    assert acting is not None
    assert acting.why == Why(WhyKind.ACCOUNTANT, LONG_AGO, date(2099, 1, 1))
    assert acting.rights == ACCOUNTANT_RIGHTS
    assert all(right.startswith("isaf.") for right in acting.rights)
    assert list(selectors.taxpayers_of(user, clock.today())) == [taxpayer]
    assert selectors.why_of(user, [taxpayer], clock.today()) == {taxpayer.pk: acting.why}


def test_what_was_granted_to_an_accountant_is_added_to_i_saf(
    user: User, taxpayer: Taxpayer
) -> None:
    make_accountant(user, taxpayer)
    given = make_grant(user, taxpayer, "mailbox.view")
    more = make_grant(user, taxpayer, "representation.manage")
    acting = acting_of(user, taxpayer, clock.now())
    assert acting is not None
    assert acting.rights == ACCOUNTANT_RIGHTS | {"mailbox.view", "representation.manage"}
    (person,) = selectors.representatives_of(taxpayer.pk, clock.today())
    assert (person.whys["isaf.view"].kind, person.whys["mailbox.view"].kind) == (
        WhyKind.ACCOUNTANT,
        WhyKind.GRANT,
    )
    assert set(person.mandate_ids) == {given.pk, more.pk}


def test_accountants_are_told_of_i_saf_only(user: User, taxpayer: Taxpayer) -> None:
    make_accountant(user, taxpayer)
    today = clock.today()
    assert list(selectors.people_with(taxpayer.pk, "isaf.view", today)) == [user]
    assert not selectors.people_with(taxpayer.pk, "mailbox.view", today)


def test_somebody_employed_has_no_right_from_it(user: User, taxpayer: Taxpayer) -> None:
    make_employment(user, taxpayer)
    assert acting_of(user, taxpayer, clock.now()) is None


def test_a_head_known_before_he_had_an_account_acts_from_his_first_visit(
    taxpayer: Taxpayer,
) -> None:
    code = personal_code()
    Headship.objects.create(person=lookup_hash(code), taxpayer=taxpayer, since=LONG_AGO)
    assert selectors.representatives_of(taxpayer.pk, clock.today()) == []
    acting = acting_of(make_user(personal_code=code), taxpayer, clock.now())
    assert acting is not None
    assert acting.why.kind == WhyKind.HEAD


def test_a_person_without_a_code_holds_no_post(user: User, taxpayer: Taxpayer) -> None:
    for post in (Headship, Employment):
        with pytest.raises(IntegrityError), transaction.atomic():
            post.objects.create(person="", taxpayer=taxpayer, since=LONG_AGO)
    Headship.objects.create(person=lookup_hash("1"), taxpayer=taxpayer, since=LONG_AGO)
    assert acting_of(user, taxpayer, clock.now()) is None


def test_representatives_are_read_in_a_steady_number_of_queries(
    taxpayer: Taxpayer, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    for _ in range(3):
        make_headship(make_user(), taxpayer)
        make_accountant(make_user(), taxpayer)
        make_grant(make_user(), taxpayer, "isaf.view")
    with django_assert_max_num_queries(8):
        assert len(selectors.representatives_of(taxpayer.pk, clock.today())) == 9

"""Limits inside a right: they add up along a chain, join between chains, and are never widened."""

from collections.abc import Mapping
from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from hypothesis import given
from hypothesis import strategies as st

from accounts.models import User
from imas.kernel import clock
from imas.kernel.errors import DomainError, ForbiddenError, UnprocessableError
from representation import limits, services
from representation.models import JournalEntry, Mandate, MandateMove, Taxpayer
from representation.services import NewPerson, Terms, acting_of
from representation.types import WHOLE, Acting, Limits, MandateSource, MandateState, Narrowing
from tests.make import (
    make_accountant,
    make_acting,
    make_employment,
    make_grant,
    make_headship,
    make_taxpayer,
    make_user,
    personal_code,
)

YEAR = clock.today() + timedelta(days=365)
REGISTER, PART = "isaf.register", "isaf.part"


def only(registers: str = "", parts: str = "", *, read_only: bool = False) -> Narrowing:
    """Limit to registers by their letters and to parts by theirs."""
    found = {REGISTER: frozenset(registers), PART: frozenset(parts)}
    return Narrowing({name: values for name, values in found.items() if values}, read_only)


SALES, PURCHASES, PART_B = only("S"), only("P"), only(parts="B")

narrow = st.fixed_dictionaries(
    {},
    optional={
        REGISTER: st.frozensets(st.sampled_from("SPM"), min_size=1),
        PART: st.frozensets(st.sampled_from("AB"), min_size=1),
    },
)


def allows(limit: Limits, document: Mapping[str, str]) -> bool:
    return all(document[name] in values for name, values in limit.items())


DOCUMENTS = [{REGISTER: side, PART: part} for side in "SPM" for part in "AB"]


@given(st.lists(narrow, min_size=1, max_size=4))
def test_what_is_left_of_a_chain_is_what_every_link_allows(chain: list[Limits]) -> None:
    left = limits.narrowed(chain)
    for document in DOCUMENTS:
        assert allows(left, document) == all(allows(link, document) for link in chain)


@given(st.lists(narrow, min_size=1, max_size=4))
def test_two_ways_allow_what_either_does(ways: list[Limits]) -> None:
    joined = limits.joined(ways)
    for document in DOCUMENTS:
        expected = any(allows(way, document) for way in ways)
        assert (not joined or any(allows(way, document) for way in joined)) == expected


@given(narrow, narrow)
def test_what_is_contained_allows_nothing_more(wider: Limits, narrower: Limits) -> None:
    if limits.contains(wider, narrower):
        assert all(allows(wider, one) for one in DOCUMENTS if allows(narrower, one))


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ({REGISTER: ["P"], PART: []}, {REGISTER: {"P"}}),
        ({REGISTER: ["S", "P", "M"]}, {}),
        ({PART: ["B", "KAUNAS"]}, {PART: {"B", "KAUNAS"}}),
        ({REGISTER: ["X"]}, None),
        ({PART: ["two words"]}, None),
        ({PART: [f"{one}" for one in range(21)]}, None),
        ({"ivaz.kind": ["X"]}, None),
    ],
)
def test_only_known_limits_are_taken(
    typed: dict[str, list[str]], expected: dict[str, set[str]] | None
) -> None:
    if expected is not None:
        assert limits.understood(typed) == expected
        return
    with pytest.raises(UnprocessableError) as refused:
        limits.understood(typed)
    assert refused.value.code == "limit-not-known"


def _acting(user: User, client: Taxpayer) -> Acting:
    acting = acting_of(user, client, clock.now())
    assert acting is not None
    return acting


def _ways(acting: Acting, right: str = "isaf.view") -> list[dict[str, list[str]]]:
    return [limits.as_json(way) for way in acting.limits_of(right)]


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("firms", "employees", "expected"),
    [
        (WHOLE, WHOLE, []),
        (PURCHASES, WHOLE, [{REGISTER: ["P"]}]),
        (WHOLE, PURCHASES, [{REGISTER: ["P"]}]),
        (PURCHASES, PART_B, [{REGISTER: ["P"], PART: ["B"]}]),
        (only("SP"), only("PM"), [{REGISTER: ["P"]}]),
        (SALES, PURCHASES, None),
    ],
)
def test_limits_add_up_along_a_chain(
    firms: Narrowing, employees: Narrowing, expected: list[dict[str, list[str]]] | None
) -> None:
    client, firm, employee = make_taxpayer(), make_taxpayer(), make_user()
    make_headship(make_user(), firm)
    make_employment(employee, firm)
    rights = ("isaf.view", "isaf.upload", "mailbox.view")
    given_to_firm = make_grant(firm, client, *rights, passing_on=1, narrowing=firms)
    make_grant(employee, client, *rights, via=given_to_firm, narrowing=employees)
    acting = _acting(employee, client)
    assert acting.may("isaf.view") == acting.may("isaf.upload") == (expected is not None)
    assert _ways(acting) == (expected or [])
    assert acting.may_wholly("mailbox.view")


@pytest.mark.django_db
def test_two_chains_are_joined_and_one_without_limits_is_enough() -> None:
    client, person = make_taxpayer(), make_user()
    firm = make_taxpayer()
    make_headship(person, firm)
    make_grant(person, client, "isaf.view", "isaf.upload", narrowing=PURCHASES)
    second = make_grant(firm, client, "isaf.view", narrowing=only("S", "B"))
    acting = _acting(person, client)
    assert sorted(_ways(acting), key=str) == [{PART: ["B"], REGISTER: ["S"]}, {REGISTER: ["P"]}]
    assert _ways(acting, "isaf.upload") == [{REGISTER: ["P"]}]
    second.narrow(WHOLE)
    second.save()
    assert _acting(person, client).whole_rights == {"isaf.view"}
    make_accountant(person, client)
    assert "isaf.upload" in _acting(person, client).whole_rights


@pytest.mark.django_db
def test_a_key_opens_no_more_than_its_limited_owner() -> None:
    from representation.api import _narrow  # noqa: PLC0415 - what the edge does with every key
    from tests.make import make_api_key  # noqa: PLC0415

    client, person = make_taxpayer(), make_user()
    make_grant(person, client, "isaf.view", "isaf.upload", narrowing=PURCHASES)
    key, _ = make_api_key(person, client)
    narrowed = _narrow(_acting(person, client), key)
    assert narrowed is not None
    assert _ways(narrowed, "isaf.upload") == [{REGISTER: ["P"]}]


@pytest.mark.django_db
def test_read_only_leaves_the_rights_to_look_and_keeps_them_so() -> None:
    head, manager = make_acting(), make_user()
    terms = Terms(["isaf.view", "isaf.upload"], YEAR, narrowing=Narrowing(read_only=True))
    mandate = services.offer(head, NewPerson("Ona", personal_code(), "ona@example.lt"), terms)
    assert (mandate.rights, mandate.read_only) == (["isaf.view"], True)
    Mandate.objects.filter(pk=mandate.pk).update(state=MandateState.ACTIVE)
    taxpayer = Taxpayer.objects.get(pk=head.taxpayer_id)
    other = make_acting(user=manager, taxpayer=taxpayer)
    widened = services.change_mandate(
        other, mandate.pk, ["isaf.view", "isaf.upload", "mailbox.view"], YEAR
    )
    assert widened.rights == ["isaf.view", "mailbox.view"]
    whole = services.change_mandate(other, mandate.pk, ["isaf.view", "isaf.upload"], YEAR, WHOLE)
    assert whole.rights == ["isaf.upload", "isaf.view"]


@pytest.mark.django_db
def test_the_database_keeps_read_only_mandates_read_only() -> None:
    mandate = make_grant(make_user(), make_taxpayer(), "isaf.upload")
    with pytest.raises(IntegrityError), transaction.atomic():
        Mandate.objects.filter(pk=mandate.pk).update(read_only=True)


@pytest.mark.django_db
def test_nothing_to_look_at_is_no_mandate() -> None:
    head = make_acting()
    terms = Terms(["isaf.upload"], YEAR, narrowing=Narrowing(read_only=True))
    person = NewPerson("Ona", personal_code(), "ona@example.lt")
    with pytest.raises(UnprocessableError) as refused:
        services.offer(head, person, terms)
    assert refused.value.code == "mandate-without-rights"
    mandate = make_grant(make_user(), Taxpayer.objects.get(pk=head.taxpayer_id), "isaf.upload")
    with pytest.raises(UnprocessableError):
        services.change_mandate(head, mandate.pk, ["isaf.upload"], YEAR, Narrowing(read_only=True))
    mandate.refresh_from_db()
    assert mandate.state == MandateState.ACTIVE


def _limited_manager(narrowing: Narrowing) -> tuple[Acting, Taxpayer]:
    taxpayer, person = make_taxpayer(), make_user()
    rights = ("representation.manage", "isaf.view", "isaf.upload", "mailbox.view")
    make_grant(person, taxpayer, *rights, until=YEAR, narrowing=narrowing)
    return _acting(person, taxpayer), taxpayer


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("wanted", "code"),
    [
        (WHOLE, "limit-wider-than-yours"),
        (SALES, "limit-wider-than-yours"),
        (only("SP"), "limit-wider-than-yours"),
        (PART_B, "limit-wider-than-yours"),
        (PURCHASES, None),
        (only("P", "B"), None),
    ],
)
def test_nobody_gives_on_more_than_his_own_limits(wanted: Narrowing, code: str | None) -> None:
    acting, taxpayer = _limited_manager(PURCHASES)
    terms = Terms(["isaf.view"], YEAR, narrowing=wanted)
    person = NewPerson("Ona", personal_code(), "ona@example.lt")

    def deeds() -> None:
        services.offer(acting, person, terms)

    def change() -> None:
        held = make_grant(make_user(), taxpayer, "isaf.view", narrowing=only("P", "C"))
        services.change_mandate(acting, held.pk, ["isaf.view"], held.until, wanted)

    def accept() -> None:
        asked = make_grant(
            make_user(), taxpayer, "isaf.view", state=MandateState.REQUESTED, narrowing=wanted
        )
        Mandate.objects.filter(pk=asked.pk).update(source=MandateSource.REQUEST)
        services.answer_request(acting, asked.pk, accept=True)

    for deed in (deeds, change, accept):
        assert _code_of(deed) == code, deed


@pytest.mark.django_db
def test_taking_a_limit_off_needs_every_right_it_opens() -> None:
    acting, taxpayer = _limited_manager(WHOLE)
    held = make_grant(make_user(), taxpayer, "isaf.view", "isaf.submit", narrowing=PURCHASES)
    assert (
        _code_of(lambda: services.change_mandate(acting, held.pk, ["isaf.view"], held.until, WHOLE))
        == "right-missing"
    )
    services.change_mandate(acting, held.pk, ["isaf.view"], held.until, only("P", "B"))
    held.refresh_from_db()
    assert held.narrowing == only("P", "B")
    assert MandateMove.objects.filter(mandate=held).get().limits == held.limits
    told = JournalEntry.objects.get(action="representation.changed")
    assert told.params["limits"] == "isaf.part=B; isaf.register=P"


@pytest.mark.django_db
def test_a_wide_right_that_ends_sooner_is_not_given_on_for_longer() -> None:
    taxpayer, person = make_taxpayer(), make_user()
    firm = make_taxpayer()
    make_headship(person, firm)
    soon = clock.today() + timedelta(days=20)
    make_grant(person, taxpayer, "representation.manage", "isaf.view", until=soon)
    make_grant(
        firm, taxpayer, "representation.manage", "isaf.view", until=YEAR, narrowing=PURCHASES
    )
    acting = _acting(person, taxpayer)
    ona = NewPerson("Ona", personal_code(), "ona@example.lt")
    wide, limited = (
        Terms(["isaf.view"], YEAR, narrowing=narrowing) for narrowing in (WHOLE, PURCHASES)
    )
    assert _code_of(lambda: services.offer(acting, ona, wide)) == "grant-outlives-yours"
    assert _code_of(lambda: services.offer(acting, ona, limited)) is None


@pytest.mark.django_db
def test_what_is_passed_on_keeps_the_limits_of_what_the_firm_holds() -> None:
    firm = make_acting()
    client = make_taxpayer()
    holder = Taxpayer.objects.get(pk=firm.taxpayer_id)
    above = make_grant(
        holder, client, "isaf.view", passing_on=1, until=YEAR, narrowing=only("P", read_only=True)
    )
    ona = NewPerson("Ona", personal_code(), "ona@example.lt")
    passed = services.pass_on(firm, above.pk, ona, Terms(["isaf.view"], YEAR, narrowing=PART_B))
    assert passed.narrowing == only("P", "B", read_only=True)
    jonas = NewPerson("Jonas", personal_code(), "jonas@example.lt")
    outside = Terms(["isaf.view"], YEAR, narrowing=SALES)
    assert _code_of(lambda: services.pass_on(firm, above.pk, jonas, outside)) == "limit-outside"


def _code_of(deed: object) -> str | None:
    try:
        deed()  # type: ignore[operator]
    except ForbiddenError as refused:
        return refused.code
    except DomainError as refused:
        return refused.code
    return None

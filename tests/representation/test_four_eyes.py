"""Four eyes: administrators' rights and passing on hold only when a second one approves."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier

import pytest
from django.core.management import CommandError, call_command
from django.db import IntegrityError, connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries, Settings

from accounts import sessions
from accounts.models import User
from imas.kernel import clock
from imas.kernel.errors import (
    ConflictError,
    DomainError,
    ForbiddenError,
    NotFoundError,
    UnprocessableError,
)
from mailbox.models import Message
from representation import selectors, services
from representation.models import Headship, JournalEntry, Mandate, Proposal, Taxpayer
from representation.services import NewPerson, Terms, acting_of
from representation.types import Acting, MandateState, Narrowing, ProposalState
from tests.make import (
    make_acting,
    make_grant,
    make_headship,
    make_taxpayer,
    make_user,
    personal_code,
    prove_second_factor,
)

pytestmark = pytest.mark.django_db
TODAY = clock.today()
YEAR = TODAY + timedelta(days=365)
KEYS, MANAGE = "keys.manage", "representation.manage"
WEIGHTY = Terms([KEYS], YEAR)


def _person() -> User:
    return make_user(personal_code=personal_code())


def _named(person: User) -> NewPerson:
    return NewPerson(person.full_name, person.personal_code, person.email)


def _actings(taxpayer: Taxpayer, *people: User) -> list[Acting]:
    found = [acting_of(one, taxpayer, clock.now()) for one in people]
    assert all(found)
    return [one for one in found if one]


@pytest.fixture
def two() -> tuple[Acting, Acting]:
    """The head and another who is equal to the head, where four eyes are needed."""
    taxpayer, people = make_taxpayer(), (make_user(), make_user())
    for one in people:
        make_headship(one, taxpayer)
    first, second = _actings(taxpayer, *people)
    services.switch_on(first)
    return first, second


def _taxpayer(acting: Acting) -> Taxpayer:
    return Taxpayer.objects.get(pk=acting.taxpayer_id)


def _proposed(acting: Acting) -> Proposal:
    return selectors.proposals_to(acting.taxpayer_id).get()


def _actions(acting: Acting) -> list[tuple[str, int | None]]:
    entries = JournalEntry.objects.filter(taxpayer_id=acting.taxpayer_id).order_by("pk")
    return [(one.action.removeprefix("representation."), one.user_id) for one in entries]


@pytest.mark.parametrize(
    ("terms", "waits"),
    [
        (Terms(["isaf.view"], YEAR), False),
        (Terms(["isaf.view"], YEAR, passing_on=1), True),
        (Terms([KEYS], YEAR), True),
        (Terms(["isaf.view", MANAGE], YEAR), True),
    ],
)
def test_only_what_is_weighty_waits(
    two: tuple[Acting, Acting], terms: Terms, *, waits: bool
) -> None:
    mandate = services.offer(two[0], _named(_person()), terms)
    expected = MandateState.AWAITING_SECOND if waits else MandateState.OFFERED
    assert mandate.state == expected
    assert mandate.letters.exists() is not waits


def test_the_letter_goes_only_when_another_has_approved(two: tuple[Acting, Acting]) -> None:
    first, second = two
    mandate = services.offer(first, _named(_person()), WEIGHTY)
    with pytest.raises(ForbiddenError):
        services.approve(first, _proposed(first).pk)
    assert not mandate.letters.exists()
    services.approve(second, _proposed(second).pk)
    mandate.refresh_from_db()
    assert mandate.state == MandateState.OFFERED
    assert mandate.letters.count() == 1
    assert [(one.state, one.by_id) for one in mandate.moves.all()] == [
        ("awaiting_second", first.user_id),
        ("offered", second.user_id),
    ]
    assert _actions(first)[1:] == [
        ("proposed", first.user_id),
        ("approved", second.user_id),
        ("offered", second.user_id),
    ]
    entry = JournalEntry.objects.get(action="representation.approved")
    assert entry.params["proposed_by"] == User.objects.get(pk=first.user_id).full_name


def test_the_days_to_answer_are_counted_from_the_approval(two: tuple[Acting, Acting]) -> None:
    first, second = two
    mandate = services.offer(first, _named(_person()), WEIGHTY)
    asked = clock.now() - timedelta(days=20)
    Mandate.objects.update(created_at=asked)
    services.approve(second, _proposed(second).pk)
    mandate.refresh_from_db()
    assert mandate.created_at > asked + timedelta(days=19)


def test_the_others_find_a_message_in_the_box(two: tuple[Acting, Acting]) -> None:
    services.offer(two[0], _named(_person()), WEIGHTY)
    message = Message.objects.get(taxpayer_id=two[0].taxpayer_id)
    assert message.code == "representation.waits-for-second"
    assert message.url_name == "representation:representatives"


def test_a_firm_s_head_does_not_see_an_offer_before_it_is_approved(
    two: tuple[Acting, Acting],
) -> None:
    first, second = two
    boss, firm = make_user(), make_taxpayer()
    make_headship(boss, firm)
    mandate = services.offer(first, firm.code, Terms(["isaf.view"], YEAR, passing_on=1))
    (head,) = _actings(firm, boss)
    assert not selectors.waiting_for_firm(firm.pk).exists()
    for deed in (services.withdraw, lambda *about: services.answer_for_firm(*about, accept=True)):
        with pytest.raises(NotFoundError):
            deed(head, mandate.pk)
    services.approve(second, _proposed(second).pk)
    assert selectors.waiting_for_firm(firm.pk).get() == mandate


def test_an_accepted_request_waits_and_does_not_hold(two: tuple[Acting, Acting]) -> None:
    first, second = two
    asker, taxpayer = _person(), _taxpayer(first)
    services.request_mandate(asker, None, first.taxpayer_code, WEIGHTY)
    asked = Mandate.objects.get(source="request")
    services.answer_request(first, asked.pk, accept=True)
    assert acting_of(asker, taxpayer, clock.now()) is None
    services.approve(second, _proposed(second).pk)
    acting = acting_of(asker, taxpayer, clock.now())
    assert acting is not None
    assert acting.may(KEYS)


def test_whoever_accepted_a_request_may_think_again(two: tuple[Acting, Acting]) -> None:
    first, second = two
    services.request_mandate(_person(), None, first.taxpayer_code, WEIGHTY)
    asked = Mandate.objects.get(source="request")
    services.answer_request(first, asked.pk, accept=True)
    services.decline(first, _proposed(first).pk)
    asked.refresh_from_db()
    assert asked.state == MandateState.REQUESTED
    services.answer_request(first, asked.pk, accept=True)
    services.decline(second, _proposed(first).pk)
    asked.refresh_from_db()
    assert asked.state == MandateState.DECLINED


def test_the_asker_hears_only_the_last_word(two: tuple[Acting, Acting]) -> None:
    boss, firm = make_user(), make_taxpayer()
    make_headship(boss, firm)
    (head,) = _actings(firm, boss)
    services.request_mandate(boss, head, two[0].taxpayer_code, WEIGHTY)
    asked = Mandate.objects.get(source="request")
    for first_says_no in (True, False):
        services.answer_request(two[0], asked.pk, accept=True)
        services.decline(two[0 if first_says_no else 1], _proposed(two[0]).pk)
    told = Message.objects.filter(taxpayer=firm).values_list("code", flat=True)
    assert list(told) == ["representation.request-declined"]


def test_a_firm_takes_its_request_back_while_it_waits(two: tuple[Acting, Acting]) -> None:
    boss, firm = make_user(), make_taxpayer()
    make_headship(boss, firm)
    (head,) = _actings(firm, boss)
    services.request_mandate(boss, head, two[0].taxpayer_code, WEIGHTY)
    asked = Mandate.objects.get(source="request")
    services.answer_request(two[0], asked.pk, accept=True)
    assert selectors.waiting_for_firm(firm.pk).get() == asked
    services.withdraw(head, asked.pk)
    assert not selectors.proposals_to(two[0].taxpayer_id).exists()


def test_the_old_terms_hold_until_the_change_is_approved(two: tuple[Acting, Acting]) -> None:
    first, second = two
    mandate = make_grant(_person(), _taxpayer(first), "isaf.view", "isaf.upload", until=YEAR)
    services.change_mandate(first, mandate.pk, ["isaf.view", KEYS], YEAR)
    mandate.refresh_from_db()
    assert (mandate.state, mandate.rights) == (MandateState.ACTIVE, ["isaf.view"])
    services.approve(second, _proposed(second).pk)
    mandate.refresh_from_db()
    assert mandate.rights == ["isaf.view", KEYS]


def test_a_later_day_of_what_may_be_passed_on_waits(two: tuple[Acting, Acting]) -> None:
    first, second = two
    mandate = make_grant(make_taxpayer(), _taxpayer(first), "isaf.view", passing_on=1, until=TODAY)
    services.change_mandate(first, mandate.pk, ["isaf.view"], YEAR)
    mandate.refresh_from_db()
    assert mandate.until == TODAY
    services.decline(second, _proposed(second).pk)
    mandate.refresh_from_db()
    assert (mandate.state, mandate.until) == (MandateState.ACTIVE, TODAY)


def test_a_wider_limit_waits_and_a_narrower_one_does_not(two: tuple[Acting, Acting]) -> None:
    first, second = two
    firm, sales = make_taxpayer(), Narrowing({"isaf.register": frozenset("S")})
    mandate = make_grant(firm, _taxpayer(first), "isaf.view", passing_on=1, until=YEAR)
    services.change_mandate(first, mandate.pk, ["isaf.view"], YEAR, sales)
    mandate.refresh_from_db()
    assert mandate.narrowing == sales
    part = Narrowing({"isaf.part": frozenset("B")})
    services.change_mandate(first, mandate.pk, ["isaf.view"], YEAR, part)
    mandate.refresh_from_db()
    assert mandate.narrowing == Narrowing({**sales.limits, **part.limits})
    services.approve(second, _proposed(second).pk)
    mandate.refresh_from_db()
    assert mandate.narrowing == part


def test_taking_away_never_waits(two: tuple[Acting, Acting]) -> None:
    first, _ = two
    mandate = make_grant(_person(), _taxpayer(first), "isaf.view", KEYS, until=YEAR)
    services.change_mandate(first, mandate.pk, [KEYS], TODAY)
    mandate.refresh_from_db()
    assert (mandate.rights, mandate.until) == ([KEYS], TODAY)
    services.revoke(first, mandate.pk)
    mandate.refresh_from_db()
    assert mandate.state == MandateState.REVOKED
    assert not Proposal.objects.exists()


def test_a_change_that_leaves_nothing_meanwhile_is_two_steps(two: tuple[Acting, Acting]) -> None:
    mandate = make_grant(_person(), _taxpayer(two[0]), "isaf.view", until=YEAR)
    with pytest.raises(UnprocessableError):
        services.change_mandate(two[0], mandate.pk, [KEYS], YEAR)


def test_a_second_change_takes_the_place_of_the_first(two: tuple[Acting, Acting]) -> None:
    first, second = two
    mandate = make_grant(_person(), _taxpayer(first), "isaf.view", until=YEAR)
    services.change_mandate(first, mandate.pk, ["isaf.view", KEYS], YEAR)
    superseded = _proposed(first)
    services.change_mandate(second, mandate.pk, ["isaf.view", MANAGE], YEAR)
    with pytest.raises(NotFoundError):
        services.approve(second, superseded.pk)
    services.approve(first, _proposed(first).pk)
    mandate.refresh_from_db()
    assert mandate.rights == ["isaf.view", MANAGE]


def test_what_is_revoked_meanwhile_does_not_come_back(two: tuple[Acting, Acting]) -> None:
    first, second = two
    mandate = make_grant(_person(), _taxpayer(first), "isaf.view", until=YEAR)
    services.change_mandate(first, mandate.pk, ["isaf.view", KEYS], YEAR)
    proposal = _proposed(first)
    services.revoke(second, mandate.pk)
    with pytest.raises(NotFoundError):
        services.approve(second, proposal.pk)


def test_passing_on_waits_for_the_firm_s_own_second(two: tuple[Acting, Acting]) -> None:
    first, second = two
    above = make_grant(_taxpayer(first), make_taxpayer(), KEYS, "isaf.view", passing_on=2)
    plain = services.pass_on(first, above.pk, _named(_person()), Terms(["isaf.view"], TODAY))
    assert plain.state == MandateState.OFFERED
    passed = services.pass_on(first, above.pk, _named(_person()), Terms([KEYS], TODAY))
    assert passed.state == MandateState.AWAITING_SECOND
    services.approve(second, _proposed(second).pk)
    passed.refresh_from_db()
    assert passed.state == MandateState.OFFERED


def test_what_the_client_has_ended_meanwhile_is_not_passed_on(two: tuple[Acting, Acting]) -> None:
    first, second = two
    above = make_grant(_taxpayer(first), make_taxpayer(), KEYS, passing_on=1)
    services.pass_on(first, above.pk, _named(_person()), Terms([KEYS], TODAY))
    Mandate.objects.filter(pk=above.pk).update(state=MandateState.REVOKED)
    with pytest.raises(ConflictError):
        services.approve(second, _proposed(second).pk)


def test_nobody_approves_rights_for_himself_or_rights_he_has_not(
    two: tuple[Acting, Acting],
) -> None:
    first, _ = two
    taxpayer, holder, weak = _taxpayer(first), _person(), _person()
    mandate = make_grant(holder, taxpayer, MANAGE, until=YEAR)
    make_grant(weak, taxpayer, MANAGE, until=YEAR)
    services.change_mandate(first, mandate.pk, [MANAGE, KEYS], YEAR)
    himself, other = _actings(taxpayer, holder, weak)
    for one, code in ((himself, "grant-to-oneself"), (other, "right-missing")):
        with pytest.raises(ForbiddenError) as refused:
            services.approve(one, _proposed(first).pk)
        assert refused.value.code == code
    mandate.refresh_from_db()
    assert mandate.rights == [MANAGE]


def test_nobody_approves_what_his_own_firm_would_have(two: tuple[Acting, Acting]) -> None:
    first, second = two
    firm = make_taxpayer()
    make_headship(User.objects.get(pk=second.user_id), firm)
    services.offer(first, firm.code, WEIGHTY)
    with pytest.raises(ForbiddenError) as refused:
        services.approve(second, _proposed(first).pk)
    assert refused.value.code == "grant-to-oneself"


@pytest.mark.django_db(transaction=True)
def test_two_approve_at_once_and_one_letter_goes() -> None:
    taxpayer, people = make_taxpayer(), [make_user(), make_user(), make_user()]
    for one in people:
        make_headship(one, taxpayer)
    first, *others = _actings(taxpayer, *people)
    services.switch_on(first)
    mandate = services.offer(first, _named(_person()), WEIGHTY)
    proposal, barrier = mandate.proposals.get(), Barrier(2)

    def approve(acting: Acting) -> bool:
        barrier.wait()
        try:
            services.approve(acting, proposal.pk)
        except NotFoundError:
            return False
        finally:
            connection.close()
        return True

    with ThreadPoolExecutor(2) as pool:
        assert sorted(pool.map(approve, others)) == [False, True]
    assert mandate.letters.count() == 1


def test_the_journal_shows_both(two: tuple[Acting, Acting]) -> None:
    first, second = two
    services.offer(first, _named(_person()), WEIGHTY)
    services.approve(second, _proposed(second).pk)
    page = _browser(second).get(reverse("representation:journal")).content.decode()
    assert f"proposed by {User.objects.get(pk=first.user_id).full_name}" in page


def test_nobody_accepts_a_request_of_his_own_or_for_longer_than_he_has() -> None:
    taxpayer, admin = make_taxpayer(), _person()
    make_grant(admin, taxpayer, MANAGE, "isaf.view", until=TODAY + timedelta(days=9))
    (acting,) = _actings(taxpayer, admin)
    for asker, code in ((admin, "grant-to-oneself"), (_person(), "grant-outlives-yours")):
        services.request_mandate(asker, None, taxpayer.code, Terms(["isaf.view"], YEAR))
        asked = Mandate.objects.filter(state=MandateState.REQUESTED, user=asker)
        # The administrator's own right is there already, so his request is not even heard.
        if not asked:
            make_grant(admin, taxpayer, "isaf.submit", state=MandateState.REQUESTED)
            asked = Mandate.objects.filter(state=MandateState.REQUESTED, user=asker)
        with pytest.raises(DomainError) as refused:
            services.answer_request(acting, asked.get().pk, accept=True)
        assert refused.value.code == code


def test_what_was_proposed_by_one_who_administers_no_more_does_not_hold(
    two: tuple[Acting, Acting],
) -> None:
    first, second = two
    services.offer(first, _named(_person()), WEIGHTY)
    Headship.objects.filter(person=User.objects.get(pk=first.user_id).personal_code_hash).update(
        until=TODAY - timedelta(days=1)
    )
    with pytest.raises(ConflictError):
        services.approve(second, _proposed(second).pk)
    services.decline(second, _proposed(second).pk)


def test_a_stranger_decides_on_nothing(two: tuple[Acting, Acting]) -> None:
    services.offer(two[0], _named(_person()), WEIGHTY)
    for deed in (services.approve, services.decline):
        with pytest.raises(NotFoundError):
            deed(make_acting(), _proposed(two[0]).pk)
        with pytest.raises(ForbiddenError):
            deed(make_acting("isaf.view", taxpayer=_taxpayer(two[0])), _proposed(two[0]).pk)


def test_the_table_itself_refuses_one_person_for_two(two: tuple[Acting, Acting]) -> None:
    services.offer(two[0], _named(_person()), WEIGHTY)
    for decided_by in (None, two[0].user_id):
        with pytest.raises(IntegrityError), transaction.atomic():
            Proposal.objects.update(state=ProposalState.APPROVED, decided_by=decided_by)


def test_what_nobody_decided_on_in_time_falls(
    two: tuple[Acting, Acting], settings: Settings
) -> None:
    first, second = two
    mandate = services.offer(first, _named(_person()), WEIGHTY)
    held = make_grant(_person(), _taxpayer(first), "isaf.view", until=YEAR)
    services.change_mandate(first, held.pk, ["isaf.view", KEYS], YEAR)
    proposed = clock.now() - timedelta(days=settings.MANDATE_ANSWER_DAYS, minutes=1)
    Proposal.objects.update(at=proposed)
    with pytest.raises(NotFoundError):
        services.approve(second, mandate.proposals.get().pk)
    for _ in range(2):
        services.expire_mandates()
        services.expire_proposals()
    for one in (mandate, held):
        one.refresh_from_db()
    assert (mandate.state, held.state) == (MandateState.EXPIRED, MandateState.ACTIVE)
    assert held.rights == ["isaf.view"]
    assert set(Proposal.objects.values_list("state", flat=True)) == {ProposalState.EXPIRED}


def test_the_only_administrator_does_not_lock_himself_out() -> None:
    head, taxpayer = make_user(), make_taxpayer()
    make_headship(head, taxpayer)
    make_grant(make_user(is_active=False), taxpayer, MANAGE)
    make_grant(make_user(), taxpayer, "isaf.view")
    with pytest.raises(ConflictError) as refused:
        services.switch_on(*_actings(taxpayer, head))
    assert refused.value.code == "four-eyes-alone"
    assert not selectors.is_four_eyed(taxpayer.pk)


def test_switching_off_needs_the_second_too(two: tuple[Acting, Acting]) -> None:
    first, second = two
    services.propose_switching_off(first)
    with pytest.raises(ConflictError):
        services.propose_switching_off(second)
    with pytest.raises(ForbiddenError):
        services.approve(first, _proposed(first).pk)
    assert selectors.is_four_eyed(first.taxpayer_id)
    services.approve(second, _proposed(second).pk)
    assert not selectors.is_four_eyed(first.taxpayer_id)
    assert _actions(first)[-1] == ("four-eyes-off", second.user_id)
    with pytest.raises(ConflictError):
        services.propose_switching_off(first)


def test_an_operator_switches_it_off_where_nobody_else_is_left(two: tuple[Acting, Acting]) -> None:
    call_command("switch_four_eyes_off", taxpayer=two[0].taxpayer_code)
    assert not selectors.is_four_eyed(two[0].taxpayer_id)
    assert _actions(two[0])[-1] == ("four-eyes-off", None)
    with pytest.raises(CommandError):
        call_command("switch_four_eyes_off", taxpayer="unknown")


def _browser(acting: Acting, *, proved: bool = True) -> Client:
    client = Client()
    client.force_login(
        User.objects.get(pk=acting.user_id), "django.contrib.auth.backends.ModelBackend"
    )
    session = client.session
    sessions.begin(session)
    session.save()
    if proved:
        prove_second_factor(client)
    return client


def test_the_page_shows_what_waits_and_the_second_approves_it(two: tuple[Acting, Acting]) -> None:
    first, second = two
    mandate = services.offer(first, _named(_person()), WEIGHTY)
    page = reverse("representation:representatives")
    deed = reverse("representation:proposal-approve", args=[_proposed(first).pk])
    assert deed not in _browser(first).get(page).content.decode()
    browser = _browser(second)
    assert deed in browser.get(page).content.decode()
    assert browser.post(deed, follow=True).status_code == 200
    mandate.refresh_from_db()
    assert mandate.state == MandateState.OFFERED


def test_approving_asks_for_the_second_factor_anew(two: tuple[Acting, Acting]) -> None:
    services.offer(two[0], _named(_person()), WEIGHTY)
    browser = _browser(two[1], proved=False)
    proposal = _proposed(two[0])
    for name, args in (("proposal-approve", [proposal.pk]), ("four-eyes-off", [])):
        answer = browser.post(reverse(f"representation:{name}", args=args))
        assert (answer.status_code, answer["Location"]) == (302, reverse("accounts:factor-choose"))
    assert _proposed(two[0]).kind == "offer"


def test_the_switch_is_turned_on_the_page_and_off_by_two(two: tuple[Acting, Acting]) -> None:
    first, second = two
    _browser(first).post(reverse("representation:four-eyes-off"))
    proposal = _proposed(first)
    _browser(second).post(reverse("representation:proposal-decline", args=[proposal.pk]))
    assert selectors.is_four_eyed(first.taxpayer_id)
    _browser(first).post(reverse("representation:four-eyes-off"))
    _browser(second).post(reverse("representation:proposal-approve", args=[_proposed(first).pk]))
    assert not selectors.is_four_eyed(first.taxpayer_id)
    _browser(second).post(reverse("representation:four-eyes-on"))
    assert selectors.is_four_eyed(first.taxpayer_id)


def test_what_waits_costs_the_same_however_much_it_is(
    two: tuple[Acting, Acting], django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    browser, page = _browser(two[1]), reverse("representation:representatives")
    services.offer(two[0], _named(_person()), WEIGHTY)
    browser.get(page)
    with CaptureQueriesContext(connection) as few:
        browser.get(page)
    for _ in range(3):
        services.offer(two[0], _named(_person()), WEIGHTY)
    with django_assert_num_queries(len(few)):
        browser.get(page)

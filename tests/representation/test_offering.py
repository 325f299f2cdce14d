"""Offers, passing on and requests: nobody gives more than he has, nobody is pestered."""

from datetime import timedelta

import pytest
from pytest_django import Settings

from accounts.models import User
from imas.kernel import clock
from imas.kernel.errors import (
    DomainError,
    ForbiddenError,
    NotFoundError,
    ThrottledError,
    UnprocessableError,
)
from representation import letters, services
from representation.models import Mandate, MandateLetter, Taxpayer
from representation.services import NewPerson, Terms
from representation.types import Acting, LetterKind, MandateState
from tests.mailbox.catcher import Catcher, catching
from tests.make import (
    make_acting,
    make_grant,
    make_headship,
    make_taxpayer,
    make_user,
    personal_code,
)

pytestmark = pytest.mark.django_db
TODAY = clock.today()
YEAR = TODAY + timedelta(days=365)
VIEW = Terms(["isaf.view"], YEAR)


def _named(person: User) -> NewPerson:
    return NewPerson(person.full_name, person.personal_code, person.email)


def _person() -> User:
    return make_user(personal_code=personal_code())


@pytest.fixture
def firm() -> Acting:
    boss, taxpayer = make_user(), make_taxpayer()
    make_headship(boss, taxpayer)
    return make_acting(user=boss, taxpayer=taxpayer)


def _held(firm: Acting, *rights: str, passing_on: int = 1) -> Mandate:
    holder = Taxpayer.objects.get(pk=firm.taxpayer_id)
    return make_grant(holder, make_taxpayer(), *rights, passing_on=passing_on)


@pytest.mark.parametrize(
    ("terms", "code"),
    [
        (Terms(["isaf.submit"], YEAR), "right-missing"),
        (Terms(["isaf.view"], YEAR + timedelta(days=9)), "grant-outlives-yours"),
        (Terms(["isaf.view"], TODAY - timedelta(days=1)), "grant-ends-in-the-past"),
        (Terms(["isaf.view"], TODAY, passing_on=1), "mandate-not-to-be-passed-on"),
    ],
)
def test_nothing_is_passed_on_wider_longer_or_deeper(firm: Acting, terms: Terms, code: str) -> None:
    above = _held(firm, "isaf.view")
    with pytest.raises(DomainError) as refused:
        services.pass_on(firm, above.pk, _named(_person()), terms)
    assert refused.value.code == code


def test_what_may_not_be_passed_on_is_not(firm: Acting) -> None:
    above = _held(firm, "isaf.view", passing_on=0)
    with pytest.raises(ForbiddenError):
        services.pass_on(firm, above.pk, _named(_person()), VIEW)


def test_a_stranger_s_mandate_is_not_passed_on(firm: Acting) -> None:
    above = make_grant(make_taxpayer(), make_taxpayer(), "isaf.view", passing_on=1)
    with pytest.raises(NotFoundError):
        services.pass_on(firm, above.pk, _named(_person()), VIEW)


def test_a_mandate_is_not_passed_back_to_where_it_came_from(firm: Acting) -> None:
    above = _held(firm, "isaf.view")
    for code in (firm.taxpayer_code, above.taxpayer.code):
        with pytest.raises(ForbiddenError):
            services.pass_on(firm, above.pk, code, VIEW)


def test_an_offer_without_rights_or_to_an_unknown_firm_is_refused() -> None:
    head = make_acting()
    with pytest.raises(UnprocessableError):
        services.offer(head, _named(_person()), Terms([], YEAR))
    with pytest.raises(NotFoundError):
        services.offer(head, "no such code", VIEW)
    with pytest.raises(ForbiddenError):
        services.offer(head, head.taxpayer_code, VIEW)


def test_so_many_offers_may_wait_and_no_more(settings: Settings) -> None:
    settings.MANDATE_OPEN_OFFERS = 2
    head = make_acting()
    for _ in range(2):
        services.offer(head, _named(_person()), VIEW)
    with pytest.raises(ThrottledError):
        services.offer(head, _named(_person()), VIEW)


def test_an_offer_is_open_for_so_many_days_and_no_longer(settings: Settings) -> None:
    head, person = make_acting(), _person()
    mandate = services.offer(head, _named(person), VIEW)
    token = services.letters.token_of(mandate.letters.get())
    asked = clock.now() - timedelta(days=settings.MANDATE_ANSWER_DAYS, minutes=1)
    Mandate.objects.update(created_at=asked)
    assert services.offered_by_link(person, token) == []
    services.expire_mandates()
    mandate.refresh_from_db()
    assert mandate.state == MandateState.EXPIRED
    assert [move.by_id for move in mandate.moves.all()] == [head.user_id, None]


def test_the_firm_that_did_not_answer_in_time_cannot_any_more(firm: Acting) -> None:
    mandate = services.offer(make_acting(), firm.taxpayer_code, VIEW)
    Mandate.objects.update(created_at=clock.now() - timedelta(days=22))
    with pytest.raises(NotFoundError):
        services.answer_for_firm(firm, mandate.pk, accept=True)


def test_nobody_else_answers_for_the_firm(firm: Acting) -> None:
    mandate = services.offer(make_acting(), firm.taxpayer_code, VIEW)
    with pytest.raises(NotFoundError):
        services.answer_for_firm(make_acting(), mandate.pk, accept=True)
    services.answer_for_firm(firm, mandate.pk, accept=True)
    with pytest.raises(NotFoundError):
        services.answer_for_firm(firm, mandate.pk, accept=False)


def test_whoever_was_refused_often_is_not_heard(settings: Settings) -> None:
    head, asker = make_acting(), _person()
    for _ in range(settings.MANDATE_REFUSALS):
        services.request_mandate(asker, None, head.taxpayer_code, VIEW)
        asked = Mandate.objects.get(state=MandateState.REQUESTED)
        services.answer_request(head, asked.pk, accept=False)
    services.request_mandate(asker, None, head.taxpayer_code, VIEW)
    assert not Mandate.objects.filter(state=MandateState.REQUESTED).exists()


def test_asking_twice_is_asking_once() -> None:
    head, asker = make_acting(), _person()
    for _ in range(2):
        services.request_mandate(asker, None, head.taxpayer_code, VIEW)
    assert Mandate.objects.count() == 1


def test_an_administrator_accepts_no_request_for_what_he_has_not() -> None:
    head = make_acting()
    taxpayer = Taxpayer.objects.get(pk=head.taxpayer_id)
    services.request_mandate(_person(), None, head.taxpayer_code, VIEW)
    asked = Mandate.objects.get()
    weak = make_acting("representation.manage", taxpayer=taxpayer)
    with pytest.raises(ForbiddenError):
        services.answer_request(weak, asked.pk, accept=True)
    services.answer_request(head, asked.pk, accept=True)


def test_a_firm_withdraws_its_request_and_its_offer_to_an_employee(firm: Acting) -> None:
    services.request_mandate(User.objects.get(pk=firm.user_id), firm, make_taxpayer().code, VIEW)
    services.withdraw(firm, Mandate.objects.get().pk)
    passed = services.pass_on(firm, _held(firm, "isaf.view").pk, _named(_person()), VIEW)
    services.withdraw(firm, passed.pk)
    with pytest.raises(NotFoundError):
        services.withdraw(make_acting(), passed.pk)


def test_the_firm_takes_back_what_it_passed_on(firm: Acting) -> None:
    passed = make_grant(_person(), make_taxpayer(), "isaf.view", via=_held(firm, "isaf.view"))
    with pytest.raises(NotFoundError):
        services.end_passed_on(make_acting(), passed.pk)
    services.end_passed_on(firm, passed.pk)
    passed.refresh_from_db()
    assert passed.state == MandateState.REVOKED


def test_the_letter_carries_the_link_and_not_the_rights(settings: Settings) -> None:
    person = _person()
    services.offer(make_acting(), _named(person), VIEW)
    with catching(settings) as catcher:
        _send_all(catcher)
    (text,) = catcher.words()
    token = services.letters.token_of(MandateLetter.objects.get())
    assert f"{settings.SITE_URL}/offers/{token}/" in text
    assert catcher.taken[0].rcpt_tos == [person.email]
    assert token not in str(list(MandateLetter.objects.values_list()))


def _send_all(catcher: Catcher) -> None:
    for _ in range(2):
        letters.send_due_letters()
    assert MandateLetter.objects.filter(sent_at__isnull=True).count() == 0


def test_a_letter_of_an_offer_taken_back_is_not_sent(settings: Settings) -> None:
    head = make_acting()
    services.withdraw(head, services.offer(head, _named(_person()), VIEW).pk)
    with catching(settings) as catcher:
        letters.send_due_letters()
    assert catcher.taken == []


@pytest.mark.parametrize(
    ("days", "kind"),
    [
        (31, None),
        (30, LetterKind.ENDING_30),
        (29, LetterKind.ENDING_30),
        (8, LetterKind.ENDING_30),
        (7, LetterKind.ENDING_7),
        (2, LetterKind.ENDING_7),
        (1, LetterKind.ENDING_1),
        (0, None),
    ],
)
def test_both_sides_are_warned_once_of_the_term_that_has_come(
    days: int, kind: LetterKind | None
) -> None:
    head, person = make_acting(), _person()
    taxpayer = Taxpayer.objects.get(pk=head.taxpayer_id)
    make_headship(User.objects.get(pk=head.user_id), taxpayer)
    make_grant(person, taxpayer, "isaf.view", until=TODAY + timedelta(days=days))
    for _ in range(2):
        services.warn_of_endings()
    told = sorted((one.email, one.kind) for one in MandateLetter.objects.all())
    both = [User.objects.get(pk=head.user_id).email, person.email]
    assert told == (sorted((email, kind) for email in both) if kind else [])


@pytest.mark.parametrize(("lasts", "letters_sent"), [(29, 0), (30, 1)])
def test_a_mandate_given_for_fewer_days_than_a_term_is_not_warned_of_by_it(
    lasts: int, letters_sent: int
) -> None:
    until = TODAY + timedelta(days=20)
    since = until - timedelta(days=lasts)
    taxpayer = Taxpayer.objects.get(pk=make_acting().taxpayer_id)
    make_grant(_person(), taxpayer, "isaf.view", since=since, until=until)
    services.warn_of_endings()
    assert MandateLetter.objects.count() == letters_sent


def test_a_prolonged_mandate_is_warned_of_anew() -> None:
    head, person = make_acting(), _person()
    taxpayer = Taxpayer.objects.get(pk=head.taxpayer_id)
    mandate = make_grant(person, taxpayer, "isaf.view", until=TODAY + timedelta(days=7))
    services.warn_of_endings()
    early = MandateLetter.objects.get(reader=person.personal_code_hash)
    mandate.until += timedelta(days=23)
    mandate.save()
    services.warn_of_endings()
    for letter in MandateLetter.objects.all():
        letters.send_mandate_letter(letter.pk)
    early.refresh_from_db()
    assert early.dropped_at is not None
    later = MandateLetter.objects.exclude(pk=early.pk).get(reader=person.personal_code_hash)
    assert (later.kind, later.ends_on) == (LetterKind.ENDING_30, mandate.until)
    assert later.sent_at is not None


def test_a_mandate_past_its_day_is_moved_to_its_end() -> None:
    mandate = make_grant(_person(), make_taxpayer(), "isaf.view", until=TODAY - timedelta(days=1))
    for _ in range(2):
        services.expire_mandates()
    mandate.refresh_from_db()
    assert (mandate.state, mandate.moves.count()) == (MandateState.EXPIRED, 1)

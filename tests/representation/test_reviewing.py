"""The review of mandates: use is noted once a day, what is not needed ends by one click."""

from datetime import date, timedelta
from uuid import uuid4

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries, Settings

from accounts import sessions
from accounts.models import User
from imas.kernel import clock
from imas.kernel.errors import ForbiddenError, NotFoundError
from mailbox import deadlines
from mailbox import services as mailbox
from mailbox.models import Message
from representation import reviews, services
from representation.models import (
    JournalEntry,
    Mandate,
    MandateReview,
    MandateUse,
    Taxpayer,
)
from representation.reviews import Mark, Reviewed
from representation.services import acting_of
from representation.types import Acting, MandateState, TaxpayerKind
from tests.make import (
    make_acting,
    make_api_key,
    make_certificate,
    make_employment,
    make_grant,
    make_headship,
    make_taxpayer,
    make_user,
)

pytestmark = pytest.mark.django_db
TODAY = clock.today()
RIGHT = "isaf.view"


def _ago(days: int) -> date:
    return TODAY - timedelta(days=days)


@pytest.fixture
def head() -> Acting:
    person, taxpayer = make_user(), make_taxpayer()
    make_headship(person, taxpayer)
    return make_acting(user=person, taxpayer=taxpayer)


def _taxpayer(acting: Acting) -> Taxpayer:
    return Taxpayer.objects.get(pk=acting.taxpayer_id)


def _given(head: Acting, **terms: date) -> Mandate:
    return make_grant(make_user(), _taxpayer(head), RIGHT, **terms)  # type: ignore[arg-type]


def _used(mandate: Mandate, on: date) -> None:
    assert mandate.user
    MandateUse.objects.create(mandate=mandate, user=mandate.user, last_on=on)


def _only(head: Acting) -> Reviewed:
    (row,) = reviews.reviewed(head.taxpayer_id, TODAY)
    return row


def _browser(user: User) -> Client:
    client = Client()
    client.force_login(user, "django.contrib.auth.backends.ModelBackend")
    session = client.session
    sessions.begin(session)
    session.save()
    return client


@pytest.mark.parametrize(
    ("last_on", "until", "marks"),
    [
        (None, 365, (Mark.NEVER,)),
        (_ago(0), 365, ()),
        (_ago(90), 365, ()),
        (_ago(91), 365, (Mark.UNUSED,)),
        (_ago(91), 30, (Mark.UNUSED, Mark.ENDING)),
        (_ago(1), 31, ()),
    ],
)
def test_what_there_is_to_notice(
    head: Acting, last_on: date | None, until: int, marks: tuple[Mark, ...]
) -> None:
    mandate = _given(head, until=TODAY + timedelta(days=until))
    if last_on:
        _used(mandate, last_on)
    assert _only(head).marks == marks


def test_the_authority_says_how_long_is_unused(head: Acting, settings: Settings) -> None:
    settings.MANDATE_UNUSED_DAYS = 10
    _used(_given(head), _ago(11))
    assert _only(head).marks == (Mark.UNUSED,)


def test_a_mandate_by_which_nobody_can_act_is_broken(head: Acting) -> None:
    firm = make_taxpayer()
    make_grant(firm, _taxpayer(head), RIGHT)
    assert Mark.BROKEN in _only(head).marks  # the register knows no head of the firm
    make_headship(make_user(), firm)
    assert Mark.BROKEN not in _only(head).marks
    Taxpayer.objects.filter(pk=firm.pk).update(ended_on=_ago(1))
    assert Mark.BROKEN in _only(head).marks


def test_the_mandate_of_somebody_who_has_died_is_broken(head: Acting) -> None:
    mandate = _given(head)
    assert mandate.user
    make_taxpayer(mandate.user.personal_code, kind=TaxpayerKind.NATURAL)
    assert Mark.BROKEN not in _only(head).marks
    Taxpayer.objects.filter(code=mandate.user.personal_code).update(ended_on=_ago(1))
    assert Mark.BROKEN in _only(head).marks


def test_the_latest_of_several_people_is_shown(head: Acting) -> None:
    firm, old, new = make_taxpayer(), make_user(), make_user()
    mandate = make_grant(firm, _taxpayer(head), RIGHT)
    for person, on in ((old, _ago(5)), (new, _ago(2))):
        MandateUse.objects.create(mandate=mandate, user=person, last_on=on)
    assert (_only(head).last_on, _only(head).last_by) == (_ago(2), new)


def test_every_link_of_the_chain_is_used_by_whoever_acts_by_it(head: Acting) -> None:
    firm, employee = make_taxpayer(), make_user()
    make_employment(employee, firm)
    above = make_grant(firm, _taxpayer(head), RIGHT, passing_on=1)
    below = make_grant(employee, _taxpayer(head), RIGHT, via=above)
    acting = acting_of(employee, _taxpayer(head), clock.now())
    assert acting
    services.note_use(acting)
    noted = {(one.mandate_id, one.user_id, one.last_on) for one in MandateUse.objects.all()}
    assert noted == {(above.pk, employee.pk, TODAY), (below.pk, employee.pk, TODAY)}


def test_a_page_notes_the_use_once_a_day(head: Acting) -> None:
    mandate = _given(head)
    assert mandate.user
    _used(mandate, _ago(100))
    browser, page = _browser(mandate.user), reverse("isaf:registers")
    browser.get(page)
    assert MandateUse.objects.get().last_on == TODAY
    with CaptureQueriesContext(connection) as asked:
        browser.get(page)
    assert not [one for one in asked.captured_queries if "mandateuse" in one["sql"]]


def test_a_mandate_given_meanwhile_is_noted_on_the_same_day(head: Acting) -> None:
    first = _given(head)
    assert first.user
    browser, page = _browser(first.user), reverse("isaf:registers")
    browser.get(page)
    second = make_grant(first.user, _taxpayer(head), "mailbox.view")
    browser.get(page)
    assert set(MandateUse.objects.values_list("mandate", flat=True)) == {first.pk, second.pk}


@pytest.mark.parametrize("means", ["key", "certificate"])
def test_a_program_notes_the_use_for_each_taxpayer_once_a_day(
    head: Acting, means: str, settings: Settings
) -> None:
    settings.CERTIFICATE_PROXIES = ["127.0.0.0/8"]
    person, other = make_user(), make_taxpayer()
    taxpayers = [_taxpayer(head), other]
    for taxpayer in taxpayers:
        make_grant(person, taxpayer, RIGHT)
    if means == "key":
        headers = {"Authorization": f"Bearer {make_api_key(person, *taxpayers)[1]}"}
    else:
        pem = make_certificate(person, *taxpayers)[0].pem
        headers = {"X-Client-Certificate": pem.replace("\n", "%0A").replace(" ", "%20")}

    def ask(taxpayer: Taxpayer) -> int:
        address = reverse("api-isaf-registers")
        named = {**headers, "X-Taxpayer": taxpayer.code}
        return Client().get(address, headers=named).status_code

    assert [ask(one) for one in taxpayers] == [200, 200]
    assert MandateUse.objects.count() == 2
    with CaptureQueriesContext(connection) as asked:
        ask(other)
    assert not [one for one in asked.captured_queries if "mandateuse" in one["sql"]]


def test_what_is_kept_says_who_kept_it_and_when(head: Acting) -> None:
    mandate = _given(head)
    services.keep_mandates(head, [mandate.pk])
    row = _only(head)
    assert (row.reviewed_on, row.reviewed_by and row.reviewed_by.pk) == (TODAY, head.user_id)
    entry = JournalEntry.objects.get(action="representation.kept")
    assert (entry.user_id, entry.subject) == (head.user_id, mandate.holder_name)


def test_what_is_ended_is_gone_at_once(head: Acting) -> None:
    mandates = [_given(head), _given(head)]
    services.end_mandates(head, [one.pk for one in mandates])
    for mandate in mandates:
        mandate.refresh_from_db()
        assert mandate.state == MandateState.REVOKED
        assert mandate.user
        assert acting_of(mandate.user, _taxpayer(head), clock.now()) is None


def test_of_several_all_are_ended_or_none(head: Acting) -> None:
    mandate, strange = _given(head), make_grant(make_user(), make_taxpayer(), RIGHT)
    for chosen in ([mandate.pk, strange.pk], [mandate.pk, uuid4()], []):
        for deed in (services.end_mandates, services.keep_mandates):
            with pytest.raises(NotFoundError):
                deed(head, chosen)
    mandate.refresh_from_db()
    assert mandate.state == MandateState.ACTIVE
    assert not MandateReview.objects.exists()


def test_nobody_reviews_his_own_mandate_or_without_the_right(head: Acting) -> None:
    person = make_user()
    own = make_grant(person, _taxpayer(head), "representation.manage")
    acting = acting_of(person, _taxpayer(head), clock.now())
    assert acting
    with pytest.raises(ForbiddenError):
        services.keep_mandates(acting, [own.pk])
    with pytest.raises(ForbiddenError):
        services.end_mandates(make_acting(RIGHT, taxpayer=_taxpayer(head)), [own.pk])


def test_the_page_filters_keeps_and_ends(head: Acting) -> None:
    used, unused = _given(head), _given(head)
    _used(used, TODAY)
    browser, page = _browser(User.objects.get(pk=head.user_id)), reverse("representation:review")
    everything, never = (
        browser.get(page + asked).content.decode() for asked in ("", "?view=never")
    )
    assert used.holder_name in everything
    assert used.holder_name not in never
    assert unused.holder_name in never
    browser.post(
        reverse("representation:review-keep"), {"one": used.pk, "mandate": [used.pk, unused.pk]}
    )
    assert MandateReview.objects.get().mandate == used
    browser.post(reverse("representation:review-end"), {"mandate": [used.pk, unused.pk]})
    assert set(Mandate.objects.values_list("state", flat=True)) == {MandateState.REVOKED}
    assert browser.post(reverse("representation:review-end"), {"one": "x"}).status_code == 404


def test_programs_are_shown_to_who_may_manage_keys(head: Acting) -> None:
    person = User.objects.get(pk=head.user_id)
    key, _ = make_api_key(person, _taxpayer(head))
    make_certificate(person, _taxpayer(head))
    page = reverse("representation:review")
    assert key.label in _browser(person).get(page).content.decode()
    programs = reviews.programs(head.taxpayer_code, TODAY)
    assert [one.mark for one in programs] == [Mark.NEVER, Mark.NEVER]
    clerk = make_user()
    make_grant(clerk, _taxpayer(head), "representation.manage")
    assert key.label not in _browser(clerk).get(page).content.decode()


def test_many_mandates_cost_as_many_queries_as_one(
    head: Acting, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    browser, page = _browser(User.objects.get(pk=head.user_id)), reverse("representation:review")
    _used(_given(head), TODAY)
    browser.get(page)
    with CaptureQueriesContext(connection) as one:
        browser.get(page)
    for _ in range(4):
        _used(mandate := _given(head), TODAY)
        services.keep_mandates(head, [mandate.pk])
    with django_assert_num_queries(len(one)):
        browser.get(page)


def _days(head: Acting, since: int = -100, until: int = 100) -> list[date]:
    span = TODAY + timedelta(days=since), TODAY + timedelta(days=until)
    found = deadlines.deadlines_of([head.taxpayer_id], *span)[head.taxpayer_id]
    return [one.day for one in found if one.code == "representation.review-due"]


def _given_ago(head: Acting, days: int) -> Mandate:
    mandate = _given(head)
    Mandate.objects.filter(pk=mandate.pk).update(created_at=clock.now() - timedelta(days=days))
    return mandate


@pytest.mark.parametrize(
    ("ago", "left"), [(0, None), (300, 65), (365, 0), (400, -35), (500, None), (700, 30)]
)
def test_the_review_is_due_each_year(head: Acting, ago: int, left: int | None) -> None:
    _given_ago(head, ago)
    assert _days(head) == ([] if left is None else [TODAY + timedelta(days=left)])


def test_a_taxpayer_without_mandates_has_nothing_to_review(head: Acting) -> None:
    services.revoke(head, _given_ago(head, 360).pk)
    assert _days(head) == []


def test_the_review_itself_moves_the_day_on(head: Acting) -> None:
    old, other = _given_ago(head, 360), _given_ago(head, 350)
    services.keep_mandates(head, [old.pk])
    assert _days(head) == [TODAY + timedelta(days=15)]
    services.keep_mandates(head, [other.pk])
    assert _days(head) == []
    assert _days(head, until=365) == [TODAY + timedelta(days=365)]


def test_people_are_reminded_once_a_year(head: Acting) -> None:
    _given_ago(head, 363)
    for _ in range(2):
        mailbox.remind(TODAY)
    message = Message.objects.get(taxpayer_id=head.taxpayer_id)
    assert (message.code, message.url_name) == (
        "representation.review-due",
        "representation:review",
    )

"""Reports that are ordered for every tax period anew."""

from datetime import UTC, date, datetime

import pytest
from django.urls import reverse

from accounts.models import User
from imas.kernel import clock
from imas.kernel.errors import ForbiddenError, NotFoundError
from isaf.matching import SeenState
from isaf.models import CrossCheck, StandingOrder
from isaf.selectors.pairs import PairQuery
from isaf.services import standing
from isaf.services.crosscheck import order_cross_check, run_cross_check
from representation.models import Headship, Taxpayer
from representation.types import Acting
from tests.isaf.registers_told import OCTOBER, tell
from tests.isaf.test_views import client_of
from tests.make import make_acting, make_headship, make_taxpayer, make_user

pytestmark = pytest.mark.django_db


def at(monkeypatch: pytest.MonkeyPatch, day: date) -> None:
    noon = datetime(day.year, day.month, day.day, 10, tzinfo=UTC)
    monkeypatch.setattr(clock, "now", lambda: noon)
    monkeypatch.setattr(clock, "today", lambda: day)


@pytest.fixture
def company() -> Taxpayer:
    return make_taxpayer(vat_code="LT100001111")


@pytest.fixture
def head(company: Taxpayer) -> User:
    user = make_user()
    make_headship(user, company)
    return user


@pytest.fixture
def acting(company: Taxpayer, head: User) -> Acting:
    return make_acting(user=head, taxpayer=company)


def reported() -> list[list[str]]:
    return [report.periods for report in CrossCheck.objects.order_by("ordered_at", "number")]


def test_a_report_is_ordered_once_for_each_period_when_its_registers_were_due(
    acting: Acting, monkeypatch: pytest.MonkeyPatch
) -> None:
    at(monkeypatch, date(2026, 11, 15))
    standing.start(acting, PairQuery(side="P"))
    assert list(standing.order_due()) == []
    at(monkeypatch, date(2026, 11, 20))
    assert list(standing.order_due()) == []  # the deadline of October is the 20th itself
    at(monkeypatch, date(2026, 11, 21))
    (ordered,) = standing.order_due()
    assert list(standing.order_due()) == []
    report = CrossCheck.objects.get(pk=ordered)
    assert (report.periods, report.filter) == (["2026-10"], {"side": "P"})
    assert report.ordered_by_id == acting.user_id
    at(monkeypatch, date(2026, 12, 22))
    assert len(list(standing.order_due())) == 1
    assert reported() == [["2026-10"], ["2026-11"]]


@pytest.mark.parametrize(("day", "again"), [(20, 1), (21, 0)])
def test_what_was_ordered_after_it_was_due_is_not_ordered_again(
    acting: Acting, monkeypatch: pytest.MonkeyPatch, day: int, again: int
) -> None:
    at(monkeypatch, date(2026, 11, day))
    standing.start(acting, PairQuery(), [OCTOBER])
    at(monkeypatch, date(2026, 11, 22))
    assert len(list(standing.order_due())) == again


def test_who_may_no_longer_order_has_the_order_stopped(
    acting: Acting, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = standing.start(acting, PairQuery())
    Headship.objects.filter(taxpayer_id=acting.taxpayer_id).delete()
    at(monkeypatch, date(2026, 11, 25))
    assert list(standing.order_due()) == []
    made.refresh_from_db()
    assert made.stopped_at == clock.now()
    assert not CrossCheck.objects.exists()


def test_the_same_twice_is_once_and_stopping_ends_it(acting: Acting) -> None:
    query = PairQuery(states=(SeenState.DIFFERS,))
    made = standing.start(acting, query)
    assert standing.start(acting, query) == made
    assert standing.start(acting, PairQuery()) != made
    standing.stop(acting, made.pk)
    standing.stop(acting, made.pk)
    assert StandingOrder.objects.active().count() == 1
    assert standing.start(acting, query) != made


def test_others_cannot_stop_it(acting: Acting, company: Taxpayer) -> None:
    made = standing.start(acting, PairQuery())
    for other in (make_acting(taxpayer=company), make_acting()):
        with pytest.raises(NotFoundError, match="standing-order-not-found"):
            standing.stop(other, made.pk)
    with pytest.raises(ForbiddenError):
        standing.start(make_acting("isaf.view", taxpayer=company), PairQuery())


def test_it_is_ordered_and_stopped_on_the_pages(company: Taxpayer, head: User) -> None:
    tell(company, "S", period=OCTOBER)
    client = client_of(head)
    form = {"periods": ["2026-10"], "states": ["differs"], "side": "S", "every_period": "on"}
    assert client.post(reverse("isaf:crosscheck-order"), form).status_code == 302
    page = client.get(reverse("isaf:crosscheck-reports")).content.decode()
    assert "Ordered for every tax period" in page
    assert "Data differ, Issued invoices" in page
    order = StandingOrder.objects.get()
    client.post(reverse("isaf:standing-stop", args=[order.pk]))
    page = client.get(reverse("isaf:crosscheck-reports")).content.decode()
    assert "Ordered for every tax period" not in page
    assert reported() == [["2026-10"]]


def test_a_report_is_taken_away_as_csv(company: Taxpayer, head: User) -> None:
    report = order_cross_check(make_acting(user=head, taxpayer=company), [OCTOBER])
    run_cross_check(report.pk)
    address = reverse("isaf:crosscheck-export", args=[report.pk, "csv"])
    answer = client_of(head).get(address)
    assert answer["Content-Type"] == "text/csv; charset=utf-8"
    assert b"".join(answer.streaming_content).decode().startswith("\ufeffState;Differs;")  # type: ignore[attr-defined]

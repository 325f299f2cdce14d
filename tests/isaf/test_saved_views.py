"""Filters kept under a name."""

import pytest
from django.http import QueryDict
from django.test import Client
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from isaf.models import Register, SavedView
from isaf.pages.saved_views import saved_views as views_of
from isaf.services import saved_views
from isaf.types import ViewPage
from tests.isaf.registers_told import Told, tell
from tests.isaf.test_views import client_of, company
from tests.make import make_acting, make_grant, make_user

pytestmark = pytest.mark.django_db


@pytest.fixture
def shown() -> tuple[Client, Register]:
    """A register of somebody who has saved nothing."""
    taxpayer, _, client = company()
    return client, tell(taxpayer, "S", Told())


def _save(client: Client, address: str, name: str, page: str = "invoices") -> int:
    answer = client.post(reverse("isaf:view-save", args=[page]), {"name": name, "next": address})
    return answer.status_code


def test_a_view_is_saved_and_leads_to_the_same_invoices(shown: tuple[Client, Register]) -> None:
    client, register = shown
    address = reverse("isaf:register", args=[register.number])
    asked = f"{address}?code=PVM1&q=&at=x&taxable_from=50&strange=1"
    assert _save(client, asked, " My  view ") == 302
    page = client.get(address)
    assert "My view" in page.content.decode()
    [one] = page.context["saved"].shown
    assert one.url == "?code=PVM1&taxable_from=50"
    again = client.get(address + one.url).context["saved"]
    assert again.shown[0].is_current
    assert not again.may_be_saved


def test_the_same_name_gets_the_new_filter(shown: tuple[Client, Register]) -> None:
    client, register = shown
    address = reverse("isaf:register", args=[register.number])
    _save(client, f"{address}?code=PVM1", "Mine")
    _save(client, f"{address}?code=PVM2", "Mine")
    assert SavedView.objects.get().query == "code=PVM2"


def test_a_view_of_pairs_is_of_use_in_every_period() -> None:
    taxpayer, _, client = company()
    tell(taxpayer, "S")
    address = reverse("isaf:crosschecks")
    _save(client, f"{address}?period=2026-09&state=differs&q=UAB", "Differences", "pairs")
    [one] = client.get(address, {"period": "2026-10"}).context["saved"].shown
    assert one.url == "?state=differs&q=UAB&period=2026-10"


@pytest.mark.parametrize(
    ("name", "query"), [("", "?code=PVM1"), ("x" * 61, "?code=PVM1"), ("x", "")]
)
def test_a_view_without_a_name_or_a_filter_is_refused(
    shown: tuple[Client, Register], name: str, query: str
) -> None:
    client, register = shown
    address = reverse("isaf:register", args=[register.number])
    assert _save(client, address + query, name) == 422
    assert not SavedView.objects.exists()


def test_so_many_views_are_kept_of_a_page(
    shown: tuple[Client, Register], monkeypatch: pytest.MonkeyPatch
) -> None:
    client, register = shown
    monkeypatch.setattr(saved_views, "MOST", 1)
    address = f"{reverse('isaf:register', args=[register.number])}?code=PVM1"
    assert _save(client, address, "One") == 302
    assert _save(client, address, "One") == 302
    assert _save(client, address, "Two") == 409


def test_a_view_is_nobody_elses(shown: tuple[Client, Register]) -> None:
    client, register = shown
    _save(client, f"{reverse('isaf:register', args=[register.number])}?code=PVM1", "Mine")
    clerk = make_user()
    make_grant(clerk, register.taxpayer, "isaf.view")
    other = client_of(clerk)
    page = other.get(reverse("isaf:register", args=[register.number]))
    assert page.context["saved"].shown == []
    forget = reverse("isaf:view-forget", args=[SavedView.objects.get().pk])
    assert other.post(forget).status_code == 404
    assert client.post(forget).status_code == 302
    assert not SavedView.objects.exists()


def test_nobody_is_led_elsewhere(shown: tuple[Client, Register]) -> None:
    client, register = shown
    _save(client, f"{reverse('isaf:register', args=[register.number])}?code=PVM1", "Mine")
    forget = reverse("isaf:view-forget", args=[SavedView.objects.get().pk])
    answer = client.post(forget, {"next": "https://elsewhere.example/?code=PVM1"})
    assert answer["Location"] == reverse("isaf:registers")


def test_views_cost_one_query(
    shown: tuple[Client, Register], django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    _, register = shown
    acting = make_acting("isaf.view", taxpayer=register.taxpayer)
    for number in range(3):
        saved_views.save(acting, ViewPage.GROUPS, f"View {number}", f"code=PVM{number}")
    with django_assert_num_queries(1):
        assert len(views_of(acting, ViewPage.GROUPS, QueryDict("code=PVM1")).shown) == 3

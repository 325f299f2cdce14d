"""The cross-check at its edges: pages and web service."""

import io
from uuid import uuid4

import openpyxl
import pytest
from django.test import Client
from django.urls import reverse
from rest_framework.test import APIClient

from accounts.models import User
from isaf.models import CrossCheck
from isaf.services.crosscheck import order_cross_check, refresh_pairs, run_cross_check
from representation.models import Taxpayer
from tests.isaf.registers_told import OCTOBER, Line, Told, tell, vat_of
from tests.make import PASSWORD, make_acting, make_api_key, make_headship, make_taxpayer, make_user

pytestmark = pytest.mark.django_db


@pytest.fixture
def seller() -> Taxpayer:
    """A seller whose October has a pair in almost every state."""
    seller, buyer = make_taxpayer(vat_code="LT100001111"), make_taxpayer(vat_code="LT100002222")
    silent = make_taxpayer(vat_code="LT100003333")
    to, by = vat_of(buyer), vat_of(seller)
    sold = (
        Told("M1", to), Told("D2", to), Told("GONE77", to), Told("GK2026-107", to),
        Told("W1", vat_of(silent)), Told("F1", "DE123456789"), Told("<b>X</b>9", to, type="AN"),
    )  # fmt: skip
    tell(seller, "S", *sold)
    dear = (Line(vat=None),)
    tell(
        buyer,
        "P",
        Told("M1", by),
        Told("D2", by, lines=dear),
        Told("GK2026-1O7", by),
        Told("Q55", by, lines=dear),
    )
    refresh_pairs(seller.pk, OCTOBER)
    return seller


def sign_in(client: Client, user: User) -> None:
    client.post("/sign-in/", {"username": user.login_name, "password": PASSWORD})


@pytest.fixture
def browser(client: Client, seller: Taxpayer) -> Client:
    """The head of the seller, signed in."""
    user = make_user()
    make_headship(user, seller)
    sign_in(client, user)
    return client


@pytest.fixture
def program(seller: Taxpayer) -> APIClient:
    """A program of the head of the seller."""
    user = make_user()
    make_headship(user, seller)
    _, plain = make_api_key(user, seller)
    return APIClient(headers={"Authorization": f"Bearer {plain}", "X-Taxpayer": seller.code})


def ready_report(seller: Taxpayer) -> CrossCheck:
    report = order_cross_check(make_acting(taxpayer=seller), [OCTOBER])
    run_cross_check(report.pk)
    return CrossCheck.objects.get(pk=report.pk)


@pytest.mark.parametrize("language", ["lt", "en"])
@pytest.mark.parametrize(
    "state", ["", "matched", "differs", "missing_at_counterparty", "missing_at_us",
              "possible_match", "waiting", "not_checkable", "other_period", "nonsense"],
)  # fmt: skip
def test_every_state_has_its_page(browser: Client, state: str, language: str) -> None:
    User.objects.update(language=language)
    answer = browser.get(reverse("isaf:crosschecks"), {"state": state, "period": "2026-10"})
    assert answer.status_code == 200
    assert b"<b>X</b>" not in answer.content


@pytest.mark.parametrize("state", ["missing_at_counterparty", "missing_at_us", "other_period"])
def test_the_page_says_how_far_was_searched_where_it_matters(browser: Client, state: str) -> None:
    words = "Registers up to 2 months before and after were searched too; entries more than 366"
    User.objects.update(language="en")
    pages = {
        shown: browser.get(reverse("isaf:crosschecks"), {"state": shown, "period": "2026-10"})
        for shown in (state, "matched")
    }
    assert words in pages[state].content.decode()
    assert words not in pages["matched"].content.decode()


def test_the_live_page_opens_on_what_differs_and_marks_it(browser: Client) -> None:
    page = browser.get(reverse("isaf:crosschecks")).content.decode()
    assert ">D2<" in page
    assert ">M1<" not in page
    assert 'class="diff' in page
    assert "differs" in page


def test_the_live_page_takes_a_steady_number_of_queries(
    browser: Client, seller: Taxpayer, django_assert_max_num_queries: object
) -> None:
    with django_assert_max_num_queries(20):  # type: ignore[operator]  # pytest-django's fixture
        browser.get(reverse("isaf:crosschecks"))


def test_nothing_submitted_is_said_calmly(client: Client) -> None:
    user = make_user()
    make_headship(user, make_taxpayer())
    sign_in(client, user)
    assert client.get(reverse("isaf:crosschecks")).status_code == 200
    assert client.get(reverse("isaf:crosscheck-order")).status_code == 200
    assert client.get(reverse("isaf:crosscheck-reports")).status_code == 200


def test_a_report_is_ordered_found_and_shown(browser: Client, seller: Taxpayer) -> None:
    form = {"periods": ["2026-10"], "states": ["differs"], "side": "", "counterparty": ""}
    answer = browser.post(reverse("isaf:crosscheck-order"), form)
    report = CrossCheck.objects.get()
    address = reverse("isaf:crosscheck", args=[report.pk])
    assert answer.headers["Location"] == address
    assert report.number in browser.get(reverse("isaf:crosscheck-reports")).content.decode()
    assert browser.get(address).status_code == 200
    assert "HX-Refresh" not in browser.get(f"{address}progress/").headers
    run_cross_check(report.pk)
    assert browser.get(f"{address}progress/").headers["HX-Refresh"] == "true"
    assert "D2" in browser.get(address).content.decode()
    assert "GONE77" not in browser.get(address).content.decode()


def test_no_period_is_answered_on_the_form(browser: Client) -> None:
    answer = browser.post(reverse("isaf:crosscheck-order"), {})
    assert answer.status_code == 200
    assert not CrossCheck.objects.exists()


def test_workbooks_hold_every_pair(browser: Client, seller: Taxpayer) -> None:
    report = ready_report(seller)
    for address, lines in (
        (reverse("isaf:crosschecks-export"), 8),
        (reverse("isaf:crosscheck-export", args=[report.pk, "xlsx"]), 4),
    ):
        content = b"".join(browser.get(address).streaming_content)  # type: ignore[attr-defined]
        sheet = openpyxl.load_workbook(io.BytesIO(content)).active
        assert sheet is not None
        assert sheet.max_row == 1 + lines


def test_strangers_and_people_without_the_right_get_nothing(
    client: Client, seller: Taxpayer
) -> None:
    report = ready_report(seller)
    user = make_user()
    make_headship(user, make_taxpayer())
    sign_in(client, user)
    for name, more in (("", []), ("-progress", []), ("-export", ["xlsx"]), ("-export", ["csv"])):
        address = reverse(f"isaf:crosscheck{name}", args=[report.pk, *more])
        assert client.get(address).status_code == 404


def test_a_program_orders_and_reads_a_report(program: APIClient, seller: Taxpayer) -> None:
    answer = program.post("/api/v1/isaf/crosschecks", {"periods": ["2026-10"]}, format="json")
    assert answer.status_code == 202
    assert answer.json()["summary"] is None
    address = answer.headers["Location"]
    assert program.get(f"{address}/pairs").status_code == 409
    run_cross_check(answer.json()["id"])
    report = program.get(address).json()
    assert report["state"] == "ready"
    assert report["summary"]["mismatched_invoices"] == 4
    assert report["summary"]["by_state"]["possible_match"] == 1
    items = program.get(f"{address}/pairs?state=differs").json()["items"]
    assert [item["ours"]["number"] for item in items] == ["D2"]
    assert items[0]["differs"] == ["vat", "total"]
    assert items[0]["ours"]["vat"] == "21.00"
    export = program.get(f"{address}/export.xlsx")
    assert export.status_code == 200
    assert export.headers["Content-Disposition"].startswith("attachment")
    assert b"".join(export)


def test_pairs_are_paged_by_cursor(program: APIClient, seller: Taxpayer) -> None:
    buyer = vat_of(make_taxpayer(vat_code="LT100004444"))
    taxpayer = make_taxpayer(vat_code="LT100005555")
    tell(taxpayer, "S", *(Told(f"N{n}", buyer) for n in range(70)))
    refresh_pairs(taxpayer.pk, OCTOBER)
    user = make_user()
    make_headship(user, taxpayer)
    _, plain = make_api_key(user, taxpayer)
    api = APIClient(headers={"Authorization": f"Bearer {plain}", "X-Taxpayer": taxpayer.code})
    asked = {"periods": ["2026-10"], "states": ["waiting"]}
    address = api.post("/api/v1/isaf/crosschecks", asked, format="json").headers["Location"]
    run_cross_check(CrossCheck.objects.get().pk)
    first = api.get(f"{address}/pairs").json()
    second = api.get(f"{address}/pairs", {"cursor": first["next"]}).json()
    assert (len(first["items"]), len(second["items"]), second["next"]) == (50, 20, None)


@pytest.mark.parametrize(
    ("asked", "status"),
    [
        ({"periods": ["2026-13"]}, 422),
        ({"periods": []}, 422),
        ({"periods": ["2026-10"], "states": ["?"]}, 400),
        ({}, 400),
        ({"periods": ["2026-10", "2026-H2"]}, 422),
    ],
)
def test_wrong_orders_are_problems(
    program: APIClient, asked: dict[str, object], status: int
) -> None:
    answer = program.post("/api/v1/isaf/crosschecks", asked, format="json")
    assert answer.status_code == status
    assert answer.headers["Content-Type"].startswith("application/problem+json")


def test_the_same_key_orders_once(program: APIClient) -> None:
    for _ in range(2):
        program.post(
            "/api/v1/isaf/crosschecks", {"periods": ["2026-10"]}, format="json",
            headers={"Idempotency-Key": "k1"},
        )  # fmt: skip
    assert CrossCheck.objects.count() == 1


def test_a_program_finds_no_report_of_others(program: APIClient) -> None:
    stranger = order_cross_check(make_acting(), [OCTOBER])
    for pk in (stranger.pk, uuid4()):
        for path in ("", "/pairs", "/export.xlsx"):
            assert program.get(f"/api/v1/isaf/crosschecks/{pk}{path}").status_code == 404


def test_a_key_without_the_right_is_refused(seller: Taxpayer) -> None:
    report = ready_report(seller)
    user = make_user()
    make_headship(user, seller)
    _, plain = make_api_key(user, seller, rights=("isaf.view",))
    api = APIClient(headers={"Authorization": f"Bearer {plain}", "X-Taxpayer": seller.code})
    assert (
        api.post("/api/v1/isaf/crosschecks", {"periods": ["2026-10"]}, format="json").status_code
        == 403
    )
    for path in ("", "/pairs", "/export.xlsx"):
        assert api.get(f"/api/v1/isaf/crosschecks/{report.pk}{path}").status_code == 403

"""E-invoices in ordered reports and in sums: counted with their source, an invoice only once."""

import csv
import io
from datetime import date

import pytest
from django.test import Client
from django.urls import reverse
from openpyxl import load_workbook
from pytest_django import DjangoAssertNumQueries

from imas.kernel.periods import Period
from isaf.crosscheck_papers import report_paper
from isaf.matching import SeenState
from isaf.models import CrossCheck, EInvoiceSource
from isaf.selectors.differences import months_until, parties_of
from isaf.selectors.einvoices import count_mismatched
from isaf.selectors.pairs import PairQuery
from isaf.services.crosscheck import order_cross_check, refresh_pairs, run_cross_check
from isaf.services.einvoices import take_in
from representation.models import Taxpayer
from representation.services.officers import Officer
from representation.types import Acting
from tests.isaf.dated import changed
from tests.isaf.registers_told import OCTOBER, Line, Told, tell
from tests.isaf.test_einvoices import BUYER_VAT, SELLER_VAT, Ubl
from tests.isaf.test_views import client_of
from tests.make import (
    make_acting,
    make_api_key,
    make_grant,
    make_headship,
    make_taxpayer,
    make_user,
)
from tests.representation.test_limits import only

pytestmark = pytest.mark.django_db

STRANGER_VAT = "LT100009999"
VAT_CHARGED = Line().vat


def hand_in(*documents: Ubl) -> None:
    """Let SABIS hand e-invoices over."""
    officer = Officer(make_user(is_staff=True))
    for document in documents:
        take_in(officer, EInvoiceSource.SABIS, document.render())


@pytest.fixture
def seller() -> Taxpayer:
    """A seller whose register, buyer and SABIS say something else of four invoices of five.

    M1: all agree. D1: SABIS alone differs. X1: both differ, SABIS by more. N1: both have what the
    register lacks. Z1: SABIS alone has it, for a buyer who is nobody here.
    """
    seller, buyer = make_taxpayer(vat_code=SELLER_VAT), make_taxpayer(vat_code=BUYER_VAT)
    tell(seller, "S", *(Told(number, BUYER_VAT) for number in ("M1", "D1", "X1")))
    dearer = (Line(vat=VAT_CHARGED and VAT_CHARGED * 6 / 5),)
    tell(
        buyer,
        "P",
        *(Told(number, SELLER_VAT) for number in ("M1", "D1", "N1")),
        Told("X1", SELLER_VAT, lines=dearer),
    )
    refresh_pairs(seller.pk, OCTOBER)
    hand_in(
        Ubl("M 1"),
        Ubl("D 1", total="125.00"),
        Ubl("X 1", vat="31.00", total="131.00"),
        Ubl("N 1"),
        Ubl("Z 1", buyer_vat=STRANGER_VAT),
    )
    return seller


def drawn_up(
    taxpayer: Taxpayer, query: PairQuery | None = None, acting: Acting | None = None
) -> CrossCheck:
    """Order a report of October and draw it up."""
    report = order_cross_check(acting or make_acting(taxpayer=taxpayer), [OCTOBER], query)
    run_cross_check(report.pk)
    report.refresh_from_db()
    return report


def lines(report: CrossCheck) -> list[tuple[str, str, str]]:
    return [
        (line.their_source, (line.their_number or line.our_number or ""), line.state)
        for line in report.pairs.order_by("their_source", "their_number")
    ]


def test_a_report_lists_mismatches_with_einvoices_and_their_source(seller: Taxpayer) -> None:
    report = drawn_up(seller)
    assert lines(report) == [
        ("", "N1", "missing_at_us"),
        ("", "X1", "differs"),
        ("SABIS", "D 1", "differs"),
        ("SABIS", "N 1", "missing_at_us"),
        ("SABIS", "X 1", "differs"),
        ("SABIS", "Z 1", "missing_at_us"),
    ]
    assert sorted(report.pairs.values_list("position", flat=True)) == [1, 2, 3, 4, 5, 6]


def test_an_invoice_is_counted_once_whatever_it_was_compared_with(seller: Taxpayer) -> None:
    summary = drawn_up(seller).summary
    assert (summary["checked_invoices"], summary["mismatched_invoices"]) == (5, 4)
    assert summary["by_side"] == {"sales": 4, "purchases": 0}
    assert summary["by_kind"] == {"vat": 2, "total": 3, "missing_at_us": 3}
    assert summary["mismatches"] == 8
    assert summary["by_source"] == {
        "ISAF": {
            "checked_invoices": 4,
            "mismatched_invoices": 2,
            "mismatches": 3,
            "by_kind": {"vat": 1, "total": 1, "missing_at_us": 1},
        },
        "SABIS": {
            "checked_invoices": 5,
            "mismatched_invoices": 4,
            "mismatches": 5,
            "by_kind": {"vat": 1, "total": 2, "missing_at_us": 2},
        },
    }


def test_of_two_differences_of_an_invoice_the_larger_is_summed(seller: Taxpayer) -> None:
    assert drawn_up(seller).summary["differences"] == {
        "total": "256.00",
        "taxable": "200.00",
        "vat": "52.00",
    }


@pytest.mark.parametrize(
    ("query", "numbers"),
    [
        (PairQuery(side="P"), []),
        (PairQuery(side="S"), ["D 1", "N 1", "X 1", "Z 1"]),
        (PairQuery(states=(SeenState.MATCHED,)), ["M 1"]),
        (PairQuery(counterparty=BUYER_VAT), ["D 1", "N 1", "X 1"]),
        (PairQuery(counterparty=STRANGER_VAT), ["Z 1"]),
    ],
)
def test_what_a_report_asks_for_holds_for_einvoices(
    seller: Taxpayer, query: PairQuery, numbers: list[str]
) -> None:
    report = drawn_up(seller, query)
    of_einvoices = report.pairs.filter(their_source="SABIS").order_by("their_number")
    assert list(of_einvoices.values_list("their_number", flat=True)) == numbers


def test_the_buyers_report_has_none_of_them(seller: Taxpayer) -> None:
    buyer = Taxpayer.objects.exclude(pk=seller.pk).get()
    report = drawn_up(buyer)
    assert {source for source, _, _ in lines(report)} == {""}
    assert list(report.summary["by_source"]) == ["ISAF"]


def test_what_waits_for_the_register_is_no_mismatch() -> None:
    seller = make_taxpayer(vat_code=SELLER_VAT)
    hand_in(Ubl())
    report = drawn_up(seller, PairQuery(states=(SeenState.WAITING,)))
    assert lines(report) == [("SABIS", "AA 1", "waiting")]
    assert report.summary["checked_invoices"] == report.summary["mismatched_invoices"] == 0


def test_a_mandate_limited_to_a_part_reports_no_einvoices(seller: Taxpayer) -> None:
    clerk = make_user()
    make_grant(clerk, seller, "isaf.crosscheck", narrowing=only(parts="1"))
    session = client_of(clerk)
    session.post(reverse("isaf:crosscheck-order"), {"periods": ["2026-10"]})
    report = CrossCheck.objects.get()
    run_cross_check(report.pk)
    assert {source for source, _, _ in lines(report)} == {""}


def test_sums_in_another_currency_are_not_summed() -> None:
    seller = make_taxpayer(vat_code=SELLER_VAT)
    tell(seller, "S")
    hand_in(Ubl(currency="PLN"))
    report = drawn_up(seller)
    assert report.summary["mismatched_invoices"] == 1
    assert set(report.summary["differences"].values()) == {"0.00"}


def test_the_tolerance_for_einvoices_is_that_of_the_month() -> None:
    seller = make_taxpayer(vat_code=SELLER_VAT)
    november = Period.month(2026, 11)
    for period in (OCTOBER, november):
        issued = period.start.replace(day=12)
        hand_in(Ubl(f"A {issued.month}", issued=issued, total="121.05"))
        tell(seller, "S", Told(f"A {issued.month}", BUYER_VAT, issued=issued), period=period)
    acting = make_acting(taxpayer=seller)
    with changed("limits", "crosscheck-tolerance", november.start, value="0.05"):
        assert [count_mismatched(acting, one) for one in (OCTOBER, november)] == [1, 0]
    with changed("mismatches", "einvoice.differs", november.start, counted="no"):
        assert [count_mismatched(acting, one) for one in (OCTOBER, november)] == [1, 0]
        assert [one.einvoices for one in months_until(acting, november)] == [1, 0]


def test_sums_by_counterparty_and_month_count_einvoices(seller: Taxpayer) -> None:
    acting = make_acting(taxpayer=seller)
    told = [
        (row.code, row.invoices, row.einvoices, f"{row.total}", f"{row.vat}")
        for row in parties_of(acting, OCTOBER).rows
    ]
    buyer = Taxpayer.objects.exclude(pk=seller.pk).get()
    assert told == [
        (buyer.code, 3, 3, "135.00", "31.00"),
        (STRANGER_VAT, 1, 1, "121.00", "21.00"),
    ]
    (october,) = months_until(acting, OCTOBER)
    assert (october.checked, october.mismatched, october.einvoices) == (5, 4, 4)
    assert (f"{october.total}", f"{october.vat}") == ("256.00", "52.00")
    assert october.undeclared == october.undeducted == 0


def test_sums_cost_a_query_each(
    seller: Taxpayer, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    acting = make_acting(taxpayer=seller)
    with django_assert_num_queries(2):
        parties_of(acting, OCTOBER)
        months_until(acting, OCTOBER)


@pytest.fixture
def head(seller: Taxpayer) -> Client:
    """The head of the seller, signed in."""
    user = make_user(language="en")
    make_headship(user, seller)
    return client_of(user)


def test_every_form_of_a_report_names_the_source(seller: Taxpayer, head: Client) -> None:
    report = drawn_up(seller)
    page = head.get(reverse("isaf:crosscheck", args=[report.pk])).content.decode()
    assert "E-invoice in SABIS" in page
    assert "Vilniaus mokykla" in page
    exported = reverse("isaf:crosscheck-export", args=[report.pk, "csv"])
    text = b"".join(head.get(exported)).decode("utf-8-sig")
    rows = list(csv.DictReader(io.StringIO(text), delimiter=";" if ";" in text[:40] else ","))
    z = next(row for row in rows if row["Their number"] == "Z 1")
    assert (z["Compared with"], z["State"]) == ("E-invoice in SABIS", "Missing from your register")
    assert (z["Their total"], z["Their type"], z["Their currency"]) == ("121,00", "", "EUR")
    d = next(row for row in rows if row["Their number"] == "D 1")
    assert (d["Differs"], d["Their total"], d["Your total"]) == ("Total", "125,00", "121,00")
    workbook = head.get(reverse("isaf:crosscheck-export", args=[report.pk, "xlsx"]))
    sheet = load_workbook(io.BytesIO(b"".join(workbook))).active
    assert sheet is not None
    column = [cell.value for cell in sheet[1]].index("Compared with")
    sources = [row[column] for row in sheet.iter_rows(min_row=2, values_only=True)]
    assert sources.count("E-invoice in SABIS") == 4
    paper = report_paper(report, "UAB")
    assert ["Total", "E-invoice in SABIS", "2"] in [list(map(str, row)) for row in paper["states"]]
    assert "Data differ\n(SABIS)" in [row[0] for row in paper["pairs"]]


def test_programs_read_source_currency_and_buyer(seller: Taxpayer) -> None:
    report = drawn_up(seller)
    user = make_user()
    make_headship(user, seller)
    _, plain = make_api_key(user, seller)
    program = Client(headers={"Authorization": f"Bearer {plain}", "X-Taxpayer": seller.code})
    told = program.get(reverse("api-isaf-crosscheck", args=[report.pk])).json()
    assert told["summary"]["by_source"]["SABIS"]["mismatched_invoices"] == 4
    items = program.get(reverse("api-isaf-crosscheck-pairs", args=[report.pk])).json()["items"]
    d = next(one for one in items if one["theirs"]["number"] == "D 1")
    assert (d["compared_with"], d["differs"], d["deal"]) == ("SABIS", ["total"], None)
    assert (d["theirs"]["total"], d["theirs"]["type"], d["theirs"]["currency"]) == (
        "125.00",
        "",
        "EUR",
    )
    assert BUYER_VAT in d["our_buyer"]
    assert {one["compared_with"] for one in items} == {"ISAF", "SABIS"}


def test_the_live_page_says_how_many_einvoices_do_not_match(head: Client) -> None:
    page = head.get(reverse("isaf:crosschecks"), {"period": "2026-10"}).content.decode()
    assert "4 e-invoices do not match your register" in page
    in_sum = head.get(reverse("isaf:differences"), {"period": "2026-10"}).content.decode()
    assert "e-invoices:" in in_sum
    assert f"{reverse('isaf:einvoices')}?period=2026-10" in in_sum


def test_a_report_of_before_there_were_sources_is_shown(seller: Taxpayer, head: Client) -> None:
    report = drawn_up(seller)
    del report.summary["by_source"]
    report.save()
    page = head.get(reverse("isaf:crosscheck", args=[report.pk]))
    assert "i.SAF register of the counterparty" in page.content.decode()


def test_an_einvoice_to_another_buyer_shows_both(seller: Taxpayer, head: Client) -> None:
    hand_in(Ubl("M 1", uuid="2", buyer_vat="LT100003333", issued=date(2026, 10, 13)))
    report = drawn_up(seller)
    line = report.pairs.get(their_number="M 1")
    assert BUYER_VAT in line.our_buyer
    assert line.counterparty_vat == "LT100003333"
    page = head.get(reverse("isaf:crosscheck", args=[report.pk])).content.decode()
    assert line.our_buyer in page

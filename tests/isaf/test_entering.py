"""Invoices and settlements entered by hand, and handed over to the registers."""

import json
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from django.core.files.storage import default_storage
from django.test import Client
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries, Settings

from imas.kernel.errors import ConflictError
from intake import services as intake_services
from intake.models import Document
from intake.types import DocumentState, Source
from isaf.entered import content_of, record_of, totals_of
from isaf.models import EntryRow, EntrySheet, Invoice, Register, Settlement, TaxRow
from isaf.services import entering, submit_register
from isaf.types import RegisterState, RegisterType
from representation.models import Taxpayer
from tests.isaf.files import OCTOBER
from tests.isaf.test_views import client_of
from tests.make import make_acting, make_grant, make_headship, make_taxpayer, make_user
from tests.representation.test_limits import only

pytestmark = pytest.mark.django_db(transaction=True)

SALES, PURCHASE, MONEY = RegisterType.SALES, RegisterType.PURCHASE, RegisterType.SETTLEMENT
BUYER = "LT100001919017"


@pytest.fixture
def taxpayer() -> Taxpayer:
    return make_taxpayer()


@pytest.fixture
def client(taxpayer: Taxpayer) -> Client:
    user = make_user()
    make_headship(user, taxpayer)
    return client_of(user)


def address(register: RegisterType = SALES, *more: Any, name: str = "entry") -> str:
    return reverse(f"isaf:{name}", args=[OCTOBER, register, *more])


def sold(number: str = "AB-1", **changed: Any) -> dict[str, Any]:
    """An invoice as the form sends it: amounts as an accountant writes them."""
    return {
        "number": number,
        "issued": "2026-10-05",
        "kind": "SF",
        "party_vat": BUYER,
        "party_code": "",
        "party_country": "LT",
        "party_name": "UAB Pirkėjas",
        "rows-TOTAL_FORMS": "1",
        "rows-INITIAL_FORMS": "0",
        "rows-0-code": "PVM1",
        "rows-0-taxable": "1 000,50",
        "rows-0-rate": "",
        "rows-0-amount": "",
        "references-TOTAL_FORMS": "0",
        "references-INITIAL_FORMS": "0",
        **changed,
    }


def paid(**changed: Any) -> dict[str, Any]:
    return {
        "number": "MOK-7",
        "issued": "2026-10-20",
        "kind": "G",
        "party_vat": BUYER,
        "party_country": "LT",
        "party_name": "UAB Pirkėjas",
        "invoices-TOTAL_FORMS": "1",
        "invoices-INITIAL_FORMS": "0",
        "invoices-0-number": "AB-0",
        "invoices-0-day": "2026-09-30",
        "invoices-0-amount": "100",
        "invoices-0-vat": "21",
        **changed,
    }


def entered(client: Client, given: dict[str, Any], register: RegisterType = SALES) -> EntryRow:
    answer = client.post(address(register), given)
    assert answer.status_code == 302, answer.content.decode()
    return EntryRow.objects.latest("pk")


def handed_over(client: Client) -> Document:
    answer = client.post(reverse("isaf:entry-hand-over", args=[OCTOBER]))
    assert answer.status_code == 302
    document = Document.objects.filter(source=Source.PORTAL_FORM).latest("received_at")
    done = intake_services.process(document.pk)
    assert done
    return done


def test_an_invoice_becomes_a_row_of_the_register(taxpayer: Taxpayer, client: Client) -> None:
    row = entered(client, sold())
    assert (row.taxable, row.vat, row.errors) == (Decimal("1000.50"), Decimal("210.11"), 0)
    document = handed_over(client)
    assert (document.state, document.problems_found) == (DocumentState.ACCEPTED, 0)
    register = Register.objects.get(taxpayer=taxpayer, type=SALES)
    part = register.parts.get()
    assert (part.part_number, part.source) == (entering.PART, Source.PORTAL_FORM)
    invoice = Invoice.objects.get(part_id=part.pk)
    assert (invoice.number, invoice.issued) == ("AB-1", date(2026, 10, 5))
    assert (invoice.counterparty_vat, invoice.total) == (BUYER, Decimal("1210.61"))
    total = TaxRow.objects.get(part_id=part.pk)
    assert (total.code, total.rate, total.amount) == ("PVM1", Decimal(21), Decimal("210.11"))
    assert EntrySheet.objects.get().is_changed is False


def test_the_page_says_how_what_was_handed_over_stands(client: Client) -> None:
    entered(client, sold())
    hand_over = reverse("isaf:entry-hand-over", args=[OCTOBER])
    assert hand_over in client.get(address()).content.decode()
    client.post(hand_over)
    page = client.get(address()).content.decode()
    assert "It is being checked" in page
    assert hand_over not in page
    document = Document.objects.get()
    intake_services.process(document.pk)
    assert "All of this is in the registers" in client.get(address()).content.decode()
    Document.objects.update(state=DocumentState.REJECTED)
    page = client.get(address()).content.decode()
    assert "It was not taken into the registers" in page
    assert hand_over in page


def test_a_file_of_issued_invoices_says_nothing_of_received_ones(client: Client) -> None:
    entered(client, sold())
    document = handed_over(client)
    with default_storage.open(document.storage_name) as file:
        text = file.read().decode()
    assert "<DataType>S</DataType>" in text
    assert "PurchaseInvoices" not in text


def test_what_is_removed_here_goes_from_the_register_with_the_next_hand_over(
    taxpayer: Taxpayer, client: Client
) -> None:
    row = entered(client, sold())
    handed_over(client)
    client.post(address(SALES, row.pk, name="entry-remove"))
    assert EntrySheet.objects.get().is_changed
    handed_over(client)
    register = Register.objects.get(taxpayer=taxpayer, type=SALES)
    assert [part.invoices for part in register.parts.all()] == [0]


def test_a_submitted_register_is_corrected_by_a_new_revision(
    taxpayer: Taxpayer, client: Client
) -> None:
    row = entered(client, sold())
    handed_over(client)
    acting = make_acting(taxpayer=taxpayer)
    for type_ in (SALES, PURCHASE):
        submit_register(acting, Register.objects.get(taxpayer=taxpayer, type=type_).number)
    changed = sold(version=row.version, **{"rows-0-taxable": "2000"})
    assert client.post(address(SALES, row.pk, name="entry-row"), changed).status_code == 302
    handed_over(client)
    newest = Register.objects.filter(taxpayer=taxpayer, type=SALES).latest("revision")
    assert (newest.revision, newest.state) == (2, RegisterState.PREPARING)
    assert [part.taxable for part in newest.parts.all()] == [Decimal(2000)]


def test_settlements_go_to_their_own_register(taxpayer: Taxpayer, client: Client) -> None:
    row = entered(client, paid(), MONEY)
    assert (row.number, row.taxable, row.vat) == ("MOK-7", Decimal(100), Decimal(21))
    handed_over(client)
    part = Register.objects.get(taxpayer=taxpayer, type=MONEY).parts.get()
    money = Settlement.objects.get(part_id=part.pk)
    assert (money.kind, money.reference, money.vat) == ("G", "MOK-7", Decimal(21))


def test_of_a_shared_invoice_the_own_share_is_told(taxpayer: Taxpayer, client: Client) -> None:
    row = entered(client, sold(kind="VS", share="33,33"))
    assert (row.taxable, row.vat) == (Decimal("333.47"), Decimal("70.03"))
    page = client.get(address(SALES, row.pk, name="entry-row")).content.decode()
    assert 'value="1000.50"' in page
    assert 'value="33.33"' in page
    handed_over(client)
    part = Register.objects.get(taxpayer=taxpayer, type=SALES).parts.get()
    assert (part.taxable, part.vat) == (Decimal("333.47"), Decimal("70.03"))


def test_a_share_of_an_ordinary_invoice_is_a_mistake(client: Client) -> None:
    answer = client.post(address(), sold(share="50"))
    assert answer.status_code == 200
    assert 'href="#id_share"' in answer.content.decode()
    assert not EntryRow.objects.exists()


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"number": ""}, "id_number"),
        ({"issued": "2026-13-01"}, "id_issued"),
        ({"issued": "2015-01-01"}, "id_issued"),
        ({"party_name": ""}, "id_party_name"),
        ({"party_country": "XX"}, "id_party_country"),
        ({"rows-0-taxable": "daug"}, "id_rows-0-taxable"),
        ({"rows-0-taxable": "1,234"}, "id_rows-0-taxable"),
        ({"rows-0-taxable": ""}, "id_rows-0-taxable"),
        ({"rows-0-code": "PVM999"}, "id_rows-0-code"),
        ({"rows-TOTAL_FORMS": "0"}, "id_number"),
        ({"references-TOTAL_FORMS": "1", "references-0-number": "X"}, "id_references-0-day"),
    ],
)
def test_what_has_no_shape_is_told_at_its_field_and_not_kept(
    client: Client, changed: dict[str, str], field: str
) -> None:
    answer = client.post(address(), sold(**changed))
    assert answer.status_code == 200
    assert f'href="#{field}' in answer.content.decode()
    assert not EntryRow.objects.exists()


def test_a_record_against_the_rules_is_kept_and_says_so(client: Client) -> None:
    row = entered(client, sold(issued="2026-09-05"))
    assert row.errors == 1
    page = client.get(address(SALES, row.pk, name="entry-row")).content.decode()
    assert "14037" in page
    assert 'href="#id_issued"' in page


def test_the_same_invoice_twice_is_noticed(client: Client) -> None:
    entered(client, sold("AB-1"))
    again = entered(client, sold("ab 1"))
    assert "14067" in client.get(address(SALES, again.pk, name="entry-row")).content.decode()


def test_while_typing_sums_findings_and_values_are_told(client: Client) -> None:
    answer = client.post(address(name="entry-check"), sold(issued="2026-09-05"))
    text = answer.content.decode()
    assert "14037" in text
    assert '<data data-fill="id_rows-0-amount" value="210.11">' in text
    assert '<data data-fill="id_rows-0-rate" value="21">' in text
    assert not EntrySheet.objects.exists()


def test_what_follows_is_told_whatever_stands_there_now(client: Client) -> None:
    stale = sold(**{"rows-0-taxable": "200", "rows-0-rate": "5", "rows-0-amount": "21"})
    text = client.post(address(name="entry-check"), stale).content.decode()
    assert '<data data-fill="id_rows-0-amount" value="42.00">' in text
    assert '<data data-fill="id_rows-0-rate" value="21">' in text


def test_who_the_registers_say_the_buyer_is_fills_the_name(client: Client) -> None:
    known = make_taxpayer(name="UAB Žinoma", vat_code="LT100001234510")
    given = sold(party_vat=known.vat_code_on(date(2026, 10, 5)), party_name="")
    text = client.post(address(name="entry-check"), given).content.decode()
    assert '<data data-fill="id_party_name" value="UAB Žinoma">' in text


def test_parties_entered_before_and_of_the_registers_are_offered(client: Client) -> None:
    entered(client, sold(party_name="Foreign Ltd", party_vat="DE136695976", party_country="DE"))
    make_taxpayer(name="UAB Forelė")
    found = client.get(address(name="entry-parties"), {"find": "fore"}).context["choices"]
    told = [json.loads(choice.fills) for choice in found]
    assert [one["party_vat"] for one in told] == ["DE136695976", ""]
    assert [one["party_name"] for one in told] == ["Foreign Ltd", "UAB Forelė"]
    assert not client.get(address(name="entry-parties"), {"find": "fo"}).context["choices"]


def test_another_line_keeps_what_was_typed(client: Client) -> None:
    answer = client.post(address(), sold(more="rows"))
    text = answer.content.decode()
    assert 'value="1 000,50"' in text
    assert 'name="rows-1-taxable"' in text
    assert "notice-danger" not in text
    assert not EntryRow.objects.exists()


def test_copying_leaves_the_number_out(client: Client) -> None:
    row = entered(client, sold())
    text = client.get(address(), {"copy": row.pk}).content.decode()
    assert 'value="UAB Pirkėjas"' in text
    assert 'value="1000.50"' in text
    assert 'value="AB-1"' not in text


def test_cancelling_marks_the_invoice(client: Client) -> None:
    row = entered(client, sold())
    answer = client.post(address(SALES, row.pk, name="entry-cancel"), {"version": row.version})
    assert answer.status_code == 302
    row.refresh_from_db()
    assert (row.kind, row.version) == ("AN", 2)


def test_of_two_who_change_a_record_the_second_is_told(client: Client) -> None:
    row = entered(client, sold())
    change = address(SALES, row.pk, name="entry-row")
    assert client.post(change, sold("AB-2", version=1)).status_code == 302
    assert client.post(change, sold("AB-3", version=1)).status_code == 409
    row.refresh_from_db()
    assert row.number == "AB-2"


def test_a_sheet_holds_so_many_records(client: Client, settings: Settings) -> None:
    settings.ISAF_SHEET_ROWS = 1
    entered(client, sold())
    assert client.post(address(), sold("AB-2")).status_code == 422
    assert EntryRow.objects.count() == 1


def test_nothing_entered_is_nothing_to_hand_over(client: Client) -> None:
    assert client.post(reverse("isaf:entry-hand-over", args=[OCTOBER])).status_code == 409
    assert not Document.objects.exists()


@pytest.mark.parametrize("code", ["2099-01", "2026-H2", "2026-10-05/2026-11-03"])
def test_what_is_no_period_of_the_taxpayer_is_refused(client: Client, code: str) -> None:
    assert client.get(f"/isaf/entry/{code}/sales/").status_code == 422


def test_another_taxpayers_record_is_not_found(client: Client) -> None:
    row = entered(client, sold())
    other = make_user()
    make_headship(other, make_taxpayer())
    stranger = client_of(other)
    for name in ("entry-row", "entry-remove", "entry-cancel"):
        assert stranger.post(address(SALES, row.pk, name=name), sold()).status_code == 404
    assert stranger.get(address(), {"copy": row.pk}).status_code == 404
    assert EntryRow.objects.filter(pk=row.pk, version=1).exists()


def test_whoever_has_one_register_enters_into_that_alone(taxpayer: Taxpayer) -> None:
    user = make_user()
    make_grant(user, taxpayer, "isaf.view", "isaf.upload", narrowing=only("S"))
    client = client_of(user)
    entered(client, sold())
    assert client.post(address(PURCHASE), sold()).status_code == 403
    assert "purchases" not in client.get(address()).content.decode()
    assert handed_over(client).state == DocumentState.ACCEPTED
    whole = make_acting(taxpayer=taxpayer)
    entering.save_row(whole, OCTOBER, PURCHASE, EntryRow.objects.get().content)
    assert client.post(reverse("isaf:entry-hand-over", args=[OCTOBER])).status_code == 403


def test_a_row_removed_meanwhile_is_not_written_anew(taxpayer: Taxpayer, client: Client) -> None:
    row = entered(client, sold())
    acting = make_acting(taxpayer=taxpayer)
    entering.remove_row(acting, OCTOBER, row)
    with pytest.raises(ConflictError):
        entering.save_row(acting, OCTOBER, SALES, row.content, row=row, version=1)


def test_what_is_kept_is_read_back_as_it_was(client: Client) -> None:
    credit = sold(
        kind="KS",
        **{
            "rows-0-taxable": "-10",
            "references-TOTAL_FORMS": "1",
            "references-0-number": "AB-0",
            "references-0-day": "2026-09-01",
        },
    )
    row = entered(client, credit)
    record = record_of(SALES, row.content)
    assert content_of(record) == row.content
    assert totals_of(record) == (Decimal(-10), Decimal("-2.10"))


def test_the_page_asks_the_same_however_many_rows(
    client: Client, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    for index in range(12):
        entered(client, sold(f"AB-{index}"))
    with django_assert_max_num_queries(20):
        assert client.get(address()).status_code == 200

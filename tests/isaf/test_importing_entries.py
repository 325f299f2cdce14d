"""Spreadsheets taken into the sheet of a period."""

from datetime import date, datetime, timedelta
from decimal import Decimal
from io import BytesIO
from uuid import uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from django.utils.translation import override
from openpyxl import Workbook
from pytest_django import DjangoAssertNumQueries, Settings

from imas.kernel import clock
from isaf import tasks
from isaf.models import EntryImport, EntryMapping, EntryRow
from isaf.services import importing
from isaf.spreadsheets import guessed, records_of
from isaf.tables.registers import INVOICE_HEADERS
from isaf.types import RegisterType
from representation.models import Taxpayer
from tests.isaf.files import OCTOBER
from tests.isaf.test_views import client_of
from tests.make import make_acting, make_headship, make_taxpayer, make_user

pytestmark = pytest.mark.django_db

SALES, MONEY = RegisterType.SALES, RegisterType.SETTLEMENT
HEADING = "Numeris;Data;Pirkėjas;PVM mokėtojo kodas;Mokesčio kodas;Apmokestinamoji vertė;PVM"
LINES = (
    "AB-1;2026-10-05;UAB Pirkėjas;LT100001919017;PVM1;1 000,50;210,11",
    "AB-2;05.10.2026;UAB Pirkėjas;LT100001919017;1;100;",
    "AB-2;05.10.2026;UAB Pirkėjas;LT100001919017;PVM5;7;",
    "",
    "AB-3;2026-10-06;Kauf GmbH;DE136695976;PVM13;500;",
)


@pytest.fixture
def taxpayer() -> Taxpayer:
    return make_taxpayer()


@pytest.fixture
def client(taxpayer: Taxpayer) -> Client:
    user = make_user()
    make_headship(user, taxpayer)
    return client_of(user)


def csv_of(*lines: str, heading: str = HEADING) -> SimpleUploadedFile:
    text = "\r\n".join([heading, *lines])
    return SimpleUploadedFile("spalis.csv", text.encode("utf-8-sig"), "text/csv")


def sent(
    client: Client, file: SimpleUploadedFile, register: RegisterType = SALES
) -> tuple[str, EntryImport]:
    """Send a spreadsheet; return the address of its columns and what is kept of it."""
    address = reverse("isaf:entry-import", args=[OCTOBER, register])
    answer = client.post(address, {"spreadsheet": file})
    assert answer.status_code == 302, answer.content.decode()
    return answer["Location"], EntryImport.objects.latest("created_at")


def columns_of(spreadsheet: EntryImport) -> dict[str, str]:
    return {name: f"{place}" for name, place in importing.columns_for(spreadsheet).items()}


def test_lines_become_records(client: Client) -> None:
    address, spreadsheet = sent(client, csv_of(*LINES))
    assert client.post(address, columns_of(spreadsheet)).status_code == 302
    rows = list(EntryRow.objects.order_by("pk"))
    assert [(row.number, row.taxable, row.vat) for row in rows] == [
        ("AB-1", Decimal("1000.50"), Decimal("210.11")),
        ("AB-2", Decimal(107), Decimal(21)),
        ("AB-3", Decimal(500), Decimal(0)),
    ]
    assert [row.day for row in rows] == [date(2026, 10, 5), date(2026, 10, 5), date(2026, 10, 6)]
    assert rows[2].content["party"]["country"] == "DE"
    assert [row.errors for row in rows] == [0, 0, 0]
    assert not EntryImport.objects.exists()


def test_a_workbook_is_read_with_its_days_and_numbers(client: Client) -> None:
    book, file = Workbook(), BytesIO()
    page = book.active
    assert page is not None
    page.append(HEADING.split(";"))
    code = "LT100001919017"
    page.append(["AB-1", datetime(2026, 10, 5), "UAB X", code, "PVM1", 0.1 + 0.2, 0.06])
    page.append([77, datetime(2026, 10, 5), "UAB X", code, "PVM1", 100, 21.0])
    book.save(file)
    address, spreadsheet = sent(client, SimpleUploadedFile("spalis.xlsx", file.getvalue()))
    assert client.post(address, columns_of(spreadsheet)).status_code == 302
    told = EntryRow.objects.order_by("pk").values_list("number", "day", "taxable", "vat")
    assert list(told) == [
        ("AB-1", date(2026, 10, 5), Decimal("0.30"), Decimal("0.06")),
        ("77", date(2026, 10, 5), Decimal(100), Decimal(21)),
    ]


def test_settlements_name_their_invoices(client: Client) -> None:
    heading = (
        "Numeris;Data;Kryptis;Pavadinimas;PVM mokėtojo kodas;Apmokėtos sąskaitos numeris;"
        "Apmokėtos sąskaitos data;Apmokestinamoji vertė;PVM"
    )
    lines = [
        f"MOK-1;2026-10-05;gauta;UAB X;LT100001919017;AB-{index};2026-09-01;100;21"
        for index in (1, 2)
    ]
    address, spreadsheet = sent(client, csv_of(*lines, heading=heading), MONEY)
    assert client.post(address, columns_of(spreadsheet)).status_code == 302
    row = EntryRow.objects.get()
    assert (row.kind, row.taxable, row.vat) == ("G", Decimal(200), Decimal(42))


def test_one_mistake_and_nothing_is_taken_in(client: Client) -> None:
    wrong = "AB-4;2026-10-32;UAB X;LT100001919017;PVM1;daug;"
    address, spreadsheet = sent(client, csv_of(*LINES, wrong))
    answer = client.post(address, columns_of(spreadsheet))
    text = answer.content.decode()
    assert answer.status_code == 200
    assert text.count('<th scope="row">7</th>') == 2
    assert not EntryRow.objects.exists()
    assert EntryImport.objects.exists()


def test_a_mistake_of_the_second_line_of_a_record_is_told_there(client: Client) -> None:
    lines = (LINES[1], LINES[2].replace(";7;", ";daug;"))
    address, spreadsheet = sent(client, csv_of(*lines))
    text = client.post(address, columns_of(spreadsheet)).content.decode()
    assert '<th scope="row">3</th>' in text
    assert '<th scope="row">2</th>' not in text


def test_the_choice_of_columns_is_remembered_for_the_heading(client: Client) -> None:
    address, spreadsheet = sent(client, csv_of(*LINES, heading="A;B;C;D;E;F;G"))
    assert importing.columns_for(spreadsheet) == {}
    chosen = dict(
        zip(
            ("number", "issued", "party_name", "party_vat", "rows-code", "rows-taxable"),
            "012345",
            strict=True,
        )
    )
    assert client.post(address, chosen).status_code == 302
    assert EntryRow.objects.count() == 3
    _address, again = sent(client, csv_of(*LINES, heading="A;B;C;D;E;F;G"))
    assert columns_of(again) == chosen
    assert EntryMapping.objects.count() == 1


def test_a_heading_may_be_long(client: Client) -> None:
    names = [f"{number}{'ą' * 290}" for number in range(40)]
    address, spreadsheet = sent(client, csv_of("AB-1;2026-10-05", heading=";".join(names)))
    assert client.post(address, {"number": "0", "issued": "1"}).status_code == 200
    assert importing.columns_for(spreadsheet) == {"number": 0, "issued": 1}


def test_a_record_needs_a_number_and_a_day(client: Client) -> None:
    address, spreadsheet = sent(client, csv_of(*LINES))
    answer = client.post(address, {**columns_of(spreadsheet), "issued": ""})
    assert 'href="#id_issued"' in answer.content.decode()
    assert not EntryRow.objects.exists()


def test_what_is_taken_away_can_be_taken_in(client: Client) -> None:
    for language in ("lt", "en"):
        with override(language):
            found = guessed(SALES, [f"{name}" for name in INVOICE_HEADERS])
        assert {"number", "issued", "party_name", "party_vat", "rows-taxable"} <= set(found)


@pytest.mark.parametrize(
    "file", [csv_of(), csv_of(";;;"), SimpleUploadedFile("x.xlsx", b"PK\x03\x04nothing")]
)
def test_what_holds_nothing_or_cannot_be_read_is_refused(
    client: Client, file: SimpleUploadedFile
) -> None:
    address = reverse("isaf:entry-import", args=[OCTOBER, SALES])
    assert client.post(address, {"spreadsheet": file}).status_code == 422
    assert not EntryImport.objects.exists()


def test_a_spreadsheet_longer_than_a_sheet_is_refused(client: Client, settings: Settings) -> None:
    settings.ISAF_SHEET_ROWS = 2
    address = reverse("isaf:entry-import", args=[OCTOBER, SALES])
    assert client.post(address, {"spreadsheet": csv_of(*LINES)}).status_code == 422


def test_a_stranger_finds_no_spreadsheet(client: Client) -> None:
    address, spreadsheet = sent(client, csv_of(*LINES))
    other = make_user()
    make_headship(other, make_taxpayer())
    assert client_of(other).post(address, columns_of(spreadsheet)).status_code == 404
    unknown = reverse("isaf:entry-columns", args=[OCTOBER, SALES, uuid4()])
    assert client.get(unknown).status_code == 404


def test_however_many_records_the_queries_are_as_many(
    taxpayer: Taxpayer, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    acting = make_acting(taxpayer=taxpayer)
    lines = [f"AB-{index};2026-10-05;UAB X;LT100001919017;PVM1;100;21" for index in range(300)]
    spreadsheet = importing.take_spreadsheet(acting, OCTOBER, SALES, csv_of(*lines), "x.csv")
    with django_assert_max_num_queries(28):
        taken, mistakes = importing.take_in(
            acting, OCTOBER, spreadsheet, importing.columns_for(spreadsheet)
        )
    assert (taken, mistakes) == (300, ())


def test_the_same_invoice_twice_in_a_spreadsheet_is_noticed(client: Client) -> None:
    address, spreadsheet = sent(client, csv_of(LINES[0], LINES[4], LINES[0]))
    client.post(address, columns_of(spreadsheet))
    assert [row.warnings for row in EntryRow.objects.order_by("pk")] == [0, 0, 1]


def test_lines_of_a_record_stand_one_after_another() -> None:
    lines = [["A", "2026-10-05"], ["B", "2026-10-05"], ["A", "2026-10-05"]]
    found = records_of(SALES, lines, {"number": 0, "issued": 1})
    assert [record.lines for record in found] == [(2,), (3,), (4,)]


def test_a_spreadsheet_nobody_went_on_with_is_forgotten_after_a_day(client: Client) -> None:
    _address, old = sent(client, csv_of(*LINES))
    EntryImport.objects.filter(pk=old.pk).update(created_at=clock.now() - timedelta(hours=25))
    _address, fresh = sent(client, csv_of(*LINES))
    tasks.sweep()
    assert list(EntryImport.objects.all()) == [fresh]

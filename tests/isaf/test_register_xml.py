"""A register taken away as XML is judged sound and, sent in again, makes the same rows."""

import io
import zipfile
from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from imas.kernel import clock
from intake.models import Document
from intake.types import DocumentState
from isaf import selectors
from isaf.building import document
from isaf.file_check import check_file
from isaf.making import Recipe, made
from isaf.models import Part, Register
from isaf.register_files import part_files
from isaf.selectors import InvoiceQuery, contents
from isaf.types import (
    DataType,
    Header,
    Invoice,
    Party,
    Reference,
    RegisterType,
    SettledInvoice,
    Settlement,
    SettlementKind,
)
from representation.models import Taxpayer
from representation.types import Acting
from tests.isaf.files import OCTOBER, IsafFile, Paid, Sold, judged
from tests.isaf.make import row
from tests.isaf.test_api import program
from tests.isaf.test_views import client_of, company
from tests.make import make_acting, make_grant, make_taxpayer, make_user
from tests.representation.test_limits import only

pytestmark = pytest.mark.django_db(transaction=True)

SALES, PURCHASE, SETTLEMENT = RegisterType.SALES, RegisterType.PURCHASE, RegisterType.SETTLEMENT
DAY = date(2026, 10, 5)
EVERYTHING = InvoiceQuery()
HOME = Party("", "LT119511515", "", "", "UAB „Bandymas“ & sūnūs <tikrai>")
FOREIGN = Party("", "EE100931558", "", "EE", "Läänemere OÜ")
NOBODY = Party("", "ND", "ND", "LT", "ND")
BY_CODE = Party("", "ND", "304823023", "LT", "Ūkis")
OVERSEAS = Party("", "ND", "12-34", "US", "Acme\tInc.")


def invoice(register: RegisterType, number: str, party: Party = HOME, **told: Any) -> Invoice:
    values: dict[str, Any] = {
        "issued": DAY,
        "type": "SF",
        "special": "",
        "references": (),
        "vat_point": None,
        "registered": None if register is SALES else DAY,
        "rows": (row(),),
        **told,
    }
    return Invoice(register, 0, 0, number, party, **values)


def sales() -> list[Invoice]:
    less = (row("-10.00", amount="-2.10"),)
    named = (Reference("X/9", date(2026, 9, 3)), Reference("Ą 10", date(2026, 9, 4)))
    return [
        invoice(SALES, "AA 1"),
        invoice(SALES, "2", FOREIGN, rows=(row(code="PVM13", rate="0.00", amount="0.00"),)),
        invoice(SALES, "3", NOBODY, vat_point=date(2026, 10, 1)),
        invoice(SALES, "4", BY_CODE),
        invoice(SALES, "5", OVERSEAS, rows=(row(code="PVM12", rate="0.00", amount="0.00"),)),
        invoice(SALES, "K 6", type="KS", references=named, rows=less),
        invoice(SALES, "D 7", type="DS", references=named[:1]),
        invoice(SALES, "VK 8", type="VK", references=named[:1], rows=less),
        invoice(SALES, "AN 9", type="AN", rows=(row("0.00", "", None, None),)),
        invoice(SALES, "10", special="T"),
        invoice(
            SALES,
            "11",
            rows=(
                row(vat_point=date(2026, 10, 2)),
                row(code="PVM3", rate="5.00", amount="5.00", vat_point=date(2026, 10, 3)),
            ),
        ),
        invoice(SALES, "12", type="VS"),
        invoice(SALES, "13", type=""),
        invoice(SALES, "14", rows=(row(code="PVM5", rate=None, amount=None),)),
    ]


def purchases() -> list[Invoice]:
    return [
        invoice(PURCHASE, "P\\1"),
        invoice(PURCHASE, "P 2", FOREIGN, rows=(row(code="PVM16"),), registered=date(2026, 10, 9)),
        invoice(PURCHASE, "P 3", issued=date(2026, 9, 30), registered=date(2026, 10, 9)),
        invoice(PURCHASE, "P 4", registered=None, vat_point=DAY),
        invoice(PURCHASE, "P 5", special="T", rows=(row(code=""),)),
        invoice(PURCHASE, "P 6", type="KS", rows=(row("-1.00", amount="-0.21"),)),
        invoice(PURCHASE, "P 7", type="AN", rows=(row("0.00", "", None, None),)),
    ]


def paid() -> list[Settlement]:
    invoices = (
        SettledInvoice("AA 1", DAY, Decimal("100.00"), Decimal("21.00")),
        SettledInvoice("Ą/2", DAY, Decimal("-5.00"), Decimal("0.00")),
    )
    return [
        Settlement(0, 0, SettlementKind.RECEIVED, "MOK 1", DAY, HOME, invoices),
        Settlement(1, 0, SettlementKind.PAID, "", DAY, BY_CODE, invoices[:1]),
    ]


def file_of(taxpayer: Taxpayer, *lists: Sequence[Any], part: str = "1") -> bytes:
    sold, bought, settled = lists
    header = Header(
        "iSAF1.2", "2026-11-02T07:15:00", DataType.FULL, "A", "B", "1", taxpayer.code, None, part,
        OCTOBER.start, OCTOBER.end,
    )  # fmt: skip
    return b"".join(document(header, sales=sold, purchases=bought, settlements=settled))


COLUMNS = {
    "isaf_invoice": (
        "position, side, number, number_norm, match_key, counterparty_vat, counterparty_code,"
        " country, counterparty_name, issued, type, special, vat_point, registered, taxable, vat,"
        " total, refs::text"
    ),
    "isaf_tax_row": "position, row_no, taxable, code, rate, amount, vat_point",
    "isaf_settlement": (
        "position, kind, reference, paid_on, counterparty_vat, counterparty_code, country,"
        " counterparty_name, taxable, vat"
    ),
    "isaf_settled_invoice": "position, row_no, number, number_norm, issued, amount, vat",
}


def rows_of(register: Register) -> dict[str, list[tuple[Any, ...]]]:
    """Everything stored of a register but the ids of parts and the lines of files."""
    parts = [*register.shown.order_by("part_number").values_list("part_id", flat=True)]
    found: dict[str, list[tuple[Any, ...]]] = {}
    with connection.cursor() as cursor:
        for table, columns in COLUMNS.items():
            asked = f"SELECT {columns} FROM {table} WHERE part_id = ANY(%s) ORDER BY part_id, 1, 2"  # noqa: S608
            cursor.execute(asked, [parts])
            found[table] = cursor.fetchall()
    return found


def latest(acting: Acting, type_: RegisterType) -> Register:
    number = (
        Register.objects.filter(taxpayer_id=acting.taxpayer_id, type=type_)
        .latest("revision")
        .number
    )
    return selectors.find_register(acting, number)


def xml_of(acting: Acting, type_: RegisterType, query: InvoiceQuery = EVERYTHING) -> list[bytes]:
    register = latest(acting, type_)
    return [b"".join(one.chunks) for one in part_files(register, acting.taxpayer_code, query)]


@pytest.fixture
def acting() -> Acting:
    taxpayer = make_taxpayer(vat_code="LT100001111")
    head = make_acting(taxpayer=taxpayer)
    judged(head, file_of(taxpayer, sales(), purchases(), paid()))
    return head


@pytest.mark.parametrize("type_", RegisterType)
def test_what_is_taken_away_and_sent_in_again_makes_the_same_rows(
    acting: Acting, type_: RegisterType
) -> None:
    before = {one: rows_of(latest(acting, one)) for one in RegisterType}
    assert before[type_]["isaf_settlement" if type_ is SETTLEMENT else "isaf_invoice"]
    (content,) = xml_of(acting, type_)
    earlier = {*Part.objects.values_list("pk", flat=True)}
    assert judged(acting, content).state == DocumentState.ACCEPTED
    again = latest(acting, type_)
    assert not earlier.intersection(again.shown.values_list("part_id", flat=True))
    assert rows_of(again) == before[type_]


def test_settlements_come_with_what_else_their_file_brought(acting: Acting) -> None:
    before = {one: rows_of(latest(acting, one)) for one in RegisterType}
    (content,) = xml_of(acting, SETTLEMENT)
    judged(acting, content)
    assert {one: rows_of(latest(acting, one)) for one in RegisterType} == before


def test_the_file_is_found_as_sound_as_the_one_that_was_sent(
    acting: Acting, tmp_path: Path
) -> None:
    taxpayer = Taxpayer.objects.get(pk=acting.taxpayer_id)
    path = tmp_path / "sent.xml"
    path.write_bytes(file_of(taxpayer, sales(), [], []))
    sent = check_file(path, clock.today())
    path.write_bytes(xml_of(acting, SALES)[0])
    assert check_file(path, clock.today()).totals == sent.totals


def test_a_large_register_is_written_in_few_statements_and_comes_back(tmp_path: Path) -> None:
    taxpayer = make_taxpayer()
    head = make_acting(taxpayer=taxpayer)
    judged(head, b"".join(made(Recipe(3_000, 7, taxpayer=taxpayer.code))))
    before = rows_of(latest(head, SALES))
    with CaptureQueriesContext(
        connection,
    ) as asked:
        (content,) = xml_of(head, SALES)
    assert len(asked) < 20
    path = tmp_path / "all.xml"
    path.write_bytes(content)
    assert not check_file(path, clock.today()).has_errors
    judged(head, content)
    assert rows_of(latest(head, SALES)) == before


def test_a_selection_is_written_alone(acting: Acting) -> None:
    (content,) = xml_of(acting, SALES, InvoiceQuery(type="KS"))
    assert content.count(b"<Invoice>") == 1
    assert b"K 6" in content


def test_a_batch_ends_between_records(acting: Acting, monkeypatch: pytest.MonkeyPatch) -> None:
    whole = {one: xml_of(acting, one) for one in RegisterType}
    monkeypatch.setattr(contents, "_BATCH", 2)
    for one in RegisterType:
        assert [c.count(b"<InvoiceNo>") for c in xml_of(acting, one)] == [
            c.count(b"<InvoiceNo>") for c in whole[one]
        ]


def test_several_parts_make_a_zip_and_a_chosen_one_a_file() -> None:
    taxpayer, _, client = company()
    head = make_acting(taxpayer=taxpayer)
    for part in ("A", "B"):
        judged(head, IsafFile(taxpayer.code, part=part, sales=[Sold(f"{part} 1")]))
    register = latest(head, SALES)
    address = reverse("isaf:register-xml", args=[register.number])
    answer = client.get(address)
    assert answer["Content-Type"] == "application/zip"
    archive = zipfile.ZipFile(io.BytesIO(b"".join(answer)))
    texts = [archive.read(name).decode() for name in sorted(archive.namelist())]
    assert len(texts) == 2
    for part, text in zip("AB", texts, strict=True):
        assert f"<PartNumber>{part}</PartNumber>" in text
    answer = client.get(address, {"part": "B"})
    assert answer["Content-Type"] == "application/xml"
    assert b"<InvoiceNo>B 1</InvoiceNo>" in b"".join(answer)


def test_an_empty_register_is_a_file_without_records() -> None:
    taxpayer = make_taxpayer()
    head = make_acting(taxpayer=taxpayer)
    judged(head, IsafFile(taxpayer.code, data_type="S", sales=[Sold()]))
    (content,) = xml_of(head, PURCHASE)
    assert b"<DataType>P</DataType>" in content
    assert b"SourceDocuments" not in content


def test_a_limited_reader_takes_away_what_lies_within() -> None:
    taxpayer = make_taxpayer()
    head = make_acting(taxpayer=taxpayer)
    judged(head, file_of(taxpayer, sales(), purchases(), paid()))
    judged(head, IsafFile(taxpayer.code, part="B", sales=[Sold("B 1")]))
    clerk = make_user()
    make_grant(clerk, taxpayer, "isaf.view", narrowing=only("M"))
    answer = client_of(clerk).get(
        reverse("isaf:register-xml", args=[latest(head, SETTLEMENT).number])
    )
    text = b"".join(answer).decode()
    assert "<SettlementAndPayment>" in text
    assert "<SalesInvoices>" not in text
    other = make_user()
    make_grant(other, taxpayer, "isaf.view", narrowing=only(parts="B"))
    answer = client_of(other).get(reverse("isaf:register-xml", args=[latest(head, SALES).number]))
    assert b"".join(answer).count(b"<Invoice>") == 1


def test_programs_take_it_away_and_are_told_what_is_wrong_in_a_filter() -> None:
    taxpayer, client = program()
    head = make_acting(taxpayer=taxpayer)
    judged(head, IsafFile(taxpayer.code, sales=[Sold("A 1"), Sold("B 2")]))
    address = f"/api/v1/isaf/registers/{latest(head, SALES).number}"
    answer = client.get(f"{address}/register.xml", {"q": "B 2"})
    assert b"".join(answer).count(b"<Invoice>") == 1
    items = client.get(f"{address}/invoices", {"q": "B 2"}).json()["items"]
    assert [one["number"] for one in items] == ["B 2"]
    answer = client.get(f"{address}/invoices", {"since": "yesterday", "rate": "x"})
    assert answer.status_code == 422
    assert "rate, since" in str(answer.json())


def test_the_pages_of_registers_offer_it() -> None:
    taxpayer, _, client = company()
    head = make_acting(taxpayer=taxpayer)
    judged(head, IsafFile(taxpayer.code, sales=[Sold("A 1")], settlements=[Paid()]))
    for type_ in (SALES, SETTLEMENT):
        number = latest(head, type_).number
        page = client.get(reverse("isaf:register", args=[number]), {"q": "A"}).content.decode()
        assert f"{reverse('isaf:register-xml', args=[number])}?q=A" in page
    assert Document.objects.count() == 1

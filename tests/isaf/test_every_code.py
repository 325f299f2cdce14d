"""One file for every official fault code, from its bytes to the findings a person reads."""

import csv
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from pytest_django import Settings

from imas.kernel.periods import Period, PeriodKind
from intake.models import Document
from isaf.making import legal_code, vat_code
from isaf.messages import render
from isaf.models import RegisterProblem
from representation.models import CashAccounting, FarmerScheme, Taxpayer, VatRegistration
from representation.types import TaxpayerKind
from tests.isaf.files import OCTOBER, IsafFile, Paid, Sold, judged
from tests.make import make_acting, make_taxpayer

pytestmark = pytest.mark.django_db(transaction=True)

ROOT = Path(__file__).resolve().parents[2]
OWN_VAT, SELLER_VAT, FORMER_VAT = vat_code(4000001), vat_code(4000002), vat_code(4000003)
SELLER, ENDED, FARMER = legal_code(34000001), legal_code(34000002), legal_code(34000003)
UNHELD_VAT = vat_code(4999999)
LONG_AGO, LAST_YEAR = date(2016, 1, 1), date(2025, 12, 31)

ELSEWHERE = {
    "10000": "tests/intake/test_sweeping.py",
    "11002": "tests/intake/test_receiving.py",
    "11009": "tests/isaf/test_soap.py",
    "14408": "tests/isaf/test_soap.py",
}
"""Codes that no file brings about, and where they are."""

P, S, M, H = "<PurchaseInvoices>", "<SalesInvoices>", "<SettlementsAndPayments>", "<Header>"
Edit = tuple[str, str, str]
VAT = "<VATRegistrationNumber>LT119511515</VATRegistrationNumber>"
NO_VAT = "<VATRegistrationNumber>ND</VATRegistrationNumber>"
CODE = "<RegistrationNumber></RegistrationNumber>"
COUNTRY = '<Country xsi:nil="true"/>'
NAMED = "<ReferenceNo>ZZ 9</ReferenceNo><ReferenceDate>2026-10-04</ReferenceDate>"
REFERENCE = f"<Reference>{NAMED}</Reference>"


def vat(section: str, code: str) -> Edit:
    return section, VAT, f"<VATRegistrationNumber>{code}</VATRegistrationNumber>"


def code(section: str, number: str) -> Edit:
    return section, CODE, f"<RegistrationNumber>{number}</RegistrationNumber>"


def country(section: str, country_: str) -> Edit:
    return section, COUNTRY, f"<Country>{country_}</Country>"


def tag(section: str, name: str, old: str, new: str) -> Edit:
    return section, f"<{name}>{old}</{name}>", f"<{name}>{new}</{name}>"


def nil(section: str, name: str, new: str) -> Edit:
    return section, f'<{name} xsi:nil="true"/>', f"<{name}>{new}</{name}>"


def twice(section: str, start: str, end: str) -> Callable[[str], str]:
    """Return an edit that repeats what stands between two marks."""

    def repeat(text: str) -> str:
        first = text.index(start, text.index(section))
        last = text.index(end, first) + len(end)
        return text[:last] + text[first:last] + text[last:]

    return repeat


@dataclass(frozen=True)
class Case:
    """A fault code and what brings it about in a file that is otherwise right."""

    code: str
    edits: Sequence[Edit | Callable[[str], str]] = ()
    period: Period = OCTOBER
    kind: PeriodKind | None = PeriodKind.MONTH
    before: Callable[[Taxpayer], object] = lambda taxpayer: None
    content: bytes | None = None


def _cash(taxpayer: Taxpayer) -> None:
    CashAccounting.objects.create(taxpayer=taxpayer, valid_from=LONG_AGO)


def _send(period: Period) -> Callable[[Taxpayer], object]:
    return lambda taxpayer: judged(
        make_acting(taxpayer=taxpayer), IsafFile(taxpayer.code, period, sales=[Sold("Z 1")])
    )


CASES = [
    Case("11001", content=b"%PDF-1.7 not a register"),
    Case("11004", [tag(S, "InvoiceType", "SF", "XX")]),
    Case("11005", [("<iSAFFile", "http://www.vmi.lt/cms/imas/isaf", "urn:other")]),
    Case("11006", [(S, "<InvoiceType>SF</InvoiceType>", "")]),
    Case("11007", content=b""),
    Case("11008", [tag(S, "Name", "UAB „Bandymas“", "\udcff")]),
    Case("11010", content=b"<?xml version='1.0'?><register/>"),
    Case("12003", period=Period.month(2030, 1)),
    Case("12005", [tag(H, "SelectionStartDate", "2026-10-01", "2026-12-01")]),
    Case("12007", [tag(H, "SelectionStartDate", "2026-10-01", "2026-09-01")]),
    Case("12008", [tag(H, "SelectionStartDate", "2026-10-01", "2026-05-01")], kind=None),
    Case("12009", period=Period.half_year(2026, 1)),
    Case("12010", kind=PeriodKind.HALF_YEAR),
    Case("12011", [tag(H, "SelectionEndDate", "2026-10-31", "2026-10-30")]),
    Case("12012", [tag(H, "SelectionEndDate", "2026-10-31", "2026-11-30")], kind=None),
    Case("12013", period=Period.half_year(2026, 1), kind=None, before=_send(Period.month(2026, 3))),
    Case("14003", [vat(P, FORMER_VAT)]),
    Case("14004", [vat(P, "LT11951151")]),
    Case("14005", [country(P, "DE")]),
    Case("14006", [code(P, "123456789")]),
    Case("14007", [vat(P, "ND"), code(P, ENDED), country(P, "LT")]),
    Case("14008", [vat(P, "ND"), code(P, SELLER)]),
    Case("14009", [country(P, "QQ")]),
    Case("14010", [tag(P, "Name", "UAB „Bandymas“", "")]),
    Case("14012", [tag(P, "InvoiceNo", "AA 1", "AA")]),
    Case("14013", [tag(P, "InvoiceDate", "2026-10-05", "2030-10-05")]),
    Case(
        "14014",
        [
            tag(P, "InvoiceDate", "2026-10-05", "2026-09-05"),
            (
                P,
                "<RegistrationAccountDate>2026-10-05</RegistrationAccountDate>",
                '<RegistrationAccountDate xsi:nil="true"/>',
            ),
        ],
    ),
    Case("14015", before=_cash),
    Case("14016", [(P, "<SpecialTaxation/>", "<SpecialTaxation>T</SpecialTaxation>")]),
    Case("14017", [tag(P, "References", "", REFERENCE)]),
    Case("14018", [nil(P, "VATPointDate", "2020-01-01")]),
    Case(
        "14019",
        [
            tag(P, "InvoiceDate", "2026-10-05", "2026-09-05"),
            tag(P, "RegistrationAccountDate", "2026-10-05", "2026-11-05"),
        ],
    ),
    Case("14020", [twice(P, "<DocumentTotal>", "</DocumentTotal>")]),
    Case("14022", [tag(P, "TaxCode", "PVM1", "PVM99")]),
    Case("14023", [tag(P, "TaxPercentage", "21", "20")]),
    Case("14024", [tag(P, "Amount", "21.00", "50.00")]),
    Case("14025", [vat(S, FORMER_VAT)]),
    Case("14026", [vat(S, "LT11951151")]),
    Case("14027", [country(S, "DE")]),
    Case("14029", [vat(S, "ND"), country(S, "LT")]),
    Case("14030", [code(S, "123456789")]),
    Case("14031", [vat(S, "ND"), code(S, ENDED), country(S, "LT")]),
    Case("14032", [country(S, "QQ")]),
    Case("14033", [vat(S, "ND"), code(S, SELLER)]),
    Case("14034", [tag(S, "Name", "UAB „Bandymas“", "")]),
    Case("14035", [tag(S, "InvoiceNo", "AA 1", "AA")]),
    Case("14036", [tag(S, "InvoiceDate", "2026-10-05", "2030-10-05")]),
    Case("14037", [tag(S, "InvoiceDate", "2026-10-05", "2026-09-05")]),
    Case("14038", [(S, "<SpecialTaxation/>", "<SpecialTaxation>T</SpecialTaxation>")]),
    Case("14039", before=_cash),
    Case("14040", [tag(S, "References", "", REFERENCE)]),
    Case("14041", [tag(S, "InvoiceType", "SF", "KS"), tag(S, "References", "", REFERENCE)]),
    Case("14043", [tag(P, "InvoiceType", "SF", "KS"), tag(P, "References", "", REFERENCE)]),
    Case("14044", [nil(S, "VATPointDate", "2020-01-01")]),
    Case("14045", [twice(S, "<DocumentTotal>", "</DocumentTotal>")]),
    Case("14047", [tag(S, "TaxableValue", "100.00", "0.00"), tag(S, "Amount", "21.00", "0.00")]),
    Case(
        "14048", [tag(S, "TaxableValue", "100.00", "-100.00"), tag(S, "Amount", "21.00", "-21.00")]
    ),
    Case("14049", [tag(S, "TaxCode", "PVM1", "PVM99")]),
    Case("14050", [tag(S, "TaxPercentage", "21", "20")]),
    Case("14051", [tag(S, "Amount", "21.00", "50.00")]),
    Case("14052", [nil(S, "VATPointDate2", "2020-01-01")]),
    Case("14055", [tag(M, "SettlementDate", "2026-10-20", "2026-12-20")]),
    Case("14056", [vat(M, ""), country(M, "LT")]),
    Case("14057", [vat(M, "LT11951151")]),
    Case("14058", [country(M, "DE")]),
    Case("14059", [vat(M, "ND"), country(M, "LT")]),
    Case("14060", [country(M, "QQ")]),
    Case("14061", [(M, VAT, f"{NO_VAT}<RegistrationNumber>{SELLER}</RegistrationNumber>")]),
    Case("14062", [tag(M, "Name", "UAB", "")]),
    Case("14067", [twice(S, "<Invoice>", "</Invoice>\n")]),
    Case("14068", [twice(P, "<Invoice>", "</Invoice>\n")]),
    Case("14069", [vat(P, UNHELD_VAT)]),
    Case("14070", [vat(P, "ND"), country(P, "LT")]),
    Case("14071", [twice(M, "<ReferenceToInvoice>", "</ReferenceToInvoice>")]),
    Case(
        "14300",
        [vat(P, "DE136695976"), (P, "<TaxCode>PVM1</TaxCode>", '<TaxCode xsi:nil="true"/>')],
    ),
    Case("14311", [tag(P, "TaxCode", "PVM1", "PVM16")]),
    Case(
        "14312",
        [vat(P, "ND"), code(P, "X1"), country(P, "US"), tag(P, "TaxCode", "PVM1", "PVM16")],
    ),
    Case("14313", [vat(P, "ND"), code(P, FARMER), country(P, "LT")]),
    Case("14314", [vat(P, SELLER_VAT), tag(P, "TaxCode", "PVM1", "PVM49")]),
    Case(
        "14315",
        [vat(S, OWN_VAT), tag(S, "InvoiceType", "SF", "DS"), tag(S, "References", "", REFERENCE)],
    ),
    Case("14400", [tag(S, "TaxCode", "PVM1", "PVM13")]),
    Case("14401", [vat(P, "1234567"), tag(P, "TaxCode", "PVM1", "PVM49")]),
    Case("14402", [vat(P, "1234567"), code(P, FARMER), tag(P, "TaxCode", "PVM1", "PVM49")]),
    Case("14403", [vat(P, SELLER_VAT), code(P, ENDED)]),
    Case("14404", [vat(S, FARMER)]),
    Case("14405", [vat(S, "XX12"), code(S, FARMER)]),
    Case("14406", [vat(S, SELLER_VAT), code(S, ENDED)]),
    Case("14407", [tag(P, "InvoiceDate", "2026-10-05", "2026-11-05")]),
]


@pytest.fixture
def others() -> None:
    """Whoever is named in the files."""
    seller = make_taxpayer(SELLER, vat_code=SELLER_VAT)
    CashAccounting.objects.create(taxpayer=seller, valid_from=LONG_AGO)
    ended = make_taxpayer(ENDED)
    Taxpayer.objects.filter(pk=ended.pk).update(ended_on=LAST_YEAR)
    VatRegistration.objects.create(
        taxpayer=ended, vat_code=FORMER_VAT, valid_from=LONG_AGO, valid_to=LAST_YEAR
    )
    farmer = make_taxpayer(FARMER, kind=TaxpayerKind.NATURAL)
    FarmerScheme.objects.create(taxpayer=farmer, valid_from=LONG_AGO)
    make_taxpayer(legal_code(34000004), vat_code="LT119511515")


def content_of(case: Case, code_: str) -> bytes:
    """Write the file of a case for the taxpayer of a code."""
    if case.content is not None:
        return case.content
    file = IsafFile(
        code_,
        case.period,
        sales=[Sold(issued=_day(case))],
        purchases=[Sold(issued=_day(case))],
        settlements=[Paid()],
    )
    text = file.render().decode()
    for edit in case.edits:
        text = edit(text) if callable(edit) else _edited(text, *edit)
    return text.encode(errors="surrogateescape")


def _day(case: Case) -> date:
    return case.period.start.replace(day=5)


def _edited(text: str, section: str, old: str, new: str) -> str:
    at = text.index(section)
    assert old in text[at:], old
    return text[:at] + text[at:].replace(old, new, 1)


def _found(document: Document) -> list[Any]:
    """Everything found in the file and in its registers."""
    on_registers = RegisterProblem.objects.filter(on__number__in=document.registers)
    return [*document.problems.all(), *on_registers]


def _judged(case: Case) -> list[Any]:
    taxpayer = make_taxpayer(vat_code=OWN_VAT, period_kind=case.kind)
    case.before(taxpayer)
    return _found(judged(make_acting(taxpayer=taxpayer), content_of(case, taxpayer.code)))


@pytest.mark.parametrize("case", CASES, ids=[case.code for case in CASES])
@pytest.mark.usefixtures("others")
def test_a_code_is_found_placed_and_told(case: Case, settings: Settings) -> None:
    settings.REGISTERS_ARE_WHOLE = True
    found = [row for row in _judged(case) if row.code == case.code]
    assert found
    for language in ("lt", "en"):
        assert render(found[0].problem, language)
    if case.code > "14":
        assert found[0].path
        assert found[0].line


@pytest.mark.usefixtures("others")
def test_a_right_file_has_none_of_them(settings: Settings) -> None:
    settings.REGISTERS_ARE_WHOLE = True
    assert [row.code for row in _judged(Case(""))] == []


def test_an_identical_file_is_found() -> None:
    taxpayer = make_taxpayer()
    acting, file = make_acting(taxpayer=taxpayer), IsafFile(taxpayer.code, sales=[Sold()])
    judged(acting, file)
    assert [row.code for row in _found(judged(acting, file))] == ["11003"]


@pytest.mark.parametrize(("known", "expected"), [(False, "12001"), (True, "12002")])
def test_a_file_of_somebody_else_is_found(known: bool, expected: str) -> None:
    other = make_taxpayer().code if known else legal_code(39_999_998)
    assert [row.code for row in _found(judged(make_acting(), IsafFile(other, sales=[Sold()])))] == [
        expected
    ]


def test_the_table_is_complete() -> None:
    with (ROOT / "schemas/isaf/fault_codes.csv").open(encoding="utf-8") as file:
        official = {row["code"] for row in csv.DictReader(file) if row["code"].isdigit()}
    here = {case.code for case in CASES} | {"11003", "12001", "12002"}
    assert official == here | set(ELSEWHERE)
    for code_, place in ELSEWHERE.items():
        assert code_ in (ROOT / place).read_text(encoding="utf-8"), place

"""A file from its first byte to its verdict: stages, sums, rows, processes."""

import multiprocessing
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import partial
from pathlib import Path

import psutil
import pytest

from imas.kernel.periods import Period, PeriodKind
from imas.kernel.problems import Severity
from intake.types import Findings
from isaf import judging
from isaf.judging import Summary, judge
from isaf.judging.sink import (
    INVOICE_COLUMNS,
    SETTLEMENT_COLUMNS,
    TAX_ROW_COLUMNS,
    ChunkRows,
    StorePlan,
)
from isaf.making import Recipe, made
from isaf.types import (
    DateRange,
    Header,
    PeriodKindRange,
    RegisterType,
    TaxpayerFacts,
    match_key,
)
from tests.isaf.test_parsing_laws import WHOLE

TODAY = date(2026, 11, 10)
SAMPLES = Path(__file__).parent / "samples"
OWN_VAT = "LT100001919017"


@dataclass
class FolderSink:
    """Stores rows as files, so that several processes can be watched."""

    folder: Path

    def vat_codes_of(self, codes: Collection[str], /) -> Mapping[str, str]:
        return dict.fromkeys(codes, "LT119511515")

    def write(self, chunks: Sequence[ChunkRows], /) -> None:
        for name in ("invoices", "tax_rows", "settlements", "settled_invoices"):
            if lines := b"".join(getattr(rows, name) for rows in chunks):
                target = self.folder / f"{name}-{multiprocessing.current_process().pid}"
                with target.open("ab") as file:
                    file.write(lines)

    def close(self) -> None:
        (self.folder / f"closed-{multiprocessing.current_process().pid}").touch()


class FailingSink(FolderSink):
    """Loses its database."""

    def write(self, chunks: Sequence[ChunkRows], /) -> None:
        raise ConnectionError("gone")


def plan(sink: type[FolderSink], folder: Path, *_: object) -> StorePlan:
    parts = {RegisterType.SALES: 1, RegisterType.PURCHASE: 2, RegisterType.SETTLEMENT: 3}
    return StorePlan(date(2026, 10, 1), OWN_VAT, parts, partial(sink, folder))


def stored(folder: Path, name: str) -> list[list[str]]:
    lines = [line for path in folder.glob(f"{name}-*") for line in path.read_text().splitlines()]
    return sorted((line.split("\t") for line in lines), key=lambda row: (row[1], int(row[2])))


def judged(data: bytes, folder: Path, **terms: object) -> tuple[Summary, Findings]:
    path = folder / "file.xml"
    path.write_bytes(data)
    findings = Findings()
    summary = judge(path, findings=findings, today=TODAY, **terms)  # type: ignore[arg-type]
    return summary, findings


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    rows = tmp_path / "rows"
    rows.mkdir()
    return rows


def test_made_up_invoices_are_without_a_fault(tmp_path: Path) -> None:
    summary, findings = judged(b"".join(made(Recipe(400, 7))), tmp_path)
    assert summary.accepted
    assert findings.kept == []
    sales = summary.registers[RegisterType.SALES]
    assert (sales.records, sales.errors, sales.warnings) == (320, 0, 0)


def test_rows_come_as_copy_takes_them(tmp_path: Path, folder: Path) -> None:
    summary, _ = judged(WHOLE, tmp_path, store=partial(plan, FolderSink, folder))
    assert summary.accepted
    invoices = [dict(zip(INVOICE_COLUMNS, row, strict=True)) for row in stored(folder, "invoices")]
    sale = next(row for row in invoices if row["side"] == "S" and row["position"] == "1")
    assert sale == {
        "period_start": "2026-10-01",
        "part_id": "1",
        "position": "1",
        "side": "S",
        "line": sale["line"],
        "number": "A 1",
        "number_norm": "A1",
        "match_key": f"{match_key(OWN_VAT, 'LT119511515', 'A1')}",
        "counterparty_vat": "LT119511515",
        "counterparty_code": "",
        "country": "",
        "counterparty_name": 'UAB "A & B"',
        "issued": "2026-10-02",
        "type": "KS",
        "special": "t",
        "vat_point": r"\N",
        "registered": r"\N",
        "codes": "PVM1",
        "taxable": "-21.00",
        "vat": "0.00",
        "total": "-21.00",
        "refs": '[["A0", "2026-09-01"]]',
    }
    purchase = next(row for row in invoices if row["side"] == "P")
    assert purchase["match_key"] == f"{match_key('LT119511515', OWN_VAT, 'A0')}"
    rows = [dict(zip(TAX_ROW_COLUMNS, row, strict=True)) for row in stored(folder, "tax_rows")]
    assert (rows[0]["rate"], rows[0]["amount"], rows[0]["code"]) == ("21", r"\N", "PVM1")
    settlements = stored(folder, "settlements")
    paid = [dict(zip(SETTLEMENT_COLUMNS, row, strict=True)) for row in settlements]
    assert [(row["counterparty_vat"], row["taxable"], row["vat"]) for row in paid] == [
        ("", "2.00", "0.42")
    ] * 2
    assert len(stored(folder, "settled_invoices")) == 4


def test_tabs_and_line_ends_in_a_name_stay_in_their_column(tmp_path: Path, folder: Path) -> None:
    data = WHOLE.replace(b'UAB "A &amp; B"', b"A\tB\nC\\D&#13;E")
    judged(data, tmp_path, store=partial(plan, FolderSink, folder))
    names = {row[INVOICE_COLUMNS.index("counterparty_name")] for row in stored(folder, "invoices")}
    assert names == {r"A\tB\nC\\D\rE"}


def test_a_party_only_pointed_to_is_taken_from_the_master_file(
    tmp_path: Path, folder: Path
) -> None:
    data = WHOLE.replace(
        b"<VATRegistrationNumber>LT119511515</VATRegistrationNumber>\n          <R",
        b"<VATRegistrationNumber/>\n          <R",
    )
    data = data.replace(b'<Name>UAB "A &amp; B"</Name>', b"<Name/>").replace(b"ID>7<", b"ID>1<")
    judged(data, tmp_path, store=partial(plan, FolderSink, folder))
    for row in stored(folder, "invoices"):
        assert row[8:12] == ["LT119511515", "119511515", "LT", "UAB „Ž“ & <B>"]


def test_an_identifier_of_two_parties_means_neither(tmp_path: Path, folder: Path) -> None:
    data = WHOLE.replace(b"<CustomerID>1<", b"<CustomerID>0<").replace(
        b"119511515</Reg", b"1</Reg", 1
    )
    data = data.replace(
        b"<VATRegistrationNumber>LT119511515</VATRegistrationNumber>\n          <R",
        b"<VATRegistrationNumber/>\n          <R",
    )
    data = data.replace(b'<Name>UAB "A &amp; B"</Name>', b"<Name/>").replace(b"ID>7<", b"ID>0<")
    judged(data, tmp_path, store=partial(plan, FolderSink, folder))
    names = {row[3]: row[11] for row in stored(folder, "invoices")}
    assert names == {"S": "", "P": "UAB „Ž“ & <B>"}


def test_an_invoice_without_vat_code_gets_its_key_by_the_registration_code(
    tmp_path: Path, folder: Path
) -> None:
    data = WHOLE.replace(
        b"LT119511515</VATRegistrationNumber>\n          <RegistrationNumber/>",
        b"ND</VATRegistrationNumber>\n          <RegistrationNumber>119511515</RegistrationNumber>",
    )
    judged(data, tmp_path, store=partial(plan, FolderSink, folder))
    row = dict(zip(INVOICE_COLUMNS, stored(folder, "invoices")[0], strict=True))
    assert row["counterparty_vat"] == ""
    assert row["match_key"] == f"{match_key(OWN_VAT, 'LT119511515', 'A0')}"


def test_a_schema_fault_silences_the_rules(tmp_path: Path) -> None:
    data = WHOLE.replace(b"<InvoiceType>KS", b"<InvoiceType>XX", 1).replace(b"A 2<", b"no digit<")
    summary, findings = judged(data, tmp_path)
    assert not summary.accepted
    assert [problem.reason for problem in findings.kept] == ["not-in-list"]


@pytest.mark.parametrize("faulty", [b"<InvoiceType>", b"<InvoiceDate>", b"<TaxableValue>"])
def test_traps_of_the_header_are_told_beside_faults_of_the_schema(
    faulty: bytes, tmp_path: Path
) -> None:
    sound = (SAMPLES / "type_p_with_valid_sales.xml").read_bytes()
    _, trap = judged(sound, tmp_path)
    summary, both = judged(sound.replace(faulty, faulty + b"x", 1), tmp_path)
    assert not summary.accepted
    assert "isaf.data-type-mismatch" in {problem.code for problem in trap.kept}
    header = [problem for problem in trap.kept if problem.place.path.startswith("Header")]
    assert both.kept[: len(header)] == header
    assert len(both.kept) > len(header)


def test_a_faulty_header_and_a_broken_end_are_told_without_guessing(tmp_path: Path) -> None:
    sound = (SAMPLES / "type_p_with_valid_sales.xml").read_bytes()
    _, faulty = judged(sound.replace(b"iSAF1.2", b"iSAF9"), tmp_path)
    _, broken = judged(sound[:-20], tmp_path)
    for findings in (faulty, broken):
        assert "isaf.data-type-mismatch" not in {problem.code for problem in findings.kept}


def test_faults_are_told_in_the_order_of_the_file(tmp_path: Path) -> None:
    data = WHOLE.replace(b"-10.50", b"x").replace(b"iSAF1.2", b"iSAF1.1")
    data = data.replace(b"</iSAFFile>", b"<Extra/></iSAFFile>")
    _, findings = judged(data, tmp_path)
    lines = [problem.place.line or 0 for problem in findings.kept]
    assert lines == sorted(lines)
    assert findings.kept[0].reason == "bad-version"
    assert findings.kept[-1].params["element"] == "Extra"


def facts(header: Header) -> TaxpayerFacts:
    kinds = (PeriodKindRange(PeriodKind.MONTH, DateRange()),)
    return TaxpayerFacts(
        found=True,
        may_upload=True,
        code=header.registration_number,
        vat_code=OWN_VAT,
        period_kinds=kinds,
    )


def test_nothing_is_stored_for_a_header_with_an_error(tmp_path: Path, folder: Path) -> None:
    data = WHOLE.replace(b"2026-10-31</Sel", b"2026-10-30</Sel")
    summary, findings = judged(
        data, tmp_path, facts_of=facts, store=partial(plan, FolderSink, folder)
    )
    assert summary.schema_ok
    assert not summary.header_ok
    assert list(folder.iterdir()) == []
    assert {problem.code for problem in findings.kept} == {"12011"}


def test_progress_is_told_to_the_end(tmp_path: Path) -> None:
    told: list[tuple[int, int]] = []
    judged(WHOLE, tmp_path, progress=lambda done, records: told.append((done, records)))
    assert told[-1] == (len(WHOLE), 12)


def large(invoices: int = 6000) -> bytes:
    data = b"".join(made(Recipe(invoices, 3)))
    assert len(data) > judging.SMALL
    return data


@pytest.mark.parametrize("invoices", [6000, 7200])
@pytest.mark.parametrize("encoding", ["UTF-8", "UTF-16"])
def test_several_processes_reach_the_verdict_of_one(
    encoding: str, invoices: int, tmp_path: Path, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    data = large(invoices).replace(b"<InvoiceNo>ABC", b"<InvoiceNo>&#65;BC", 50)
    data = data.replace(b"UTF-8", encoding.encode(), 1).decode().encode(encoding)
    together = judged(data, tmp_path, store=partial(plan, FolderSink, folder))
    rows = stored(folder, "invoices"), stored(folder, "tax_rows")
    closed = list(folder.glob("closed-*"))
    for path in folder.iterdir():
        path.unlink()
    monkeypatch.setattr(judging, "SMALL", len(data) + 1)
    alone = judged(data, tmp_path, store=partial(plan, FolderSink, folder))
    assert together[0] == alone[0]
    assert together[1].kept == alone[1].kept
    assert rows == (stored(folder, "invoices"), stored(folder, "tax_rows"))
    sold = invoices * 4 // 5
    assert [int(row[2]) for row in rows[0]] == [*range(sold), *range(invoices - sold)]
    assert len(closed) >= 1


def test_workers_come_from_the_process_that_was_prepared(tmp_path: Path) -> None:
    judging.prepare()
    before = {child.pid for child in psutil.Process().children()}
    judged(large(), tmp_path)
    assert {child.pid for child in psutil.Process().children()} == before


def test_a_fault_deep_in_a_large_file_keeps_its_line(tmp_path: Path) -> None:
    data = large()
    at = data.rindex(b"<TaxableValue>") + len(b"<TaxableValue>")
    data = data[:at] + b"1,00" + data[data.index(b"<", at) :]
    summary, findings = judged(data, tmp_path)
    assert not summary.schema_ok
    (problem,) = findings.kept
    assert problem.place.line == data.count(b"\n", 0, at) + 1
    assert problem.place.path.startswith("SourceDocuments/SalesInvoices/Invoice[4800]/")


def test_problems_beyond_the_limit_are_counted_exactly(tmp_path: Path) -> None:
    data = large().replace(b"<TaxableValue>", b"<TaxableValue>,")
    _, findings = judged(data, tmp_path)
    assert len(findings.kept) == 2000
    assert findings.totals["11004", Severity.ERROR] == data.count(b"<TaxableValue>")


def test_what_a_sink_raises_comes_out(tmp_path: Path, folder: Path) -> None:
    with pytest.raises(ConnectionError):
        judged(large(), tmp_path, store=partial(plan, FailingSink, folder))


def test_sums_are_of_the_rows(tmp_path: Path) -> None:
    summary, _ = judged(WHOLE, tmp_path)
    assert summary.registers[RegisterType.SALES].taxable == Decimal("-63.00")
    assert summary.registers[RegisterType.SETTLEMENT].vat == Decimal("0.84")
    assert summary.header is not None
    assert summary.header.period == Period.month(2026, 10)

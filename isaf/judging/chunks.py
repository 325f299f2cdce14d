"""Chunks judged: their records read, judged by the rules and written for the database."""

from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from decimal import Decimal

from imas.kernel.money import ZERO
from imas.kernel.problems import Problem
from isaf import rules
from isaf.judging.rows import RowWriter, codes_to_look_up
from isaf.judging.shortway import ShortRows, short_ways
from isaf.judging.sink import ChunkRows, Sink, StorePlan
from isaf.judging.verdicts import ChunkVerdict
from isaf.parsing.extracting import Record
from isaf.parsing.lists import Chunk
from isaf.parsing.records import read
from isaf.types import FileContext, Invoice, MasterParty, Party, RegisterType, Settlement

REGISTERS = {
    "PurchaseInvoices": RegisterType.PURCHASE,
    "SalesInvoices": RegisterType.SALES,
    "SettlementsAndPayments": RegisterType.SETTLEMENT,
}


@dataclass(frozen=True, slots=True)
class Setup:
    """What every chunk of a file is judged with; without a context only the schema is asked."""

    context: FileContext | None
    plan: StorePlan | None


class ChunkJudge:
    """Judges chunks in one process; keeps the sink open between them."""

    def __init__(self, setup: Setup) -> None:
        self._context = setup.context
        self._plan = setup.plan
        self._sink: Sink | None = (setup.plan.here or setup.plan.sink()) if setup.plan else None
        self._short_ways = short_ways(setup.context, setup.plan) if setup.context else {}

    def judge(self, chunks: Iterable[Chunk]) -> list[ChunkVerdict]:
        """Judge chunks one after the other; what is stored of them is there when this returns.

        Rows are stored of a chunk that the schema accepts whole, those of all of them at one go.
        """
        rows: list[ChunkRows] = []
        verdicts = [self._judged(chunk, rows) for chunk in chunks]
        if rows and self._sink is not None:
            self._sink.write(rows)
        return verdicts

    def close(self) -> None:
        """Let the sink go."""
        if self._sink is not None:
            self._sink.close()

    def _judged(self, chunk: Chunk, rows: list[ChunkRows]) -> ChunkVerdict:
        verdict = ChunkVerdict(register=REGISTERS.get(chunk.envelope.name))
        short_way = self._short_ways.get(verdict.register) if verdict.register else None
        reading = read(chunk, short_way)
        taken = short_way.rows if short_way else ShortRows()
        verdict.summary.records = taken.records + len(reading.records)
        for problem in reading.problems:
            verdict.schema.add(problem)
        if reading.problems or self._context is None:
            return verdict
        self._judge_by_rules(reading.records, self._context, verdict)
        rows += self._counted(reading.records, taken, verdict)
        return verdict

    def _judge_by_rules(
        self, records: list[Record], context: FileContext, verdict: ChunkVerdict
    ) -> None:
        for record in records:
            for problem in _rule_problems(record, context):
                verdict.rules.add(problem)
                verdict.summary.count(problem.severity)

    def _counted(
        self, records: list[Record], taken: ShortRows, verdict: ChunkVerdict
    ) -> Iterator[ChunkRows]:
        """Count what the records say; yield their rows if they are to be stored."""
        if verdict.register is None:
            verdict.masters = [record for record in records if isinstance(record, MasterParty)]
            return
        parties = [self._party_of(record) for record in records]
        writer = self._writer(parties)
        taxable, vat = Decimal(taken.taxable).scaleb(-2), Decimal(taken.vat).scaleb(-2)
        for record, party in zip(records, parties, strict=True):
            base, tax = _sums(record)
            taxable += base
            vat += tax
            if writer is None:
                continue
            if isinstance(record, Invoice):
                writer.add_invoice(record, party, base, tax)
            elif isinstance(record, Settlement):
                writer.add_settlement(record, party, base, tax)
        verdict.summary.taxable, verdict.summary.vat = taxable, vat
        if writer is not None:
            yield taken.before(writer.rows())

    def _writer(self, parties: list[Party]) -> RowWriter | None:
        if self._plan is None or self._sink is None:
            return None
        codes = codes_to_look_up(parties)
        found = self._sink.vat_codes_of(codes) if codes else {}
        return RowWriter(self._plan, found)

    def _party_of(self, record: Record) -> Party:
        """Return the record's party, from the master file when the record only points there."""
        party = record.party
        if party.vat_code or party.name or not party.party_id or self._context is None:
            return party
        for known in _lists_for(record, self._context):
            with suppress(KeyError):
                return known[party.party_id]
        return party


def _lists_for(record: Record, context: FileContext) -> tuple[Mapping[str, Party], ...]:
    """Return where the record's party may be: a settlement's in either list."""
    if not isinstance(record, Invoice):
        return context.customers, context.suppliers
    return (context.customers if record.register is RegisterType.SALES else context.suppliers,)


def _rule_problems(record: Record, context: FileContext) -> Iterator[Problem]:
    if isinstance(record, Invoice):
        return rules.invoice_problems(record, context)
    if isinstance(record, Settlement):
        return rules.settlement_problems(record, context)
    return rules.master_problems(record, context)


def _sums(record: Record) -> tuple[Decimal, Decimal]:
    if isinstance(record, Invoice):
        rows = record.rows
        if len(rows) == 1:
            row = rows[0]
            return row.taxable, ZERO if row.amount is None else row.amount
        return record.taxable_total, record.vat_total
    if isinstance(record, Settlement):
        amounts = (invoice.amount for invoice in record.invoices)
        return sum(amounts, ZERO), sum((invoice.vat for invoice in record.invoices), ZERO)
    return ZERO, ZERO

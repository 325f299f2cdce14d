"""What feeds a preliminary return, row by row: paged, with the invoices behind."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.db.models import Q, QuerySet

from imas.web.paging import Keyset, Page
from isaf.crosscheck_terms import kind_on
from isaf.matching import PairState, SeenState
from isaf.models import (
    Contribution,
    DealPair,
    Invoice,
    Register,
    ReturnDecision,
    ReturnLine,
    ReturnVersion,
    SettledInvoice,
)
from isaf.returns.standing import Counted
from representation.types import Acting

PAGE_SIZE = 50
_KEYSET = Keyset("part_id", "position", "row_no", "of_row", size=PAGE_SIZE)
_BATCH = 2_000

Place = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Told:
    """What else is known of an invoice in a return: its pair's state, and what was decided."""

    state: SeenState | None = None
    decision: ReturnDecision | None = None


@dataclass(frozen=True, slots=True)
class Fed:
    """One contribution with what stands behind it: an invoice, a settlement of one, or a line."""

    row: Contribution
    invoice: Invoice | None = None
    register: str = ""
    settled: SettledInvoice | None = None
    line: ReturnLine | None = None

    @property
    def place(self) -> str:
        """Where it stands, as a form sends it back."""
        return f"{self.row.period_start}/{self.row.part_id}/{self.row.position}"

    @property
    def deducted(self) -> Decimal:
        """The VAT deducted before the yearly percentage."""
        return self.row.direct + self.row.shared


def contributions_of(
    version: ReturnVersion, standing: Counted, rules: Sequence[str]
) -> "QuerySet[Contribution]":
    """Return the contributions of a version under rules, in one standing."""
    return Contribution.objects.filter(
        month=version.of.start, version_id=version.pk, standing=standing, rule__in=rules
    )


def fed_page(version: ReturnVersion, standing: Counted, rule: str, cursor: str) -> Page[Fed]:
    """Return a page of what one rule counted or set apart, in the order of the registers."""
    page = _KEYSET.page(contributions_of(version, standing, [rule]), cursor)
    return Page(_with_evidence(version, page.rows), page.next, page.previous)


def every_fed(version: ReturnVersion) -> Iterator[Fed]:
    """Yield every contribution of a version with its evidence, in constant memory."""
    rows = Contribution.objects.filter(month=version.of.start, version_id=version.pk)
    ordered = rows.order_by("standing", "rule", "part_id", "position", "row_no", "of_row")
    batch: list[Contribution] = []
    for row in ordered.iterator(chunk_size=_BATCH):
        batch.append(row)
        if len(batch) == _BATCH:
            yield from _with_evidence(version, batch)
            batch = []
    yield from _with_evidence(version, batch)


def _with_evidence(version: ReturnVersion, rows: Sequence[Contribution]) -> list[Fed]:
    invoices = _invoices(row for row in rows if row.kind == "I")
    settled = _settled([row for row in rows if row.kind == "S"])
    lines = ReturnLine.objects.in_bulk([row.position for row in rows if row.kind == "L"])
    registers = _registers(version, {row.part_id for row in rows})
    return [
        Fed(
            row,
            invoices.get((row.part_id, row.position)) if row.kind == "I" else None,
            registers.get(row.part_id, ""),
            settled.get((row.part_id, row.position, row.row_no)) if row.kind == "S" else None,
            lines.get(row.position) if row.kind == "L" else None,
        )
        for row in rows
    ]


def _invoices(rows: Iterator[Contribution]) -> Mapping[Place, Invoice]:
    wanted: dict[tuple[object, int], set[int]] = {}
    for row in rows:
        wanted.setdefault((row.period_start, row.part_id), set()).add(row.position)
    which = Q()
    for (start, part_id), positions in wanted.items():
        which |= Q(period_start=start, part_id=part_id, position__in=positions)
    found = Invoice.objects.filter(which) if wanted else ()
    return {(invoice.part_id, invoice.position): invoice for invoice in found}


def _settled(rows: Sequence[Contribution]) -> Mapping[tuple[int, int, int], SettledInvoice]:
    which = Q()
    for row in rows:
        which |= Q(period_start=row.period_start, part_id=row.part_id, position=row.position)
    found = SettledInvoice.objects.filter(which) if rows else ()
    return {(one.part_id, one.position, one.row_no): one for one in found}


def _registers(version: ReturnVersion, part_ids: set[int]) -> Mapping[int, str]:
    """Return the number of the register that shows each part."""
    shown = Register.objects.filter(
        taxpayer_id=version.of.taxpayer_id, current=True, parts__in=part_ids
    )
    return {part: number for part, number in shown.values_list("parts", "number") if part}


def told_of(acting: Acting, rows: Sequence[Fed]) -> Mapping[Place, Told]:
    """Return what is known of the invoices of a page, by part and position; mismatches alone.

    Three queries whatever the page. Without the right to the cross-check no state is told.
    """
    invoices = [fed.invoice for fed in rows if fed.invoice]
    states = mismatches_of(invoices) if acting.may("isaf.crosscheck") else {}
    decided = {
        (one.side, one.number_norm, one.counterparty): one
        for one in ReturnDecision.objects.filter(
            taxpayer_id=acting.taxpayer_id,
            number_norm__in={invoice.number_norm for invoice in invoices},
        )
    }
    return {
        (one.part_id, one.position): Told(
            states.get((one.part_id, one.position)),
            decided.get((one.side, one.number_norm, counterparty_of(one))),
        )
        for one in invoices
    }


def counterparty_of(invoice: Invoice) -> str:
    """Return by what a decision knows the other side of an invoice."""
    return invoice.counterparty_vat or invoice.counterparty_code or invoice.counterparty_name


def mismatches_of(invoices: Sequence[Invoice]) -> Mapping[Place, SeenState]:
    """Return the state of those of some invoices that were mismatches in their month."""
    keys = [invoice.match_key for invoice in invoices if invoice.match_key is not None]
    pairs = DealPair.objects.filter(Q(match_key__in=keys) | Q(near_key__in=keys))
    found: dict[Place, SeenState] = {}
    for pair in pairs:
        missing = pair.state == PairState.MISSING
        state = SeenState.MISSING_AT_COUNTERPARTY if missing else SeenState(pair.state)
        for month, part, position in (
            (pair.period_start, pair.sale_part, pair.sale_position),
            (pair.buyer_month, pair.purchase_part, pair.purchase_position),
        ):
            if part is not None and position is not None and kind_on(state, month).counted:
                found[part, position] = state
    return found

"""What the pipeline hands to whoever stores rows, and what it asks of them."""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Protocol

from isaf.types import RegisterType

INVOICE_COLUMNS = (
    "period_start", "part_id", "position", "side", "line", "number", "number_norm", "match_key",
    "counterparty_vat", "counterparty_code", "country", "counterparty_name", "issued", "type",
    "special", "vat_point", "registered", "codes", "taxable", "vat", "total", "refs",
)  # fmt: skip
TAX_ROW_COLUMNS = (
    "period_start", "part_id", "position", "row_no", "taxable", "code", "rate", "amount",
    "vat_point",
)  # fmt: skip
SETTLEMENT_COLUMNS = (
    "period_start", "part_id", "position", "line", "kind", "reference", "paid_on",
    "counterparty_vat", "counterparty_code", "country", "counterparty_name", "taxable", "vat",
)  # fmt: skip
SETTLED_INVOICE_COLUMNS = (
    "period_start", "part_id", "position", "row_no", "number", "number_norm", "issued", "amount",
    "vat",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class ChunkRows:
    """The rows of one chunk as text for COPY: UTF-8, tabs between columns, a line per row."""

    invoices: bytes
    tax_rows: bytes
    settlements: bytes
    settled_invoices: bytes


class Sink(Protocol):
    """Stores rows; one lives in each worker process."""

    def vat_codes_of(self, codes: Collection[str], /) -> Mapping[str, str]:
        """Return the VAT codes that belong to Lithuanian registration codes."""

    def write(self, chunks: Sequence[ChunkRows], /) -> None:
        """Store some chunks and commit; they come in any order and from several processes."""

    def close(self) -> None:
        """Let everything go."""


@dataclass(frozen=True, slots=True)
class StorePlan:
    """Where rows go: `sink` is called once in each worker process, so it must be picklable.

    `own_vat` is the taxpayer's VAT code on the last day of the period, empty when there is none.
    `here` serves where the file is judged in the process that asked, which has a sink already; it
    is never sent to another.
    """

    period_start: date
    own_vat: str
    parts: Mapping[RegisterType, int]
    sink: Callable[[], Sink]
    here: Sink | None = None

"""Invoices as most of them are: from their bytes to their rows with neither objects nor rules.

Most rules look only at the kind of an invoice, its dates, marks, tax codes, rates and signs, and at
its party, and a file has some hundred kinds. The first invoice of a kind is read and judged in
full. If nothing is found, the next ones of that kind are asked only what is their own: whether the
number is a plain one and whether the VAT follows from the base. Whoever differs in anything else,
or is found wrong in that, is left to the full way. Payers of VAT in Lithuania written as most are
count as one party here, for no rule tells them apart; a test holds all this to the full way.

What is done with every invoice is compiled (`isaf/quick/_take.pyx`); here is what is done with the
first of each kind and of each party.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from decimal import Decimal
from functools import partial
from itertools import count

from imas.kernel.copying import NULL
from imas.kernel.money import ZERO
from isaf import rules
from isaf.judging.rows import (
    codes_column,
    is_lt_vat,
    needs_look_up,
    party_columns,
    references_column,
    vat_of,
)
from isaf.judging.sink import ChunkRows, StorePlan
from isaf.parsing.recognising import InvoiceForm, party_of
from isaf.quick import Kind, Met, Row, Taker, Walk
from isaf.types import FileContext, Invoice, RegisterType, TaxRow

_PARTIES = 32_000
"""Parties remembered by each process, some 200 bytes each; with more, it starts anew."""
_KINDS = 4_000
_COLUMNS_OF_A_PARTY = 4
_ORDINARY = Met(None, ordinary=True)
_FOREIGN = Met(None, ordinary=False)
"""Parties stored as they are written: there are many, and they need no objects of their own."""


@dataclass(frozen=True, slots=True)
class ShortRows:
    """What went the short way: rows for COPY, the sums in cents, the number of invoices."""

    invoices: bytes = b""
    tax_rows: bytes = b""
    taxable: int = 0
    vat: int = 0
    records: int = 0

    def before(self, others: ChunkRows) -> ChunkRows:
        """Return these rows and the others."""
        return replace(
            others,
            invoices=self.invoices + others.invoices,
            tax_rows=self.tax_rows + others.tax_rows,
        )


class ShortWay:
    """Knows the kinds of one register; serves one chunk after the other.

    `parties` are those met already, by the columns written in the file; None is one that is left to
    the full way.
    """

    def __init__(
        self,
        register: RegisterType,
        context: FileContext,
        plan: StorePlan | None,
        parties: dict[bytes, Met | None],
    ) -> None:
        self._context = context
        self._codes = rules.TAX_CODES[register]
        self._parties = parties
        self._kinds: dict[bytes, Kind | None] = {}
        lead = f"{plan.period_start}\t{plan.parts[register]}\t" if plan else ""
        own_vat = plan.own_vat if plan and is_lt_vat(plan.own_vat) else ""
        self._taker = Taker(
            self,
            parties,
            self._kinds,
            lead=lead.encode(),
            own_vat=own_vat.encode(),
            sold=register is RegisterType.SALES,
        )
        self.leaves = self._taker.leaves
        """Takes invoices in which no rule finds anything, to one that is left to the full way."""
        self.is_plain = rules.is_plain_number

    @property
    def rows(self) -> ShortRows:
        """Return what was taken of the chunk."""
        return ShortRows(*self._taker.taken())

    def begin(self, form: InvoiceForm) -> None:
        """Begin a chunk whose invoices are written in this form."""
        self._form = form
        self._taker.begin()

    def meet(self, columns: bytes) -> Met | None:
        """Remember a party, known by its columns in the file."""
        if len(self._parties) >= _PARTIES:
            self._parties.clear()
        self._parties[columns] = met = self._met(columns)
        return met

    def _met(self, written: bytes) -> Met | None:
        columns = written.decode().split("\t")
        if len(columns) != _COLUMNS_OF_A_PARTY:
            return None  # they are not told apart
        party = party_of(("", *columns))
        if not party.name or rules.is_the_taxpayer(party, self._context):
            return None  # without a name it points to the master file
        vat, code, country = party.vat_code, party.registration_code, party.country
        ordinary = rules.is_plain_payer(vat, code, country)
        if not ordinary:
            vat = vat_of(party)
            if is_lt_vat(vat) or needs_look_up(party):
                return None
        stored = party_columns(party, vat).encode()
        if stored == written:
            return _ORDINARY if ordinary else _FOREIGN
        return Met(stored, ordinary)

    def references(self, walk: Walk) -> bytes:
        """Return the column of the invoices named; UnknownFormError when a date is none."""
        return references_column(self._form.references_of(walk)).encode()

    def learn(self, shape: bytes, walk: Walk) -> Kind | None:
        """Judge the first invoice of a kind in full; None when a rule finds something in it.

        UnknownFormError when only the schema can judge how it is written.
        """
        invoice = self._form(walk)
        nil_is_fine = self._codes.amount_may_be_nil
        meanings = None
        if nil_is_fine or all(row.amount is not None for row in invoice.rows):
            meanings = rules.meanings_of_a_clean_kind(invoice, self._context)
        if len(self._kinds) >= _KINDS:
            self._kinds.clear()
        kind = self._kinds[shape] = None if meanings is None else self._known(invoice, meanings)
        return kind

    def _known(self, invoice: Invoice, meanings: rules.Meanings) -> Kind:
        days = [invoice.issued, invoice.vat_point, invoice.registered]
        issued, supplied, registered = [NULL if day is None else f"{day}" for day in days]
        mark = "t" if invoice.special else "f"
        codes = codes_column(invoice.rows)
        marks = f"\t{issued}\t{invoice.type or 'SF'}\t{mark}\t{supplied}\t{registered}\t{codes}\t"
        return Kind(marks.encode(), tuple(map(self._known_row, count(), invoice.rows, meanings)))

    def _known_row(self, index: int, row: TaxRow, meaning: rules.Meaning) -> Row:
        asked = meaning.rate if row.rate is None else row.rate
        if row.amount is None or asked is None:
            asked = ZERO
        rate = NULL if row.rate is None else f"{row.rate}"
        day = NULL if row.vat_point is None else f"{row.vat_point}"
        before, between, after = f"\t{index}\t", f"\t{row.code}\t{rate}\t", f"\t{day}\n"
        return Row(
            int(asked * 100),
            int(meaning.tolerance * 10_000),
            (before.encode(), between.encode(), after.encode()),
            partial(self._allows, row, meaning),
        )

    def _allows(self, row: TaxRow, meaning: rules.Meaning, taxable: int, vat: int) -> bool:
        """Ask the rule itself about amounts that do not follow from the rate."""
        amount = None if row.amount is None else Decimal(vat).scaleb(-2)
        asked = TaxRow(Decimal(taxable).scaleb(-2), row.code, row.rate, amount)
        return not rules.amount_follows_from_the_rate(asked, meaning, self._codes)


def short_ways(context: FileContext, plan: StorePlan | None) -> Mapping[RegisterType, ShortWay]:
    """Return a short way for each register of invoices; they remember the same parties."""
    parties: dict[bytes, Met | None] = {}
    return {
        register: ShortWay(register, context, plan, parties)
        for register in (RegisterType.SALES, RegisterType.PURCHASE)
    }

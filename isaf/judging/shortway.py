"""Invoices as most of them are: from their text to their rows with neither objects nor rules.

Most rules look only at the kind of an invoice, its dates, marks, tax codes, rates and signs, and at
its party, and a file has some hundred kinds. The first invoice of a kind is read and judged in
full. If nothing is found, the next ones of that kind are asked only what is their own: whether the
number is a plain one and whether the VAT follows from the base. Whoever differs in anything else,
or is found wrong in that, is left to the full way. Payers of VAT in Lithuania written as most are
count as one party here, for no rule tells them apart; a test holds all this to the full way.
"""

from collections.abc import Hashable, Mapping
from dataclasses import dataclass, field, replace
from decimal import Decimal
from itertools import count

from imas.kernel.copying import NULL, escaped
from imas.kernel.money import ZERO
from isaf import rules
from isaf.judging.rows import is_lt_vat, needs_look_up, party_columns, vat_of
from isaf.judging.sink import ChunkRows, StorePlan
from isaf.parsing.recognising import Groups, InvoiceForm, spelled
from isaf.types import FileContext, Invoice, RegisterType, TaxRow, match_key, normalise_number

_PARTIES = 32_000
"""Parties remembered by each process, some 300 bytes each; with more, it starts anew."""
_KINDS = 4_000
_TABS_IN_A_PARTY = 3
_PLAIN = ""
_NIL = "0.00"


@dataclass(slots=True)
class ShortRows:
    """What went the short way: rows for COPY as UTF-8 read as Latin-1, the sums in cents."""

    invoices: list[str] = field(default_factory=list)
    tax_rows: list[str] = field(default_factory=list)
    taxable: int = 0
    vat: int = 0
    records: int = 0

    def before(self, others: ChunkRows) -> ChunkRows:
        """Return these rows and the others."""
        return replace(
            others,
            invoices="".join(self.invoices).encode("latin-1") + others.invoices,
            tax_rows="".join(self.tax_rows).encode("latin-1") + others.tax_rows,
        )


@dataclass(frozen=True, slots=True)
class _KnownRow:
    """A row of a kind: what its rate asks of the amount, and its columns around the amounts."""

    index: int
    pattern: TaxRow
    meaning: rules.Meaning
    rate: int
    tolerance: int
    between: str
    after: str


@dataclass(frozen=True, slots=True)
class _KnownKind:
    marks: str
    rows: tuple[_KnownRow, ...]


class ShortWay:
    """Knows the kinds of one register; serves one chunk after the other.

    `parties` are those met already, by the columns written in the file: _PLAIN for an ordinary
    payer, the columns to store for another party, None for one that is left to the full way.
    """

    def __init__(
        self,
        register: RegisterType,
        context: FileContext,
        plan: StorePlan | None,
        parties: dict[str, str | None],
    ) -> None:
        self._context = context
        self._codes = rules.TAX_CODES[register]
        self._own_vat = plan.own_vat if plan and is_lt_vat(plan.own_vat) else ""
        self._sold = register is RegisterType.SALES
        self._start = f"{plan.period_start}\t{plan.parts[register]}\t" if plan else ""
        self._side = f"{register.side}\t"
        self._parties = parties
        self._kinds: dict[Hashable, _KnownKind | None] = {}
        self.rows = ShortRows()

    def begin(self, form: InvoiceForm) -> None:
        """Begin a chunk whose invoices are written in this form."""
        self._form, self._first_row = form, form.first_row
        self.rows = ShortRows()

    def take(self, groups: Groups, position: int, line: int) -> bool:
        """Take an invoice in which no rule finds anything; False leaves it to the full way.

        UnknownFormError when it is written in a way that only the schema can judge.
        """
        columns = "\t".join(groups[2:6])
        try:
            party = self._parties[columns]
        except KeyError:
            party = self._meet(columns, groups)
        if party is None or not _is_plain(groups):
            return False
        first = self._first_row
        rows = self._form.rows_of(groups) if groups[-1] else (groups[first:-1],)
        shape: list[Hashable] = [party and columns, groups[6:first]]
        amounts: list[tuple[int, int]] = []
        for row in rows:
            taxable, vat = _cents(row[0]), _cents(row[3] or _NIL)
            amounts.append((taxable, vat))
            shape += row[1], row[2], row[4:], not row[3], (taxable > 0) - (taxable < 0)
        key = tuple(shape)
        try:
            kind = self._kinds[key]
        except KeyError:
            kind = self._learn(key, groups, position, line)
        if kind is None or not self._follow_from_the_rates(amounts, kind):
            return False
        taxable, vat = self._count(amounts)
        if self._start:
            start, number = f"{self._start}{position}\t", normalise_number(groups[0])
            deal = NULL if party else self._deal(groups[2], number)
            self.rows.invoices.append(
                f"{start}{self._side}{line}\t{escaped(groups[0])}\t{number}\t{deal}\t"
                f"{party or columns}{kind.marks}{_euros(taxable)}\t{_euros(vat)}\t"
                f"{_euros(taxable + vat)}\t{NULL}\n"
            )
            for row, known in zip(rows, kind.rows, strict=True):
                self.rows.tax_rows.append(
                    f"{start}{known.index}\t{row[0]}{known.between}{row[3] or NULL}{known.after}"
                )
        return True

    def _follow_from_the_rates(self, amounts: list[tuple[int, int]], kind: _KnownKind) -> bool:
        for (taxable, vat), known in zip(amounts, kind.rows, strict=True):
            if abs(taxable * known.rate - vat * 10_000) <= known.tolerance:
                continue
            if not self._allows(known, taxable, vat):
                return False
        return True

    def _count(self, amounts: list[tuple[int, int]]) -> tuple[int, int]:
        if len(amounts) == 1:
            taxable, vat = amounts[0]
        else:
            taxable, vat = map(sum, zip(*amounts, strict=True))
        rows = self.rows
        rows.taxable += taxable
        rows.vat += vat
        rows.records += 1
        return taxable, vat

    def _deal(self, theirs: str, number: str) -> int | str:
        own = self._own_vat
        if not own:
            return NULL
        return match_key(own, theirs, number) if self._sold else match_key(theirs, own, number)

    def _meet(self, columns: str, groups: Groups) -> str | None:
        """Remember a party."""
        if len(self._parties) >= _PARTIES:
            self._parties.clear()
        self._parties[columns] = sort = self._sort(columns, groups)
        return sort

    def _sort(self, columns: str, groups: Groups) -> str | None:
        party = self._form.party_of(spelled(groups))
        vat = vat_of(party)
        written = party_columns(party, vat).encode().decode("latin-1")
        if not party.name or columns.count("\t") != _TABS_IN_A_PARTY:
            return None  # it points to the master file, or its columns are not told apart
        if rules.is_the_taxpayer(party, self._context):
            return None
        if rules.is_plain_payer(vat, party.registration_code, party.country):
            return _PLAIN if written == columns else None
        return None if is_lt_vat(vat) or needs_look_up(party) else written

    def _learn(self, key: Hashable, groups: Groups, position: int, line: int) -> _KnownKind | None:
        """Judge the first invoice of a kind in full; None when a rule finds something in it."""
        invoice = self._form(spelled(groups), position, line)
        nil_is_fine = self._codes.amount_may_be_nil
        meanings = None
        if not invoice.references and (
            nil_is_fine or all(row.amount is not None for row in invoice.rows)
        ):
            meanings = rules.meanings_of_a_clean_kind(invoice, self._context)
        if len(self._kinds) >= _KINDS:
            self._kinds.clear()
        kind = self._kinds[key] = None if meanings is None else _known_kind(invoice, meanings)
        return kind

    def _allows(self, known: _KnownRow, taxable: int, vat: int) -> bool:
        """Ask the rule itself about amounts that do not follow from the rate."""
        row = known.pattern
        amount = None if row.amount is None else Decimal(vat).scaleb(-2)
        asked = TaxRow(Decimal(taxable).scaleb(-2), row.code, row.rate, amount)
        return not rules.amount_follows_from_the_rate(asked, known.meaning, self._codes)


def short_ways(context: FileContext, plan: StorePlan | None) -> Mapping[RegisterType, ShortWay]:
    """Return a short way for each register of invoices; they remember the same parties."""
    parties: dict[str, str | None] = {}
    return {
        register: ShortWay(register, context, plan, parties)
        for register in (RegisterType.SALES, RegisterType.PURCHASE)
    }


def _known_kind(invoice: Invoice, meanings: rules.Meanings) -> _KnownKind:
    days = [invoice.issued, invoice.vat_point, invoice.registered]
    issued, supplied, registered = [NULL if day is None else f"{day}" for day in days]
    mark = "t" if invoice.special else "f"
    return _KnownKind(
        f"\t{issued}\t{invoice.type or 'SF'}\t{mark}\t{supplied}\t{registered}\t",
        tuple(map(_known_row, count(), invoice.rows, meanings)),
    )


def _known_row(index: int, row: TaxRow, meaning: rules.Meaning) -> _KnownRow:
    asked = meaning.rate if row.rate is None else row.rate
    if row.amount is None or asked is None:
        asked = ZERO
    rate = NULL if row.rate is None else f"{row.rate}"
    day = NULL if row.vat_point is None else f"{row.vat_point}"
    between, after = f"\t{row.code}\t{rate}\t", f"\t{day}\n"
    tolerance = int(meaning.tolerance * 10_000)
    return _KnownRow(index, row, meaning, int(asked * 100), tolerance, between, after)


def _cents(text: str) -> int:
    if text[-3:-2] == ".":
        return int(text.replace(".", ""))
    return int(Decimal(text).scaleb(2))


def _is_plain(groups: Groups) -> bool:
    """Is there nothing wrong in the number nor an entity in what is written as it stands?"""
    number = groups[0]
    return (
        number.isascii()
        and "&" not in number
        and "&" not in groups[1]
        and rules.is_plain_number(number)
    )


def _euros(cents: int) -> str:
    if cents >= 0:
        return f"{cents // 100}.{cents % 100:02}"
    return f"-{-cents // 100}.{-cents % 100:02}"

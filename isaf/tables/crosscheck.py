"""Pairs as pages and workbooks show them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext_lazy as _

from imas.kernel.money import ZERO
from isaf.matching import Content, Field, Hint, SeenState
from isaf.models import ReportedPair
from isaf.selectors.deals import TALKED_OF
from isaf.selectors.pairs import SeenPair, content, hint_of
from isaf.types import EntryKind, InvoiceType
from isaf.words import crosscheck as words

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise

EXPORT_HEADERS = (
    _("State"),
    _("Differs"),
    _("Explanation"),
    _("Your register"),
    _("Month"),
    _("Counterparty"),
    _("VAT code"),
    _("Code"),
    _("Your number"),
    _("Your issue date"),
    _("Your type"),
    _("Your taxable value"),
    _("Your VAT"),
    _("Your total"),
    _("Your codes"),
    _("Their number"),
    _("Their issue date"),
    _("Their type"),
    _("Their taxable value"),
    _("Their VAT"),
    _("Their total"),
    _("Their codes"),
    _("Source"),
    _("Compared with"),
    _("Their currency"),
    _("Buyer in your register"),
)


_NOTHING = (None, "")


@dataclass(frozen=True, slots=True)
class Compared:
    """One datum of both sides; `form` is text, date, amount, type, codes or party."""

    label: "_StrPromise | str"
    ours: Any
    theirs: Any
    differs: bool
    form: str = "text"

    @property
    def is_compared(self) -> bool:
        """Whether there was anything to compare: of codes only those of reverse charge are."""
        if self.ours in _NOTHING or self.theirs in _NOTHING:
            return False
        return self.differs or self.form != "codes" or self.ours == self.theirs


@dataclass(frozen=True, slots=True)
class EInvoiceContent(Content):
    """What an e-invoice says: its total as stated, in `currency`; neither a type nor codes."""

    stated_total: Decimal
    currency: str

    @property
    def total(self) -> Decimal:
        """What the buyer pays, as the e-invoice states it."""
        return self.stated_total


@dataclass(frozen=True, slots=True)
class ShownPair:
    """A deal as a page shows it, ours and theirs side by side.

    `compared_with` is the system whose e-invoice is theirs, "" for the register of the
    counterparty; `our_buyer` is who our register names beside an e-invoice.
    """

    side: str
    state: SeenState
    reason: str
    fields: Field
    month: date
    name: str
    vat_code: str
    code: str
    source: str
    ours: Content | None
    theirs: Content | None
    their_month: date | None = None
    place: tuple[int, int] | None = None
    key: int | None = None
    mark: str = ""
    compared_with: str = ""
    our_buyer: str = ""

    @property
    def word(self) -> str:
        """The state in words."""
        return words.state_word(self.state, self.month, of_einvoice=bool(self.compared_with))

    @property
    def tone(self) -> str:
        """The tone of the state."""
        return words.TONES[self.state]

    @property
    def mark_word(self) -> "_StrPromise | str":
        """The buyer's mark in words."""
        return words.MARKS[EntryKind(self.mark)] if self.mark else ""

    @property
    def mark_tone(self) -> str:
        """The tone of the mark."""
        return words.MARK_TONES[EntryKind(self.mark)]

    @property
    def differing(self) -> list[str]:
        """The names of what differs."""
        return [words.field_word(field, self.month) for field in self.fields]

    @property
    def explanation(self) -> "_StrPromise | str":
        """One sentence: the reason, else a usual habit, else what the state means."""
        if self.reason:
            return words.REASONS[self.reason]
        if habit := self.hint:
            return words.HINTS[habit]
        return words.state_meaning(self.state, self.month, of_einvoice=bool(self.compared_with))

    @property
    def hint(self) -> Hint | None:
        """The habit that explains the difference."""
        if self.compared_with:
            return None
        return hint_of(self.side, self.ours, self.theirs, self.fields, self.month)

    @property
    def our_register(self) -> "_StrPromise":
        """The name of our register."""
        return _("Your issued invoices") if self.side == "S" else _("Your received invoices")

    @property
    def their_register(self) -> "_StrPromise | str":
        """The name of what it is compared with."""
        if self.compared_with:
            return words.einvoice_of(self.compared_with)
        if self.side == "S":
            return _("The buyer’s received invoices")
        return _("The seller’s issued invoices")

    @property
    def compared_with_words(self) -> "_StrPromise | str":
        """The source of what is compared."""
        if self.compared_with:
            return words.einvoice_of(self.compared_with)
        return words.REGISTER_OF_COUNTERPARTY

    @property
    def vat_gap(self) -> Decimal:
        """Our VAT less theirs, a side that says nothing counting as none; in euros."""
        return sum((one.vat for one in (self.ours,) if one), Decimal(0)) - sum(
            (one.vat for one in (self.theirs,) if one), Decimal(0)
        )

    @property
    def rows(self) -> list[Compared]:
        """Every datum of both sides; an e-invoice says neither type nor codes, but a buyer."""
        told = [
            self._row(_("Number"), "number", None),
            self._field(Field.ISSUED, "issued", "date"),
            self._field(Field.TYPE, "type", "type"),
            self._field(Field.TAXABLE, "taxable", "amount"),
            self._field(Field.VAT, "vat", "amount"),
            self._field(Field.TOTAL, "total", "amount"),
            self._field(Field.CODE, "codes", "codes"),
        ]
        return [*told[:2], self._buyers(), *told[3:6]] if self.compared_with else told

    def _field(self, field: Field, name: str, form: str) -> Compared:
        return self._row(words.field_word(field, self.month), name, field, form)

    def _row(
        self, label: "_StrPromise | str", name: str, field: Field | None, form: str = "text"
    ) -> Compared:
        differs = field in self.fields if field else self.state is SeenState.POSSIBLE_MATCH
        return Compared(label, _value(self.ours, name), _value(self.theirs, name), differs, form)

    def _buyers(self) -> Compared:
        told = " ".join(filter(None, (self.name, self.vat_code or self.code)))
        word = words.field_word(Field.BUYER, self.month)
        return Compared(word, self.our_buyer, told, Field.BUYER in self.fields, "party")


def shown(pair: SeenPair, mark: str = "") -> ShownPair:
    """Return a live pair as it is shown, with the buyer's mark if there is one."""
    place = pair.our_part is not None and pair.our_position is not None
    return ShownPair(
        side=pair.side,
        state=SeenState(pair.state),
        reason=pair.reason,
        fields=pair.fields,
        month=pair.month,
        name=pair.counterparty_name,
        vat_code=pair.counterparty_vat,
        code=pair.counterparty_code,
        source=pair.source or "",
        ours=pair.ours,
        theirs=pair.theirs,
        their_month=pair.their_month if pair.state == SeenState.OTHER_PERIOD else None,
        place=(pair.our_part or 0, pair.our_position or 0) if place else None,
        key=pair.match_key if pair.state in TALKED_OF else None,
        mark=mark,
    )


def reported(line: ReportedPair) -> ShownPair:
    """Return a line of a report as it is shown."""
    return ShownPair(
        side=line.side,
        state=SeenState(line.state),
        reason=line.reason,
        fields=Field(line.fields),
        month=line.month,
        name=line.counterparty_name,
        vat_code=line.counterparty_vat,
        code=line.counterparty_code,
        source=line.our_source or "",
        ours=_content(line, "our"),
        theirs=_einvoice(line) if line.their_source else _content(line, "their"),
        key=line.match_key if line.state in TALKED_OF else None,
        compared_with=line.their_source,
        our_buyer=line.our_buyer,
    )


def export_cells(pair: ShownPair) -> Sequence[Any]:
    """Return the cells of a pair, in the order of EXPORT_HEADERS."""
    return (
        pair.word,
        ", ".join(map(str, pair.differing)),
        pair.explanation,
        words.side_word(pair.side),
        pair.month.strftime("%Y-%m"),
        pair.name,
        pair.vat_code,
        pair.code,
        *_cells(pair.ours),
        *_cells(pair.theirs),
        pair.source or ("" if pair.compared_with else words.REGISTER_OF_COUNTERPARTY),
        pair.compared_with_words,
        pair.theirs.currency if isinstance(pair.theirs, EInvoiceContent) else "",
        pair.our_buyer,
    )


def _cells(told: Content | None) -> tuple[Any, ...]:
    if told is None:
        return ("",) * 7
    type_ = "" if isinstance(told, EInvoiceContent) else told.type
    codes = ", ".join(sorted(told.codes - {""}))
    return (told.number, told.issued, type_, told.taxable, told.vat, told.total, codes)


def _value(told: Content | None, name: str) -> Any:
    if told is None:
        return None
    value = getattr(told, name)
    return ", ".join(sorted(value - {""})) if name == "codes" else value


def _content(line: ReportedPair, whose: str) -> Content | None:
    told = ("number", "issued", "type", "taxable", "vat", "codes")
    return content(*(getattr(line, f"{whose}_{name}") for name in told))


def _einvoice(line: ReportedPair) -> EInvoiceContent:
    return EInvoiceContent(
        number=line.their_number or "",
        issued=line.their_issued or line.month,
        type=InvoiceType.SF,
        taxable=line.their_taxable or ZERO,
        vat=line.their_vat or ZERO,
        codes=frozenset(),
        stated_total=line.their_total or ZERO,
        currency=line.their_currency,
    )

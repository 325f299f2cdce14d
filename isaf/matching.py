"""Cross-check of what sellers issued with what buyers received. Pure: values in, values out.

The seller is whoever issued the document and lists it in the register of issued invoices; the
buyer lists it in the register of received ones. A debit note of a buyer is issued by the buyer,
so there the buyer stands on the selling side. docs/isaf/crosscheck.md explains every decision.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from dataclasses import field as _field
from datetime import date
from decimal import Decimal
from enum import IntFlag, StrEnum
from itertools import zip_longest

from imas.kernel.dated import Dated
from imas.kernel.money import ZERO
from imas.kernel.periods import Period
from isaf.likeness import Candidate, Likeness, possible_matches
from isaf.types import InvoiceType

REVERSE_CHARGE = frozenset({"PVM4", "PVM25", "PVM26", "PVM27"})
"""Codes of domestic reverse charge (VAT Law, Article 96): the buyer charges itself the tax."""

LONGEST_PERIOD_MONTHS = 6
"""The longest calendar tax period, a half-year."""


class PairState(StrEnum):
    """Where a deal stands, seen by nobody in particular; at most one side is absent."""

    MATCHED = "matched"
    DIFFERS = "differs"
    MISSING = "missing"
    OTHER_PERIOD = "other_period"
    POSSIBLE_MATCH = "possible_match"
    WAITING = "waiting"
    NOT_CHECKABLE = "not_checkable"


class SeenState(StrEnum):
    """The same, seen by one of the two sides."""

    MATCHED = "matched"
    DIFFERS = "differs"
    MISSING_AT_COUNTERPARTY = "missing_at_counterparty"
    MISSING_AT_US = "missing_at_us"
    OTHER_PERIOD = "other_period"
    POSSIBLE_MATCH = "possible_match"
    WAITING = "waiting"
    NOT_CHECKABLE = "not_checkable"


GRAVEST_FIRST = (
    SeenState.DIFFERS,
    SeenState.MISSING_AT_COUNTERPARTY,
    SeenState.MISSING_AT_US,
    SeenState.POSSIBLE_MATCH,
    SeenState.OTHER_PERIOD,
    SeenState.WAITING,
    SeenState.NOT_CHECKABLE,
    SeenState.MATCHED,
)
"""The order in which states call for attention; which are mismatches is dated (mismatches.csv)."""


class Obstacle(StrEnum):
    """Why there is nothing to compare an invoice with."""

    NO_VAT_CODE = "no-vat-code"
    FOREIGN = "foreign"
    NOT_A_PAYER = "not-a-payer"
    CANCELLED = "cancelled"


class Field(IntFlag):
    """What two registers say differently of one invoice."""

    ISSUED = 1
    TAXABLE = 2
    VAT = 4
    TOTAL = 8
    TYPE = 16
    CODE = 32
    BUYER = 64
    """Of e-invoices alone: two registers that name other parties tell of two deals."""


NOTHING = Field(0)
"""Nothing differs."""

EVERYTHING = ~NOTHING
"""Every field."""


class Hint(StrEnum):
    """The habit that usually stands behind a difference."""

    RECEIPT_DATE = "receipt-date"
    OPPOSITE_SIGN = "opposite-sign"
    ROUNDING = "rounding"
    REVERSE_CHARGE = "reverse-charge"
    CANCELLED = "cancelled"


@dataclass(frozen=True, slots=True)
class Content:
    """What one side says of an invoice; amounts in euros.

    `vat` leaves out rows of domestic reverse charge and counts nil as none. `codes` holds "" for
    rows without a code.
    """

    number: str
    issued: date
    type: InvoiceType
    taxable: Decimal
    vat: Decimal
    codes: frozenset[str]

    @property
    def total(self) -> Decimal:
        """What the buyer pays: the taxable value with the VAT charged."""
        return self.taxable + self.vat


@dataclass(frozen=True, slots=True)
class Entry(Content):
    """One invoice as one register tells it; the number is normalised.

    `seller` and `buyer` name taxpayers; the one across is "" when unknown, and then `obstacle`
    tells why. `place` is the entry's own address.
    """

    seller: str
    buyer: str
    period: Period
    obstacle: Obstacle | None = None
    place: int = 0

    @property
    def is_monthly(self) -> bool:
        """Does its register cover no more than a calendar month?"""
        return (self.period.end - self.period.start).days < 31

    @property
    def month(self) -> date:
        """The first day of the month the deal is told in: for a longer period, that of issue."""
        if self.is_monthly:
            return self.period.start.replace(day=1)
        return min(max(self.issued, self.period.start), self.period.end).replace(day=1)

    @property
    def deal(self) -> tuple[str, str, str]:
        """What both sides of one deal agree on before anything is compared."""
        return self.seller, self.buyer, self.number


@dataclass(frozen=True, slots=True)
class Pair:
    """One deal as both sides see it. At least one of the entries is there."""

    sale: Entry | None
    purchase: Entry | None
    state: PairState
    reason: str = ""
    fields: Field = NOTHING


@dataclass(frozen=True, slots=True)
class Terms:
    """What a comparison depends on beside the entries.

    `submitted(taxpayer, side, month)` tells whether a register of that side ("S" issued,
    "P" received) that covers the month counts. `tolerance` is in euros, `reach` in months;
    nothing is paired whose months lie more than `furthest` days apart; `compared` are the fields
    that may differ. What counts is what held in the month of the deal, for `reach` and `furthest`
    in the later month of the two.
    """

    submitted: Callable[[str, str, date], bool]
    tolerance: Dated[Decimal] = _field(default_factory=lambda: Dated.always(ZERO))
    reach: Dated[int] = _field(default_factory=lambda: Dated.always(2))
    furthest: Dated[int] = _field(default_factory=lambda: Dated.always(366))
    compared: Dated[Field] = _field(default_factory=lambda: Dated.always(EVERYTHING))


def cross_check(entries: Iterable[tuple[str, Entry]], terms: Terms) -> list[Pair]:
    """Pair every entry, given with its side, with its opposite, and judge each pair."""
    sold: dict[tuple[str, str, str], list[Entry]] = defaultdict(list)
    bought: dict[tuple[str, str, str], list[Entry]] = defaultdict(list)
    pairs: list[Pair] = []
    for side, entry in entries:
        if entry.obstacle:
            pairs.append(_alone(side, entry, PairState.NOT_CHECKABLE, entry.obstacle))
        else:
            (sold if side == "S" else bought)[entry.deal].append(entry)
    for deal in sorted(sold.keys() | bought.keys()):
        for sale, purchase in _partners(sold[deal], bought[deal], terms):
            pairs.append(_judged(sale, purchase, terms))
    return _with_possible_matches(pairs)


def _partners(
    sales: Sequence[Entry], purchases: Sequence[Entry], terms: Terms
) -> Iterator[tuple[Entry | None, Entry | None]]:
    """The n-th with the n-th of the same month; then what is left, over months near each other."""
    left: list[tuple[str, Entry]] = []
    for month in sorted({entry.month for entry in (*sales, *purchases)}):
        same_month = (
            sorted((entry for entry in side if entry.month == month), key=_order)
            for side in (sales, purchases)
        )
        for sale, purchase in zip_longest(*same_month):
            if sale and purchase:
                yield sale, purchase
            else:
                left.append(("S", sale) if sale else ("P", purchase))
    for island in _islands(left, terms.reach):
        for sale, purchase in zip_longest(
            [entry for side, entry in island if side == "S"],
            [entry for side, entry in island if side == "P"],
        ):
            if sale and purchase and _too_far(sale, purchase, terms.furthest):
                yield sale, None
                yield None, purchase
            else:
                yield sale, purchase


def _too_far(sale: Entry, purchase: Entry, furthest: Dated[int]) -> bool:
    later = max(sale.month, purchase.month)
    return abs((sale.month - purchase.month).days) > furthest.on(later)


def _order(entry: Entry) -> tuple[object, ...]:
    """Of repeated numbers the cancelled come last; the rest as they were issued."""
    return (
        entry.type is InvoiceType.AN,
        entry.issued,
        entry.taxable,
        entry.vat,
        entry.type,
        sorted(entry.codes),
        entry.place,
    )


def _islands(left: list[tuple[str, Entry]], reach: Dated[int]) -> Iterator[list[tuple[str, Entry]]]:
    """Runs of entries whose periods lie at most `reach` months apart."""
    island: list[tuple[str, Entry]] = []
    shore: int | None = None
    for side, entry in sorted(
        left, key=lambda item: (item[1].period.start, item[1].month, item[0], _order(item[1]))
    ):
        if shore is not None and _months(entry.period.start) - shore > reach.on(entry.month):
            yield island
            island, shore = [], None
        island.append((side, entry))
        shore = max(_months(entry.period.end), shore or 0)
    if island:
        yield island


def _months(day: date) -> int:
    return day.year * 12 + day.month


def _judged(sale: Entry | None, purchase: Entry | None, terms: Terms) -> Pair:
    if sale and purchase:
        return _compared(sale, purchase, terms)
    if sale:
        return _lone("S", sale, terms.submitted(sale.buyer, "P", sale.month))
    if purchase:
        return _lone("P", purchase, terms.submitted(purchase.seller, "S", purchase.month))
    raise ValueError("Nobody has told of the deal.")


def _lone(side: str, entry: Entry, other_has_told: bool) -> Pair:  # noqa: FBT001 - private
    if entry.type is InvoiceType.AN:
        return _alone(side, entry, PairState.NOT_CHECKABLE, Obstacle.CANCELLED)
    return _alone(side, entry, PairState.MISSING if other_has_told else PairState.WAITING, "")


def _alone(side: str, entry: Entry, state: PairState, reason: str) -> Pair:
    sale, purchase = (entry, None) if side == "S" else (None, entry)
    return Pair(sale, purchase, state, str(reason))


def _compared(sale: Entry, purchase: Entry, terms: Terms) -> Pair:
    fields = differences(sale, purchase, terms.tolerance.on(sale.month))
    fields &= terms.compared.on(sale.month)
    if sale.month != purchase.month and not sale.period.overlaps(purchase.period):
        return Pair(sale, purchase, PairState.OTHER_PERIOD, fields=fields)
    state = PairState.DIFFERS if fields else PairState.MATCHED
    return Pair(sale, purchase, state, fields=fields)


def differences(sale: Content, purchase: Content, tolerance: Decimal = ZERO) -> Field:
    """What the two say differently; amounts up to `tolerance` euros apart are the same."""
    found = Field(0)
    if sale.issued != purchase.issued:
        found |= Field.ISSUED
    for field, ours, theirs in (
        (Field.TAXABLE, sale.taxable, purchase.taxable),
        (Field.VAT, sale.vat, purchase.vat),
        (Field.TOTAL, sale.total, purchase.total),
    ):
        if abs(ours - theirs) > tolerance:
            found |= field
    if sale.type != purchase.type:
        found |= Field.TYPE
    if not codes_agree(sale.codes, purchase.codes):
        found |= Field.CODE
    return found


def codes_agree(ours: frozenset[str], theirs: frozenset[str]) -> bool:
    """Is every code one side states also the other's, where that one states codes at all?

    Buyers leave the code out for ordinary purchases from Lithuanian payers (XSD 3.1.1.9.1.2),
    but reverse charge must be stated by both.
    """
    if bool(ours & REVERSE_CHARGE) != bool(theirs & REVERSE_CHARGE):
        return False
    return all(
        "" in told or stated - {""} <= told for stated, told in ((ours, theirs), (theirs, ours))
    )


def hint(sale: Content, purchase: Content, fields: Field, rounding: Decimal) -> Hint | None:
    """The habit that explains the difference, if a usual one does.

    Amounts up to `rounding` euros apart differ by rounding.
    """
    amounts = Field.TAXABLE | Field.VAT | Field.TOTAL
    if fields & Field.TYPE and InvoiceType.AN in {sale.type, purchase.type}:
        return Hint.CANCELLED
    if fields & Field.TAXABLE and sale.taxable == -purchase.taxable:
        return Hint.OPPOSITE_SIGN
    if bool(sale.codes & REVERSE_CHARGE) != bool(purchase.codes & REVERSE_CHARGE):
        return Hint.REVERSE_CHARGE
    if fields == Field.ISSUED and sale.issued < purchase.issued:
        return Hint.RECEIPT_DATE
    cents = max(abs(sale.taxable - purchase.taxable), abs(sale.vat - purchase.vat))
    return Hint.ROUNDING if fields & amounts and cents <= rounding else None


def seen_by(state: PairState, *, told: bool) -> SeenState:
    """How a side that did or did not tell of the deal sees its state."""
    if state is PairState.MISSING:
        return SeenState.MISSING_AT_COUNTERPARTY if told else SeenState.MISSING_AT_US
    return SeenState(state)


def _with_possible_matches(pairs: list[Pair]) -> list[Pair]:
    missing: dict[tuple[object, ...], tuple[list[int], list[int]]] = defaultdict(lambda: ([], []))
    for index, pair in enumerate(pairs):
        entry = pair.sale or pair.purchase
        if pair.state is PairState.MISSING and entry:
            same = (entry.seller, entry.buyer, entry.month, entry.issued, entry.total)
            missing[same][0 if pair.sale else 1].append(index)
    candidates = [
        Candidate(ours, theirs, _number(pairs[ours]), _number(pairs[theirs]))
        for sales, purchases in missing.values()
        for ours in sales
        for theirs in purchases
    ]
    return _joined(pairs, possible_matches(candidates))


def _number(pair: Pair) -> str:
    entry = pair.sale or pair.purchase
    return entry.number if entry else ""


def _joined(pairs: list[Pair], chosen: list[tuple[Candidate, Likeness]]) -> list[Pair]:
    gone = {place for candidate, _ in chosen for place in (candidate.sale, candidate.purchase)}
    result = [pair for index, pair in enumerate(pairs) if index not in gone]
    for candidate, reason in chosen:
        sale, purchase = pairs[candidate.sale].sale, pairs[candidate.purchase].purchase
        if sale and purchase:
            result.append(Pair(sale, purchase, PairState.POSSIBLE_MATCH, str(reason)))
    return result

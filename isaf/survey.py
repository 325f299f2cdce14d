"""The verdict of every deal of a month at once, to hold the pairs against that are kept one by one.

The decisions of `isaf.matching` for deals that stand by themselves: a sale and a purchase of one
key, or one of them alone. Pure: packed facts of parts in, sums of verdicts out. Keys that bear
more, or that a register of another length than the month tells of, are set apart for whoever
judges deals one by one.
"""

from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any, NamedTuple, cast

import numpy as np
import numpy.typing as npt

from isaf.facts import (
    ALONE,
    BOUGHT,
    BOUGHT_ALONE,
    BOUGHT_ELSEWHERE,
    BUCKET_SHIFT,
    BY_CODE,
    EPOCH,
    FOREIGN,
    FROM_LITHUANIA,
    HAS_KEY,
    LANE_SHIFT,
    SOLD_ELSEWHERE,
    VERDICTS,
    WHY,
    Sum,
    Sums,
)
from isaf.matching import Field, Obstacle, PairState, codes_agree

Column = npt.NDArray[Any]

HEAD = np.dtype(
    [
        ("columns", ">i2"),
        *(("length1", ">i4"), ("part", ">i8"), ("length2", ">i4"), ("own", ">i8")),
        *(("length3", ">i4"), ("start", ">i4"), ("length4", ">i4"), ("end", ">i4")),
        ("size", ">i4"),
    ]
)
"""What stands before the facts of a part where `isaf.sql.survey` reads it (`copy_out`): the hash
of its taxpayer's VAT code on the last day of the month (0 for none), the period, the bytes of the
facts, -1 where none are packed."""

FACTS = np.dtype(
    [
        ("key", ">i8"),
        ("taxable", ">i8"),
        ("vat", ">i8"),
        ("across", ">i8"),
        ("codes", ">i4"),
        ("issued", ">i2"),
        ("type", ">i2"),
        ("marks", ">i2"),
    ]
)
"""One invoice as `isaf.sql.survey` packs it: amounts in cents, days since EPOCH, its codes and
the party across as hashes; `type` is its two letters, `marks` are those of `isaf.facts`."""

_ENTRY = np.dtype(
    [
        *((name, FACTS[name].newbyteorder("=")) for name in FACTS.names or ()),
        ("part", "i8"),
        ("own", "i8"),
    ],
    align=True,
)
_RAW = np.dtype((np.void, _ENTRY.itemsize))
"""The same bytes as one thing: moved at once, not field by field."""

_ANOTHER_PERIOD = 1 << 14
"""A mark of ours: of a register that covers more or less than the month."""
_UNUSUAL = _ANOTHER_PERIOD | BY_CODE
_BUCKETS = 1 << LANE_SHIFT - BUCKET_SHIFT
_AT_ONCE = 1 << 14
"""So many invoices are decided on at once: what is worked out of them stays near the processor."""
_AN = (ord("A") << 8) + ord("N")


@dataclass(frozen=True, slots=True)
class MonthTerms:
    """What verdicts of a month depend on beside the facts.

    Taxpayers are told by hashes of the VAT codes they hold at the end of the month or else at its
    start: `payers`, and of them those that have handed in the register of the side, `sellers` and
    `buyers`. Of the keys `sold_elsewhere` and `bought_elsewhere` the other side stands in another
    month. All of these are sorted. `text_of` returns the codes of rows behind a hash, which a part
    holds.
    """

    month: date
    tolerance: int
    compared: Field
    payers: Column
    sellers: Column
    buyers: Column
    sold_elsewhere: Column
    bought_elsewhere: Column
    text_of: Callable[[int, int], str]

    @property
    def end(self) -> date:
        """The last day of the month."""
        return (self.month + timedelta(days=31)).replace(day=1) - timedelta(days=1)


@dataclass
class Survey:
    """Facts of a month, and what is decided on them, by lanes: the sixteenths of all keys.

    Memory: 64 bytes an invoice, and one lane more while it is decided on; 24 a deal then.
    """

    terms: MonthTerms
    apart: Column = field(default_factory=lambda: np.empty(0, "i8"))
    """Keys that are not decided on, once deals are judged."""
    _entries: dict[int, list[Column]] = field(default_factory=lambda: defaultdict(list))
    _verdicts: dict[int, "_Verdicts"] = field(default_factory=dict)

    def add(self, parts: Sequence[bytes]) -> bool:
        """Take in facts of parts, each behind its head; tell whether all of them are packed."""
        heads = np.frombuffer(b"".join([one[: HEAD.itemsize] for one in parts]), HEAD)
        if (heads["size"] < 0).any():
            return False
        facts = np.frombuffer(b"".join([one[HEAD.itemsize :] for one in parts]), FACTS)
        head_of = np.repeat(np.arange(len(heads)), heads["size"].astype("i8") // FACTS.itemsize)
        entries = np.empty(len(facts), _ENTRY)
        for name in FACTS.names or ():
            entries[name] = facts[name]
        for name in ("part", "own"):
            entries[name] = heads[name].take(head_of)
        self._keep(self._of_month(entries, heads, head_of))
        return True

    def _of_month(self, entries: Column, heads: Column, head_of: Column) -> Column:
        """Mark what registers of another period tell; only what they tell of the month stays."""
        first, last = ((day - EPOCH).days for day in (self.terms.month, self.terms.end))
        other = (heads["start"] != first) | (heads["end"] != last)
        if not other.any():
            return entries
        entries["marks"][other.take(head_of)] |= _ANOTHER_PERIOD
        start, end = heads["start"].take(head_of), heads["end"].take(head_of)
        day = np.clip(entries["issued"], start, end)
        return _some(entries, ~other.take(head_of) | ((first <= day) & (day <= last)))

    def _keep(self, entries: Column) -> None:
        lanes = entries["key"] >> LANE_SHIFT
        for lane in range(lanes.min(), lanes.max() + 1) if len(lanes) else ():
            if len(here := _some(entries, lanes == lane)):
                self._entries[lane].append(here)

    def judge(self) -> None:
        """Decide on every deal. Facts are forgotten on the way."""
        judge, apart = _Judge(self.terms), [self.apart]
        for lane in sorted(self._entries):
            told = [judge.verdicts(some) for some in _by_key(_joined(self._entries.pop(lane)))]
            self._verdicts[lane] = _Verdicts.of([verdicts for verdicts, _ in told])
            apart += [keys for _, keys in told]
        self.apart = np.concatenate(apart)

    def sums(self, apart: Sequence[int]) -> Sums:
        """Return what verdicts come to, those on keys set `apart` by somebody else left out."""
        found: dict[tuple[int, int], Sum] = {}
        without = np.sort(np.array(apart, dtype="i8"))
        for lane, verdicts in self._verdicts.items():
            found |= verdicts.without(without).summed(lane)
        return found


def _some(entries: Column, which: Column) -> Column:
    return entries.take(np.flatnonzero(which))


def _by_key(entries: Column) -> Iterator[Column]:
    """Yield entries in the order of their keys, some thousands at a time, no key in two pieces."""
    order = np.argsort(entries["key"])
    keys = entries["key"].take(order)
    since = 0
    while since < len(order):
        until = since + _AT_ONCE
        if until < len(order):
            until = int(np.searchsorted(keys, keys[until]))
            if until == since:
                until = int(np.searchsorted(keys, keys[until], "right"))
        yield entries.take(order[since:until])
        since = until


def _among(values: Column, some: Column) -> Column:
    """Which of the values are among some, which are sorted."""
    if not len(some):
        return np.zeros(len(values), dtype=bool)
    at = np.minimum(np.searchsorted(some, values), len(some) - 1)
    return cast("Column", some.take(at) == values)


def _joined(pieces: Sequence[Column]) -> Column:
    raw = [np.empty(0, _RAW), *(piece.view(_RAW) for piece in pieces)]
    return np.concatenate(raw).view(_ENTRY)


class _Verdicts(NamedTuple):
    """Keys with the verdict on each and the numbers of the parts that tell of it, added up."""

    keys: Column
    verdicts: Column
    parts: Column

    @classmethod
    def of(cls, pieces: Sequence["_Verdicts"]) -> "_Verdicts":
        return cls(*(np.concatenate(columns) for columns in zip(*pieces, strict=True)))

    def without(self, keys: Column) -> "_Verdicts":
        if not len(keys):
            return self
        kept = np.flatnonzero(~_among(self.keys, keys))
        return _Verdicts(*(column.take(kept) for column in self))

    def summed(self, lane: int) -> Sums:
        """Sum up keys of one lane, of which there are few enough groups for a radix sort."""
        bucket = (self.keys >> BUCKET_SHIFT) - lane * _BUCKETS
        group = (bucket * VERDICTS + self.verdicts).astype("i2")
        order = np.argsort(group, kind="stable")
        group = group.take(order) + np.int64(lane * _BUCKETS * VERDICTS)
        first = np.flatnonzero(np.diff(group, prepend=group[:1] - 1))
        counts = np.diff(first, append=len(group))
        keys = np.bitwise_xor.reduceat(self.keys.take(order), first)
        parts = np.add.reduceat(self.parts.take(order), first)
        told = (column.tolist() for column in (group.take(first), counts, keys, parts))
        return {divmod(one, VERDICTS): Sum(*sums) for one, *sums in zip(*told, strict=True)}


class _Judge:
    """Decides on the deals of one lane after another."""

    def __init__(self, terms: MonthTerms) -> None:
        self._terms = terms
        self._codes: dict[int, frozenset[str]] = {}

    def verdicts(self, entries: Column) -> tuple[_Verdicts, Column]:
        """Return the verdicts on keys that can be decided on, and the keys that cannot.

        Entries come in the order of their keys.
        """
        keys = entries["key"]
        first = np.flatnonzero(np.diff(keys, prepend=keys[:1] - 1))
        size = np.diff(first, append=len(keys))
        two, alone = first[size == 2], entries.take(first[size == 1])
        bought_first = (entries["marks"].take(two) & BOUGHT) > 0
        sale, purchase = (entries.take(two + at) for at in (bought_first, ~bought_first))
        plain, usual = _plain(sale, purchase), (alone["marks"] & _UNUSUAL) == 0
        unusual = (keys.take(first[size > 2]), sale["key"][~plain], alone["key"][~usual])
        both, alone = (_some(sale, plain), _some(purchase, plain)), _some(alone, usual)
        return _Verdicts.of([self._of_both(*both), self._of_one(alone)]), np.concatenate(unusual)

    def _of_both(self, sale: Column, purchase: Column) -> _Verdicts:
        taxable, vat = (sale[name] - purchase[name] for name in ("taxable", "vat"))
        tolerance, compared = self._terms.tolerance, self._terms.compared
        fields = np.zeros(len(sale), dtype="i8")
        for one, differs in (
            (Field.ISSUED, sale["issued"] != purchase["issued"]),
            (Field.TAXABLE, np.abs(taxable) > tolerance),
            (Field.VAT, np.abs(vat) > tolerance),
            (Field.TOTAL, np.abs(taxable + vat) > tolerance),
            (Field.TYPE, sale["type"] != purchase["type"]),
            (Field.CODE, self._codes_differ(sale, purchase)),
        ):
            fields[differs] |= int(one & compared)
        return _Verdicts(sale["key"], fields, sale["part"] + purchase["part"])

    def _codes_differ(self, sale: Column, purchase: Column) -> Column:
        """Whether codes agree is decided once for each two lists of codes."""
        differ = np.zeros(len(sale), dtype=bool)
        unlike = np.flatnonzero(sale["codes"] != purchase["codes"])
        ours, theirs = sale["codes"].take(unlike), purchase["codes"].take(unlike)
        while len(unlike):
            at = unlike[0]
            agree = codes_agree(self._read(sale[at]), self._read(purchase[at]))
            alike = (ours == ours[0]) & (theirs == theirs[0])
            differ[unlike[alike]] = not agree
            unlike, ours, theirs = unlike[~alike], ours[~alike], theirs[~alike]
        return differ

    def _read(self, entry: Any) -> frozenset[str]:
        hashed = int(entry["codes"])
        if hashed not in self._codes:
            text = self._terms.text_of(hashed, int(entry["part"]))
            self._codes[hashed] = frozenset(text.split(","))
        return self._codes[hashed]

    def _of_one(self, alone: Column) -> _Verdicts:
        terms, marks = self._terms, alone["marks"]
        known = _among(alone["across"], terms.payers)
        bought = (marks & BOUGHT) > 0
        told = np.where(
            bought,
            _among(alone["across"], terms.sellers),
            _among(alone["across"], terms.buyers),
        )
        why = np.select(
            [
                known & ((marks & HAS_KEY) == 0),
                ~known & ((marks & FROM_LITHUANIA) > 0),
                ~known & ((marks & FOREIGN) > 0),
                ~known,
                alone["type"] == _AN,
                told,
            ],
            [WHY.index(one) for one in _WHY_ALONE],
            WHY.index(PairState.WAITING),
        )
        verdicts = np.where(bought, BOUGHT_ALONE, ALONE) + why
        verdicts[~bought & _among(alone["key"], terms.sold_elsewhere)] = SOLD_ELSEWHERE
        verdicts[bought & _among(alone["key"], terms.bought_elsewhere)] = BOUGHT_ELSEWHERE
        return _Verdicts(alone["key"], verdicts, alone["part"])


_WHY_ALONE = (
    Obstacle.NOT_A_PAYER,
    Obstacle.NOT_A_PAYER,
    Obstacle.FOREIGN,
    Obstacle.NO_VAT_CODE,
    Obstacle.CANCELLED,
    PairState.MISSING,
)


def _plain(sale: Column, purchase: Column) -> Column:
    """Are they a sale and a purchase of the same two, told for the month?

    Whoever is told by another code than that of VAT is nobody here, and the deal is set apart.
    """
    sides = ((sale["marks"] ^ purchase["marks"]) & BOUGHT) > 0
    parties = (sale["own"] == purchase["across"]) & (sale["across"] == purchase["own"])
    usual = ((sale["marks"] | purchase["marks"]) & _UNUSUAL) == 0
    return cast("Column", sides & parties & usual)

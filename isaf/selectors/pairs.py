"""The live cross-check of a taxpayer: counted, searched and paged, as that taxpayer sees it."""

from collections import Counter
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from typing import Any, NamedTuple

from django.conf import settings
from django.db import connection

from imas.kernel.money import ZERO
from imas.kernel.periods import Period
from imas.web.paging import Cursor, Keyset, Page, a_day, a_number, a_text
from isaf.limits import reach_of
from isaf.matching import MISMATCHES, REVERSE_CHARGE, Content, Field, Hint, SeenState, hint
from isaf.models import DealPair, Invoice, Register
from isaf.sql import seen as sql
from isaf.types import (
    EVERYWHERE,
    InvoiceType,
    Reach,
    RegisterState,
    RegisterType,
    normalise_number,
)
from representation.types import Acting

PAGE_SIZE = 25
_EVER = Period(date(2000, 1, 1), date(2999, 12, 31))
_KEYSET = Keyset(*sql.ORDER, size=PAGE_SIZE)

_UNCHECKED = (SeenState.WAITING, SeenState.NOT_CHECKABLE)


@dataclass(frozen=True, slots=True)
class PairQuery:
    """Which pairs are asked for; everything empty means all of them.

    `side` is "S" for what we sold, "P" for what we bought; `counterparty` a VAT or taxpayer code.
    """

    states: tuple[SeenState, ...] = ()
    side: str = ""
    counterparty: str = ""
    text: str = ""


class SeenPair(NamedTuple):
    """One deal as we see it. What a side did not tell is None."""

    issued: date
    match_key: int
    period_start: date
    nth: int
    their_month: date
    our_part: int | None
    our_position: int | None
    month: date
    side: str
    state: str
    reason: str
    field_bits: int
    counterparty_vat: str
    counterparty_code: str
    counterparty_name: str
    source: str | None
    ours: Content | None
    theirs: Content | None

    @property
    def fields(self) -> Field:
        """What the two say differently."""
        return Field(self.field_bits)

    @property
    def hint(self) -> Hint | None:
        """The habit that explains the difference, if a usual one does."""
        return hint_of(self.side, self.ours, self.theirs, self.fields)


def hint_of(side: str, ours: Content | None, theirs: Content | None, fields: Field) -> Hint | None:
    """Return the usual habit behind a difference seen from a side."""
    if not (ours and theirs and fields):
        return None
    return hint(ours, theirs, fields) if side == "S" else hint(theirs, ours, fields)


@dataclass(frozen=True, slots=True)
class Summary:
    """A cross-check in numbers; differences are sums of absolute gaps in euros.

    `mismatched` counts invoices, `mismatches` what is wrong with them: an invoice whose date and
    VAT differ is one invoice with two mismatches. `kinds` counts the latter by name.
    """

    states: Mapping[str, int] = field(default_factory=dict)
    kinds: Mapping[str, int] = field(default_factory=dict)
    mismatched_by_side: Mapping[str, int] = field(default_factory=dict)
    total: Decimal = ZERO
    taxable: Decimal = ZERO
    vat: Decimal = ZERO

    @property
    def pairs(self) -> int:
        """All that is seen."""
        return sum(self.states.values())

    @property
    def checked(self) -> int:
        """Invoices that had something to be compared with."""
        return self.pairs - sum(self.states.get(state, 0) for state in _UNCHECKED)

    @property
    def mismatched(self) -> int:
        """Invoices with anything wrong."""
        return sum(self.states.get(state, 0) for state in MISMATCHES)

    @property
    def mismatches(self) -> int:
        """Everything that is wrong."""
        return sum(self.kinds.values())

    def as_json(self) -> dict[str, Any]:
        """Return the numbers as reports keep them and programs get them."""
        return {
            "checked_invoices": self.checked,
            "mismatched_invoices": self.mismatched,
            "mismatches": self.mismatches,
            "by_state": {state.value: self.states.get(state, 0) for state in SeenState},
            "by_kind": dict(self.kinds),
            "by_side": {
                "sales": self.mismatched_by_side.get("S", 0),
                "purchases": self.mismatched_by_side.get("P", 0),
            },
            "differences": {
                "total": str(self.total),
                "taxable": str(self.taxable),
                "vat": str(self.vat),
            },
        }


class Standing(NamedTuple):
    """How many counterparties there are, how many have yet to submit, and how fresh this is."""

    counterparties: int
    waiting_for: int
    refreshed_at: datetime | None


def latest_period(acting: Acting) -> Period | None:
    """Return the newest period the taxpayer has submitted a register of."""
    acting.require("isaf.crosscheck")
    register = submitted_registers(acting).first()
    return register.period if register else None


def submitted_periods(acting: Acting) -> list[Period]:
    """Return the periods of submitted registers, newest first."""
    acting.require("isaf.crosscheck")
    ends = submitted_registers(acting).values_list("start", "end").distinct()
    return [Period(start, end) for start, end in ends]


def submitted_registers(acting: Acting) -> Any:
    """Return the registers that count, newest first."""
    counting = (RegisterState.SUBMITTED, RegisterState.ACCEPTED)
    registers = Register.objects.filter(
        taxpayer_id=acting.taxpayer_id, current=True, state__in=counting
    )
    reach = _reach(acting)
    registers = registers if reach.is_whole else registers.filter(type__in=sorted(reach.types))
    return registers.order_by("-start", "-end")


def summary_of(acting: Acting, period: Period, query: PairQuery) -> Summary:
    """Count the pairs of a period that are asked for."""
    acting.require("isaf.crosscheck")
    return added_up(selected(sql.COUNT, asked(acting.taxpayer_id, period, query, _reach(acting))))


def added_up(rows: Iterator[tuple[Any, ...]]) -> Summary:
    """Make the numbers of a cross-check of counts by side, state and fields."""
    states, kinds, sides = Counter[str](), Counter[str](), Counter[str]()
    sums = [ZERO, ZERO, ZERO]
    for side, state, fields, count, *gaps in rows:
        states[state] += count
        if state in MISMATCHES:
            sides[side] += count
            sums = [total + gap for total, gap in zip(sums, gaps, strict=True)]
            for kind in kinds_of(state, Field(fields)):
                kinds[kind] += count
    return Summary(states, kinds, sides, *sums)


def kinds_of(state: str, fields: Field) -> list[str]:
    """Name everything that is wrong with a mismatched invoice."""
    different = [str(one.name).lower() for one in fields]
    return different if state == SeenState.DIFFERS else [state, *different]


def standing_of(acting: Acting, period: Period) -> Standing:
    """Tell how complete the cross-check of a period is."""
    acting.require("isaf.crosscheck")
    rows = selected(
        sql.COUNTERPARTIES, asked(acting.taxpayer_id, period, PairQuery(), _reach(acting))
    )
    return Standing(*next(rows))


def pair_page(acting: Acting, period: Period, query: PairQuery, cursor: str) -> Page[SeenPair]:
    """Return the page of pairs at a cursor, in the order of issue."""
    acting.require("isaf.crosscheck")
    place = Cursor.parse(cursor, a_day, a_number, a_day, a_number, a_text)
    question = asked(acting.taxpayer_id, period, query, _reach(acting))
    if place:
        question = question.beside(place)
    way = "DESC" if place and place.backwards else ""
    rows = selected(sql.PAGE, question, way=way, limit=f"LIMIT {PAGE_SIZE + 1}")
    return _KEYSET.cut([_seen(row) for row in rows], place)


def pair_of(acting: Acting, register: Register, invoice: Invoice) -> SeenPair | None:
    """Return how an invoice of ours was cross-checked; None when it was not."""
    acting.require("isaf.crosscheck")
    whose = PairQuery(side=invoice.side)
    question = asked(acting.taxpayer_id, register.period, whose, _reach(acting))
    values = {"part": invoice.part_id, "position": invoice.position, "key": invoice.match_key}
    conditions = (*question.conditions, sql.PLACE)
    question = Question(question.side, conditions, {**question.params, **values})
    row = next(selected(sql.PAGE, question, way="", limit="LIMIT 1"), None)
    return _seen(row) if row else None


def pairs_of_keys(acting: Acting, keys: Collection[int]) -> list[SeenPair]:
    """Return the pairs of some keys, or of numbers like theirs, that we see in any month."""
    acting.require("isaf.crosscheck")
    nearing = DealPair.objects.filter(near_key__in=keys).values_list("match_key", flat=True)
    question = asked(acting.taxpayer_id, _EVER, PairQuery(), _reach(acting))
    params = {**question.params, "keys": [*keys, *nearing]}
    question = Question("", (*question.conditions, sql.OF_KEYS), params)
    return [_seen(row) for row in selected(sql.PAGE, question, way="", limit="LIMIT 25")]


def every_pair(acting: Acting, period: Period, query: PairQuery) -> Iterator[SeenPair]:
    """Return all pairs asked for, read in portions."""
    acting.require("isaf.crosscheck")
    cursor = ""
    while True:
        page = pair_page(acting, period, query, cursor)
        yield from page.rows
        if not (cursor := page.next):
            return


@dataclass(frozen=True, slots=True)
class Question:
    """A selection as SQL: what is seen, the conditions, and the values in them."""

    side: str
    conditions: tuple[str, ...]
    params: Mapping[str, Any]

    def beside(self, place: Cursor) -> "Question":
        """Return the same, from a place on."""
        names = [f"at_{name}" for name in sql.ORDER]
        condition = (
            f"({', '.join(f'seen.{name}' for name in sql.ORDER)}) "
            f"{'<' if place.backwards else '>'} ({', '.join(f'%({name})s' for name in names)})"
        ).replace("%(at_issued)s", "%(at_issued)s::date")
        condition = condition.replace("%(at_period_start)s", "%(at_period_start)s::date")
        values = dict(zip(names, place.values, strict=True))
        return Question(self.side, (*self.conditions, condition), {**self.params, **values})

    def with_(self, **values: Any) -> "Question":
        """Return the same with more values."""
        return Question(self.side, self.conditions, {**self.params, **values})

    def in_(self, statement: str, **words: str) -> str:
        """Return a statement of `isaf.sql.seen` with this selection in it."""
        return statement.format(seen=sql.SEEN[self.side], which=self.which, **words)

    @property
    def which(self) -> str:
        """All conditions as one."""
        return " AND ".join(self.conditions) or "true"


def asked(
    taxpayer_id: int, period: Period, query: PairQuery, reach: Reach = EVERYWHERE
) -> Question:
    """Turn a question about a taxpayer's period into conditions and values.

    Who is limited to a register sees the deals of its side, who is limited to parts of it those
    that he told himself in one of them: what is missing from a register belongs to no part.
    """
    params: dict[str, Any] = {
        "me": taxpayer_id,
        "lo": period.start.replace(day=1),
        "hi": period.end.replace(day=1),
        "furthest": settings.ISAF_OTHER_PERIOD_DAYS,
        "reverse": sorted(REVERSE_CHARGE),
    }
    conditions = []
    if query.states:
        conditions.append(sql.STATES)
        params["states"] = [state.value for state in query.states]
    if query.counterparty:
        conditions.append(sql.COUNTERPARTY)
        params["counterparty"] = query.counterparty
    if query.text.strip():
        conditions.append(sql.TEXT)
        params |= _text_values(query.text)
    if not reach.is_whole:
        conditions.append(sql.REACHED)
        params |= _reached(reach)
    return Question(query.side, tuple(conditions), params)


def _reach(acting: Acting) -> Reach:
    return reach_of(acting, "isaf.crosscheck")


def _reached(reach: Reach) -> dict[str, list[str]]:
    in_parts = [
        (type_.side, part) for type_ in RegisterType for part in sorted(reach.parts_of(type_) or ())
    ]
    return {
        "whole_sides": [type_.side for type_ in RegisterType if reach.holds(type_)],
        "part_sides": [side for side, _ in in_parts],
        "part_numbers": [part for _, part in in_parts],
    }


def _text_values(text: str) -> dict[str, str]:
    number, escaped = normalise_number(text), _escaped(text.strip())
    return {
        "number": f"%{number}%" if number else "",
        "name": f"%{escaped}%",
        "code": f"{escaped.upper()}%",
    }


def _escaped(text: str) -> str:
    return text.replace("\\", "\\\\").replace("%", r"\%").replace("_", r"\_")


def _seen(row: tuple[Any, ...]) -> SeenPair:
    return SeenPair._make((*row[:-12], content(*row[-12:-6]), content(*row[-6:])))


def content(
    number: str | None,
    issued: date | None,
    type_: str | None,
    taxable: Decimal | None,
    vat: Decimal | None,
    codes: str | None,
) -> Content | None:
    """Return what a side says of an invoice; None when it says nothing."""
    if number is None or issued is None or taxable is None:
        return None
    told = InvoiceType((type_ or "").strip() or "SF")
    return Content(number, issued, told, taxable, vat or ZERO, frozenset((codes or "").split(",")))


def selected(statement: str, question: Question, **words: str) -> Iterator[tuple[Any, ...]]:
    """Yield what a statement of `isaf.sql.seen` selects."""
    with connection.cursor() as cursor:
        cursor.execute(question.in_(statement, **words), question.params)
        yield from cursor.fetchall()

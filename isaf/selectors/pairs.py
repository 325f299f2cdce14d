"""The live cross-check of a taxpayer: counted, searched and paged, as that taxpayer sees it."""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any, NamedTuple

from django.db import connection

from imas.kernel.money import ZERO
from imas.kernel.periods import Period
from imas.web.paging import Cursor, Keyset, Page, a_day, a_number, a_text
from isaf import crosscheck_terms
from isaf.crosscheck_terms import roundings
from isaf.limits import reach_of
from isaf.matching import REVERSE_CHARGE, Content, Field, Hint, SeenState, hint
from isaf.models import DealPair, Invoice, Register
from isaf.selectors.summing import Summary, added_up
from isaf.sql import einvoices as einvoices_sql
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


@dataclass(frozen=True, slots=True)
class PairQuery:
    """Which pairs are asked for; everything empty means all of them.

    `side` is "S" for what we sold, "P" for what we bought; `counterparty` a VAT or taxpayer code.
    `mismatched` asks for what was a mismatch in its month, whatever the states.
    """

    states: tuple[SeenState, ...] = ()
    side: str = ""
    counterparty: str = ""
    text: str = ""
    mismatched: bool = False


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
        return hint_of(self.side, self.ours, self.theirs, self.fields, self.month)


def hint_of(
    side: str, ours: Content | None, theirs: Content | None, fields: Field, month: date
) -> Hint | None:
    """Return the usual habit behind a difference seen from a side."""
    if not (ours and theirs and fields):
        return None
    two = (ours, theirs) if side == "S" else (theirs, ours)
    return hint(*two, fields, roundings().on(month))


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
    """A selection as SQL: what is seen, the conditions, and the values in them.

    `einvoices` is the condition for the e-invoices that belong to it.
    """

    side: str
    conditions: tuple[str, ...]
    params: Mapping[str, Any]
    einvoices: str = "false"

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

    def in_(self, statement: str, **words: str) -> str:
        """Return a statement of `isaf.sql` with this selection in it."""
        filled = {"seen": sql.SEEN[self.side], "which": self.which, "einvoices": self.einvoices}
        return statement.format(**filled, **words)

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
        "first_day": period.start,
        "last_day": period.end,
        "reverse": sorted(REVERSE_CHARGE),
        **crosscheck_terms.comparing(),
        **crosscheck_terms.counting(),
    }
    conditions = []
    if query.states:
        conditions.append(sql.STATES)
        params["states"] = [state.value for state in query.states]
    if query.mismatched:
        conditions.append(sql.IS_MISMATCH)
    if query.counterparty:
        conditions.append(sql.COUNTERPARTY)
        params["counterparty"] = query.counterparty
    if query.text.strip():
        conditions.append(sql.TEXT)
        params |= _text_values(query.text)
    if not reach.is_whole:
        conditions.append(sql.REACHED)
        params |= _reached(reach)
    return Question(query.side, tuple(conditions), params, _einvoices(query, reach))


def _einvoices(query: PairQuery, reach: Reach) -> str:
    """E-invoices belong to the register of issued invoices as a whole."""
    if query.side == "P" or not reach.holds(RegisterType.SALES):
        return "false"
    return einvoices_sql.WITH_PARTY if query.counterparty else "true"


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

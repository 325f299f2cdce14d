"""The terms of the cross-check, by the month of the deal: schemas/isaf/limits.csv, mismatches.csv.

`limits` and `kinds` read the tables; everything else is made of them.
"""

from collections.abc import Callable, Mapping, Sequence
from datetime import date, timedelta
from decimal import Decimal
from functools import cache
from typing import Any, NamedTuple, TypeVar

from imas.kernel.classifiers import classifier, rows
from imas.kernel.dated import Dated
from isaf.matching import NOTHING, Field, SeenState

T = TypeVar("T")

_LIMITS, _KINDS = "isaf/limits.csv", "isaf/mismatches.csv"
_E_INVOICE = "einvoice."
"""What the codes of states against e-invoices begin with."""


class Kind(NamedTuple):
    """A state or a field from one day to another, both included.

    `counted` tells whether a state is a mismatch, and whether a field is compared. Words and
    meanings stand by language.
    """

    code: str
    is_state: bool
    since: date
    until: date
    counted: bool
    word: Mapping[str, str]
    meaning: Mapping[str, str]


@cache
def limits(code: str) -> Dated[Decimal]:
    """Return a limit of schemas/isaf/limits.csv by the day it holds from."""
    return Dated(
        sorted(
            (date.fromisoformat(row["valid_from"] or f"{date.min}"), Decimal(row["value"]))
            for row in rows(_LIMITS)
            if row["code"] == code
        )
    )


@cache
def kinds() -> Sequence[Kind]:
    """Return the states and fields of schemas/isaf/mismatches.csv, each line a run of days."""
    table = classifier(_KINDS)
    return [
        Kind(
            entry.code,
            entry.row["kind"] == "state",
            entry.valid_from,
            entry.valid_to,
            entry.row["counted"] == "yes",
            {"lt": entry.row["lt"], "en": entry.row["en"]},
            {"lt": entry.row["means_lt"], "en": entry.row["means_en"]},
        )
        for code in table
        for entry in table.entries(code)
    ]


def tolerances() -> Dated[Decimal]:
    """Return by how many euros two amounts may differ and still agree."""
    return limits("crosscheck-tolerance")


def roundings() -> Dated[Decimal]:
    """Return how many euros apart amounts are said to differ by rounding."""
    return limits("crosscheck-rounding")


def reaches() -> Dated[int]:
    """Return how many months apart the registers of one deal may lie, step by step."""
    return _whole(limits("crosscheck-reach-months"))


def distances() -> Dated[int]:
    """Return how many days apart the months of one deal may lie at most."""
    return _whole(limits("crosscheck-furthest-days"))


def compared() -> Dated[Field]:
    """Return which fields are compared."""
    fields = [kind for kind in kinds() if not kind.is_state]
    return Dated([(day, _compared_on(fields, day)) for day in _changes(fields)])


def kind_on(code: str, day: date, *, of_einvoice: bool = False) -> Kind:
    """Return what a state or a field is on a day; LookupError where the table says nothing."""
    whole = f"{_E_INVOICE}{code}" if of_einvoice else code
    for kind in kinds():
        if kind.code == whole and kind.since <= day <= kind.until:
            return kind
    raise LookupError(f"{_KINDS}: {whole} on {day}")


def mismatches_on(day: date) -> list[SeenState]:
    """Return the states that are mismatches between registers on a day."""
    return [state for state in SeenState if kind_on(state, day).counted]


def comparing() -> Mapping[str, Any]:
    """Return the terms of comparison as `isaf.sql.crosscheck` asks for them."""
    return {
        **_steps("tolerated", tolerances()),
        **_steps("reach", reaches()),
        **_steps("furthest", distances()),
        **_steps("compared", compared(), int),
    }


def counting() -> Mapping[str, Any]:
    """Return what counts as a mismatch, and how far is looked, as `isaf.sql.seen` asks for it."""
    states = [kind for kind in kinds() if kind.is_state and kind.counted]
    return {
        "kinds": [kind.code for kind in states],
        "kinds_since": [kind.since for kind in states],
        "kinds_until": [kind.until for kind in states],
        "furthest": max(distances().values),
    }


def _steps(name: str, dated: Dated[T], as_: Callable[[T], Any] = lambda value: value) -> Any:
    return {f"{name}_since": dated.days, f"{name}_values": [as_(one) for one in dated.values]}


def _whole(dated: Dated[Decimal]) -> Dated[int]:
    return Dated([(since, int(value)) for since, value in dated.steps])


def _changes(fields: Sequence[Kind]) -> list[date]:
    ended = {kind.until + timedelta(days=1) for kind in fields if kind.until < date.max}
    return sorted({kind.since for kind in fields} | ended)


def _compared_on(fields: Sequence[Kind], day: date) -> Field:
    found = NOTHING
    for kind in fields:
        if kind.counted and kind.since <= day <= kind.until:
            found |= Field[kind.code.upper()]
    return found

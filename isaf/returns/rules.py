"""Which boxes a VAT code feeds, by side and day: schemas/isaf/returns/rules.csv.

Rules of registers are named by side and code, as "P:PVM16". Every box that sums something has a
rule of its own beside them, as "B:25", for what is put into it by hand.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum
from functools import lru_cache

from imas.kernel.classifiers import Row, rows
from isaf.returns.forms import Box, BoxKind, boxes_on, holds

NO_CODE = "-"
"""Stands for a purchase without a code from a Lithuanian VAT payer, which is left out as usual."""

BY_HAND = "B"
"""Stands for the side of what is put straight into a box."""

_TABLE = "isaf/returns/rules.csv"
_CODES = "isaf/vat_codes.csv"
_INPUT_BOXES = frozenset({"25", "26", "27"})


class Treatment(StrEnum):
    """What becomes of rows under a code."""

    BOXES = "boxes"
    LEFT_OUT = "left-out"
    ASK = "ask"


class VatFrom(StrEnum):
    """Where the VAT of a row comes from: the row, or base times rate where the buyer charges it."""

    NONE = "none"
    STATED = "stated"
    SELF = "self"


class Confidence(StrEnum):
    """How well a rule is known."""

    SOURCED = "sourced"
    INFERRED = "inferred"
    DOUBTFUL = "doubtful"


@dataclass(frozen=True, slots=True)
class Rule:
    """What rows of one code and side give to the return.

    `rate` is the only rate in per cent a code has, None where the row must tell it. `list_field` is
    the column of FR0564 fed as well, empty for none.
    """

    side: str
    code: str
    treatment: Treatment
    taxable_boxes: tuple[str, ...]
    vat_boxes: tuple[str, ...]
    vat: VatFrom
    is_deducted: bool
    positive_only: bool
    rate: Decimal | None
    rate_asked: Decimal | None
    list_field: str
    confidence: Confidence
    note: str
    sources: tuple[str, ...]

    @property
    def name(self) -> str:
        """The stable name: side and code, with the rate where one code has several rules."""
        rate = "" if self.rate_asked is None else f"@{self.rate_asked}"
        return f"{self.side}:{self.code}{rate}"

    @property
    def boxes(self) -> tuple[str, ...]:
        """Every box that is fed."""
        return (*self.taxable_boxes, *self.vat_boxes, *(("35",) if self.is_deducted else ()))


@lru_cache(maxsize=256)
def rules_on(day: date) -> Mapping[str, Rule]:
    """Return every rule for a period that begins that day, by name."""
    boxes = boxes_on(day)
    found = [_rule(row) for row in rows(_TABLE) if holds(row, day)]
    found += _rules_of_boxes(boxes.values())
    return {rule.name: rule for rule in found if set(rule.boxes) <= boxes.keys()}


def contradictions() -> Iterator[str]:
    """Yield what is wrong with the tables: holes, two rules for one thing, what is unknown."""
    codes = {row["code"]: row for row in rows(_CODES)}
    seen: dict[tuple[str, str, str], Row] = {}
    for row in rows(_TABLE):
        yield from _wrong_of(row, codes)
        key = (row["side"], row["code"], row["rate"])
        if (other := seen.get(key)) and _overlap(row, other):
            yield f"{'/'.join(key)}: two rules hold on one day"
        seen[key] = row
    sided = {(side, code) for side, code, _ in seen}
    for code, row in codes.items():
        for side, column in (("S", "sales"), ("P", "purchases")):
            if row[column] == "yes" and (side, code) not in sided:
                yield f"{side}/{code}: the classifier allows it and no rule tells of it"


def _wrong_of(row: Row, codes: Mapping[str, Row]) -> Iterator[str]:
    name = f"{row['side']}/{row['code']}"
    known = {box["box"] for box in rows("isaf/returns/boxes.csv")}
    named = {*row["taxable_boxes"].split(), *row["vat_boxes"].split()}
    if named - known:
        yield f"{name}: no such box: {', '.join(sorted(named - known))}"
    if row["code"] not in codes and row["code"] != NO_CODE:
        yield f"{name}: the classifier does not know the code"
    if bool(named) != (row["treatment"] == Treatment.BOXES) and row["code"] != "PVM10":
        yield f"{name}: the treatment does not fit the boxes"
    if bool(row["vat_boxes"]) != (row["vat"] != VatFrom.NONE):
        yield f"{name}: boxes of VAT and where it comes from do not fit"
    if row["deducted"] == "yes" and not _INPUT_BOXES & {*row["vat_boxes"].split()}:
        yield f"{name}: deducted and not in 25, 26 or 27"


def _overlap(one: Row, other: Row) -> bool:
    return (one["valid_from"] or "0") <= (other["valid_to"] or "9") and (
        other["valid_from"] or "0"
    ) <= (one["valid_to"] or "9")


def _rule(row: Row) -> Rule:
    return Rule(
        side=row["side"],
        code=row["code"],
        treatment=Treatment(row["treatment"]),
        taxable_boxes=tuple(row["taxable_boxes"].split()),
        vat_boxes=tuple(row["vat_boxes"].split()),
        vat=VatFrom(row["vat"]),
        is_deducted=row["deducted"] == "yes",
        positive_only=row["positive_only"] == "yes",
        rate=_only_rate(row["code"]),
        rate_asked=Decimal(row["rate"]) if row["rate"] else None,
        list_field=row["fr0564"],
        confidence=Confidence(row["confidence"]),
        note=row["note"],
        sources=tuple(row["source"].split()),
    )


def _only_rate(code: str) -> Decimal | None:
    for row in rows(_CODES):
        if row["code"] == code and row["rates"].isdigit():
            return Decimal(row["rates"])
    return None


def _rules_of_boxes(boxes: Iterable[Box]) -> Iterator[Rule]:
    for box in boxes:
        if box.kind in {BoxKind.TAXABLE, BoxKind.VAT, BoxKind.DEDUCTED}:
            is_vat = box.kind is BoxKind.VAT
            yield Rule(
                side=BY_HAND,
                code=box.number,
                treatment=Treatment.BOXES,
                taxable_boxes=() if box.kind is not BoxKind.TAXABLE else (box.number,),
                vat_boxes=(box.number,) if is_vat else (),
                vat=VatFrom.NONE if box.kind is BoxKind.TAXABLE else VatFrom.STATED,
                is_deducted=box.number in _INPUT_BOXES or box.kind is BoxKind.DEDUCTED,
                positive_only=False,
                rate=None,
                rate_asked=None,
                list_field="",
                confidence=Confidence.SOURCED,
                note="",
                sources=(),
            )

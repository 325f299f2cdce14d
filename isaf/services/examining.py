"""The checks of a register that need other stored rows: other invoices, and who the parties are."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from django.conf import settings
from django.db import connection

from imas.kernel import clock
from imas.kernel.problems import Place, Problem, Severity
from isaf import rules
from isaf.models import Register, RegisterPart, RegisterProblem
from isaf.sql import registers as register_sql
from isaf.sql.counterparties import CHECKS
from isaf.sql.registers import PURCHASE_KEY, SALES_KEY, Hit
from isaf.types import RegisterState, RegisterType, normalise_number

KEPT = 2_000
"""At most so many findings of one check are kept beside the exact number."""

_REPEATED = {
    RegisterType.SALES: ("14067", SALES_KEY),
    RegisterType.PURCHASE: ("14068", PURCHASE_KEY),
}
_NOT_FOUND = {RegisterType.SALES: "14041", RegisterType.PURCHASE: "14043"}
_LISTS = {RegisterType.SALES: "SalesInvoices", RegisterType.PURCHASE: "PurchaseInvoices"}


@dataclass
class Examination:
    """What the checks of a register found: rows to keep and exact numbers by severity."""

    rows: list[RegisterProblem] = field(default_factory=list)
    totals: Counter[Severity] = field(default_factory=Counter)

    @property
    def is_clean(self) -> bool:
        """Whether nothing stands against acceptance."""
        return not self.totals[Severity.ERROR]

    def add(self, register: Register, code: str, hits: Sequence[Hit], element: str = "") -> None:
        """Take the findings of one check, at an element of the invoice."""
        problems = [_problem(register, code, hit, element) for hit in hits]
        for hit, problem in zip(hits, problems, strict=True):
            self.rows.append(_row(register, problem, hit, len(self.rows)))
        if hits:
            self.totals[problems[0].severity] += hits[0].found


@dataclass(frozen=True)
class _Held:
    """The current registers of the same type and taxpayer that a register is compared with."""

    starts: list[date]
    ends: list[date]
    parts: list[int]

    def covers(self, day: date) -> bool:
        return any(start <= day <= end for start, end in zip(self.starts, self.ends, strict=True))


def examine(register: Register) -> Examination:
    """Compare a register with itself, the taxpayer's other current ones and the registers of
    taxpayers. Reads only.

    Invoices are repeated when number (as compared, KD-8736), issue date and, for purchases, the
    supplier are the same, within a year either way (faults 14067 and 14068). A corrected invoice
    is looked for where a register of its issue date is held (14041 and 14043). The parties are
    looked up as they were on the day of the invoice (`counterparty_sql.CHECKS`).
    """
    examination = Examination()
    type_ = RegisterType(register.type)
    if type_ in _REPEATED:
        parts, held = _parts_of(register), _held(register)
        code, key = _REPEATED[type_]
        examination.add(register, code, _repeated(register, key, parts, held))
        examination.add(register, _NOT_FOUND[type_], _not_found(register, parts, held))
        params = {"start": register.start, "parts": parts, "limit": KEPT}
        for check in CHECKS[type_]:
            if not check.needs_whole or settings.REGISTERS_ARE_WHOLE:
                hits = [Hit._make(row) for row in _rows(check.statement, params)]
                examination.add(register, check.code, hits, check.element)
    return examination


def _parts_of(register: Register) -> list[int]:
    return list(register.shown.values_list("part_id", flat=True))


def _held(register: Register) -> _Held:
    year = timedelta(days=366)
    others = Register.objects.of_taxpayer(register.taxpayer_id).filter(
        type=register.type,
        current=True,
        start__gte=register.start - year,
        start__lte=register.start + year,
    )
    others = others.exclude(start=register.start, end=register.end)
    spans = list(others.order_by("start").values_list("start", "end"))
    parts = RegisterPart.objects.filter(register__in=others).values_list("part_id", flat=True)
    return _Held([start for start, _ in spans], [end for _, end in spans], list(parts.order_by()))


def _repeated(register: Register, key: str, parts: list[int], held: _Held) -> Sequence[Hit]:
    params = {
        "start": register.start,
        "parts": parts,
        "other_starts": held.starts,
        "other_parts": held.parts,
        "limit": KEPT,
    }
    return [Hit._make(row) for row in _rows(register_sql.repeated(key), params)]


def _not_found(register: Register, parts: list[int], held: _Held) -> Sequence[Hit]:
    named = [
        Hit._make((*row, None, False, 0))
        for row in _rows(register_sql.REFERENCES, {"start": register.start, "parts": parts})
        if register.start <= row[5] <= register.end or held.covers(row[5])
    ]
    params = {
        "numbers": [normalise_number(hit.number) for hit in named],
        "days": [hit.issued for hit in named],
        "starts": [register.start, *held.starts],
        "parts": [*parts, *held.parts],
    }
    known = set(_rows(register_sql.KNOWN, params)) if named else set()
    missing = [hit for hit in named if (normalise_number(hit.number), hit.issued) not in known]
    return [hit._replace(found=len(missing)) for hit in missing[:KEPT]]


def _rows(statement: str, params: Mapping[str, Any]) -> Iterator[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(statement, params)
        yield from cursor.fetchall()


def _problem(register: Register, code: str, hit: Hit, element: str) -> Problem:
    listed = _LISTS[RegisterType(register.type)]
    place = Place(
        line=hit.line,
        path=f"SourceDocuments/{listed}/Invoice[{hit.position + 1}]/{element}".rstrip("/"),
        register=register.type,
        invoice_no=hit.invoice_no,
    )
    return rules.problem(
        code,
        place,
        _judged_on(register),
        value=hit.number,
        reason="in-another-part" if hit.elsewhere else "",
        number=hit.number,
        issued=hit.issued.isoformat(),
        other=str(hit.other or ""),
    )


def _judged_on(register: Register) -> date:
    """Severities are those of the day of submission; before it, of today."""
    if register.state == RegisterState.SUBMITTED and register.submitted_at:
        return register.submitted_at.astimezone(clock.VILNIUS).date()
    return clock.today()


def _row(register: Register, problem: Problem, hit: Hit, position: int) -> RegisterProblem:
    return RegisterProblem(
        on=register,
        part_id=hit.part_id,
        invoice_position=hit.position,
        **RegisterProblem.values_of(problem, position),
    )

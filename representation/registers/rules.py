"""What every row of a register's file must be, looked at alone."""

import re
from collections.abc import Callable, Iterator
from datetime import date
from functools import lru_cache

from imas.kernel.identifiers import (
    legal_code_is_valid,
    lt_vat_is_valid,
    normalise_foreign_code,
    normalise_vat,
    personal_code_is_valid,
    taxpayer_code_kind,
    vmi_code_has_form,
)
from imas.kernel.periods import PeriodKind
from representation.registers.parsing import Record
from representation.registers.types import RegisterKind, RowProblem, StagedRow
from representation.types import AccountantKind, TaxpayerKind

Fingerprint = Callable[[str], str]

_LONGEST = {
    "code": 32,
    "name": 300,
    "person_name": 200,
    "address": 300,
    "city": 100,
    "postal_code": 20,
    "identifier": 64,
    "role": 120,
}
_CONTROL = re.compile(r"[\x00-\x1f\x7f]")
_COUNTRY = re.compile(r"[A-Z]{2}")
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_YES = {"": False, "false": False, "0": False, "no": False, "true": True, "1": True, "yes": True}
_KINDS: dict[RegisterKind, frozenset[str]] = {
    RegisterKind.TAXPAYERS: frozenset(TaxpayerKind),
    RegisterKind.PERIODS: frozenset(PeriodKind),
    RegisterKind.ACCOUNTANTS: frozenset(AccountantKind),
}
_OUTSIDE = frozenset({RegisterKind.EDS_GRANTS, RegisterKind.MANO_VMI_GRANTS})
_OF_PEOPLE = _OUTSIDE | {
    RegisterKind.HEADS,
    RegisterKind.ACCOUNTANTS,
    RegisterKind.EMPLOYMENTS,
}
_NEVER = date(9999, 12, 31)
_FIRST = date(1900, 1, 1)

Fault = tuple[str, str]
"""A column and the code of what is wrong with it."""


class RowChecker:
    """Looks at the rows of one file; `fingerprint` stands for personal codes in the database."""

    def __init__(self, kind: RegisterKind, fingerprint: Fingerprint) -> None:
        self.kind = kind
        self.fingerprint = fingerprint

    def check(self, row: int, record: Record) -> StagedRow | list[RowProblem]:
        """Return the row as it is staged, or everything that is wrong with it."""
        faults = [*_texts(record), *self._meaning(record)]
        if faults:
            return [RowProblem(row, column, code) for column, code in faults]
        if self.kind == RegisterKind.TAXPAYERS:
            return _taxpayer(row, record)
        if self.kind == RegisterKind.ENDINGS:
            return StagedRow(row, record["code"], since=_day(record["ended_on"]))
        return self._fact(row, record)

    def _meaning(self, record: Record) -> Iterator[Fault]:
        yield from self._codes(record)
        if self.kind in _KINDS and record.get("kind", "") not in _KINDS[self.kind]:
            yield "kind", "registers.not-in-list"
        if self.kind == RegisterKind.VAT and not lt_vat_is_valid(
            normalise_vat(record.get("vat_code", ""))
        ):
            yield "vat_code", "registers.vat-code-invalid"
        if self.kind in _OF_PEOPLE:
            yield from _person(record)
        if self.kind in _OUTSIDE and not record.get("role"):
            yield "role", "registers.required"
        if self.kind == RegisterKind.ENDINGS:
            yield from _days(record, "ended_on")
        elif self.kind != RegisterKind.TAXPAYERS:
            yield from _run_of_days(record)

    def _codes(self, record: Record) -> Iterator[Fault]:
        code = record.get("code", "")
        if self.kind == RegisterKind.TAXPAYERS:
            if not _fits(code, record.get("kind", "")):
                yield "code", "registers.code-invalid"
            if not record.get("name"):
                yield "name", "registers.required"
            if not _COUNTRY.fullmatch(record.get("country", "") or "LT"):
                yield "country", "registers.country-invalid"
        elif not code:
            yield "code", "registers.required"

    def _fact(self, row: int, record: Record) -> StagedRow:
        value = normalise_vat(record["vat_code"]) if self.kind == RegisterKind.VAT else ""
        return StagedRow(
            row,
            record["code"],
            value=value or record.get("kind", "") or record.get("role", ""),
            person=self._holder(record) if self.kind in _OF_PEOPLE else "",
            name=record.get("person_name", ""),
            since=_day(record["since"]),
            until=_day(record.get("until", "")),
            removed=_YES[record.get("removed", "").lower()],
        )

    def _holder(self, record: Record) -> str:
        identifier = normalise_foreign_code(record.get("identifier", ""))
        foreign = f"{record.get('country', '')}:{identifier}"
        return self.fingerprint(record.get("personal_code") or foreign)


def _texts(record: Record) -> Iterator[Fault]:
    for column, value in record.items():
        if _CONTROL.search(value):
            yield column, "registers.bad-characters"
        elif len(value) > _LONGEST.get(column, 32):
            yield column, "registers.too-long"


def _fits(code: str, kind: str) -> bool:
    """A legal person's code or one given by the authority, a personal code, a foreigner's own."""
    if kind == TaxpayerKind.NATURAL:
        return personal_code_is_valid(code) or vmi_code_has_form(code)
    if kind == TaxpayerKind.LEGAL:
        return legal_code_is_valid(code) or vmi_code_has_form(code)
    return bool(code) and (taxpayer_code_kind(code) is None or vmi_code_has_form(code))


def _person(record: Record) -> Iterator[Fault]:
    personal, identifier = record.get("personal_code", ""), record.get("identifier", "")
    if bool(personal) == bool(identifier):
        yield "personal_code", "registers.one-person"
    elif personal and not personal_code_is_valid(personal):
        yield "personal_code", "registers.code-invalid"
    elif identifier and not _COUNTRY.fullmatch(record.get("country", "")):
        yield "country", "registers.country-invalid"


def _run_of_days(record: Record) -> Iterator[Fault]:
    if not record.get("since"):
        yield "since", "registers.required"
    faults = [*_days(record, "since"), *_days(record, "until")]
    yield from faults
    if record.get("removed", "").lower() not in _YES:
        yield "removed", "registers.not-in-list"
    if faults or not record.get("since"):
        return
    since, until = _day(record["since"]), _day(record.get("until", ""))
    if since is None:
        yield "since", "registers.date-invalid"
    elif until and until < since:
        yield "until", "registers.ends-before-start"


def _days(record: Record, column: str) -> Iterator[Fault]:
    try:
        _day(record.get(column, ""))
    except ValueError:
        yield column, "registers.date-invalid"


@lru_cache(maxsize=4096)
def _day(text: str) -> date | None:
    """A day written 2026-11-22; registers that write the end of time mean none."""
    if not text:
        return None
    if not _DAY.fullmatch(text):
        raise ValueError(text)
    day = date.fromisoformat(text)
    if day < _FIRST:
        raise ValueError(text)
    return None if day == _NEVER else day


def _taxpayer(row: int, record: Record) -> StagedRow:
    return StagedRow(
        row,
        record["code"],
        value=record["kind"],
        name=record["name"],
        address=record.get("address", ""),
        city=record.get("city", ""),
        postal_code=record.get("postal_code", ""),
        country=record.get("country", "") or "LT",
    )

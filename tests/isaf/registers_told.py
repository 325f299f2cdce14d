"""Registers with invoices put straight into the tables, for tests of what is made of them."""

import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from django.db import connection
from psycopg2.extras import execute_values

from imas.kernel import clock
from imas.kernel.periods import Period
from isaf.models import Part, Register, RegisterPart
from isaf.partitions import ensure_partitions
from isaf.types import RegisterState, RegisterType, match_key, normalise_number
from representation.models import Taxpayer

OCTOBER = Period.month(2026, 10)
_TYPES = {"S": RegisterType.SALES, "P": RegisterType.PURCHASE}


@dataclass(frozen=True)
class Line:
    """One total of an invoice: base, tax (None for nil) and code ("" for nil)."""

    taxable: Decimal = Decimal("100.00")
    vat: Decimal | None = Decimal("21.00")
    code: str = "PVM1"


@dataclass(frozen=True)
class Told:
    """An invoice as a register tells it; `vat_code` and `code` are the other side's."""

    number: str = "A1"
    vat_code: str = ""
    code: str = ""
    country: str = ""
    issued: date = date(2026, 10, 12)
    type: str = "SF"
    lines: Sequence[Line] = field(default_factory=lambda: (Line(),))
    refs: Sequence[tuple[str, date]] = ()


def vat_of(taxpayer: Taxpayer) -> str:
    """The VAT code a taxpayer has."""
    registration = taxpayer.vat_registrations.first()
    return registration.vat_code if registration else ""


def tell(
    taxpayer: Taxpayer,
    side: str,
    *invoices: Told,
    period: Period = OCTOBER,
    state: RegisterState = RegisterState.ACCEPTED,
    current: bool = True,
) -> Register:
    """Make a register that shows one part with these invoices."""
    ensure_partitions(period.start)
    part = Part.objects.create(
        taxpayer=taxpayer,
        type=_TYPES[side],
        start=period.start,
        end=period.end,
        part_number="1",
        source="PORTAL_FILE",
        kept_at=clock.now(),
        invoices=len(invoices),
    )
    register = _register(taxpayer, side, period, state, current=current)
    RegisterPart.objects.create(register=register, part=part, part_number="1")
    _insert(part, side, vat_of(taxpayer), invoices)
    return register


def withdraw(register: Register) -> None:
    """Let a register count no longer."""
    register.state, register.decided_at = RegisterState.REJECTED, clock.now()
    register.save()


def supersede(register: Register) -> None:
    """Let a newer revision take the register's place."""
    register.relevant = register.current = False
    register.save()


def _register(
    taxpayer: Taxpayer, side: str, period: Period, state: RegisterState, *, current: bool
) -> Register:
    revision = Register.objects.filter(
        taxpayer=taxpayer, type=_TYPES[side], start=period.start, end=period.end
    ).count()
    preparing = state is RegisterState.PREPARING
    return Register.objects.create(
        number=f"{side}-{period.code}-{taxpayer.pk:07}-{revision + 1}",
        taxpayer=taxpayer,
        type=_TYPES[side],
        start=period.start,
        end=period.end,
        state=state,
        relevant=current and not preparing,
        current=current and not preparing,
        revision=revision + 1,
        submitted_at=None if preparing else clock.now(),
    )


def _insert(part: Part, side: str, own: str, invoices: Sequence[Told]) -> None:
    rows, tax_rows = [], []
    for position, told in enumerate(invoices):
        taxable = sum((line.taxable for line in told.lines), Decimal(0))
        vat = sum((line.vat or Decimal(0) for line in told.lines), Decimal(0))
        key = _key(side, own, told)
        rows.append(
            (part.start, part.pk, position, side, position + 1, told.number,
             normalise_number(told.number), key, told.vat_code, told.code, told.country,
             f"Kita pusė {told.vat_code}", told.issued, told.type, False, None, None, taxable,
             vat, taxable + vat, _named(told), _codes(told))
        )  # fmt: skip
        tax_rows += [
            (part.start, part.pk, position, row, line.taxable, line.code, None, line.vat, None)
            for row, line in enumerate(told.lines)
        ]
    with connection.cursor() as cursor:
        if rows:
            execute_values(cursor, "INSERT INTO isaf_invoice VALUES %s", rows)
        if tax_rows:
            execute_values(cursor, "INSERT INTO isaf_tax_row VALUES %s", tax_rows)


def _named(told: Told) -> str | None:
    named = [(number, f"{issued}") for number, issued in told.refs]
    return json.dumps(named) if named else None


def _codes(told: Told) -> str:
    return ",".join(sorted({line.code for line in told.lines}))


def _key(side: str, own: str, told: Told) -> int | None:
    if not own or not told.vat_code.startswith("LT"):
        return None
    seller, buyer = (own, told.vat_code) if side == "S" else (told.vat_code, own)
    return match_key(seller, buyer, normalise_number(told.number))

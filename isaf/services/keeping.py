"""The one transaction that makes an accepted file's rows the taxpayer's registers."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.db.models import Max

from imas.kernel import clock
from imas.kernel.periods import Period
from isaf.judging import RegisterSummary
from isaf.models import Part, Register, RegisterPart
from isaf.notices.registers import record_state
from isaf.storing import PartGoneError
from isaf.types import DataType, RegisterState, RegisterType

_ALWAYS_MADE = (RegisterType.SALES, RegisterType.PURCHASE)


@dataclass(frozen=True, slots=True)
class Staged:
    """What one file brought: a filled part and its summary for every register."""

    taxpayer_id: int
    period: Period
    data_type: DataType
    part_number: str
    part_ids: Mapping[RegisterType, int]
    summaries: Mapping[RegisterType, RegisterSummary]
    within: frozenset[RegisterType] = frozenset(RegisterType)
    """The registers in which the sender may touch this part."""


def keep(staged: Staged) -> Sequence[str]:
    """Show the staged parts in the registers of the period; return the registers' numbers.

    Runs inside the caller's transaction. Any file makes both registers of the period, and a part
    number used before is replaced in each, even by nothing (VMI KD-8599), as far as the sender's
    mandate reaches: what lies outside of it is left alone. A decided register that
    the file would not change is left alone; otherwise it is corrected by a new revision.
    PartGoneError when another attempt has thrown these parts away.
    """
    revisions = _locked_revisions(staged)
    numbers = []
    for type_ in RegisterType:
        mine = [row for row in revisions if row.type == type_]
        latest = max(mine, key=lambda row: row.revision, default=None)
        if not _is_touched(staged, type_, latest):
            Part.objects.filter(pk=staged.part_ids[type_]).delete()
            if latest is not None or type_ not in staged.within.intersection(_ALWAYS_MADE):
                continue
            numbers.append(_open(staged, type_, mine).number)
            continue
        register = _open(staged, type_, mine)
        _show(register, staged, type_)
        numbers.append(register.number)
    return numbers


def _locked_revisions(staged: Staged) -> Sequence[Register]:
    of_period = Register.objects.of_taxpayer(staged.taxpayer_id).of_period(staged.period)
    return list(of_period.select_for_update(of=("self",)).order_by("pk"))


def _is_touched(staged: Staged, type_: RegisterType, latest: Register | None) -> bool:
    """Whether the file says something about this register."""
    if type_ not in staged.within:
        return False
    if staged.summaries[type_].records or type_ in staged.data_type.covers:
        return True
    return latest is not None and latest.shown.filter(part_number=staged.part_number).exists()


def _open(staged: Staged, type_: RegisterType, revisions: Sequence[Register]) -> Register:
    """Return the register being prepared, made if there is none."""
    for register in revisions:
        if register.state == RegisterState.PREPARING:
            return _ask_for_check(register)
    register = Register(
        taxpayer_id=staged.taxpayer_id,
        type=type_,
        start=staged.period.start,
        end=staged.period.end,
        revision=_next_revision(staged, type_),
    )
    register.number = register_number(register)
    _ask_for_check(register)
    record_state(register)
    if revisions:
        _copy_parts(_to_correct(revisions), register)
    return register


def register_number(register: Register) -> str:
    """Return the number a register is known by: side, period, taxpayer's id and revision.

    A taxpayer's code may be a personal code, so it stays out of numbers and addresses.
    """
    side = RegisterType(register.type).side
    period = register.period.code.replace("/", "_")
    return f"{side}-{period}-{register.taxpayer_id:07d}-{register.revision}"


def _ask_for_check(register: Register) -> Register:
    register.check_requested_at = clock.now()
    register.claimed_at, register.attempts, register.given_up_at = None, 0, None
    register.save()
    return register


def _next_revision(staged: Staged, type_: RegisterType) -> int:
    """Count cancelled revisions too: a number is never used twice."""
    every = Register.objects.filter(taxpayer_id=staged.taxpayer_id, type=type_)
    highest = every.of_period(staged.period).aggregate(highest=Max("revision"))["highest"]
    return (highest or 0) + 1


def _to_correct(revisions: Sequence[Register]) -> Register:
    """Return the revision that counts, which is the one a new upload corrects, or the newest."""
    return max(revisions, key=lambda row: (row.current, row.revision))


def _copy_parts(earlier: Register, register: Register) -> None:
    RegisterPart.objects.bulk_create(
        RegisterPart(register=register, part_id=shown.part_id, part_number=shown.part_number)
        for shown in earlier.shown.all()
    )


def _show(register: Register, staged: Staged, type_: RegisterType) -> None:
    part_id, summary = staged.part_ids[type_], staged.summaries[type_]
    kept = Part.objects.filter(pk=part_id, kept_at=None).update(
        kept_at=clock.now(),
        invoices=summary.records,
        taxable=summary.taxable,
        vat=summary.vat,
        error_count=summary.errors,
        warning_count=summary.warnings,
    )
    if not kept:
        raise PartGoneError
    RegisterPart.objects.update_or_create(
        register=register, part_number=staged.part_number, defaults={"part_id": part_id}
    )

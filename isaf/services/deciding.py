"""Checking registers: while they are prepared, so that one sees, and when submitted, to decide."""

from uuid import UUID

from django.db import transaction

from imas.kernel import clock
from imas.kernel.problems import Severity
from isaf.models import Register, RegisterProblem
from isaf.notices.registers import announce_decision
from isaf.services.examining import Examination, examine
from isaf.services.moving import lock_with_revisions, move
from isaf.types import RegisterState
from representation.services import journal
from representation.types import system_acting


def decide_register(register_id: UUID) -> None:
    """Check a register that is due; a submitted one is accepted or rejected by what is found.

    Safe to call any number of times. What changed while it was checked is left for the next turn.
    """
    if not Register.objects.claim(register_id):
        return
    seen = Register.objects.get(pk=register_id)
    found = examine(seen)
    with transaction.atomic():
        register, revisions = lock_with_revisions(register_id)
        if not _is_as_seen(register, seen):
            Register.objects.filter(pk=register_id).update(claimed_at=None)
            return
        _write_down(register, found)
        if register.state == RegisterState.SUBMITTED:
            verdict = RegisterState.ACCEPTED if found.is_clean else RegisterState.REJECTED
            move(register, verdict, revisions)
            announce_decision(register)
            acting = system_acting(register.taxpayer, ())
            journal(acting, "isaf.register-decided", register.number, state=verdict)
        else:
            register.check_requested_at, register.checked_at = None, clock.now()
            register.claimed_at, register.attempts, register.given_up_at = None, 0, None
            register.save()


def _is_as_seen(register: Register, seen: Register) -> bool:
    return (
        register.state == seen.state
        and register.relevant == seen.relevant
        and register.check_requested_at == seen.check_requested_at
    )


def _write_down(register: Register, found: Examination) -> None:
    RegisterProblem.objects.filter(on=register).delete()
    RegisterProblem.objects.bulk_create(found.rows, batch_size=500)
    register.errors = found.totals[Severity.ERROR]
    register.warnings = found.totals[Severity.WARNING]
    register.save()

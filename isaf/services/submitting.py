"""What a taxpayer does with a register that is being prepared: submit it or give it up."""

from collections.abc import Sequence

from django.db import transaction

from imas.kernel import clock
from imas.kernel.errors import ConflictError, NotFoundError
from isaf.limits import reach_of, require_whole
from isaf.models import Register
from isaf.notices.registers import record_state
from isaf.selectors import errors_of
from isaf.services.moving import lock_with_revisions, move
from isaf.types import RegisterState, RegisterType
from representation.services import journal
from representation.types import Acting


def submit_register(acting: Acting, number: str) -> Register:
    """Submit a prepared register; the checks that decide on it follow.

    Refused with ConflictError: "register-not-preparing" when it was submitted already,
    "register-has-errors" while errors stand (web-service specification, SubmitRegistry).
    """
    acting.require("isaf.submit")
    with transaction.atomic():
        register, revisions = _prepared(acting, number)
        if errors := errors_of(register):
            raise ConflictError("register-has-errors", number=number, errors=str(errors))
        register.submitted_by_id = acting.person_id
        move(register, RegisterState.SUBMITTED, revisions)
        journal(acting, "isaf.register-submitted", number)
    return register


def cancel_register(acting: Acting, number: str) -> Register:
    """Give up a register that is being prepared (RemoveRegistry); its files are kept."""
    acting.require("isaf.submit")
    with transaction.atomic():
        register, _ = _prepared(acting, number)
        register.cancelled_at, register.check_requested_at = clock.now(), None
        register.save()
        register.shown.all().delete()
        record_state(register)
        journal(acting, "isaf.register-cancelled", number)
    return register


def request_check(acting: Acting, number: str) -> Register:
    """Have a register that is being prepared checked once more (ValidateRegistry).

    Whoever uploads may ask for it; refused as `submit_register` is.
    """
    acting.require("isaf.upload")
    with transaction.atomic():
        register, _ = _prepared(acting, number, "isaf.upload")
        register.check_requested_at = clock.now()
        register.claimed_at, register.attempts, register.given_up_at = None, 0, None
        register.save()
    return register


def _prepared(
    acting: Acting, number: str, right: str = "isaf.submit"
) -> tuple[Register, Sequence[Register]]:
    reach = reach_of(acting, right)
    found = Register.objects.of_taxpayer(acting.taxpayer_id).filter(number=number).first()
    if found is None or found.type not in reach.types:
        raise NotFoundError("register-not-found", number=number)
    require_whole(acting, right, RegisterType(found.type))
    register, revisions = lock_with_revisions(found.pk)
    if register.state != RegisterState.PREPARING:
        raise ConflictError("register-not-preparing", number=number, state=register.state)
    return register, revisions

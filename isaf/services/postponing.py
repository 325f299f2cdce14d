"""Asking to postpone a deadline, and deciding on it (VA-119, 23; rules of VA-135)."""

from collections.abc import Sequence
from dataclasses import asdict
from datetime import date
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.db.models import QuerySet

from imas.kernel import clock
from imas.kernel.errors import ConflictError, NotFoundError, UnprocessableError
from imas.kernel.periods import Period
from isaf.models import Postponement, PostponementFile, PostponementState, Register
from isaf.notices.registers import announce_postponement
from isaf.services.periods import require_open
from isaf.types import RegisterState, RegisterType
from mailbox.attachments import KeptFile
from mailbox.proofs import Proof, kept
from representation.models import Taxpayer
from representation.services import journal
from representation.services.journal import journal_officer
from representation.services.officers import Officer
from representation.types import Acting

RIGHT = "isaf.submit"
_DONE = (RegisterState.SUBMITTED, RegisterState.ACCEPTED)
_INVOICES = {RegisterType.SALES, RegisterType.PURCHASE}


def require_asking(acting: Acting, period: Period) -> None:
    """Refuse a request of what is no period, is submitted, or has a request already.

    As `require_open` refuses, ConflictError("period-submitted") and
    ConflictError("postponement-exists").
    """
    acting.require_wholly(RIGHT)
    require_open(acting, period)
    held = Register.objects.of_taxpayer(acting.taxpayer_id).of_period(period)
    submitted = held.filter(state__in=_DONE, current=True).values_list("type", flat=True)
    if set(submitted) >= _INVOICES:
        raise ConflictError("period-submitted", period=period.code)
    if _standing(acting, period).exists():
        raise ConflictError("postponement-exists", period=period.code)


def ask(
    acting: Acting, period: Period, *, until: date, reason: str, proofs: Sequence[Proof] = ()
) -> Postponement:
    """Ask to postpone the deadline of a period to a later day; refused as `require_asking` is.

    UnprocessableError("postponement-day") unless the day comes after the deadline and today, at
    most ISAF_POSTPONED_DAYS after the deadline.
    """
    require_asking(acting, period)
    latest = period.deadline + settings.ISAF_POSTPONED_LONGEST
    if not max(period.deadline, clock.today()) < until <= latest:
        raise UnprocessableError("postponement-day", latest=f"{latest}")
    with kept(proofs) as files:
        return _asked(acting, period, until, reason, files)


def withdraw(acting: Acting, postponement_id: UUID) -> Postponement:
    """Take a request back that nobody has decided on: ConflictError("postponement-decided")."""
    acting.require_wholly(RIGHT)
    with transaction.atomic():
        found = _waiting(postponement_id, acting.taxpayer_id)
        found.state = PostponementState.WITHDRAWN
        found.save()
        journal(acting, "isaf.postponement-withdrawn", found.period.code)
    return found


def decide(
    officer: Officer, postponement_id: UUID, *, granted_until: date | None, answer: str
) -> Postponement:
    """Grant a day, or refuse without one; the taxpayer is told by a message.

    ConflictError("postponement-decided") when another was faster or it was taken back,
    UnprocessableError("postponement-day") for a day that is not after the deadline.
    """
    with transaction.atomic():
        found = _waiting(postponement_id)
        if granted_until is not None and granted_until <= found.period.deadline:
            latest = found.period.deadline + settings.ISAF_POSTPONED_LONGEST
            raise UnprocessableError("postponement-day", latest=f"{latest}")
        is_granted = granted_until is not None
        found.state = PostponementState.GRANTED if is_granted else PostponementState.REFUSED
        found.granted_until, found.answer = granted_until, answer
        found.decided_at, found.decided_by = clock.now(), officer.user
        found.save()
        announce_postponement(found)
        subject = f"{found.taxpayer.code} {found.period.code}"
        journal_officer(officer.user, "isaf.postponement-decided", subject, state=found.state)
    return found


def _asked(
    acting: Acting, period: Period, until: date, reason: str, files: Sequence[KeptFile]
) -> Postponement:
    with transaction.atomic():
        # One request at a time for a taxpayer: of two at once the second finds the first.
        Taxpayer.objects.select_for_update(no_key=True).get(pk=acting.taxpayer_id)
        if _standing(acting, period).exists():
            raise ConflictError("postponement-exists", period=period.code)
        made = Postponement.objects.create(
            taxpayer_id=acting.taxpayer_id,
            start=period.start,
            end=period.end,
            until=until,
            reason=reason,
            asked_by_id=acting.person_id,
        )
        PostponementFile.objects.bulk_create(
            PostponementFile(postponement=made, **asdict(file)) for file in files
        )
        journal(acting, "isaf.postponement-asked", period.code)
    return made


def _standing(acting: Acting, period: Period) -> "QuerySet[Postponement]":
    standing = (PostponementState.ASKED, PostponementState.GRANTED)
    return Postponement.objects.filter(
        taxpayer_id=acting.taxpayer_id, start=period.start, end=period.end, state__in=standing
    )


def _waiting(postponement_id: UUID, taxpayer_id: int | None = None) -> Postponement:
    found = Postponement.objects.select_for_update().filter(pk=postponement_id).first()
    if found is None or taxpayer_id not in {None, found.taxpayer_id}:
        raise NotFoundError("postponement-not-found")
    if found.state != PostponementState.ASKED:
        raise ConflictError("postponement-decided", state=found.state)
    return found

"""Outages as officers declare, end, correct and withdraw them (VA-119, 28 p.)."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction

from avaz.models import Outage
from avaz.services.following import say
from avaz.standing import forget_banner
from avaz.types import Effect, How, OutageAct, Subsystem
from imas.kernel import clock
from imas.kernel.errors import ConflictError, NotFoundError, UnprocessableError
from representation.services.journal import journal_officer
from representation.services.officers import Officer

LONGEST_AGO, FARTHEST_AHEAD = timedelta(days=92), timedelta(days=366)
"""How far from now an outage may begin: a mistyped year would excuse years of waybills."""


@dataclass(frozen=True, slots=True)
class Declaration:
    """What an officer says of an outage."""

    subsystem: Subsystem
    start: datetime
    end: datetime | None
    effect: Effect
    words_lt: str = ""
    words_en: str = ""


def declare(officer: Officer, told: Declaration) -> Outage:
    """Declare an outage, one that is planned too.

    UnprocessableError("avaz-outage-time") where it ends before it begins, ("avaz-outage-far")
    where it begins too far from now, ("avaz-outage-effect") for an effect on waybills of what
    they do not depend on.
    """
    now = clock.now()
    _refuse(told, now)
    with transaction.atomic():
        made = Outage(how=How.DECLARED, subsystem=told.subsystem, declared_by=officer.user)
        _take(made, told)
        say(made, OutageAct.DECLARED, now, by=officer.user)
        _journal(officer, "avaz.outage-declared", made)
    forget_banner()
    return made


def end(officer: Officer, outage_id: UUID) -> Outage:
    """Say that an outage is over. NotFoundError("avaz-outage-unknown"),
    ConflictError("avaz-outage-over") too for one that has not begun, ("avaz-outage-withdrawn").
    """
    now = clock.now()
    with transaction.atomic():
        found = _held(outage_id)
        if found.start > now or (found.end is not None and found.end <= now):
            raise ConflictError("avaz-outage-over")
        found.end = now
        say(found, OutageAct.ENDED, now, by=officer.user)
        _journal(officer, "avaz.outage-ended", found)
    forget_banner()
    return found


def correct(
    officer: Officer, outage_id: UUID, told: Declaration, *, version: int, why: str
) -> Outage:
    """Say otherwise of an outage what was said wrongly, and why; of another subsystem it is not.

    Refused as `declare` and `end`; ConflictError("avaz-outage-changed") where another officer
    said something since `version`, UnprocessableError("avaz-outage-same") where nothing changes.
    """
    now = clock.now()
    with transaction.atomic():
        found = _held(outage_id)
        if found.version != version:
            raise ConflictError("avaz-outage-changed")
        _refuse(told, now, found)
        if not _take(found, told):
            raise UnprocessableError("avaz-outage-same")
        say(found, OutageAct.CORRECTED, now, by=officer.user, why=why)
        _journal(officer, "avaz.outage-corrected", found, why=why)
    forget_banner()
    return found


def withdraw(officer: Officer, outage_id: UUID, *, why: str) -> Outage:
    """Say that there was no such outage, and why. Refused as `end`.

    It excuses no more than what relied on it while it stood (`avaz.reliance`).
    """
    now = clock.now()
    with transaction.atomic():
        found = _held(outage_id)
        found.withdrawn_at = now
        say(found, OutageAct.WITHDRAWN, now, by=officer.user, why=why)
        _journal(officer, "avaz.outage-withdrawn", found, why=why)
    forget_banner()
    return found


def _refuse(told: Declaration, now: datetime, held: Outage | None = None) -> None:
    if told.end and told.end < told.start:
        raise UnprocessableError("avaz-outage-time")
    is_moved = held is None or held.start != told.start
    if is_moved and not now - LONGEST_AGO <= told.start <= now + FARTHEST_AHEAD:
        raise UnprocessableError("avaz-outage-far")
    if told.effect == Effect.LATE_WAYBILLS and told.subsystem == Subsystem.ISAF:
        raise UnprocessableError("avaz-outage-effect")


def _held(outage_id: UUID) -> Outage:
    found = Outage.objects.select_for_update().filter(pk=outage_id).first()
    if found is None:
        raise NotFoundError("avaz-outage-unknown")
    if found.withdrawn_at:
        raise ConflictError("avaz-outage-withdrawn")
    return found


def _take(outage: Outage, told: Declaration) -> bool:
    """Let an outage be as told; tell whether that is anything new."""
    is_new = False
    for name in ("start", "end", "effect", "words_lt", "words_en"):
        is_new |= getattr(outage, name) != getattr(told, name)
        setattr(outage, name, getattr(told, name))
    return is_new


def _journal(officer: Officer, action: str, outage: Outage, **params: str) -> None:
    told = {
        "subsystem": outage.subsystem,
        "start": outage.start.isoformat(),
        "end": outage.end.isoformat() if outage.end else "",
        "effect": outage.effect,
        "version": str(outage.version),
    }
    journal_officer(officer.user, action, str(outage.pk), **told, **params)

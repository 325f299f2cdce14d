"""Outages, declared or observed by the desk, and what follows for waybills (VA-119, 28 p.)."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction

from avaz.deadlines import last_day
from avaz.models import Outage
from avaz.standing import forget_banner
from avaz.types import Effect, How, Subsystem
from imas.kernel import clock
from imas.kernel.errors import ConflictError, NotFoundError, UnprocessableError
from ivaz import ports as ivaz
from representation.services.journal import journal_officer
from representation.services.officers import Officer


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
    """Declare an outage. UnprocessableError("avaz-outage-time") where it ends before it begins.

    Effects on waybills are of i.VAZ and of the whole alone: UnprocessableError
    ("avaz-outage-effect").
    """
    if told.end and told.end < told.start:
        raise UnprocessableError("avaz-outage-time")
    if told.effect == Effect.LATE_WAYBILLS and told.subsystem == Subsystem.ISAF:
        raise UnprocessableError("avaz-outage-effect")
    with transaction.atomic():
        made = Outage.objects.create(
            subsystem=told.subsystem,
            start=told.start,
            end=told.end,
            how=How.DECLARED,
            effect=told.effect,
            words_lt=told.words_lt,
            words_en=told.words_en,
            declared_by=officer.user,
        )
        _excuse(made)
        journal_officer(
            officer.user, "avaz.outage-declared", str(made.pk), subsystem=made.subsystem
        )
    forget_banner()
    return made


def end(officer: Officer, outage_id: UUID) -> Outage:
    """Say that an outage is over. NotFoundError("avaz-outage-unknown"),
    ConflictError("avaz-outage-over").
    """
    now = clock.now()
    with transaction.atomic():
        found = Outage.objects.select_for_update().filter(pk=outage_id).first()
        if found is None:
            raise NotFoundError("avaz-outage-unknown")
        if found.end is not None:
            raise ConflictError("avaz-outage-over")
        _ended(found, max(now, found.start))
        journal_officer(officer.user, "avaz.outage-ended", str(found.pk), subsystem=found.subsystem)
    forget_banner()
    return found


def observe(desk: UUID, told: Mapping[str, Any]) -> None:
    """Keep an outage as the desk observed it. Safe to call any number of times."""
    start = datetime.fromisoformat(told["start"])
    over = datetime.fromisoformat(told["end"]) if told["end"] else None
    with transaction.atomic():
        found, is_new = Outage.objects.select_for_update().get_or_create(
            source=f"{desk}:{told['id']}",
            defaults={
                "subsystem": Subsystem.ALL,
                "start": start,
                "end": over,
                "how": How.OBSERVED,
                "effect": Effect.LATE_WAYBILLS,
            },
        )
        if is_new:
            _excuse(found)
        elif found.end is None and over:
            _ended(found, over)
        else:
            return
    forget_banner()


def _ended(outage: Outage, at: datetime) -> None:
    outage.end, outage.told_to, outage.told_at = at, 0, None
    outage.save(update_fields=["end", "told_to", "told_at"])
    _excuse(outage)


def _excuse(outage: Outage) -> None:
    """Let i.VAZ take the waybills of an outage late."""
    if outage.effect != Effect.LATE_WAYBILLS:
        return
    ivaz.excuse(
        source=str(outage.pk),
        taxpayer_id=None,
        start=outage.start,
        end=outage.end,
        complete_until=last_day(outage.end) if outage.end else None,
    )

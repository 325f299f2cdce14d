"""Outages as the desk observed them."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import IntegrityError, transaction

from avaz.models import Outage
from avaz.services.following import say
from avaz.standing import forget_banner
from avaz.types import Effect, How, OutageAct, Subsystem
from imas.kernel import clock


def observe(desk: UUID, told: Mapping[str, Any]) -> None:
    """Keep an outage as the desk observed it. Safe to call any number of times.

    The end the desk tells counts once; what an officer says of it counts more.
    """
    source = f"{desk}:{told['id']}"
    start = datetime.fromisoformat(told["start"])
    over = datetime.fromisoformat(told["end"]) if told["end"] else None
    try:
        with transaction.atomic():
            has_changed = _kept(source, start, over)
    except IntegrityError:
        return  # another sweep has kept it meanwhile
    if has_changed:
        forget_banner()


def _kept(source: str, start: datetime, over: datetime | None) -> bool:
    """Keep it and tell whether that was anything new."""
    found = Outage.objects.select_for_update().filter(source=source).first()
    is_new = found is None
    if found is None:
        found = Outage(
            source=source,
            subsystem=Subsystem.ALL,
            start=start,
            how=How.OBSERVED,
            effect=Effect.LATE_WAYBILLS,
        )
        say(found, OutageAct.OBSERVED, clock.now())
    elif found.withdrawn_at or found.versions.filter(end__isnull=False).exists():
        return False
    if over is not None:
        found.end = max(over, found.start)
        say(found, OutageAct.ENDED, clock.now())
    return is_new or over is not None

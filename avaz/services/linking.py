"""The two sweeps between the main system and the desk: accesses go, announcements come."""

import logging
from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import F, Max

from avaz import gateways
from avaz.models import Access, Fallback
from avaz.services.observing import observe
from avaz.services.taking_over import Told, take_over
from imas.kernel.clock import now

_AT_ONCE = 500

logger = logging.getLogger(__name__)


def push() -> int:
    """Tell the desk the accesses that have changed, and return how many.

    UnavailableError("avaz-away") when it does not take them: the next sweep tells them again.
    """
    told = 0
    while rows := list(_changed()):
        gateways.tell({"accesses": [_as_told(row) for row in rows], "last_arn": _last_arn()})
        for row in rows:
            Access.objects.filter(pk=row.pk).update(pushed_version=row.version)
        told += len(rows)
    return told


def pull() -> int:
    """Take over what was announced since the last time, and what the desk observed.

    Returns how many announcements were taken. UnavailableError as above.
    """
    taken, desk, cursor = 0, None, _cursor(None)
    while True:
        told = gateways.told_after(cursor)
        found = UUID(told["desk"])
        if found != desk:
            # The first question was asked blindly: the cursor is of the desk that answers.
            desk, own = found, _cursor(found)
            if own != cursor:
                cursor = own
                continue
        for outage in told["outages"]:
            observe(found, outage)
        for row in told["registrations"]:
            taken += _taken(_read(found, row))
            cursor = row["id"]
        if not told["registrations"]:
            return taken


def _taken(told: Told) -> bool:
    """Take one over; one of an access that is not here must not hold up the others.

    That can be only where the main database was put back from an older copy: operators are told.
    """
    try:
        return take_over(told)
    except Access.DoesNotExist:
        logger.error("avaz.access-unknown", extra={"arn": told.arn})  # noqa: TRY400 - no traceback
        return False


def _changed() -> list[Access]:
    rows = Access.objects.filter(pushed_version__lt=F("version")).select_related("taxpayer")
    return list(rows.order_by("pk")[:_AT_ONCE])


def _as_told(row: Access) -> dict[str, Any]:
    return {
        "access": str(row.pk),
        "version": row.version,
        "is_open": row.closed_at is None,
        "user": str(row.user_id),
        "taxpayer_code": row.taxpayer.code,
        "taxpayer_name": row.taxpayer.name,
        "email": row.email,
        "phone": row.phone,
        "language": row.language,
        "code": row.code,
        "drawer": row.drawer,
    }


def _cursor(desk: UUID | None) -> int:
    """Return the last announcement taken from a desk, or from the desk taken from last."""
    if desk is None:
        newest = Fallback.objects.order_by("-pk").first()
        return newest.desk_id if newest else 0
    last: int | None = Fallback.objects.filter(desk=desk).aggregate(at=Max("desk_id"))["at"]
    return last or 0


def _last_arn() -> str:
    newest = Fallback.objects.filter(at__year=now().year).order_by("-arn").first()
    return newest.arn if newest else ""


def _read(desk: UUID, row: Mapping[str, Any]) -> Told:
    return Told(
        desk=desk,
        desk_id=int(row["id"]),
        arn=str(row["arn"]),
        access=UUID(row["access"]),
        number=str(row["number"]),
        reason=str(row["reason"]),
        description=str(row["description"]),
        channel=str(row["channel"]),
        trouble_from=datetime.fromisoformat(row["trouble_from"]),
        trouble_to=datetime.fromisoformat(row["trouble_to"]) if row["trouble_to"] else None,
        at=datetime.fromisoformat(row["at"]),
    )

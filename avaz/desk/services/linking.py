"""The two things the main system does with the desk: it tells accesses, and pulls what came."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import transaction

from avaz.desk.models import Access, Observed, Registration
from avaz.desk.services.registering import raise_serial, the_desk
from imas.kernel import clock
from imas.kernel.errors import UnprocessableError

_FIELDS = (
    "user", "taxpayer_code", "taxpayer_name", "email", "phone", "language", "code", "drawer",
    "is_open",
)  # fmt: skip
_TOLD_FOR = timedelta(days=30)
AT_ONCE = 200
"""Registrations of one answer."""


def take_accesses(told: Mapping[str, Any]) -> int:
    """Keep accesses as they are told; an older version of one, or the same, changes nothing.

    Returns how many changed. UnprocessableError("avaz-told") for what is not told as it should be.
    """
    try:
        rows = [_access(one) for one in told["accesses"]]
        last = str(told.get("last_arn", ""))
    except (KeyError, TypeError, ValueError) as error:
        raise UnprocessableError("avaz-told") from error
    changed = 0
    with transaction.atomic():
        for row in rows:
            held = Access.objects.filter(pk=row.pk).first()
            if held is None or held.version < row.version:
                row.save()
                changed += 1
    raise_serial(last)
    return changed


def told_after(cursor: int) -> dict[str, Any]:
    """Return which desk this is, what was announced after a cursor, and the outages of a month."""
    rows = Registration.objects.filter(pk__gt=cursor).select_related("access").order_by("pk")
    since = clock.now() - _TOLD_FOR
    outages = Observed.objects.filter(start__gt=since).order_by("pk")
    return {
        "desk": str(the_desk().pk),
        "registrations": [_registration(row) for row in rows[:AT_ONCE]],
        "outages": [
            {"id": one.pk, "start": one.start.isoformat(), "end": _instant(one.end)}
            for one in outages
        ],
    }


def _access(told: Mapping[str, Any]) -> Access:
    row = Access(pk=UUID(told["access"]), version=int(told["version"]))
    for name in _FIELDS:
        setattr(row, name, told[name])
    row.email = str(row.email).lower()
    return row


def _registration(row: Registration) -> dict[str, Any]:
    return {
        "id": row.pk,
        "arn": row.arn,
        "access": str(row.access_id),
        "number": row.number,
        "reason": row.reason,
        "description": row.description,
        "trouble_from": row.trouble_from.isoformat(),
        "trouble_to": _instant(row.trouble_to),
        "channel": row.channel,
        "at": row.at.isoformat(),
    }


def _instant(at: datetime | None) -> str | None:
    return at.isoformat() if at else None

"""Noting on which day mandates are used: once a day for a person, however many requests."""

import zlib

from imas.kernel import clock
from representation.models import MandateUse
from representation.types import Acting


def mark_of(acting: Acting) -> str:
    """Return what stays the same while nothing new is to be noted: a day, a taxpayer, mandates.

    Whoever remembers it (a session, a cache) need not ask the database again.
    """
    links = zlib.crc32(" ".join(map(str, acting.mandates)).encode())
    return f"{clock.today()}.{acting.taxpayer_id}.{links}"


def note_use(acting: Acting) -> None:
    """Note that a person acts by these mandates today; who acts by none leaves nothing."""
    today = clock.today()
    MandateUse.objects.bulk_create(
        [
            MandateUse(mandate_id=mandate_id, user_id=acting.user_id, last_on=today)
            for mandate_id in acting.mandates
        ],
        update_conflicts=True,
        unique_fields=["mandate", "user"],
        update_fields=["last_on"],
    )

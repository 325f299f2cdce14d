"""Following waybills: which have changed since a program last asked, none of them missed."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.db import connection, transaction

from ivaz.models import WaybillParty
from ivaz.selectors import VIEW
from representation.models import Taxpayer
from representation.types import Acting

AT_ONCE = 200
_NUMBERED = 1_000
"""So many changes are numbered at a time; more than are told, so that an empty answer is the end.
"""
_NUMBER = """
    UPDATE ivaz_waybillparty AS party SET changed = nextval('ivaz_change')
    FROM (
        SELECT id FROM ivaz_waybillparty WHERE taxpayer_id = %s AND changed IS NULL
        ORDER BY id LIMIT %s FOR UPDATE SKIP LOCKED
    ) AS found
    WHERE party.id = found.id
"""


@dataclass(frozen=True, slots=True)
class Changes:
    """Waybills that have changed, each once, as they are now; `next` is where to go on from."""

    rows: Sequence[WaybillParty]
    next: int


def changes_after(acting: Acting, after: int) -> Changes:
    """Return up to `AT_ONCE` of the taxpayer's waybills changed after a number; 0 is the first.

    Whatever happens to a waybill takes its number away, and who asks gives new ones to what is
    committed. Of one taxpayer one asks at a time, so no number becomes visible before a smaller
    one. What is being changed at this moment is left for the next time.
    """
    acting.require(VIEW)
    mine = WaybillParty.objects.filter(taxpayer_id=acting.taxpayer_id)
    if mine.filter(changed=None).exists():
        _number(acting.taxpayer_id)
    found = list(
        mine.filter(changed__gt=after).select_related("waybill").order_by("changed")[:AT_ONCE]
    )
    return Changes(found, (found[-1].changed if found else None) or after)


@transaction.atomic
def _number(taxpayer_id: int) -> None:
    Taxpayer.objects.select_for_update(no_key=True).get(pk=taxpayer_id)
    with connection.cursor() as cursor:
        cursor.execute(_NUMBER, [taxpayer_id, _NUMBERED])

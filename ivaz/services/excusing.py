"""Waybills taken late: a.VAZ announced them, or i.VAZ was away (VA-119, 28 and 29 p.)."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from datetime import date, datetime, timedelta

from django.db import connection
from django.db.models import Q

from imas.kernel import clock
from imas.kernel.errors import ConflictError
from imas.kernel.identifiers import loose_number
from ivaz.models import Disturbance, Reservation, Waybill
from ivaz.rules import moment
from ivaz.types import Record

STILL_THE_SAME = timedelta(days=30)
"""For so long after its days a waybill that comes with the number of an ARN is still that one;
later the number is that of another, for many number anew each year."""

_WAITING = """
    SELECT id, number_key FROM ivaz_reservation
     WHERE preparer_id = %s AND number_key = ANY(%s) AND waybill_id IS NULL AND complete_until >= %s
     ORDER BY given_at, id FOR UPDATE
"""
# SQL, here and in `issuing`: asked at every waybill sent, and Django takes longer to write it.


def reserve(
    *, arn: str, taxpayer_id: int, number: str, given_at: datetime, complete_until: date
) -> None:
    """Keep a waybill announced under an ARN. Safe to call again; the first call counts.

    A waybill with this number that has come meanwhile completes it. ConflictError("arn-taken")
    where the ARN is another taxpayer's or another number's.
    """
    held, _is_new = Reservation.objects.get_or_create(
        arn=arn,
        defaults={
            "preparer_id": taxpayer_id,
            "number": number,
            "number_key": loose_number(number),
            "given_at": given_at,
            "complete_until": complete_until,
        },
    )
    if (held.preparer_id, held.number) != (taxpayer_id, number):
        raise ConflictError("arn-taken", arn=arn)
    if held.waybill_id is None:
        came = Waybill.objects.filter(
            preparer_id=taxpayer_id, submitted_at__gte=given_at, reservation__isnull=True
        )
        key = loose_number(number)
        told = came.values_list("pk", "number").order_by("pk")
        tie(taxpayer_id, [one for one in told if loose_number(one[1]) == key])


def excuse(
    *,
    source: str,
    taxpayer_id: int | None,
    start: datetime,
    end: datetime | None,
    complete_until: date | None,
) -> None:
    """Keep or correct a time in which waybills could not be submitted; one row for each source.

    No taxpayer: nobody could submit them.
    """
    Disturbance.objects.update_or_create(
        source=source,
        defaults={
            "preparer_id": taxpayer_id,
            "start": start,
            "end": end,
            "complete_until": complete_until,
        },
    )


def forgive_no_more(source: str) -> None:
    """Take a time back that was told by mistake; what was taken by it stays."""
    Disturbance.objects.filter(source=source).delete()


def prolong(arns: Sequence[str], until: date) -> None:
    """Let what was announced under these ARNs be completed until a later day."""
    Reservation.objects.filter(arn__in=arns, complete_until__lt=until).update(complete_until=until)
    Disturbance.objects.filter(source__in=arns, complete_until__lt=until).update(
        complete_until=until
    )


def excuses(
    preparer_id: int, records: Sequence[Record], now: datetime
) -> Callable[[Record, datetime], bool]:
    """Return what tells whether a late record is taken; two queries, none where nothing is late.

    A reservation is good for the first record with its number.
    """
    if all(moment(record.content["TimeOfDispatch"]) >= now for record in records):
        return lambda _record, _dispatch: False
    today = now.astimezone(clock.VILNIUS).date()
    reserved: dict[str, set[str | None]] = defaultdict(set)
    for number, uid in _announced(preparer_id, records, today):
        reserved[number].add(uid)
    disturbances = list(
        Disturbance.objects.filter(
            Q(preparer_id=preparer_id) | Q(preparer__isnull=True),
            Q(complete_until__isnull=True) | Q(complete_until__gte=today),
            start__lte=now,
        )
    )
    used: dict[str, str] = {}

    def is_excused(record: Record, dispatch: datetime) -> bool:
        key = loose_number(record.number)
        uids = reserved.get(key, set())
        if record.uid in uids:
            return True  # it is told again
        if None in uids and used.setdefault(key, record.uid) == record.uid:
            return True
        return any(_covers(one, record, dispatch) for one in disturbances)

    return is_excused


def tie(preparer_id: int, made: Iterable[tuple[int, str]]) -> None:
    """Let a preparer's new waybills complete what was announced under their numbers.

    `made` are their keys with their numbers; two statements.
    """
    by_number: dict[str, int] = {}
    for key, number in made:
        by_number.setdefault(loose_number(number), key)
    if not by_number:
        return
    since = clock.today() - STILL_THE_SAME
    tied = []
    with connection.cursor() as cursor:
        cursor.execute(_WAITING, [preparer_id, list(by_number), since])
        for one, number in cursor.fetchall():
            if number in by_number:  # once: the first announcement of a number is the one meant
                tied.append(Reservation(pk=one, waybill_id=by_number.pop(number)))
    if tied:
        Reservation.objects.bulk_update(tied, ["waybill"])


def _announced(
    preparer_id: int, records: Iterable[Record], today: date
) -> Iterable[tuple[str, str | None]]:
    """Return numbers that may still be completed, with the id of the waybill that has done so."""
    found = Reservation.objects.filter(
        preparer_id=preparer_id,
        number_key__in={loose_number(record.number) for record in records},
        complete_until__gte=today,
    )
    return found.values_list("number_key", "waybill__local_uid")


def _covers(one: Disturbance, record: Record, dispatch: datetime) -> bool:
    """Tell whether a waybill was issued or dispatched in a disturbance.

    The dispatch is a moment, the issue a day. What was dispatched before the disturbance should
    have been submitted before it, whatever day it bears.
    """
    if dispatch < one.start:
        return False
    if one.end is None or dispatch <= one.end:
        return True
    told = record.content.get("LocalTransportDocumentDate")
    if not told:
        return False
    first, last = (at.astimezone(clock.VILNIUS).date() for at in (one.start, one.end))
    return first <= date.fromisoformat(told[:10]) <= last

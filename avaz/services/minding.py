"""What was announced is completed, or its days are over; outages are told to mailboxes."""

from uuid import UUID

from django.db import transaction
from django.db.models import Q

from avaz.deadlines import last_day
from avaz.models import Access, Fallback, Outage
from avaz.notices import announce_outage, announce_overdue
from avaz.types import Effect
from imas.kernel import clock
from imas.kernel.errors import ConflictError, NotFoundError
from ivaz import ports as ivaz
from representation.services import journal
from representation.types import Acting

RIGHT = "ivaz.submit"
_TOLD_AT_ONCE = 500
_ASKED_AT_ONCE = 1000


def note_completed() -> int:
    """Note which ARNs i.VAZ has a waybill for by now; return how many."""
    waiting = {one.arn: one for one in Fallback.objects.open().exclude(number="")[:_ASKED_AT_ONCE]}
    done = ivaz.completed(waiting)
    now = clock.now()
    for arn, rn in done.items():
        Fallback.objects.open().filter(arn=arn).update(completed_at=now, rn=rn)
    return len(done)


def say_submitted(acting: Acting, arn: str) -> Fallback:
    """Note the taxpayer's word that all waybills of an ARN for several are submitted.

    NotFoundError("avaz-no-such-arn"), ConflictError("avaz-completed") where it is so already.
    """
    acting.require_wholly(RIGHT)
    with transaction.atomic():
        held = Fallback.objects.visible_to(acting).select_for_update(of=("self",))
        found = held.filter(arn=arn, number="").first()
        if found is None:
            raise NotFoundError("avaz-no-such-arn")
        if found.completed_at:
            raise ConflictError("avaz-completed")
        found.completed_at = clock.now()
        found.save(update_fields=["completed_at"])
        journal(acting, "avaz.submitted", arn)
    return found


def tell_overdue() -> int:
    """Tell whose days ended yesterday or before and who has not been told; return how many."""
    note_completed()
    late = Fallback.objects.open().filter(
        complete_until__lt=clock.today(), overdue_told_at__isnull=True
    )
    rows = list(late.select_related("access")[:_ASKED_AT_ONCE])
    for row in rows:
        with transaction.atomic():
            announce_overdue(row)
            Fallback.objects.filter(pk=row.pk).update(overdue_told_at=clock.now())
    return len(rows)


def tell_outages() -> None:
    """Tell the mailboxes of taxpayers who use a.VAZ of outages, some hundreds at a time.

    Where it broke off it goes on; a message is posted once for each outage's begin and end.
    """
    for outage_id in Outage.objects.filter(told_at__isnull=True).values_list("pk", flat=True):
        while _tell_some(outage_id):
            pass


@transaction.atomic
def _tell_some(outage_id: UUID) -> bool:
    """Tell the next ones and return whether some are left."""
    outage = Outage.objects.select_for_update().get(pk=outage_id)
    if outage.told_at is not None:
        return False
    users = Access.objects.filter(Q(closed_at__isnull=True), taxpayer_id__gt=outage.told_to)
    ids = users.order_by("taxpayer_id").values_list("taxpayer_id", flat=True).distinct()
    next_ids = list(ids[:_TOLD_AT_ONCE])
    until = ""
    if outage.end and outage.effect == Effect.LATE_WAYBILLS:
        until = f"{last_day(outage.end)}"
    announce_outage(outage, next_ids, until)
    if next_ids:
        outage.told_to = next_ids[-1]
    else:
        outage.told_at = clock.now()
    outage.save(update_fields=["told_to", "told_at"])
    return bool(next_ids)

"""What was announced is completed, or its days are over."""

from datetime import timedelta

from django.db import transaction

from avaz.deadlines import overdue_before
from avaz.models import Fallback
from avaz.notices import announce_overdue
from imas.kernel import clock
from imas.kernel.errors import ConflictError, NotFoundError
from ivaz import ports as ivaz
from representation.services import journal
from representation.types import Acting

RIGHT = "ivaz.submit"
ASKED_FOR = timedelta(days=31)
"""For so long after its days an ARN may still find its waybill (`ivaz.services.excusing`)."""
_AT_ONCE = 1000


def note_completed() -> int:
    """Note which ARNs i.VAZ has a waybill for by now; return how many.

    Two queries for each thousand that wait, one more where something was completed.
    """
    since = clock.today() - ASKED_FOR
    waiting = Fallback.objects.open().filter(complete_until__gte=since).exclude(number="")
    last, noted = 0, 0
    while rows := list(waiting.filter(pk__gt=last).order_by("pk").only("pk", "arn")[:_AT_ONCE]):
        last = rows[-1].pk
        done = ivaz.completed(row.arn for row in rows)
        found = [row for row in rows if row.arn in done]
        for row in found:
            row.completed_at, row.rn = done[row.arn].submitted_at, done[row.arn].rn
        Fallback.objects.bulk_update(found, ["completed_at", "rn"])
        noted += len(found)
    return noted


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
    """Tell whose days are over and who has not been told; return how many."""
    note_completed()
    late = Fallback.objects.open().filter(
        complete_until__lt=overdue_before(clock.now()), overdue_told_at__isnull=True
    )
    told = 0
    for pk in late.order_by("pk").values_list("pk", flat=True):
        told += _tell_overdue(pk)
    return told


@transaction.atomic
def _tell_overdue(pk: int) -> bool:
    held = Fallback.objects.open().select_for_update(of=("self",)).select_related("access")
    late = held.filter(pk=pk, overdue_told_at__isnull=True).first()
    if late is None:
        return False
    announce_overdue(late)
    late.overdue_told_at = clock.now()
    late.save(update_fields=["overdue_told_at"])
    return True

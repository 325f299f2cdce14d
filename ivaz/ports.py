"""What a.VAZ may ask of i.VAZ (docs/seams.md); plain values come and go."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Exists, OuterRef

from ivaz.models import Reservation, WaybillParty
from ivaz.services.excusing import excuse, forgive_no_more, prolong, reserve
from ivaz.types import Role
from representation.models import Taxpayer

__all__ = [
    "Completed",
    "completed",
    "excuse",
    "forgive_no_more",
    "preparers",
    "prolong",
    "reserve",
]


@dataclass(frozen=True, slots=True)
class Completed:
    """The waybill that completed an ARN."""

    rn: str
    submitted_at: datetime


def completed(arns: Iterable[str]) -> Mapping[str, Completed]:
    """Return the waybills that completed these ARNs; ARNs without one are left out."""
    tied = Reservation.objects.filter(arn__in=set(arns), waybill__isnull=False)
    rows = tied.values_list("arn", "waybill__rn", "waybill__submitted_at")
    return {arn: Completed(rn, at) for arn, rn, at in rows}


def preparers(since: datetime, *, after: int, most: int) -> Sequence[int]:
    """Return who prepared a waybill dispatched since a moment: ids above `after`, in order.

    One query: a probe of the index of waybills by party for each taxpayer it passes.
    """
    prepared = WaybillParty.objects.filter(
        taxpayer=OuterRef("pk"), dispatch_at__gte=since, roles__contains=[Role.PREPARER]
    )
    found = Taxpayer.objects.filter(Exists(prepared), pk__gt=after).order_by("pk")
    return list(found.values_list("pk", flat=True)[:most])

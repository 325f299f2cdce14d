"""What a.VAZ may ask of i.VAZ (docs/seams.md); plain values come and go."""

from collections.abc import Iterable, Mapping

from ivaz.models import Reservation
from ivaz.services.excusing import excuse, forgive_no_more, reserve

__all__ = ["completed", "excuse", "forgive_no_more", "reserve"]


def completed(arns: Iterable[str]) -> Mapping[str, str]:
    """Return the RNs of the waybills that completed these ARNs; those without one are left out."""
    tied = Reservation.objects.filter(arn__in=set(arns), waybill__isnull=False)
    return dict(tied.values_list("arn", "waybill__rn"))

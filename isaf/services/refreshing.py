"""Having the pairs of a taxpayer and period made anew after what counts has changed."""

from imas.kernel import clock
from isaf.models import PairRefresh
from isaf.services import crosscheck


def refresh_due_pairs(refresh_id: int) -> None:
    """Do what a marker asks for. Safe to call any number of times."""
    if not PairRefresh.objects.claim(refresh_id):
        return
    marker = PairRefresh.objects.get(pk=refresh_id)
    started_at = clock.now()
    crosscheck.refresh_pairs(marker.taxpayer_id, marker.period)
    asked_before = PairRefresh.objects.filter(
        taxpayer_id=marker.taxpayer_id,
        start=marker.start,
        end=marker.end,
        requested_at__lte=started_at,
        done_at=None,
    )
    asked_before.update(done_at=clock.now())

"""Roles end when what they rest on ends: found by comparing, and told like any other change."""

from uuid import UUID

from django.db import transaction

from exchange.models import RoleAssignment
from exchange.notices import tell_of_end
from exchange.selectors import assignments_to_look_at, holding
from exchange.services.assigning import put_on_way
from imas.kernel import clock
from representation.services import journal
from representation.types import system_acting

_AT_ONCE = 500


def look_at_stale() -> None:
    """Compare given roles with the mandates as they are now, those looked at longest ago first.

    Everything is looked at every five minutes and told within the next, so that roles end in the
    other system within fifteen minutes of the mandate, whatever ended it.
    """
    while stale := assignments_to_look_at(clock.now(), _AT_ONCE):
        for assignment_id in stale:
            look_again(assignment_id)


@transaction.atomic
def look_again(assignment_id: UUID) -> None:
    """End the roles that hold no longer; safe to call any number of times.

    What has ended does not come back by itself: somebody must give it again.
    """
    rows = RoleAssignment.objects.select_related("taxpayer", "person")
    assignment = rows.select_for_update(of=("self",)).get(pk=assignment_id)
    now = clock.now()
    assignment.looked_at = now
    kept, reason = holding(assignment, now) if assignment.roles else (frozenset(), None)
    if reason is None:
        assignment.save(update_fields=["looked_at"])
        return
    ended = sorted(set(assignment.roles) - kept)
    assignment.changed_at, assignment.ended_because = now, reason
    tell_of_end(assignment, put_on_way(assignment, sorted(kept), now))
    journal(
        system_acting(assignment.taxpayer, ()),
        "exchange.roles-ended",
        assignment.person.full_name,
        system=assignment.system,
        roles=",".join(ended),
        reason=reason,
    )

"""Telling other systems of roles: once each, in order, again until they have heard.

The row is the queue. No transaction is open while the other side is called.
"""

import logging
from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction

from exchange.configuring import OtherSystem
from exchange.gateways import Told, tell_roles
from exchange.models import RoleAssignment, RoleDelivery
from exchange.notices import tell_of_refusal
from exchange.selectors import due_assignments, find_system_taking_roles
from exchange.services.ending import look_again
from exchange.types import PROMISED, Outcome
from imas.kernel import clock
from representation.services import journal
from representation.types import system_acting

PAUSES = tuple(timedelta(minutes=minutes) for minutes in (0.5, 1, 2, 4, 8))
"""Between tries, the last one for ever: after the longest silence it is heard in eight minutes."""
_AT_ONCE = 200

logger = logging.getLogger(__name__)


def deliver(assignment_id: UUID) -> bool:
    """Tell the other system the newest of some roles, if that is due; False: it does not answer.

    What has ended meanwhile is found first, so that it is never told as given.
    """
    look_again(assignment_id)
    now = clock.now()
    rows = RoleDelivery.objects.select_related("assignment__taxpayer", "assignment__person")
    delivery = rows.due(now).filter(assignment=assignment_id).first()
    if delivery is None:
        return True
    system = find_system_taking_roles(delivery.assignment.system)
    if not RoleDelivery.objects.claim(delivery.pk, now):
        return True
    told = tell_roles(system, delivery)
    _write_down(delivery.pk, told)
    return told.outcome not in {Outcome.SILENT, Outcome.DISAGREED}


def deliver_due(system: OtherSystem) -> None:
    """Tell a system all that is due; the first silence ends the round, so that none waits for it.

    Whoever was not heard stands behind the others in the next round.
    """
    for assignment_id in list(due_assignments(system.key, clock.now())[:_AT_ONCE]):
        if not deliver(assignment_id):
            break


@transaction.atomic
def _write_down(delivery_id: UUID, told: Told) -> None:
    delivery = RoleDelivery.objects.select_for_update().get(pk=delivery_id)
    now = clock.now()
    delivery.claimed_at, delivery.answer = None, told.said
    if told.outcome is Outcome.TAKEN:
        delivery.delivered_at = now
    elif told.outcome is Outcome.REFUSED and not _takes_away(delivery):
        delivery.refused_at = now
    else:
        delivery.due_at = now + PAUSES[min(delivery.attempts, len(PAUSES)) - 1]
    delivery.save()
    _tell_of(delivery, told, now)


def _takes_away(delivery: RoleDelivery) -> bool:
    """Tell whether the other side may hold what this message takes away.

    A right must end whatever the other side says of it: such a message is sent until it is taken.
    """
    earlier = delivery.assignment.deliveries.filter(number__lt=delivery.number, attempts__gt=0)
    may_hold: set[str] = set()
    for other in earlier.filter(refused_at=None).order_by("-number"):
        may_hold.update(other.roles)
        if other.delivered_at:
            break
    return bool(may_hold - set(delivery.roles))


def _tell_of(delivery: RoleDelivery, told: Told, now: datetime) -> None:
    assignment = RoleAssignment.objects.select_related("taxpayer", "person").get(
        pk=delivery.assignment_id
    )
    if told.outcome is not Outcome.TAKEN:
        about = {
            "system": assignment.system,
            "outcome": told.outcome,
            "attempts": delivery.attempts,
        }
        is_late = now - delivery.created_at > PROMISED
        log = logger.error if is_late or told.outcome is Outcome.DISAGREED else logger.warning
        log("exchange.not_told", extra={**about, "delivery": str(delivery.pk)})
    if not (delivery.delivered_at or delivery.refused_at):
        return
    acting = system_acting(assignment.taxpayer, ())
    name, roles = assignment.person.full_name, ",".join(delivery.roles)
    if delivery.delivered_at:
        journal(acting, "exchange.roles-delivered", name, system=assignment.system, roles=roles)
    else:
        journal(acting, "exchange.roles-refused", name, system=assignment.system, roles=roles)
        tell_of_refusal(assignment, delivery)

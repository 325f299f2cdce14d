"""Giving a representative roles in another system."""

from collections.abc import Collection
from datetime import datetime

from django.db import transaction

from exchange.configuring import OtherSystem
from exchange.models import RoleAssignment, RoleDelivery
from exchange.roles import roles_on
from exchange.selectors import Holder, find_holder, find_system_taking_roles
from imas.kernel import clock
from imas.kernel.errors import NotFoundError, UnprocessableError
from representation.services import journal
from representation.types import Acting


@transaction.atomic
def assign_roles(
    acting: Acting, system_key: str, handle: str, roles: Collection[str]
) -> RoleAssignment:
    """Make these the roles of one representative in another system; none at all ends them.

    Whoever manages roles may give them to himself ("Prisijungimo prie AIS atmintinė", 1, step 2).
    Saving the same again changes nothing, unless the other side has refused it: then it is told
    anew. Somebody who is no representative: `NotFoundError`.
    """
    system = find_system_taking_roles(system_key)
    acting.require(system.managing_right)
    holder = find_holder(acting.taxpayer_id, system.key, handle, clock.today())
    wanted = _demand_known(system, roles)
    if wanted and not holder.is_representative:
        raise NotFoundError("representative-not-found")
    now = clock.now()
    assignment = _locked(acting, system, holder, now)
    if wanted == assignment.roles and not _was_refused(assignment):
        return assignment
    assignment.given_by_id, assignment.changed_at = acting.user_id, now
    assignment.looked_at, assignment.ended_because = now, ""
    put_on_way(assignment, wanted, now)
    name, told = holder.person.full_name, ",".join(wanted)
    journal(acting, "exchange.roles-given", name, system=system.key, roles=told)
    return assignment


def put_on_way(assignment: RoleAssignment, roles: list[str], at: datetime) -> RoleDelivery:
    """Write down the roles and the message of them; it takes the place of an unsettled one.

    The assignment must be locked. A later message stands for all before it, so what has been
    taken back is not told as given first.
    """
    assignment.deliveries.open().update(superseded_at=at)
    assignment.roles, assignment.last_number = roles, assignment.last_number + 1
    assignment.save()
    return RoleDelivery.objects.create(
        assignment=assignment,
        number=assignment.last_number,
        roles=roles,
        created_at=at,
        due_at=at,
    )


def _demand_known(system: OtherSystem, roles: Collection[str]) -> list[str]:
    known = {role.code for role in roles_on(system.key, clock.today())}
    if unknown := set(roles) - known:
        raise UnprocessableError("role-unknown", role=min(unknown)[:40])
    return sorted(set(roles))


def _locked(acting: Acting, system: OtherSystem, holder: Holder, now: datetime) -> RoleAssignment:
    made, _ = RoleAssignment.objects.get_or_create(
        taxpayer_id=acting.taxpayer_id,
        system=system.key,
        person=holder.person,
        defaults={"given_by_id": acting.user_id, "changed_at": now, "looked_at": now},
    )
    return RoleAssignment.objects.select_for_update().get(pk=made.pk)


def _was_refused(assignment: RoleAssignment) -> bool:
    newest = assignment.deliveries.filter(number=assignment.last_number)
    return newest.filter(refused_at__isnull=False).exists()

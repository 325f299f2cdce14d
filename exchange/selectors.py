"""Reads about roles in other systems."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.conf import settings
from django.db.models import F, Prefetch, QuerySet

from accounts.models import User
from accounts.sso.claims import subject
from exchange.configuring import OtherSystem
from exchange.models import RoleAssignment, RoleDelivery
from exchange.roles import roles_on
from exchange.types import Reason
from imas.kernel.clock import VILNIUS
from imas.kernel.errors import NotFoundError
from representation.models import Taxpayer
from representation.selectors import representatives_of
from representation.services import acting_of


@dataclass(frozen=True, slots=True)
class Holder:
    """Somebody who has or may be given roles; `handle` names him in addresses, here only."""

    person: User
    handle: str
    is_representative: bool
    assignment: RoleAssignment | None = None
    newest: RoleDelivery | None = None


def systems() -> Sequence[OtherSystem]:
    """Return the systems people are led to, in the order of the settings."""
    found: Sequence[OtherSystem] = settings.OTHER_SYSTEMS
    return found


def systems_taking_roles() -> list[OtherSystem]:
    """Return the systems that are told of roles."""
    return [one for one in systems() if one.roles_address]


def find_system(key: str) -> OtherSystem:
    """Return a system; none of this key: `NotFoundError`."""
    for one in systems():
        if one.key == key:
            return one
    raise NotFoundError("system-not-found")


def find_system_taking_roles(key: str) -> OtherSystem:
    """Return a system that is told of roles; none of this key: `NotFoundError`."""
    found = find_system(key)
    if not found.roles_address:
        raise NotFoundError("system-not-found")
    return found


def holders(taxpayer_id: int, system: str, day: date) -> list[Holder]:
    """Return the taxpayer's representatives and whoever else has roles still, by name."""
    newest = RoleDelivery.objects.filter(number=F("assignment__last_number"))
    rows = RoleAssignment.objects.filter(taxpayer_id=taxpayer_id, system=system)
    rows = rows.select_related("person").prefetch_related(Prefetch("deliveries", newest))
    given = {row.person_id: row for row in rows}
    people = {one.user.pk: one.user for one in representatives_of(taxpayer_id, day)}
    found = [
        _holder(person, taxpayer_id, given.get(person.pk), is_representative=True)
        for person in people.values()
    ]
    found += [
        _holder(row.person, taxpayer_id, row, is_representative=False)
        for row in given.values()
        if row.person_id not in people
    ]
    return sorted(found, key=lambda one: (one.person.last_name, one.person.first_name, one.handle))


def find_holder(taxpayer_id: int, system: str, handle: str, day: date) -> Holder:
    """Return one of them; nobody of this name: `NotFoundError`."""
    for one in holders(taxpayer_id, system, day):
        if one.handle == handle:
            return one
    raise NotFoundError("representative-not-found")


def holding(assignment: RoleAssignment, at: datetime) -> tuple[frozenset[str], Reason | None]:
    """Return the given roles that hold at this instant, and why the others do not.

    Whoever may do nothing for the taxpayer has none; what one has given to oneself holds while
    one may manage roles. Everything is read anew, chains of mandates included.
    """
    day = at.astimezone(VILNIUS).date()
    person = assignment.person
    acting = acting_of(person, assignment.taxpayer, at)
    if acting is None or not acting.rights:
        return frozenset(), Reason.NO_MANDATE
    if assignment.given_by_id == person.pk and not acting.may(f"{assignment.system}.roles"):
        return frozenset(), Reason.NOT_MANAGER
    known = {role.code for role in roles_on(assignment.system, day)}
    kept = frozenset(assignment.roles) & known
    return kept, None if kept == frozenset(assignment.roles) else Reason.ROLE_ENDED


def roles_of(person: User, system: str, at: datetime) -> list[tuple[Taxpayer, list[str]]]:
    """Return the taxpayers for whom a person has roles at this instant, with the roles."""
    given = RoleAssignment.objects.given().filter(person=person, system=system)
    found = []
    for assignment in given.select_related("taxpayer", "person").order_by("taxpayer__name", "pk"):
        roles, _ = holding(assignment, at)
        if roles:
            found.append((assignment.taxpayer, sorted(roles)))
    return found


def due_assignments(system: str, at: datetime) -> QuerySet[RoleDelivery, UUID]:
    """Return the ids of the roles a system is to be told of now, the longest waiting first."""
    due = RoleDelivery.objects.due(at).filter(assignment__system=system)
    return due.order_by("due_at", "pk").values_list("assignment_id", flat=True)


def assignments_to_look_at(at: datetime, most: int) -> list[UUID]:
    """Return the ids of roles whose mandates are to be looked at again."""
    return list(RoleAssignment.objects.to_look_at(at).values_list("pk", flat=True)[:most])


def _holder(
    person: User, taxpayer_id: int, assignment: RoleAssignment | None, *, is_representative: bool
) -> Holder:
    newest = next(iter(assignment.deliveries.all()), None) if assignment else None
    handle = subject(person, f"roles:{taxpayer_id}")
    return Holder(person, handle, is_representative, assignment, newest)

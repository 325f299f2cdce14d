"""Who may search waybills on the road: officers of institutions with a data agreement.

The port to whatever keeps such rights: sources are asked in their order (`register`). The rights
kept here are one; the authority's desk may add another. An officer of the road is no officer of
the tax authority (`is_staff`), whose desks stay closed to him.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any, Protocol
from uuid import UUID

from django.conf import settings
from django.db import transaction

from accounts.keys import new_key
from accounts.models import ApiKey, User
from accounts.types import Scope
from imas.kernel import clock
from imas.kernel.errors import ConflictError, ForbiddenError, NotFoundError, UnprocessableError
from ivaz.models import RoadsideRight
from ivaz.types import Institution
from representation.services.journal import journal_officer

RIGHT = "ivaz.search_roadside"
DUTY = "roadside"
"""The name by which the menu of an officer knows what he does."""


@dataclass(frozen=True, slots=True)
class RoadsideOfficer:
    """An officer at a check, for an institution; by which key, where a program asks."""

    user: User
    institution: Institution
    key_id: UUID | None = None


class RightsSource(Protocol):
    """Something that knows who may search on the road."""

    def institution_of(self, user: User) -> Institution | None:
        """Return for which institution a person may search now; None: he may not."""
        ...


class KeptRights:
    """The rights kept here, given by an administrator's command."""

    def institution_of(self, user: User) -> Institution | None:
        """Return the institution of the right that holds today."""
        held = RoadsideRight.objects.holding_on(clock.today()).filter(user=user)
        found = held.values_list("institution", flat=True).first()
        return Institution(found) if found else None


_SOURCES: list[RightsSource] = []


def register(source: RightsSource) -> None:
    """Ask a source of rights too."""
    _SOURCES.append(source)


def officer_of(user: Any, key_id: UUID | None = None) -> RoadsideOfficer:
    """Return the signed-in officer of the road; anybody else: ForbiddenError("roadside-only").

    Asked anew for every request, so that a right withdrawn is gone at once.
    """
    if isinstance(user, User) and user.is_active:
        for source in _SOURCES:
            if institution := source.institution_of(user):
                return RoadsideOfficer(user, institution, key_id)
    raise ForbiddenError("roadside-only")


def officer_with_key(user: Any, key: Any) -> RoadsideOfficer:
    """Return the officer whose program asks; the key must have been issued for this alone."""
    if not isinstance(key, ApiKey) or RIGHT not in key.rights:
        raise ForbiddenError("roadside-only")
    return officer_of(user, key.pk)


@transaction.atomic
def grant(
    login_name: str, *, institution: Institution, agreement: str, until: date
) -> RoadsideRight:
    """Let a person search from today until a day, that day included; by an administrator.

    NotFoundError("person-not-found"), UnprocessableError("roadside-right") for a day that is over
    or no agreement, ConflictError("roadside-granted") where a right stands.
    """
    user = _person(login_name)
    if until < clock.today() or not agreement.strip():
        raise UnprocessableError("roadside-right")
    RoadsideRight.objects.standing().filter(user=user, until__lt=clock.today()).update(
        withdrawn_at=clock.now()
    )
    if RoadsideRight.objects.standing().filter(user=user).exists():
        raise ConflictError("roadside-granted")
    made = RoadsideRight.objects.create(
        user=user,
        institution=institution,
        agreement=agreement.strip(),
        since=clock.today(),
        until=until,
    )
    _show(user, until)
    told = {"institution": institution.value, "agreement": made.agreement, "until": f"{until}"}
    journal_officer(None, "ivaz.roadside-granted", login_name, **told)
    return made


@transaction.atomic
def withdraw(login_name: str) -> None:
    """Withdraw a person's right and end the keys issued for it, at once.

    NotFoundError("person-not-found"), or "roadside-right-not-found" where none stands.
    """
    user = _person(login_name)
    if not RoadsideRight.objects.standing().filter(user=user).update(withdrawn_at=clock.now()):
        raise NotFoundError("roadside-right-not-found")
    keys = ApiKey.objects.filter(user=user, rights__contains=[RIGHT], revoked_at__isnull=True)
    keys.update(revoked_at=clock.now())
    _show(user, None)
    journal_officer(None, "ivaz.roadside-withdrawn", login_name)


@transaction.atomic
def issue_key(login_name: str) -> str:
    """Issue a key for an officer's program that searches and nothing else; its text, this once.

    It ends with the right, and with it at the latest. Refused as `officer_of` refuses.
    """
    user = _person(login_name)
    held = RoadsideRight.objects.holding_on(clock.today()).filter(user=user).first()
    if held is None:
        raise NotFoundError("roadside-right-not-found")
    key, plain = new_key(user, "roadside", _scope(held, (RIGHT,)))
    journal_officer(None, "keys.issued", key.prefix, rights=RIGHT)
    return plain


def _show(user: User, until: date | None) -> None:
    """Let the menu show the way until a day, or no more; the row is locked by the caller."""
    others = {name: last for name, last in user.duties.items() if name != DUTY}
    user.duties = {**others, DUTY: until.isoformat()} if until else others
    user.save(update_fields=["duties"])


def _scope(held: RoadsideRight, rights: Collection[str]) -> Scope:
    last = clock.now() + timedelta(days=settings.KEY_MAX_DAYS)
    ends = datetime.combine(held.until + timedelta(days=1), time(), clock.VILNIUS)
    return Scope(rights, [], min(last, ends))


def _person(login_name: str) -> User:
    user = User.objects.select_for_update(no_key=True).filter(login_name=login_name).first()
    if user is None or not user.is_active:
        raise NotFoundError("person-not-found")
    return user

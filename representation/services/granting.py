"""Giving rights, taking them back, and choosing whom to act for."""

from collections.abc import Collection
from datetime import date

from django.db import transaction

from accounts.models import User
from accounts.throttling import normal_login_name
from imas.kernel import clock
from imas.kernel.errors import ConflictError, ForbiddenError, NotFoundError, UnprocessableError
from representation.attempts import spend_attempt
from representation.models import Choice, Grant, Taxpayer
from representation.rights import EVERY_RIGHT
from representation.services.acting import acting_of, is_self
from representation.services.journal import journal
from representation.types import Acting, WhyKind

MANAGE = "representation.manage"


def find_person(acting: Acting, login_name: str, personal_code: str) -> User:
    """Return the person with both this login name and this personal code.

    Nobody fits: `NotFoundError`, the same for a wrong name and a wrong code, and after a handful
    of misses `ThrottledError`, so that people cannot be fished for.
    """
    acting.require(MANAGE)
    spend_attempt(acting.user_id)
    found = User.objects.with_personal_code(personal_code.strip()).filter(
        login_name=normal_login_name(login_name), is_active=True
    )
    person = found.first()
    if person is None:
        raise NotFoundError("person-not-found")
    return person


@transaction.atomic
def grant(acting: Acting, person: User, rights: Collection[str], until: date | None) -> None:
    """Give a person rights for the taxpayer from today till a day (included), or without end.

    Nobody gives more than he has, nor longer, nor to himself; the head and the taxpayer himself
    need nothing given (VA-119, 6.1 p.).
    """
    acting.require(MANAGE)
    _refuse_excess(acting, person, rights, until)
    today, now = clock.today(), clock.now()
    _lock(acting)
    held = Grant.objects.in_force(today).filter(user=person, taxpayer_id=acting.taxpayer_id)
    if held.filter(right__in=rights).exists():
        raise ConflictError("right-already-given")
    for right in sorted(rights):
        Grant.objects.create(
            user=person,
            taxpayer_id=acting.taxpayer_id,
            right=right,
            since=today,
            until=until,
            granted_by_id=acting.user_id,
            granted_at=now,
        )
        end = until.isoformat() if until else ""
        journal(acting, "representation.granted", person.login_name, right=right, until=end)


@transaction.atomic
def revoke(acting: Acting, person: User, rights: Collection[str]) -> None:
    """Take rights back; they are gone at the person's next request (VA-119, 12.2 p.)."""
    acting.require(MANAGE)
    _lock(acting)
    _end(acting, person, rights)


@transaction.atomic
def give_up(acting: Acting) -> None:
    """Let a representative give up every right he was granted (VA-119, 12.3 p.)."""
    if acting.why.kind != WhyKind.GRANT:
        raise ForbiddenError("nothing-to-give-up")
    _lock(acting)
    _end(acting, User.objects.get(pk=acting.user_id), EVERY_RIGHT)


@transaction.atomic
def save_representative(
    acting: Acting, person: User, rights: Collection[str], until: date | None
) -> None:
    """Make these, till this day, the rights the person has; anything else he had is revoked."""
    acting.require(MANAGE)
    _lock(acting)
    held = {
        row.right: row.until
        for row in Grant.objects.in_force(clock.today()).filter(
            user=person, taxpayer_id=acting.taxpayer_id
        )
    }
    kept = {right for right in rights if right in held and held[right] == until}
    if ended := set(held) - kept:
        _end(acting, person, ended)
    if given := set(rights) - kept:
        grant(acting, person, given, until)


@transaction.atomic
def choose_taxpayer(user: User, code: str) -> Acting:
    """Choose whom to act for (VA-119, 13 p.); no mandate, or no such code: `NotFoundError`."""
    now = clock.now()
    taxpayer = Taxpayer.objects.by_code(code.strip()).first()
    acting = acting_of(user, taxpayer, now) if taxpayer else None
    if acting is None:
        raise NotFoundError("taxpayer-not-yours")
    Choice.objects.update_or_create(user=user, taxpayer_id=acting.taxpayer_id, defaults={"at": now})
    return acting


def _end(acting: Acting, person: User, rights: Collection[str]) -> None:
    rows = Grant.objects.unrevoked().filter(
        user=person, taxpayer_id=acting.taxpayer_id, right__in=rights
    )
    for right in sorted(set(rows.values_list("right", flat=True))):
        journal(acting, "representation.revoked", person.login_name, right=right)
    rows.update(revoked_at=clock.now(), revoked_by_id=acting.user_id)


def _lock(acting: Acting) -> None:
    """One change of a taxpayer's representatives at a time."""
    Taxpayer.objects.select_for_update().get(pk=acting.taxpayer_id)


def _refuse_excess(
    acting: Acting, person: User, rights: Collection[str], until: date | None
) -> None:
    for right in rights:
        acting.require(right)
    if person.pk == acting.user_id:
        raise ForbiddenError("grant-to-oneself")
    if until is not None and until < clock.today():
        raise UnprocessableError("grant-ends-in-the-past")
    if is_self(person, Taxpayer.objects.get(pk=acting.taxpayer_id)):
        raise ConflictError("right-already-given")
    own_end = _own_end(acting, rights)
    if own_end is not None and (until is None or until > own_end):
        raise UnprocessableError("grant-outlives-yours", until=own_end.isoformat())


def _own_end(acting: Acting, rights: Collection[str]) -> date | None:
    """The last day the giver himself has all of this; None for the head and for oneself."""
    if acting.why.kind != WhyKind.GRANT:
        return acting.why.until
    ends = (
        Grant.objects.in_force(clock.today())
        .filter(user_id=acting.user_id, taxpayer_id=acting.taxpayer_id)
        .filter(right__in={*rights, MANAGE}, until__isnull=False)
        .values_list("until", flat=True)
    )
    return min((end for end in ends if end), default=None)

"""Codes ordered by themselves, renewed, closed with the mandate (VA-119, 11 and 12 p.)."""

from datetime import datetime, timedelta
from uuid import UUID

from django.conf import settings
from django.contrib.auth.hashers import make_password
from django.db import transaction
from django.db.models import Q

from accounts.models import User
from avaz import codes
from avaz.models import Access, CodeLetter, Person
from imas.kernel import clock
from imas.kernel.errors import NotFoundError
from representation.models import Taxpayer
from representation.selectors import taxpayers_of
from representation.services import acting_of, journal
from representation.types import Acting, system_acting

RIGHT = "ivaz.submit"
LETTER_LASTS = timedelta(days=3)
LOOKED_AFTER = timedelta(minutes=5)
_AT_ONCE = 100


def look_at_people() -> int:
    """Compare ways in with mandates and contacts, those looked at longest ago first.

    Returns how many people were looked at. Whoever has confirmed an e-mail address and a mobile
    phone gets a code for each taxpayer whose waybills he may submit.
    """
    people = _due(clock.now())
    for user_id in people:
        look_at(user_id)
    return len(people)


@transaction.atomic
def look_at(user_id: int) -> None:
    """Open, change and close one person's ways in. Safe to call any number of times."""
    user = User.objects.select_for_update(no_key=True).get(pk=user_id)
    now = clock.now()
    Person.objects.update_or_create(user=user, defaults={"looked_at": now})
    held = {one.taxpayer_id: one for one in Access.objects.filter(user=user)}
    may = _taxpayers(user, now)
    for taxpayer_id, acting in may.items():
        access = held.get(taxpayer_id)
        if access is None or access.closed_at is not None:
            _order(user, acting, access)
        elif (access.email, access.phone, access.language) != _contacts(user):
            access.email, access.phone, access.language = _contacts(user)
            _changed(access, "email", "phone", "language")
    for taxpayer_id, access in held.items():
        if taxpayer_id not in may and access.closed_at is None:
            access.closed_at = now
            _changed(access, "closed_at")
            _forget(access)
            journal(system_acting(access.taxpayer, ()), "avaz.code-closed", user.full_name)


@transaction.atomic
def renew(user: User, access_id: UUID) -> tuple[Access, str]:
    """Give a new code in place of the old one; it is returned this once, and sent by a letter.

    NotFoundError("avaz-access-unknown") for what is closed, another's, or of a mandate that has
    ended.
    """
    held = Access.objects.select_related("taxpayer").select_for_update(of=("self",))
    access = held.filter(pk=access_id, user=user, closed_at__isnull=True).first()
    acting = acting_of(user, access.taxpayer, clock.now()) if access else None
    if access is None or acting is None or not acting.may(RIGHT):
        raise NotFoundError("avaz-access-unknown")
    code = _set_code(access)
    access.renewed_at = clock.now()
    _changed(access, "code", "drawer", "renewed_at")
    journal(acting, "avaz.code-renewed", user.full_name)
    return access, code


def _due(now: datetime) -> list[int]:
    """Return whom to look at: people with contacts, and people who have had them."""
    has_contacts = Q(phone_confirmed_at__isnull=False, email_confirmed_at__isnull=False)
    looked = Person.objects.all()
    fresh = looked.filter(looked_at__gt=now - LOOKED_AFTER).values("user")
    people = User.objects.filter(has_contacts | Q(pk__in=looked.values("user")))
    due = people.exclude(pk__in=fresh).order_by("pk").values_list("pk", flat=True)
    return list(due[:_AT_ONCE])


def _taxpayers(user: User, now: datetime) -> dict[int, Acting]:
    if not (user.is_ready(now) and user.phone and user.phone_confirmed_at):
        return {}
    found = {}
    for taxpayer in taxpayers_of(user, now.astimezone(clock.VILNIUS).date()):
        acting = acting_of(user, taxpayer, now)
        if acting and acting.may(RIGHT):
            found[taxpayer.pk] = acting
    return found


def _order(user: User, acting: Acting, closed: Access | None) -> None:
    now = clock.now()
    access = closed or Access(
        user=user, taxpayer=Taxpayer.objects.get(pk=acting.taxpayer_id), version=0
    )
    access.email, access.phone, access.language = _contacts(user)
    access.ordered_at, access.closed_at = now, None
    access.version += 1
    _set_code(access, is_new=closed is None)
    access.save()
    journal(system_acting(access.taxpayer, ()), "avaz.code-ordered", user.full_name)


def _set_code(access: Access, *, is_new: bool = False) -> str:
    """Give an access a new code and put its letter in the outbox; else only its hash is kept."""
    code = codes.new_code(settings.AVAZ_CODE_LENGTH)
    access.code = make_password(code)
    access.drawer = codes.drawer_of(str(access.user_id), code)
    if is_new:
        access.save(force_insert=True)
    _forget(access)
    now = clock.now()
    CodeLetter.objects.create(
        access=access, code=code, created_at=now, due_at=now, expires_at=now + LETTER_LASTS
    )
    return code


def _forget(access: Access) -> None:
    """Let letters with earlier codes leave no more."""
    access.letters.filter(sent_at__isnull=True).update(expires_at=clock.now(), code="")


def _changed(access: Access, *fields: str) -> None:
    access.version += 1
    access.save(update_fields=[*fields, "version"])


def _contacts(user: User) -> tuple[str, str, str]:
    return user.email, user.phone, user.language

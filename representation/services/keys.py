"""Keys of programs, given for taxpayers."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from uuid import UUID

from django.conf import settings
from django.db import transaction

from accounts.keys import new_key
from accounts.models import ApiKey, User
from accounts.services import revoke_key as revoke_own_key
from imas.kernel import clock
from imas.kernel.errors import ForbiddenError, NotFoundError, UnprocessableError
from representation import selectors
from representation.models import Taxpayer
from representation.services.acting import acting_of
from representation.services.journal import journal
from representation.types import Acting

MANAGE = "keys.manage"


@dataclass(frozen=True, slots=True)
class KeyOrder:
    """What a key is to open: these rights, till this day (included), perhaps for every client."""

    name: str
    rights: Collection[str]
    until: date
    for_all: bool = False


@transaction.atomic
def issue_key(acting: Acting, owner: User, order: KeyOrder) -> tuple[ApiKey, str]:
    """Issue a key to the person acting; its plain text is returned this once.

    It opens no more than the owner has now, and at each use no more than he still has. With
    `for_all` it holds for every taxpayer for whom he may manage keys today.
    """
    acting.require(MANAGE)
    for right in order.rights:
        acting.require(right)
    if owner.pk != acting.user_id or not order.rights:
        raise ForbiddenError("right-missing", right=MANAGE)
    covered = _covered(acting, owner, for_all=order.for_all)
    key, plain = new_key(
        owner,
        name=order.name,
        rights=order.rights,
        taxpayer_codes=[one.taxpayer_code for one in covered],
        expires_at=_end_of(order.until),
    )
    for one in covered:
        journal(one, "keys.issued", key.prefix, rights=",".join(key.rights))
    return key, plain


@transaction.atomic
def revoke_key(acting: Acting, key_id: UUID) -> None:
    """End one's own key at once; close somebody else's for this taxpayer only."""
    acting.require(MANAGE)
    keys = selectors.keys_of(acting.taxpayer_code).select_for_update()
    key = keys.filter(pk=key_id, revoked_at__isnull=True).first()
    if key is None:
        raise NotFoundError("key-not-found")
    if key.user_id == acting.user_id or key.taxpayer_codes == [acting.taxpayer_code]:
        revoke_own_key(key.user, key.pk)
    else:
        key.taxpayer_codes = [code for code in key.taxpayer_codes if code != acting.taxpayer_code]
        key.save(update_fields=["taxpayer_codes"])
    journal(acting, "keys.revoked", key.prefix)


def _covered(acting: Acting, owner: User, *, for_all: bool) -> list[Acting]:
    if not for_all:
        return [acting]
    now = clock.now()
    possible = [
        acting_of(owner, taxpayer, now) for taxpayer in selectors.taxpayers_of(owner, clock.today())
    ]
    return [one for one in possible if one is not None and one.may(MANAGE)]


def _end_of(day: date) -> datetime:
    """The end of a Vilnius day; past or farther than the setting allows: `UnprocessableError`."""
    last = clock.today() + timedelta(days=settings.KEY_MAX_DAYS)
    if not clock.today() <= day <= last:
        raise UnprocessableError("key-term", last=last.isoformat())
    return datetime.combine(day + timedelta(days=1), time(), clock.VILNIUS)


def issue_key_by_operator(
    login_name: str, taxpayer_code: str, rights: Collection[str]
) -> tuple[ApiKey, str]:
    """Issue a key from the command line for a person who has these rights for the taxpayer."""
    owner = User.objects.filter(login_name=login_name).first()
    taxpayer = Taxpayer.objects.by_code(taxpayer_code).first()
    acting = acting_of(owner, taxpayer, clock.now()) if owner and taxpayer else None
    if acting is None or owner is None:
        raise NotFoundError("taxpayer-not-yours")
    until = clock.today() + timedelta(days=settings.KEY_MAX_DAYS)
    order = KeyOrder(name="issue_key", rights=rights, until=until)
    return issue_key(acting, owner, order)

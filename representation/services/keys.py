"""Keys of programs, given for taxpayers; certificates are given by the same order."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from uuid import UUID

from django.conf import settings
from django.db import transaction

from accounts.keys import new_key
from accounts.models import ApiKey, Credential, User
from accounts.services import revoke_credential
from accounts.services import rotate_key as rotate_own_key
from accounts.types import Scope
from imas.kernel import clock
from imas.kernel.errors import ConflictError, ForbiddenError, NotFoundError, UnprocessableError
from representation import selectors
from representation.models import Taxpayer
from representation.services.acting import acting_of
from representation.services.journal import journal
from representation.types import Acting

MANAGE = "keys.manage"
LONGEST_OVERLAP = timedelta(days=7)
"""How long an old key may work beside its successor."""


@dataclass(frozen=True, slots=True)
class KeyOrder:
    """What a key or certificate is to open: these rights, till this day (included).

    `for_all`: for every taxpayer for whom the owner may manage keys today. `networks`: the only
    addresses it may be used from, in CIDR form; none means anywhere.
    """

    name: str
    rights: Collection[str]
    until: date
    for_all: bool = False
    networks: Collection[str] = ()


@transaction.atomic
def issue_key(acting: Acting, owner: User, order: KeyOrder) -> tuple[ApiKey, str]:
    """Issue a key to the person acting; its plain text is returned this once.

    It opens no more than the owner has now, and at each use no more than he still has. With
    `for_all` it holds for every taxpayer for whom he may manage keys today.
    """
    covered = covered_by(acting, owner, order)
    key, plain = new_key(owner, order.name, scope_of(order, covered))
    for one in covered:
        journal(one, "keys.issued", key.prefix, rights=",".join(key.rights))
    return key, plain


@transaction.atomic
def revoke_key(acting: Acting, key_id: UUID) -> None:
    """End one's own key at once; close somebody else's for this taxpayer only."""
    acting.require(MANAGE)
    key = _held(acting, key_id)
    close(acting, key)
    journal(acting, "keys.revoked", key.prefix)


@transaction.atomic
def rotate_key(acting: Acting, key_id: UUID, until: date, overlap: timedelta) -> tuple[ApiKey, str]:
    """Issue a key that opens what one's own key opens; the old one lives on for the overlap.

    Until then both work, so that programs change over without a pause. A key is rotated once:
    afterwards its successor is (`ConflictError`, key-rotated).
    """
    acting.require(MANAGE)
    key = _held(acting, key_id)
    if key.user_id != acting.user_id:
        raise ForbiddenError("right-missing", right=MANAGE)
    successor, plain = _rotated(key, end_of(until), overlap)
    journal(acting, "keys.rotated", key.prefix, successor=successor.prefix)
    return successor, plain


@transaction.atomic
def rotate_itself(key: ApiKey, overlap: timedelta) -> tuple[ApiKey, str]:
    """Let a program change its own key; the new one ends when the old one would have.

    So a stolen key cannot live for ever, and the owner's program finds out that it was changed.
    """
    locked = ApiKey.objects.select_for_update(of=("self",)).select_related("user").get(pk=key.pk)
    successor, plain = _rotated(locked, locked.expires_at, overlap)
    now = clock.now()
    for taxpayer in Taxpayer.objects.filter(code__in=key.taxpayer_codes):
        if acting := acting_of(locked.user, taxpayer, now):
            journal(acting, "keys.rotated", key.prefix, successor=successor.prefix)
    return successor, plain


def _rotated(key: ApiKey, expires_at: datetime, overlap: timedelta) -> tuple[ApiKey, str]:
    now = clock.now()
    if key.successor_id is not None or not key.is_usable(now):
        raise ConflictError("key-rotated")
    if not timedelta() <= overlap <= LONGEST_OVERLAP:
        raise UnprocessableError("key-overlap", hours=str(LONGEST_OVERLAP // timedelta(hours=1)))
    return rotate_own_key(key, expires_at, now + overlap)


def _held(acting: Acting, key_id: UUID) -> ApiKey:
    keys = selectors.keys_of(acting.taxpayer_code).select_for_update(of=("self",))
    key = keys.filter(pk=key_id, revoked_at__isnull=True).first()
    if key is None:
        raise NotFoundError("key-not-found")
    return key


def close(acting: Acting, credential: Credential) -> bool:
    """End one's own credential: True; take this taxpayer out of somebody else's: False."""
    code = acting.taxpayer_code
    if credential.user_id == acting.user_id or credential.taxpayer_codes == [code]:
        return revoke_credential(credential)
    credential.taxpayer_codes = [one for one in credential.taxpayer_codes if one != code]
    credential.save(update_fields=["taxpayer_codes"])
    return False


def covered_by(acting: Acting, owner: User, order: KeyOrder) -> list[Acting]:
    """Return the person acting for each taxpayer an order covers, the one acted for among them.

    Nobody orders more than he has himself, nor for somebody else: `ForbiddenError`.
    """
    acting.require(MANAGE)
    for right in order.rights:
        acting.require(right)
    if owner.pk != acting.user_id or not order.rights:
        raise ForbiddenError("right-missing", right=MANAGE)
    if not order.for_all:
        return [acting]
    now = clock.now()
    possible = [
        acting_of(owner, taxpayer, now) for taxpayer in selectors.taxpayers_of(owner, clock.today())
    ]
    return [one for one in possible if one is not None and one.may(MANAGE)]


def scope_of(order: KeyOrder, covered: Collection[Acting]) -> Scope:
    """Return what is issued for an order that covers these."""
    codes = [one.taxpayer_code for one in covered]
    return Scope(order.rights, codes, end_of(order.until), order.networks)


def end_of(day: date) -> datetime:
    """The end of a Vilnius day; past or farther than the setting allows: `UnprocessableError`."""
    last = clock.today() + timedelta(days=settings.KEY_MAX_DAYS)
    if not clock.today() <= day <= last:
        raise UnprocessableError("key-term", last=last.isoformat())
    return datetime.combine(day + timedelta(days=1), time(), clock.VILNIUS)


def ordered_by_operator(
    login_name: str, taxpayer_code: str, rights: Collection[str], name: str
) -> tuple[Acting, User, KeyOrder]:
    """Return the person acting and the longest order for what is issued from the command line."""
    owner = User.objects.filter(login_name=login_name).first()
    taxpayer = Taxpayer.objects.by_code(taxpayer_code).first()
    acting = acting_of(owner, taxpayer, clock.now()) if owner and taxpayer else None
    if acting is None or owner is None:
        raise NotFoundError("taxpayer-not-yours")
    until = clock.today() + timedelta(days=settings.KEY_MAX_DAYS)
    return acting, owner, KeyOrder(name=name, rights=rights, until=until)

"""Who of the tax authority may work on the registers."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.db import transaction

from accounts.keys import new_key
from accounts.models import ApiKey, User
from accounts.officers import require_officer
from accounts.types import Scope
from imas.kernel import clock
from imas.kernel.errors import ForbiddenError, NotFoundError
from representation.models import Taxpayer
from representation.rights import OFFICER_RIGHTS
from representation.selectors import is_four_eyed
from representation.services.journal import journal_officer
from representation.services.proposing import switch_off
from representation.types import system_acting

IMPORT = "registers.import"


@dataclass(frozen=True, slots=True)
class Officer:
    """An officer at work: a person of the authority, or nobody named for an operator's command."""

    user: User | None

    @property
    def user_id(self) -> int | None:
        """The person's id."""
        return self.user.pk if self.user else None


OPERATOR = Officer(None)
"""Whoever may run a command on the server may do what an officer may."""


def officer_of(user: Any) -> Officer:
    """Return the signed-in officer; anybody else is refused with `ForbiddenError`."""
    return Officer(require_officer(user))


def officer_with_key(user: Any, key: Any, right: str) -> Officer:
    """Return the officer whose key this is; it must have been given the right."""
    officer = officer_of(user)
    if not isinstance(key, ApiKey) or right not in key.rights:
        raise ForbiddenError("right-missing", right=right)
    return officer


@transaction.atomic
def issue_officer_key(login_name: str, rights: Collection[str]) -> tuple[ApiKey, str]:
    """Issue a key of an officer's program from the command line; it opens no taxpayer."""
    owner = User.objects.filter(login_name=login_name, is_staff=True, is_active=True).first()
    if owner is None or not rights or not set(rights) <= set(OFFICER_RIGHTS):
        raise NotFoundError("person-not-found")
    key, plain = new_key(owner, "issue_key", Scope(rights, [], _last_moment()))
    journal_officer(owner, "keys.issued", key.prefix, rights=",".join(key.rights))
    return key, plain


@transaction.atomic
def switch_four_eyes_off(code: str) -> None:
    """Let an operator free a taxpayer that has no second administrator left to approve it."""
    taxpayer = Taxpayer.objects.by_code(code).select_for_update().first()
    if taxpayer is None or not is_four_eyed(taxpayer.pk):
        raise NotFoundError("taxpayer-not-yours")
    switch_off(system_acting(taxpayer, ()))


def _last_moment() -> datetime:
    return clock.now() + timedelta(days=settings.KEY_MAX_DAYS)

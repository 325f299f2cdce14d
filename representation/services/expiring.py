"""Keys and certificates that are about to end: whoever depends on them hears of it in time."""

from datetime import timedelta

from django.db import transaction

from accounts.models import ApiKey, Certificate, Credential
from imas.kernel import clock
from representation.services.telling import tell_of_credential
from representation.types import WARNED_DAYS_BEFORE


def warn_of_credentials() -> None:
    """Announce 30, 7 and 1 days before their end the keys and certificates still in use.

    A night that was missed is made up for the next one; a key issued for fewer days than that is
    not warned of at once, and one whose successor has taken over not at all.
    """
    after = timedelta()
    for days in sorted(WARNED_DAYS_BEFORE):
        before = timedelta(days=days)
        for credential in _ending(after, before):
            if credential.created_at <= credential.expires_at - before:
                with transaction.atomic():
                    tell_of_credential(credential, days)
        after = before


def _ending(after: timedelta, before: timedelta) -> list[Credential]:
    now = clock.now()
    keys = ApiKey.objects.ending(now + after, now + before).filter(successor__isnull=True)
    return [*keys, *Certificate.objects.ending(now + after, now + before)]

"""Who saw what: sensitive pages leave a line in the journal, without flooding it."""

import hashlib

from django.core.cache import cache

from imas.kernel import clock
from representation.services.journal import journal
from representation.types import Acting

_DAY = 24 * 3600


def journal_view(acting: Acting, action: str, subject: object = "", **params: str) -> None:
    """Write down that somebody saw a thing, once for each person or program, thing and day.

    That it is written already is remembered in the cache; where the cache forgets, the line is
    written again. The house's own work sees nothing.
    """
    if acting.person_id is None:
        return
    thing = f"{acting.taxpayer_id} {acting.user_id} {acting.key_id} {action} {subject} {params}"
    digest = hashlib.sha256(thing.encode()).hexdigest()
    if cache.add(f"representation.seen.{clock.today()}.{digest}", 1, _DAY):
        journal(acting, action, str(subject), **params)

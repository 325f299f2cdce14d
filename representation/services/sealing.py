"""Sealing the journal: each committed entry gets its place in a chain that cannot be mended."""

import logging
from dataclasses import dataclass

from django.db import connection, transaction

from imas.kernel import clock
from representation.models import JournalEntry, JournalSeal, UnsealedEntry
from representation.sealing import BEFORE_THE_FIRST, COLUMNS, digest_of, seal_of

_BATCH = 1000
_logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Head:
    """The last seal of the chain: whoever keeps it can tell later that nothing was taken away."""

    number: int = 0
    seal: bytes = BEFORE_THE_FIRST


def seal_journal() -> Head:
    """Seal every committed entry that waits, and return the head of the chain.

    A seal written by the inserting transaction would let all writers wait for each other, so
    entries are sealed after their commit, one sealer at a time (the table is locked). What commits
    late is sealed later, once, wherever its id stands.
    """
    while _seal_some():
        pass
    return head()


def head() -> Head:
    """Return the last seal."""
    last = JournalSeal.objects.order_by("-number").first()
    return Head(last.number, bytes(last.seal)) if last else Head()


def anchor_journal() -> Head:
    """Seal what waits and write the head into the log, out of reach of whoever owns the tables."""
    found = seal_journal()
    _logger.info("journal head", extra={"number": found.number, "head": found.seal.hex()})
    return found


@transaction.atomic
def _seal_some() -> bool:
    with connection.cursor() as cursor:
        cursor.execute("LOCK TABLE representation_journalseal IN EXCLUSIVE MODE")
    last, now = head(), clock.now()
    waiting = JournalEntry.objects.filter(pk__in=UnsealedEntry.objects.values("pk"))
    seals: list[JournalSeal] = []
    number, previous = last.number, last.seal
    for values in waiting.order_by("pk").values_list(*COLUMNS)[:_BATCH]:
        number, digest = number + 1, digest_of(values)
        previous = seal_of(previous, number, now, digest)
        seals.append(JournalSeal(number, values[0], digest, previous, now))
    JournalSeal.objects.bulk_create(seals)
    UnsealedEntry.objects.filter(pk__in=[seal.entry_id for seal in seals]).delete()
    return bool(seals)

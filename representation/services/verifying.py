"""Finding the first place where somebody has laid hands on the journal."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, time
from enum import StrEnum

from django.db.models import Exists, OuterRef

from imas.kernel.clock import VILNIUS
from representation.models import JournalEntry, JournalSeal, UnsealedEntry
from representation.sealing import BEFORE_THE_FIRST, COLUMNS, digest_of, seal_of
from representation.services.sealing import Head

_BATCH = 2000


class Fault(StrEnum):
    """What was done to the journal, as far as it can be told."""

    CHANGED = "the entry is not what was sealed"
    REMOVED = "the entry is gone"
    ADDED = "the entry was never sealed nor waits for it"
    SEAL_REMOVED = "the seal is gone"
    REORDERED = "the seal does not follow from the one before: seals were changed or reordered"
    ANCHOR_MISSING = "the anchor is not on the chain: it was cut or rewritten"


@dataclass(frozen=True, slots=True)
class Broken:
    """The first broken place: the number of the seal (0: none) and the id of the entry."""

    fault: Fault
    number: int = 0
    entry_id: int = 0


@dataclass(slots=True)
class Verdict:
    """How far the chain holds, and where it does not."""

    checked: int = 0
    head: Head = field(default_factory=Head)
    waiting: int = 0
    anchored_at: int = 0
    broken: Broken | None = None


def verify_journal(since: date | None = None, anchor: str = "") -> Verdict:
    """Compute everything anew, from the first seal or from those of a day, and compare.

    Memory does not grow with the journal. `anchor` is a head in hexadecimal that was kept
    elsewhere: without one, nobody can tell that the end was cut off, or that the owner of the
    tables has sealed everything anew.
    """
    verdict = Verdict(waiting=UnsealedEntry.objects.count())
    verdict.broken = _walk(verdict, _first(since), anchor.lower()) or _unsealed(since)
    if anchor and not verdict.anchored_at and verdict.broken is None:
        verdict.broken = Broken(Fault.ANCHOR_MISSING)
    return verdict


def _walk(verdict: Verdict, first: int, anchor: str) -> Broken | None:
    """Go along the chain up to its end or to the first place that is broken."""
    before = JournalSeal.objects.filter(number=first - 1).first()
    verdict.head = Head(first - 1, bytes(before.seal) if before else BEFORE_THE_FIRST)
    if first > 1 and before is None:
        return Broken(Fault.SEAL_REMOVED, first - 1)
    for seal, digest in _sealed(first):
        if broken := _judge(seal, digest, verdict.head):
            return broken
        verdict.head = Head(seal.number, bytes(seal.seal))
        verdict.checked += 1
        if verdict.head.seal.hex() == anchor:
            verdict.anchored_at = seal.number
    return None


def _judge(seal: JournalSeal, digest: bytes | None, before: Head) -> Broken | None:
    number, entry = before.number + 1, seal.entry_id
    if seal.number != number:
        return Broken(Fault.SEAL_REMOVED, number)
    if digest is None:
        return Broken(Fault.REMOVED, number, entry)
    if digest != bytes(seal.digest):
        return Broken(Fault.CHANGED, number, entry)
    if seal_of(before.seal, number, seal.sealed_at, digest) != bytes(seal.seal):
        return Broken(Fault.REORDERED, number, entry)
    return None


def _sealed(first: int) -> Iterator[tuple[JournalSeal, bytes | None]]:
    """Each seal from this number on with the digest of its entry as it is now."""
    while batch := list(JournalSeal.objects.filter(number__gte=first).order_by("number")[:_BATCH]):
        found = JournalEntry.objects.filter(pk__in=[seal.entry_id for seal in batch])
        digests = {row[0]: digest_of(row) for row in found.order_by().values_list(*COLUMNS)}
        for seal in batch:
            yield seal, digests.get(seal.entry_id)
        first = batch[-1].number + 1


def _unsealed(since: date | None) -> Broken | None:
    """An entry that was put in past the trigger, or taken from those that wait."""
    here = OuterRef("pk")
    strays = JournalEntry.objects.filter(
        ~Exists(JournalSeal.objects.filter(entry_id=here)),
        ~Exists(UnsealedEntry.objects.filter(entry_id=here)),
    )
    if since is not None:
        strays = strays.filter(at__gte=_start_of(since))
    stray = strays.order_by("pk").values_list("pk", flat=True).first()
    if stray is not None:
        return Broken(Fault.ADDED, 0, stray)
    waiting = JournalEntry.objects.filter(pk=OuterRef("pk"))
    gone = UnsealedEntry.objects.filter(~Exists(waiting)).first()
    return Broken(Fault.REMOVED, 0, gone.entry_id) if gone else None


def _first(since: date | None) -> int:
    if since is None:
        return 1
    fresh = JournalSeal.objects.filter(sealed_at__gte=_start_of(since)).order_by("number").first()
    last = JournalSeal.objects.order_by("-number").first()
    return fresh.number if fresh else (last.number if last else 0) + 1


def _start_of(day: date) -> datetime:
    return datetime.combine(day, time(), VILNIUS)

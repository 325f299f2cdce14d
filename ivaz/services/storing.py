"""New waybills written, in four statements however many they are."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from imas.web.copying import copy_in
from ivaz.models import Waybill, WaybillEvent, WaybillParty, WaybillWords
from ivaz.services import holding
from ivaz.services.holding import Kept, Sender
from ivaz.types import Act, Record, Role, State

_WAYBILL = (
    "id", "rn", "kind", "preparer_id", "local_uid", "number", "number_key", "dated", "dispatch_at",
    "arrival_at", "state", "version", "content", "plates", "is_warned", "is_different",
    "is_objected", "submitted_at", "due_on", "split_of_id",
)  # fmt: skip
_PARTY = ("waybill_id", "taxpayer_id", "roles", "dispatch_at", "is_open")
_WORDS = ("waybill_id", "terms")
_EVENT = (
    "waybill_id", "act", "at", "role", "taxpayer_id", "user_id", "state_before", "state_after",
    "version", "details", "document_id",
)  # fmt: skip

Roles = Mapping[int, Sequence[str]]


@dataclass(frozen=True, slots=True)
class NewWaybill:
    """A waybill to be written: its key and RN, the record it is made of, what it keeps of it."""

    pk: int
    rn: str
    record: Record
    kept: Kept


@dataclass(frozen=True, slots=True)
class Batch:
    """What waybills written together have in common: who sends them, when, of what they are parts.

    `today` is the day of those that tell none.
    """

    sender: Sender
    now: datetime
    today: date
    split_of: Waybill | None = None


def store(batch: Batch, waybills: Sequence[NewWaybill], known: Mapping[str, int]) -> None:
    """Write new waybills with their parties, words and events."""
    preparer_id = batch.sender.taxpayer_id
    # Rows of plain values: models would take a fifth of the time of a file.
    roles = [holding.roles_by_taxpayer(preparer_id, one.record.content, known) for one in waybills]
    copy_in(Waybill, _WAYBILL, _waybills(batch, waybills))
    copy_in(WaybillParty, _PARTY, _parties(waybills, roles))
    copy_in(WaybillWords, _WORDS, _words(waybills, roles))
    copy_in(WaybillEvent, _EVENT, _issues(batch, waybills))


def _waybills(batch: Batch, waybills: Sequence[NewWaybill]) -> Iterator[tuple[Any, ...]]:
    preparer_id, now = batch.sender.taxpayer_id, batch.now
    split_of = batch.split_of.pk if batch.split_of else None
    for one in waybills:
        record, kept = one.record, one.kept
        yield (
            one.pk, one.rn, record.section, preparer_id, record.uid, kept.number, kept.number_key,
            kept.dated or batch.today, kept.dispatch_at, kept.arrival_at, State.SENT, 1,
            record.content, kept.plates, False, False, False, now, kept.due_on, split_of,
        )  # fmt: skip


def _parties(waybills: Sequence[NewWaybill], roles: Sequence[Roles]) -> Iterator[tuple[Any, ...]]:
    for one, held in zip(waybills, roles, strict=True):
        for taxpayer_id, told in held.items():
            yield one.pk, taxpayer_id, told, one.kept.dispatch_at, True


def _words(waybills: Sequence[NewWaybill], roles: Sequence[Roles]) -> Iterator[tuple[Any, ...]]:
    for one, held in zip(waybills, roles, strict=True):
        numbers = (one.rn, one.kept.number, one.record.uid, *one.kept.plates)
        yield one.pk, holding.words_of(one.record.content, numbers, held)


def _issues(batch: Batch, waybills: Sequence[NewWaybill]) -> Iterator[tuple[Any, ...]]:
    sender, at = batch.sender, batch.now
    document_id = sender.document.pk if sender.document else None
    who = Role.PREPARER, sender.taxpayer_id, sender.user_id
    for one in waybills:
        yield one.pk, Act.ISSUE, at, *who, "", State.SENT, 1, {}, document_id

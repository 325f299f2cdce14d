"""New waybills written, in five statements however many they are."""

from collections.abc import Iterator, Mapping, Sequence
from operator import attrgetter
from typing import Any

from imas.web.copying import copy_in
from ivaz.models import Waybill, WaybillEvent, WaybillParty, WaybillVersion, WaybillWords
from ivaz.services import holding
from ivaz.services.holding import Sender
from ivaz.types import Act, Role, State

_WAYBILL = (
    "id", "rn", "kind", "preparer_id", "local_uid", "number", "number_key", "dated", "dispatch_at",
    "arrival_at", "state", "version", "content", "plates", "is_warned", "is_different",
    "is_objected", "submitted_at", "due_on", "split_of_id",
)  # fmt: skip
_PARTY = ("waybill_id", "taxpayer_id", "roles", "dispatch_at", "is_open")
_WORDS = ("waybill_id", "terms")
_VERSION = ("waybill_id", "number", "content", "made_at")
_EVENT = (
    "waybill_id", "act", "at", "role", "taxpayer_id", "user_id", "state_before", "state_after",
    "version", "details", "document_id",
)  # fmt: skip

_row_of = attrgetter(*_WAYBILL)

Roles = Mapping[int, Sequence[str]]


def store(sender: Sender, waybills: Sequence[Waybill], known: Mapping[str, int]) -> None:
    """Write new waybills, whose keys are set, with their parties, words, versions and events."""
    roles = [holding.roles_by_taxpayer(waybill, known) for waybill in waybills]
    copy_in(Waybill, _WAYBILL, map(_row_of, waybills))
    copy_in(WaybillParty, _PARTY, _parties(waybills, roles))
    copy_in(WaybillWords, _WORDS, _words(waybills, roles))
    copy_in(WaybillVersion, _VERSION, map(_first_version, waybills))
    copy_in(WaybillEvent, _EVENT, _issues(sender, waybills))


def _parties(waybills: Sequence[Waybill], roles: Sequence[Roles]) -> Iterator[tuple[Any, ...]]:
    for waybill, held in zip(waybills, roles, strict=True):
        for taxpayer_id, told in held.items():
            yield waybill.pk, taxpayer_id, told, waybill.dispatch_at, True


def _words(waybills: Sequence[Waybill], roles: Sequence[Roles]) -> Iterator[tuple[Any, ...]]:
    for waybill, held in zip(waybills, roles, strict=True):
        yield waybill.pk, holding.words_of(waybill, held)


def _first_version(waybill: Waybill) -> tuple[Any, ...]:
    return waybill.pk, 1, waybill.content, waybill.submitted_at


def _issues(sender: Sender, waybills: Sequence[Waybill]) -> Iterator[tuple[Any, ...]]:
    document_id = sender.document.pk if sender.document else None
    who = Role.PREPARER, sender.taxpayer_id, sender.user_id
    for waybill in waybills:
        at = waybill.submitted_at
        yield waybill.pk, Act.ISSUE, at, *who, "", State.SENT, 1, {}, document_id

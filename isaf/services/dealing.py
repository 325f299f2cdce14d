"""What one side of a deal says to the other: words, proposals to correct, marks of the buyer."""

from collections.abc import Mapping
from datetime import datetime, time, timedelta
from typing import Any

from django.conf import settings
from django.db import transaction

from imas.kernel import clock
from imas.kernel.errors import ConflictError, ThrottledError, UnprocessableError
from isaf.matching import Content, Field, SeenState
from isaf.models import MARKS, Deal, DealEntry
from isaf.notices.crosscheck import announce_said
from isaf.selectors import deals
from isaf.selectors.deals import Parties
from isaf.selectors.pairs import SeenPair
from isaf.types import EntryKind
from representation.services import journal
from representation.types import Acting

_REASONED = (EntryKind.DISPUTED, EntryKind.NOT_MINE)
_PROPOSED = (SeenState.DIFFERS, SeenState.POSSIBLE_MATCH, SeenState.MISSING_AT_COUNTERPARTY)
_NAMES = {
    Field.ISSUED: ("issued",),
    Field.TYPE: ("type",),
    Field.TAXABLE: ("taxable",),
    Field.VAT: ("vat",),
    Field.TOTAL: ("taxable", "vat"),
    Field.CODE: ("codes",),
}


def say(acting: Acting, key: int, text: str) -> DealEntry:
    """Say something of a deal to its other side, who gets a message; kept for good.

    NotFoundError("deal-not-found") where nothing of this key is seen, ConflictError
    ("deal-not-shared") where the other side does not see it too, ThrottledError("deal-too-much")
    after ISAF_DEAL_ENTRIES of one day, UnprocessableError("deal-words-missing") without words.
    """
    if not text.strip():
        raise UnprocessableError("deal-words-missing")
    return _said(acting, _shared(acting, key), EntryKind.WORD, text)


def propose(acting: Acting, key: int, text: str = "") -> DealEntry:
    """Propose that the other side takes what our register says where the two differ.

    Refused as `say` is, and ConflictError("deal-nothing-to-propose") where nothing differs or we
    ourselves tell nothing. The proposal holds our data as they are now, no others.
    """
    shared = _shared(acting, key)
    seen = shared[0]
    if seen.ours is None or not may_propose(seen):
        raise ConflictError("deal-nothing-to-propose")
    return _said(acting, shared, EntryKind.PROPOSAL, text, proposed(seen, seen.ours))


def may_propose(seen: SeenPair) -> bool:
    """Tell whether a pair holds data of ours that the other side could take."""
    return seen.ours is not None and seen.state in _PROPOSED


def mark(acting: Acting, key: int, kind: EntryKind, text: str = "") -> DealEntry:
    """Mark a seller's invoice as accepted, disputed or not ours, or take the mark back.

    Refused as `say` is, ConflictError("deal-not-bought") unless we are the buyer, and
    UnprocessableError("deal-reason-missing") for a dispute without a reason.
    """
    shared = _shared(acting, key)
    if kind not in MARKS or shared[0].side != "P":
        raise ConflictError("deal-not-bought")
    if kind in _REASONED and not text.strip():
        raise UnprocessableError("deal-reason-missing")
    return _said(acting, shared, kind, text)


def proposed(seen: SeenPair, ours: Content) -> dict[str, Any]:
    """Return our data that the other side should take, by their names in `Content`."""
    if seen.state == SeenState.DIFFERS:
        names = [name for field in seen.fields for name in _NAMES[field]]
    elif seen.state == SeenState.POSSIBLE_MATCH:
        names = ["number"]
    else:
        names = ["number", "issued", "type", "taxable", "vat"]
    return {name: _as_json(getattr(ours, name)) for name in dict.fromkeys(names)}


def _as_json(value: Any) -> str:
    return ", ".join(sorted(value - {""})) if isinstance(value, frozenset) else str(value)


def _shared(acting: Acting, key: int) -> tuple[SeenPair, Parties]:
    for seen in deals.find_seen(acting, key):
        parties = deals.parties_of(seen)
        if seen.state in deals.TALKED_OF and parties:
            return seen, parties
    raise ConflictError("deal-not-shared")


@transaction.atomic
def _said(
    acting: Acting,
    shared: tuple[SeenPair, Parties],
    kind: EntryKind,
    text: str,
    values: Mapping[str, Any] | None = None,
) -> DealEntry:
    seen, parties = shared
    deal = _deal(acting, parties)
    _refuse_too_much(deal, seen.side)
    entry = DealEntry.objects.create(
        deal=deal,
        side=seen.side,
        kind=kind,
        text=text.strip(),
        values=dict(values or {}),
        author_id=acting.person_id,
    )
    told = seen.ours or seen.theirs
    number = told.number if told else ""
    announce_said(acting, entry, number)
    journal(acting, "isaf.deal-said", number, kind=kind)
    return entry


def _deal(acting: Acting, parties: Parties) -> Deal:
    """Return the deal, locked, so that what is said is counted and ordered one by one."""
    if not (found := Deal.objects.about(parties.keys, acting.taxpayer_id).first()):
        found, _ = Deal.objects.get_or_create(
            match_key=parties.keys[0],
            seller_id=parties.seller_id,
            buyer_id=parties.buyer_id,
            defaults={"near_key": parties.keys[1] if len(parties.keys) > 1 else None},
        )
    return Deal.objects.select_for_update(no_key=True).get(pk=found.pk)


def _refuse_too_much(deal: Deal, side: str) -> None:
    now, midnight = clock.now(), datetime.combine(clock.today(), time(), clock.VILNIUS)
    said = deal.entries.filter(side=side, at__gte=midnight).count()
    if said >= settings.ISAF_DEAL_ENTRIES:
        rest = midnight + timedelta(days=1) - now
        raise ThrottledError(
            "deal-too-much",
            limit=str(settings.ISAF_DEAL_ENTRIES),
            retry_after=str(int(rest.total_seconds())),
        )

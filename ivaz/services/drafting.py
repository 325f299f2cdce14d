"""Waybills made on pages: drafts, templates, and what the book remembers of them."""

from collections.abc import Iterator, Mapping
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import F

from imas.kernel import clock
from imas.kernel.errors import ConflictError, NotFoundError, UnprocessableError
from ivaz.models import BookEntry, Reservation, WaybillDraft
from ivaz.rules import UNKNOWN, plate
from ivaz.selectors import find_waybill
from ivaz.services import sending
from ivaz.services.verdicts import Verdict
from ivaz.types import BookKind, Content, Section
from representation.types import Acting

MOST_KEPT = 500
"""So many drafts and templates a taxpayer keeps."""
MOST_REMEMBERED = 1_000
"""So many entries of each kind the book holds; what was not used for longest is forgotten."""

_OWN = ("TransportDocumentUID", "LocalTransportDocumentNumber", "LocalTransportDocumentDate")
_TIMES = ("TimeOfDispatch", "EstimatedTimeOfArrival")
_KEY = 300


def begin(acting: Acting) -> WaybillDraft:
    """Make an empty draft, the taxpayer himself as the consignor.

    UnprocessableError("drafts-too-many") beyond `MOST_KEPT`.
    """
    own = {"RegistrationNumber": acting.taxpayer_code, "Name": acting.taxpayer_name}
    return begin_with(acting, Section.WAYBILL, {"Consignor": own})


def begin_with(acting: Acting, kind: Section, content: Content) -> WaybillDraft:
    """Make a draft that holds this already; UnprocessableError("drafts-too-many")."""
    acting.require_wholly(sending.RIGHT)
    _require_room(acting)
    return WaybillDraft.objects.create(
        taxpayer_id=acting.taxpayer_id,
        kind=kind,
        content=dict(content),
        changed_by_id=acting.person_id,
    )


def begin_like(acting: Acting, rn: str) -> WaybillDraft:
    """Make a draft like a waybill the taxpayer is in, without its number, times and annexes."""
    waybill, _roles = find_waybill(acting, rn)
    return begin_with(acting, Section(waybill.kind), _renewed(waybill.content))


def begin_from(acting: Acting, template_id: UUID) -> WaybillDraft:
    """Make a draft from a template; NotFoundError("draft-not-found")."""
    template = find_draft(acting, template_id)
    return begin_with(acting, Section(template.kind), _renewed(template.content))


@transaction.atomic
def begin_announced(acting: Acting, arn: str) -> WaybillDraft:
    """Make a draft of what was announced under an ARN, with its number; one that is there serves.

    NotFoundError("arn-unknown") to strangers too, ConflictError("arn-completed").
    """
    acting.require_wholly(sending.RIGHT)
    # Who asks twice at once waits here, and finds the draft of the first.
    announced = Reservation.objects.select_for_update().filter(
        arn=arn, preparer_id=acting.taxpayer_id
    )
    found = announced.first()
    if found is None:
        raise NotFoundError("arn-unknown")
    if found.waybill_id is not None:
        raise ConflictError("arn-completed")
    begun = WaybillDraft.objects.filter(
        taxpayer_id=acting.taxpayer_id, name="", content__LocalTransportDocumentNumber=found.number
    )
    own = {"RegistrationNumber": acting.taxpayer_code, "Name": acting.taxpayer_name}
    content = {"LocalTransportDocumentNumber": found.number, "Consignor": own}
    return begun.first() or begin_with(acting, Section.WAYBILL, content)


def find_draft(acting: Acting, draft_id: UUID) -> WaybillDraft:
    """Return a draft or template; NotFoundError("draft-not-found") to strangers too."""
    acting.require_wholly(sending.RIGHT)
    found = WaybillDraft.objects.filter(pk=draft_id, taxpayer_id=acting.taxpayer_id).first()
    if found is None:
        raise NotFoundError("draft-not-found")
    return found


def keep(acting: Acting, draft: WaybillDraft, kind: str, content: Content) -> None:
    """Keep what was written; ConflictError("draft-changed") when somebody wrote meanwhile."""
    acting.require_wholly(sending.RIGHT)
    kept = WaybillDraft.objects.filter(
        pk=draft.pk, taxpayer_id=acting.taxpayer_id, version=draft.version
    ).update(
        kind=kind,
        content=dict(content),
        version=F("version") + 1,
        changed_at=clock.now(),
        changed_by_id=acting.person_id,
    )
    if not kept:
        raise ConflictError("draft-changed")
    draft.version += 1
    draft.kind, draft.content = kind, dict(content)


def keep_as_template(acting: Acting, draft: WaybillDraft, name: str) -> WaybillDraft:
    """Keep a copy under a name to begin others from; one of the same name is replaced."""
    acting.require_wholly(sending.RIGHT)
    _require_room(acting)
    template, _is_new = WaybillDraft.objects.update_or_create(
        taxpayer_id=acting.taxpayer_id,
        name=name,
        defaults={
            "kind": draft.kind,
            "content": _renewed(draft.content),
            "changed_at": clock.now(),
            "changed_by_id": acting.person_id,
        },
    )
    return template


def discard(acting: Acting, draft: WaybillDraft) -> None:
    """Delete a draft or template."""
    acting.require_wholly(sending.RIGHT)
    WaybillDraft.objects.filter(pk=draft.pk, taxpayer_id=acting.taxpayer_id).delete()


def check(acting: Acting, draft: WaybillDraft) -> Verdict:
    """Say what would become of a draft if it were submitted now; nothing is kept."""
    (verdict,) = sending.send(acting, {draft.kind: [record_of(draft)]}, dry_run=True)
    return verdict


def submit(acting: Acting, draft: WaybillDraft) -> Verdict:
    """Submit a draft; when it is taken the draft is gone and the book remembers what it named."""
    content = record_of(draft)
    with transaction.atomic():
        (verdict,) = sending.send(acting, {draft.kind: [content]})
        if verdict.is_taken:
            remember(acting.taxpayer_id, content)
            WaybillDraft.objects.filter(pk=draft.pk, taxpayer_id=acting.taxpayer_id).delete()
    return verdict


def record_of(draft: WaybillDraft) -> dict[str, Any]:
    """Return the record of a draft, known by the draft's id.

    An e-waybill must say the place of its issue and a payment (the format, 1.3): the loading
    address and nothing to pay stand for what was left out.
    """
    content = {
        **draft.content,
        "TransportDocumentUID": {"LocalTransportDocumentUID": str(draft.pk)},
    }
    if draft.kind == Section.EWAYBILL:
        load = (content.get("ShipFrom") or {}).get("LoadAddress")
        if load:
            content.setdefault("PlaceOfIssueTransportDocument", load)
        carriage = {
            "PaymentsForDelivery": [{"PaymentValue": "0.00"}],
            **(content.get("ComplementaryTransportInformation") or {}),
        }
        content["ComplementaryTransportInformation"] = carriage
    return content


def remember(taxpayer_id: int, content: Content) -> None:
    """Put the parties, places and vehicles of a waybill into the taxpayer's book."""
    now = clock.now()
    BookEntry.objects.bulk_create(
        [
            BookEntry(taxpayer_id=taxpayer_id, kind=kind, key=key, content=told, used_at=now)
            for (kind, key), told in dict(_worth_remembering(content)).items()
        ],
        update_conflicts=True,
        unique_fields=["taxpayer", "kind", "key"],
        update_fields=["content", "used_at"],
    )
    for kind in BookKind:
        newest = BookEntry.objects.filter(taxpayer_id=taxpayer_id, kind=kind)
        beyond = newest.order_by("-used_at", "-pk").values("pk")[MOST_REMEMBERED:]
        BookEntry.objects.filter(pk__in=beyond).delete()


def forget(acting: Acting, entry_id: int) -> None:
    """Strike an entry out of the taxpayer's book; nothing happens where there is none."""
    acting.require_wholly(sending.RIGHT)
    BookEntry.objects.filter(pk=entry_id, taxpayer_id=acting.taxpayer_id).delete()


def _worth_remembering(content: Content) -> Iterator[tuple[tuple[BookKind, str], Content]]:
    for name in ("Consignor", "Transporter", "Consignee"):
        if party := content.get(name):
            told = {
                "RegistrationNumber": party["RegistrationNumber"],
                "Name": party["Name"],
                "Address": party.get("Address") or party.get("TransporterAddress"),
                "ContactInformation": party.get("ContactInformation", ""),
            }
            is_coded = told["RegistrationNumber"] != UNKNOWN
            key = told["RegistrationNumber"] if is_coded else told["Name"].upper()
            yield (BookKind.PARTY, key[:_KEY]), told
    for side, address in (("ShipFrom", "LoadAddress"), ("ShipTo", "UnloadAddress")):
        place: Mapping[str, Any] = content.get(side) or {}
        if address in place:
            told = {"Address": place[address], "WarehouseID": place.get("WarehouseID", "")}
            yield (BookKind.PLACE, str(sorted(told["Address"].items()))[:_KEY]), told
    transporter: Mapping[str, Any] = content.get("Transporter") or {}
    means = transporter.get("TransportMeans") or []
    if means and (key := plate(means[0]["IdentityOfTransportUnits"])):
        drivers = transporter.get("Drivers") or []
        yield (BookKind.VEHICLE, key), {"TransportMeans": means[:2], "Drivers": drivers[:1]}


def _require_room(acting: Acting) -> None:
    if WaybillDraft.objects.filter(taxpayer_id=acting.taxpayer_id).count() >= MOST_KEPT:
        raise UnprocessableError("drafts-too-many", limit=str(MOST_KEPT))


def _renewed(content: Content) -> dict[str, Any]:
    """Return a content without what is one waybill's own: number, times, papers that go along."""
    kept = {name: value for name, value in content.items() if name not in (*_OWN, *_TIMES)}
    carriage = dict(kept.pop("ComplementaryTransportInformation", None) or {})
    carriage.pop("Annexes", None)
    return {**kept, "ComplementaryTransportInformation": carriage} if carriage else kept

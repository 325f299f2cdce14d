"""What parties say of a waybill that the format has no record for: delivered, objected to."""

from datetime import datetime

from django.db import transaction

from imas.kernel.errors import ForbiddenError, NotFoundError
from ivaz.models import Waybill
from ivaz.notices import announce_objection
from ivaz.selectors import SUBMIT
from ivaz.services.changing import note
from ivaz.services.holding import roles_of
from ivaz.services.sending import sender_of
from ivaz.types import Act, Role
from representation.services import journal
from representation.types import Acting


def locked_waybill(acting: Acting, rn: str) -> Waybill:
    """Lock a waybill the taxpayer is in; NotFoundError("waybill-not-found"). In a transaction."""
    mine = Waybill.objects.filter(rn=rn, parties__taxpayer_id=acting.taxpayer_id)
    waybill = mine.select_for_update(of=("self",)).first()
    if waybill is None:
        raise NotFoundError("waybill-not-found")
    return waybill


def deliver(acting: Acting, rn: str, pressed_at: datetime | None = None) -> None:
    """Say as the carrier that the goods are delivered; refused as `changing.note` refuses."""
    acting.require_wholly(SUBMIT)
    with transaction.atomic():
        note(locked_waybill(acting, rn), Act.DELIVER, sender_of(acting, pressed_at), {})
        journal(acting, "ivaz.delivered", rn)


def object_to(acting: Acting, rn: str, reason: str) -> None:
    """Object as the consignor to a waybill that another prepared in his name (VA-119, 7).

    It stands as it is, marked for all its parties; the preparer is told by a message. Refused as
    `changing.note` refuses, and ForbiddenError("waybill-not-yours") to the preparer himself.
    """
    acting.require_wholly(SUBMIT)
    sender = sender_of(acting)
    with transaction.atomic():
        waybill = locked_waybill(acting, rn)
        if Role.PREPARER in roles_of(waybill, sender):
            raise ForbiddenError("waybill-not-yours", rn=rn)
        waybill.is_objected = True
        note(waybill, Act.OBJECT, sender, {"AdditionalInfo": reason})
        announce_objection(waybill, acting, reason)
        journal(acting, "ivaz.objected", rn)

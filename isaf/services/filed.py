"""What was filed in the end, told by the taxpayer, to be held against what was drawn up."""

from collections.abc import Mapping
from uuid import UUID

from django.db import transaction

from imas.kernel import clock
from imas.kernel.errors import ConflictError, RefusedDocumentError, UnprocessableError
from imas.kernel.ffdata import read
from isaf.models import PreliminaryReturn
from isaf.return_ffdata import header_of
from isaf.returns.ffdata import filed_boxes
from isaf.returns.forms import BoxKind, FormName, boxes_on
from isaf.selectors.returns import RIGHT, find_return, newest_version
from representation.services import journal
from representation.types import Acting

_LARGEST = 10**12


def tell_filed_file(acting: Acting, return_id: UUID, content: bytes) -> PreliminaryReturn:
    """Keep the boxes of a filed FR0600, read of its FFData.

    UnprocessableError("return-filed-other") unless it is the same form of the same taxpayer and
    period, with whole numbers in its boxes; as `tell_filed` refuses.
    """
    found = find_return(acting, return_id)
    version = newest_version(found)
    if version is None:
        raise ConflictError("return-not-computed", number=found.number)
    version.of = found
    try:
        _definition, pages = read(content)
        boxes = filed_boxes(pages, header_of(version))
    except (RefusedDocumentError, ValueError) as refusal:
        raise UnprocessableError("return-filed-other", number=found.number) from refusal
    return tell_filed(acting, return_id, boxes)


def tell_filed(acting: Acting, return_id: UUID, boxes: Mapping[str, int]) -> PreliminaryReturn:
    """Keep the boxes that were filed, in whole euros by number; boxes not told are nought.

    What was told before gives way. UnprocessableError("return-filed-other") for another form than
    FR0600, a box it does not have, or a number no box can hold; NotFoundError("return-not-found").
    """
    acting.require_wholly(RIGHT)
    with transaction.atomic():
        found = PreliminaryReturn.objects.select_for_update().get(
            pk=find_return(acting, return_id).pk
        )
        known = boxes_on(found.start)
        if (
            found.form != FormName.RETURN
            or not set(boxes) <= set(known)
            or any(abs(value) >= _LARGEST for value in boxes.values())
        ):
            raise UnprocessableError("return-filed-other", number=found.number)
        found.filed_boxes = {
            number: boxes.get(number, 0)
            for number, box in known.items()
            if box.kind is not BoxKind.PERCENT or number in boxes
        }
        found.filed_told_at = clock.now()
        found.save(update_fields=["filed_boxes", "filed_told_at"])
        journal(acting, "isaf.return-filed-told", found.number)
    return found

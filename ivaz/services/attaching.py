"""Additional documents put beside a waybill by any of its parties, also after its closing."""

from collections.abc import Sequence

from django.db import transaction

from imas.kernel.errors import UnprocessableError
from ivaz.models import WaybillFile
from ivaz.selectors import SUBMIT
from ivaz.services.changing import note
from ivaz.services.noting import locked_waybill
from ivaz.services.sending import sender_of
from ivaz.types import Act
from mailbox.proofs import Proof, kept
from representation.services import journal
from representation.types import Acting

MOST_FILES = 50
"""So many files stand beside a waybill."""


def attach(acting: Acting, rn: str, proofs: Sequence[Proof]) -> list[WaybillFile]:
    """Keep files beside a waybill, in any state of it (VMI KD-8699, KD-8776).

    NotFoundError("waybill-not-found") for a waybill the taxpayer is not in, UnprocessableError
    "files-missing" without any, "files-too-many" beyond `MOST_FILES`. Nothing of a refused
    submission is kept.
    """
    acting.require_wholly(SUBMIT)
    if not proofs:
        raise UnprocessableError("files-missing")
    sender = sender_of(acting)
    with kept(proofs) as files, transaction.atomic():
        waybill = locked_waybill(acting, rn)
        if waybill.files.count() + len(files) > MOST_FILES:
            raise UnprocessableError("files-too-many", limit=str(MOST_FILES))
        made = WaybillFile.objects.bulk_create(
            WaybillFile(
                waybill=waybill,
                taxpayer_id=acting.taxpayer_id,
                added_by_id=sender.user_id,
                name=file.name,
                content_type=file.content_type,
                size=file.size,
                sha256=file.sha256,
                storage_name=file.storage_name,
            )
            for file in files
        )
        note(waybill, Act.ATTACH, sender, {"files": [file.name for file in files]})
        journal(acting, "ivaz.files-added", rn, files=str(len(files)))
    return made

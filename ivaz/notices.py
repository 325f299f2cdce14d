"""What i.VAZ writes to a taxpayer's mailbox, and under which key."""

from collections.abc import Mapping, Sequence
from operator import itemgetter
from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _

from intake.models import Document
from intake.types import DocumentState, Source
from ivaz.models import Waybill, WaybillParty
from ivaz.types import Record, Role, Section
from mailbox import words
from mailbox.services import post_message
from representation.models import Taxpayer
from representation.types import Acting

if TYPE_CHECKING:
    from ivaz.services.holding import Sender
    from ivaz.services.verdicts import Verdict

SUBSYSTEM = "ivaz"

_VERDICTS = {
    DocumentState.ACCEPTED: "ivaz.file-accepted",
    DocumentState.REJECTED: "ivaz.file-rejected",
}

WORDS = {
    "ivaz.named": (
        _("%(preparer)s has submitted waybills that name you as the consignor"),
        _(
            "%(preparer)s (%(code)s) has submitted waybills in which you are the consignor; the "
            "first is %(rn)s. If you know nothing of them, open it, and decide in the settings of "
            "i.VAZ who may submit waybills that name you."
        ),
    ),
    "ivaz.objected": (
        _("%(consignor)s objects to the waybill %(rn)s"),
        _(
            "%(consignor)s (%(code)s), the consignor of the waybill %(rn)s that you prepared, "
            "objects to it: %(reason)s"
        ),
    ),
    "ivaz.file-accepted": (
        _("File %(number)s of waybills has been taken"),
        _(
            "Of the file %(filename)s %(taken)s of %(records)s records were taken. Open it to see "
            "what became of each."
        ),
    ),
    "ivaz.file-rejected": (
        _("File %(number)s of waybills has not been taken"),
        _("Of the file %(filename)s no record was taken. Open it to see what is wrong."),
    ),
}


def register_words() -> None:
    """Give the mailbox the words of this subsystem's messages."""
    words.register(WORDS)


def announce_verdict(document: Document) -> None:
    """Tell the verdict on a file that a program sent; who used the page has it before him."""
    code = _VERDICTS.get(DocumentState(document.state))
    if code is None or document.dry_run or document.source != Source.SERVICE_FILE:
        return
    post_message(
        taxpayer_id=document.taxpayer_id,
        subsystem=SUBSYSTEM,
        key=f"{code}.{document.number}",
        code=code,
        params={
            "number": document.number,
            "filename": document.filename,
            "taken": str(document.counts.get("taken", 0)),
            "records": str(document.counts.get("records", 0)),
        },
        url_name="ivaz:file",
        url_args=(str(document.pk),),
    )


def announce_objection(waybill: Waybill, acting: Acting, reason: str) -> None:
    """Tell the preparer that the consignor objects to his waybill."""
    post_message(
        taxpayer_id=waybill.preparer_id,
        subsystem=SUBSYSTEM,
        key=f"ivaz.objected.{waybill.rn}.{waybill.events.count()}",
        code="ivaz.objected",
        params={
            "consignor": acting.taxpayer_name,
            "code": acting.taxpayer_code,
            "rn": waybill.rn,
            "reason": reason,
        },
        url_name="ivaz:waybill",
        url_args=(waybill.rn,),
    )


def announce_named(sender: "Sender", verdicts: "Sequence[Verdict]") -> None:
    """Tell each consignor, once for what came together, that another named him (VA-119, 7)."""
    rns = [one.rn for one in verdicts if one.is_taken and _names_another(one.record, sender.code)]
    if not rns:
        return
    others = WaybillParty.objects.filter(roles__contains=[Role.CONSIGNOR]).exclude(
        taxpayer_id=sender.taxpayer_id
    )
    told = ("taxpayer_id", "waybill__rn", "waybill_id")
    # Two indexes, each asked by itself: with OR the database would read every waybill.
    named = others.filter(waybill__rn__in=rns).values_list(*told)
    parts = others.filter(waybill__split_of__rn__in=rns).values_list(*told)
    first: Mapping[int, str] = {
        taxpayer_id: rn
        for taxpayer_id, rn, _pk in sorted(named.union(parts), key=itemgetter(2), reverse=True)
    }
    preparer = Taxpayer.objects.get(pk=sender.taxpayer_id) if first else None
    for taxpayer_id, rn in first.items():
        if preparer:
            post_message(
                taxpayer_id=taxpayer_id,
                subsystem=SUBSYSTEM,
                key=f"ivaz.named.{rn}",
                code="ivaz.named",
                params={"preparer": preparer.name, "code": preparer.code, "rn": rn},
                url_name="ivaz:waybill",
                url_args=(rn,),
            )


def _names_another(record: Record, code: str) -> bool:
    """Tell whether a record may name another consignor; a split has that of what it splits."""
    if record.section is Section.SPLIT:
        return True
    consignor = record.content.get("Consignor") or {}
    return bool(consignor) and consignor.get("RegistrationNumber") != code

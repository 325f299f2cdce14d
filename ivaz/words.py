"""Words of waybills: states, acts, roles, refusals and the journal."""

from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from ivaz.types import (
    Act,
    Conclusion,
    Institution,
    ReloadReason,
    RoadsideMeans,
    RoadsideReason,
    Role,
    Section,
    State,
    View,
)

if TYPE_CHECKING:
    from collections.abc import Mapping

    from django.utils.functional import _StrPromise

STATES: "Mapping[State, tuple[_StrPromise, str]]" = {
    State.SENT: (pgettext_lazy("of a waybill", "Sent"), "info"),
    State.ACCEPTED: (pgettext_lazy("of a waybill", "Under way"), "progress"),
    State.DELIVERED: (pgettext_lazy("of a waybill", "Delivered"), "info"),
    State.RECEIVED: (pgettext_lazy("of a waybill", "Received"), "success"),
    State.RETURNING: (pgettext_lazy("of a waybill", "On its way back"), "warning"),
    State.SPLIT: (pgettext_lazy("of a waybill", "Split"), "neutral"),
    State.CANCELLED: (pgettext_lazy("of a waybill", "Cancelled"), "neutral"),
    State.CLOSED: (pgettext_lazy("of a waybill", "Closed"), "neutral"),
}
"""Each with its tone."""

VIEWS: "Mapping[View, _StrPromise]" = {
    View.OPEN: _("Something is still to come"),
    View.MINE: _("Waiting for you"),
    View.IN_TRANSIT: _("In transit"),
    View.LATE: _("Late"),
    View.DIFFERENT: _("Differences"),
}

ACTS: "Mapping[Act, _StrPromise]" = {
    Act.ISSUE: _("Waybill submitted"),
    Act.AMEND: _("Waybill amended"),
    Act.RELOAD: _("Vehicle or driver changed"),
    Act.SPLIT: _("Waybill split"),
    Act.ACCEPT: _("Goods taken over by the carrier"),
    Act.DELIVER: _("Goods delivered"),
    Act.RECEIVE: _("Goods received"),
    Act.WARN: _("Warning about the receipt"),
    Act.CANCEL: _("Waybill cancelled"),
    Act.RETURN: _("Goods sent back"),
    Act.TAKE_BACK: _("Goods taken back"),
    Act.ATTACH: _("Documents added"),
    Act.OBJECT: _("The consignor objects"),
    Act.CLOSE: _("Closed: nobody said otherwise in time"),
}

ROLES: "Mapping[Role, _StrPromise]" = {
    Role.PREPARER: _("Preparer"),
    Role.CONSIGNOR: _("Consignor"),
    Role.TRANSPORTER: _("Carrier"),
    Role.CONSIGNEE: _("Consignee"),
}

RELOAD_REASONS: "Mapping[ReloadReason, _StrPromise]" = {
    ReloadReason.BREAKDOWN: _("The vehicle broke down"),
    ReloadReason.TRANSHIPMENT: _("The goods were loaded into another vehicle"),
    ReloadReason.DRIVER: _("The driver rests, or was changed"),
    ReloadReason.FIRST: _("The vehicle or the driver is told for the first time"),
    ReloadReason.OTHER: _("Another reason"),
}

INSTITUTIONS: "Mapping[Institution, _StrPromise]" = {
    Institution.POLICE: _("Police"),
    Institution.CUSTOMS: _("Customs"),
    Institution.TRANSPORT: _("Transport Safety Administration"),
    Institution.BORDER: _("State Border Guard Service"),
    Institution.TAX: _("State Tax Inspectorate"),
}

ROADSIDE_REASONS: "Mapping[RoadsideReason, _StrPromise]" = {
    RoadsideReason.ROUTINE: _("Planned check on the road"),
    RoadsideReason.SUSPICION: _("Suspected breach"),
    RoadsideReason.ACCIDENT: _("Traffic accident"),
    RoadsideReason.INQUIRY: _("Investigation"),
    RoadsideReason.OTHER: _("Another reason"),
}

ROADSIDE_MEANS: "Mapping[RoadsideMeans, _StrPromise]" = {
    RoadsideMeans.SEARCH: _("typed"),
    RoadsideMeans.SQUARE: _("by the square"),
}

CONSENT_ROLES: "Mapping[Role, _StrPromise]" = {
    Role.TRANSPORTER: _("As the carrier"),
    Role.CONSIGNEE: _("As the consignee"),
}

CONCLUSIONS: "Mapping[Conclusion, _StrPromise]" = {
    Conclusion.SATISFACTORY: _("Received, nothing to remark"),
    Conclusion.UNSATISFACTORY: _("Received with remarks"),
    Conclusion.REFUSED: _("Refused"),
    Conclusion.PARTLY_REFUSED: _("Refused in part"),
    Conclusion.WARNING: _("Warning about the receipt"),
}

SECTIONS: "Mapping[Section, _StrPromise]" = {
    Section.EWAYBILL: _("E-waybill"),
    Section.WAYBILL: _("Waybill"),
    Section.AMENDMENT: _("Amendment"),
    Section.SPLIT: _("Split"),
    Section.RECEIPT: _("Receipt"),
    Section.CANCELLATION: _("Cancellation"),
    Section.ORDER: _("Transport order"),
}

JOURNAL = {
    "ivaz.records-sent": _("i.VAZ: records of waybills sent"),
    "ivaz.reloaded": _("i.VAZ: vehicle or driver changed"),
    "ivaz.delivered": _("i.VAZ: goods said to be delivered"),
    "ivaz.objected": _("i.VAZ: objection to a waybill"),
    "ivaz.files-added": _("i.VAZ: documents added to a waybill"),
    "ivaz.consent-given": _("i.VAZ: consent to e-waybills given"),
    "ivaz.consent-withdrawn": _("i.VAZ: consent to e-waybills withdrawn"),
    "ivaz.roadside-granted": _("i.VAZ: right to search on the road given"),
    "ivaz.roadside-withdrawn": _("i.VAZ: right to search on the road withdrawn"),
    "ivaz.roadside-searched": _("i.VAZ: waybills searched on the road"),
    "ivaz.roadside-opened": _("i.VAZ: waybill opened on the road"),
    "ivaz.waybill-seen": _("i.VAZ: waybill seen"),
}

REFUSALS = {
    "waybill-not-found": (
        _("There is no such waybill"),
        _("It was never registered, or you are not named in it."),
    ),
    "waybill-not-yours": (
        _("This is for another party to do"),
        _("In the waybill %(rn)s you are not the party who may do this."),
    ),
    "waybill-state": (
        _("The waybill is past that"),
        _("%(rn)s is in a state in which this cannot be done. Open it to see what was done."),
    ),
    "phone-owner-changed": (
        _("You act for somebody else now"),
        _("The page is another person’s or taxpayer’s. Open the waybill again."),
    ),
    "waybill-file-not-found": (
        _("There is no such file"),
        _("It was never sent, or you have no right to see it."),
    ),
    "arn-unknown": (
        _("There is no such announcement"),
        _("The number is wrong, or it was announced for another taxpayer."),
    ),
    "arn-completed": (
        _("The waybill of this ARN is there already"),
        _("Look for the ARN among the waybills."),
    ),
    "waybill-file-too-large": (
        _("The file is too large to be answered at once"),
        _(
            "At most %(limit)s bytes and %(records)s records are done before the answer. Send a "
            "larger file by REST, or on a page."
        ),
    ),
    "draft-not-found": (
        _("There is no such draft"),
        _("It was submitted or deleted, or it is another taxpayer’s."),
    ),
    "draft-changed": (
        _("Somebody has changed the draft meanwhile"),
        _("Open it again; what you wrote on this page was not kept."),
    ),
    "drafts-too-many": (
        _("Too many drafts"),
        _("At most %(limit)s drafts and templates are kept. Delete those that are not needed."),
    ),
    "invoice-not-ubl": (
        _("This is no e-invoice"),
        _("An invoice of UBL 2.1 (EN 16931, Peppol) is read; a credit note is none."),
    ),
    "invoice-no-lines": (
        _("The e-invoice has no lines"),
        _("There are no goods in it to be carried."),
    ),
    "invoice-too-large": (
        _("The e-invoice is too large"),
        _("At most %(limit)s MB are read; take the attachments out of it."),
    ),
    "files-missing": (
        _("There are no files"),
        _("Choose at least one file: PDF, PNG or JPEG."),
    ),
    "files-too-many": (
        _("Too many files"),
        _("At most %(limit)s files stand beside a waybill."),
    ),
    "waybill-attachment-not-found": (
        _("There is no such document"),
        _("It was never added to this waybill."),
    ),
    "reload-unexplained": (
        _("The reason is not explained"),
        _("Say in a few words why the vehicle or the driver was changed."),
    ),
    "roadside-only": (
        _("This is for officers who check waybills on the road"),
        _("An administrator gives the right, by an agreement on data with the institution."),
    ),
    "roadside-asked": (
        _("There is nothing to look for"),
        _("Give a whole plate, number, RN or ARN."),
    ),
    "roadside-ground": (
        _("The reason is not told"),
        _("Give the number of the inspection, or say the reason in words."),
    ),
    "roadside-search-not-found": (
        _("There is no such search"),
        _("It is another officer’s, or it is too old. Search again."),
    ),
    "roadside-right": (
        _("The right cannot be given so"),
        _("Name the agreement on data, and a last day that is not over."),
    ),
    "roadside-granted": (
        _("The right is given already"),
        _("Withdraw it before you give another."),
    ),
    "roadside-right-not-found": (
        _("There is no such right"),
        _("It was not given, or it is withdrawn already."),
    ),
    "consent-role": (
        _("There is no such consent"),
        _("Carriers and consignees consent to e-waybills."),
    ),
    "consent-day": (
        _("The day is over"),
        _("A consent holds from today or a later day on."),
    ),
    "consent-given": (
        _("The consent is given already"),
        _("Withdraw it before you give another."),
    ),
    "consent-not-found": (
        _("There is no consent to withdraw"),
        _("It was not given, or it is withdrawn already."),
    ),
    "records-missing": (
        _("There are no records"),
        _("Send at least one record of a section of the format."),
    ),
    "records-too-many": (
        _("Too many records at once"),
        _("At most %(limit)s records are taken at once; send a file with more."),
    ),
    "section-unknown": (
        _("There is no such section"),
        _("Sections are named as the elements of the format, for instance TransportDocument."),
    ),
}

"""The rights that can be given, by subsystem and action. A name is a promise: never reused."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

RIGHTS: dict[str, Promise] = {
    "isaf.view": _("i.SAF: see registers and files"),
    "isaf.upload": _("i.SAF: upload register files"),
    "isaf.submit": _("i.SAF: submit registers"),
    "isaf.crosscheck": _("i.SAF: order cross-checks and reports"),
    "isaf.returns": _("i.SAF: draw up preliminary VAT returns"),
    "ivaz.view": _("i.VAZ: see waybills and files"),
    "ivaz.submit": _("i.VAZ: submit and manage waybills"),
    "ivaz.settings": _(
        "i.VAZ: decide who may submit waybills that name the taxpayer, and consent to e-waybills"
    ),
    "ais.roles": _("AIS: manage the roles of representatives"),
    "mailbox.view": _("Mailbox: read messages"),
    "representation.manage": _("i.MAS representatives: give and revoke rights, see the journal"),
    "keys.manage": _("Web services: issue and revoke keys and certificates"),
}

EVERY_RIGHT = frozenset(RIGHTS)
"""What a natural person has for himself and a head for the company (VA-119, 6.1 p.)."""

VIEWING_RIGHTS = frozenset(right for right in RIGHTS if right.endswith(".view"))
"""What is left of a mandate that is read only."""

ACCOUNTANT_RIGHTS = frozenset(right for right in RIGHTS if right.startswith("isaf."))
"""What the accountant of form FR0791 has without being granted: i.SAF and nothing else."""

WEIGHTY_RIGHTS = frozenset({"representation.manage", "keys.manage", "ais.roles"})
"""Administrators' rights: whoever has them can let others in. Four eyes give them (`FourEyes`)."""

OFFICER_RIGHTS: dict[str, Promise] = {
    "registers.import": _("Registers: take files in and apply them"),
    "isaf.einvoices": _("i.SAF: hand e-invoices in for the cross-check"),
    "isaf.evidence": _("i.SAF: hand import VAT in for preliminary returns"),
}
"""What keys of the authority's own programs may be given; no taxpayer can give these."""

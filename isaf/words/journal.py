"""What this subsystem's actions are called in the journal."""

from django.utils.translation import gettext_lazy as _

WORDS = {
    "isaf.crosscheck-ordered": _("i.SAF: cross-check report ordered"),
    "isaf.deal-said": _("i.SAF: something said to a counterparty about an invoice"),
    "isaf.deal-seen": _("i.SAF: an invoice of the cross-check seen"),
    "isaf.entries-imported": _("i.SAF: records taken from a spreadsheet"),
    "isaf.entry-removed": _("i.SAF: record entered by hand removed"),
    "isaf.postponement-asked": _("i.SAF: postponement of the deadline asked for"),
    "isaf.postponement-withdrawn": _("i.SAF: request for postponement taken back"),
    "isaf.postponement-decided": _("i.SAF: request for postponement decided on"),
    "isaf.standing-order-started": _("i.SAF: cross-check report ordered for every tax period"),
    "isaf.standing-order-stopped": _("i.SAF: report for every tax period stopped"),
    "isaf.register-submitted": _("i.SAF: register submitted"),
    "isaf.einvoice-received": _("i.SAF: e-invoice taken in"),
    "isaf.register-seen": _("i.SAF: register seen"),
    "isaf.register-exported": _("i.SAF: invoices of a register taken away"),
    "isaf.crosscheck-seen": _("i.SAF: cross-check seen"),
    "isaf.crosscheck-exported": _("i.SAF: cross-check taken away"),
    "isaf.register-decided": _("i.SAF: register decided on"),
    "isaf.register-cancelled": _("i.SAF: register removed"),
}

"""Words for the kinds of registers, for what a file changes and for what is wrong with a row."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from representation.registers.types import Deed, RegisterKind, RunState

KINDS: dict[str, Promise] = {
    RegisterKind.TAXPAYERS: _("Taxpayers"),
    RegisterKind.ENDINGS: _("Deaths and deregistrations"),
    RegisterKind.VAT: _("VAT registrations"),
    RegisterKind.PERIODS: _("Kinds of tax periods"),
    RegisterKind.CASH: _("Cash accounting"),
    RegisterKind.FARMERS: _("Farmers' compensation scheme"),
    RegisterKind.HEADS: _("Heads of legal persons"),
    RegisterKind.ACCOUNTANTS: _("Accountants (FR0791)"),
    RegisterKind.EMPLOYMENTS: _("Employments"),
    RegisterKind.EDS_GRANTS: _("Grants in EDS (not carried over)"),
    RegisterKind.MANO_VMI_GRANTS: _("Grants in Mano VMI (not carried over)"),
}

DEEDS: dict[str, Promise] = {
    Deed.ADDED: pgettext_lazy("facts of a register", "Added"),
    Deed.CHANGED: pgettext_lazy("facts of a register", "Changed"),
    Deed.ENDED: pgettext_lazy("facts of a register", "Ended"),
    Deed.REMOVED: pgettext_lazy("facts of a register", "Removed"),
}

STATES: dict[str, Promise] = {
    RunState.PREVIEWED: pgettext_lazy("file of a register", "Waits for a decision"),
    RunState.APPLIED: pgettext_lazy("file of a register", "Applied"),
    RunState.DROPPED: pgettext_lazy("file of a register", "Dropped"),
    RunState.REFUSED: pgettext_lazy("file of a register", "Refused"),
}

PROBLEMS: dict[str, Promise] = {
    "registers.required": _("The value is missing."),
    "registers.too-long": _("The value is too long."),
    "registers.bad-characters": _("The value holds a line break or another control character."),
    "registers.not-in-list": _("The value is not one of those the column may hold."),
    "registers.code-invalid": _("This is not a valid code for this kind of person."),
    "registers.vat-code-invalid": _("This is not a valid Lithuanian VAT code."),
    "registers.country-invalid": _("The country must be two capital letters."),
    "registers.one-person": _(
        "Give either the personal code, or the country and the identifier of a foreigner."
    ),
    "registers.date-invalid": _("The day must be written as 2026-11-22."),
    "registers.ends-before-start": _("The last day is before the first one."),
    "registers.taxpayer-unknown": _("There is no taxpayer with this code in the register."),
    "registers.repeated": _("The file says this twice."),
    "registers.overlaps": _(
        "A later fact begins before the last day of this one; give an earlier last day."
    ),
    "registers.nothing-to-remove": _("The register holds no fact that begins on this day."),
    "registers.vat-code-taken": _("Another taxpayer has this VAT code on some of these days."),
}

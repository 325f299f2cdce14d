"""Words about applications of foreign nationals."""

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from accounts.types import ApplicationState, IdentifierKind

STATES = {
    ApplicationState.WAITING: pgettext_lazy("application", "Waits for a decision"),
    ApplicationState.APPROVED: pgettext_lazy("application", "Approved"),
    ApplicationState.DECLINED: pgettext_lazy("application", "Declined"),
}
"""The states that officers see."""

TONES = {
    ApplicationState.WAITING: "progress",
    ApplicationState.APPROVED: "success",
    ApplicationState.DECLINED: "danger",
}

KINDS = {
    IdentifierKind.PASSPORT: _("Passport"),
    IdentifierKind.IDENTITY_CARD: _("Identity card"),
    IdentifierKind.NATIONAL: _("Personal code of that country"),
    IdentifierKind.TAX: _("Tax number of that country"),
    IdentifierKind.EIDAS: _("eIDAS identifier"),
}

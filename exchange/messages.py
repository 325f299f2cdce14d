"""Words for this app's refusals, for what the journal tells, and for how a delivery stands."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from exchange.types import Reason

WORDS = {
    "system-not-found": (
        _("There is no such system"),
        _("i.MAS knows no other system by this name, or roles in it are not given here."),
    ),
    "representative-not-found": (
        _("There is no such representative"),
        _("Roles are given to people who represent the taxpayer. Open the list again."),
    ),
    "role-unknown": (
        _("There is no such role"),
        _("The other system has no role %(role)s today. Open the page again."),
    ),
}

ACTIONS: dict[str, Promise] = {
    "exchange.roles-given": _("Roles in another system given"),
    "exchange.roles-ended": _("Roles in another system ended"),
    "exchange.roles-seen": _("Roles in another system seen"),
    "exchange.roles-delivered": _("Roles taken by another system"),
    "exchange.roles-refused": _("Roles refused by another system"),
    "exchange.filing-told": _("EDS told where a return stands"),
    "eds-desk.confirmed": _("EDS desk: declaration confirmed and filed"),
    "eds-desk.removed": _("EDS desk: draft removed"),
    "eds-desk.seen": _("EDS desk: declaration seen"),
}

LETTERS = {
    "exchange.roles-refused": (
        _("%(system)s has refused the roles of %(person)s"),
        _("It says: %(words)s Open the list of roles, change them or save them again."),
    ),
    "exchange.roles-ended": (
        _("Roles of %(person)s in %(system)s have ended"),
        _("The list of roles says why. Give them again if the person is to go on."),
    ),
}

REASONS: dict[str, Promise] = {
    Reason.NO_MANDATE: _("The roles have ended: the person does not represent the taxpayer."),
    Reason.NOT_MANAGER: _(
        "The roles have ended: the person had given them to himself and may not manage roles "
        "any more."
    ),
    Reason.ROLE_ENDED: _("A role has ended: the other system has it no longer."),
}

FAULTS: dict[str, Promise] = {
    "address": _("its address cannot be called"),
    "name": _("its address is not found"),
    "tls": _("no safe connection could be made"),
    "silence": _("it does not answer"),
    "broken": _("its answer cannot be read"),
}

"""Words of a.VAZ: refusals, the journal, what is shown of outages and reasons."""

from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _

from avaz.types import Effect, How, Reason, Subsystem

if TYPE_CHECKING:
    from collections.abc import Mapping

    from django.utils.functional import _StrPromise

JOURNAL: "Mapping[str, _StrPromise]" = {
    "avaz.code-ordered": _("a.VAZ: login code ordered"),
    "avaz.code-renewed": _("a.VAZ: login code renewed"),
    "avaz.code-closed": _("a.VAZ: login code closed"),
    "avaz.taken-over": _("a.VAZ: announcement taken over"),
    "avaz.submitted": _("a.VAZ: waybills said to be submitted"),
    "avaz.outage-declared": _("Outage declared"),
    "avaz.outage-ended": _("Outage ended"),
}

REFUSALS: "Mapping[str, tuple[_StrPromise, _StrPromise]]" = {
    "avaz-access-unknown": (
        _("There is no such code"),
        _("It is closed, for the mandate has ended, or it is another person’s."),
    ),
    "avaz-away": (
        _("The desk of a.VAZ does not answer"),
        _("What is waiting for it is told as soon as it answers again."),
    ),
    "avaz-completed": (
        _("This is noted already"),
        _("All waybills of this ARN were said to be submitted."),
    ),
    "avaz-no-such-arn": (
        _("There is no such announcement"),
        _("The number is wrong, or it was announced for another taxpayer."),
    ),
    "avaz-outage-time": (
        _("The outage ends before it begins"),
        _("Correct one of the two times."),
    ),
    "avaz-outage-effect": (
        _("i.SAF has no such effect"),
        _("Deadlines of i.SAF are postponed by a reasoned request."),
    ),
    "avaz-outage-unknown": (_("There is no such outage"), _("The address is wrong.")),
    "avaz-outage-over": (_("The outage is over already"), _("Open the list again.")),
}

SUBSYSTEMS: "Mapping[str, _StrPromise]" = {
    Subsystem.ALL: _("the whole of i.MAS"),
    Subsystem.IVAZ: _("i.VAZ"),
    Subsystem.ISAF: _("i.SAF"),
}

HOWS: "Mapping[str, _StrPromise]" = {
    How.DECLARED: _("declared by the authority"),
    How.OBSERVED: _("noticed by the system itself"),
}

EFFECTS: "Mapping[str, _StrPromise]" = {
    Effect.NONE: _("no effect on deadlines"),
    Effect.LATE_WAYBILLS: _(
        "waybills of that time are taken late, for three working days after the end"
    ),
}

REASONS: "Mapping[str, _StrPromise]" = {
    Reason.OUTAGE: _("i.VAZ did not work"),
    Reason.OWN_TROUBLE: _("own program or device did not work"),
    Reason.INCOMPLETE: _("not all data were known yet"),
}

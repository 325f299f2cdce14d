"""Words of a.VAZ: refusals, the journal, what is shown of outages and reasons."""

from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _

from avaz.types import (
    Channel,
    Effect,
    FallbackState,
    How,
    Occasion,
    OutageAct,
    Reason,
    Standing,
    Subsystem,
)

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
    "avaz.outage-corrected": _("Outage corrected"),
    "avaz.outage-withdrawn": _("Outage withdrawn"),
    "avaz.fallbacks-exported": _("a.VAZ: list of announcements taken away"),
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
    "avaz-outage-far": (
        _("The outage begins too far from now"),
        _("It begins at most three months ago and at most a year ahead. Check the year."),
    ),
    "avaz-outage-changed": (
        _("Another officer has changed the outage meanwhile"),
        _("Look at what it says now, and correct that if it is still wrong."),
    ),
    "avaz-outage-same": (
        _("Nothing is corrected"),
        _("Change what is wrong: a time, the effect or the words."),
    ),
    "avaz-outage-withdrawn": (
        _("The outage is withdrawn"),
        _("It was declared by mistake and is not changed any more. Declare a new one."),
    ),
    "avaz-outage-unknown": (_("There is no such outage"), _("The address is wrong.")),
    "avaz-outage-over": (
        _("The outage does not last"),
        _("It is over already, or has not begun yet. Open the list again."),
    ),
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

ACTS: "Mapping[str, _StrPromise]" = {
    OutageAct.DECLARED: _("Declared"),
    OutageAct.OBSERVED: _("Noticed by the system itself"),
    OutageAct.ENDED: _("Said to be over"),
    OutageAct.CORRECTED: _("Corrected"),
    OutageAct.WITHDRAWN: _("Withdrawn"),
}

OCCASIONS: "Mapping[str, _StrPromise]" = {
    Occasion.PLANNED: _("Mailboxes told of the plan"),
    Occasion.BEGAN: _("Mailboxes told of the beginning"),
    Occasion.OVER: _("Mailboxes told of the end"),
    Occasion.CORRECTED: _("Mailboxes told of the correction"),
    Occasion.WITHDRAWN: _("Mailboxes told of the withdrawal"),
}

STANDINGS: "Mapping[str, tuple[_StrPromise, str]]" = {
    Standing.PLANNED: (_("Planned"), "info"),
    Standing.LASTS: (_("It lasts"), "warning"),
    Standing.OVER: (_("Over"), "neutral"),
    Standing.WITHDRAWN: (_("Withdrawn: declared by mistake"), "neutral"),
}

FALLBACK_STATES: "Mapping[FallbackState, tuple[_StrPromise, str]]" = {
    FallbackState.OVERDUE: (_("Overdue"), "danger"),
    FallbackState.OPEN: (_("To be completed"), "warning"),
    FallbackState.LATE: (_("Completed late"), "info"),
    FallbackState.COMPLETED: (_("Completed"), "success"),
    FallbackState.ALL: (_("All"), "neutral"),
}

CHANNELS: "Mapping[str, _StrPromise]" = {
    Channel.WEB: _("on the page"),
    Channel.SMS: _("by a message"),
}

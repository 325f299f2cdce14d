"""What a.VAZ writes to mailboxes, and under which key."""

from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _

from avaz.models import Fallback, OutageNotice
from avaz.types import Occasion
from imas.kernel.clock import VILNIUS
from mailbox import words
from mailbox.services import post_message, post_to_many

if TYPE_CHECKING:
    from collections.abc import Collection
    from datetime import date, datetime

SUBSYSTEM = "ivaz"

WORDS = {
    "avaz.taken-one": (
        _("Enter the data of waybill %(number)s by %(until)s (ARN %(arn)s)"),
        _(
            "You announced waybill %(number)s in a.VAZ; its ARN is %(arn)s. Submit it to i.VAZ "
            "with all its data, under the same number, by %(until)s. It is taken although the "
            "goods are on their way."
        ),
    ),
    "avaz.taken-several": (
        _("Submit the waybills of ARN %(arn)s by %(until)s"),
        _(
            "You announced several waybills in a.VAZ; their ARN is %(arn)s. Submit the waybills "
            "issued or dispatched during the trouble to i.VAZ by %(until)s. Then confirm on the "
            "page of a.VAZ that all of them are submitted."
        ),
    ),
    "avaz.overdue": (
        _("The time to enter the data of ARN %(arn)s is over"),
        _(
            "What you announced in a.VAZ under the ARN %(arn)s was to be submitted by %(until)s, "
            "and is not. i.VAZ does not take it late any more: write to the tax administrator and "
            "say why."
        ),
    ),
    "avaz.due": (
        _("ARN %(arn)s: enter the data by %(day)s"),
        _("Submit what you announced in a.VAZ under the ARN %(arn)s to i.VAZ by %(day)s."),
    ),
    "avaz.outage-planned": (
        _("i.VAZ will not work from %(since)s to %(end)s"),
        _(
            "Submit waybills before that. Those of that time are announced in a.VAZ: on its page, "
            "or by a message to 1882."
        ),
    ),
    "avaz.outage-planned-open": (
        _("i.VAZ will not work from %(since)s"),
        _(
            "Submit waybills before that. Until it works again, they are announced in a.VAZ: on "
            "its page, or by a message to 1882."
        ),
    ),
    "avaz.outage-began": (
        _("i.VAZ does not work since %(since)s"),
        _(
            "While it does not, announce waybills in a.VAZ: on its page, or by a message to 1882. "
            "The page tells what is known of the outage."
        ),
    ),
    "avaz.outage-over": (
        _("i.VAZ works again since %(end)s"),
        _(
            "It did not work since %(since)s. Submit waybills issued or dispatched in that time "
            "by %(until)s."
        ),
    ),
    "avaz.outage-over-plain": (
        _("i.VAZ works again since %(end)s"),
        _("It did not work since %(since)s. This changes no deadline."),
    ),
    "avaz.outage-corrected": (
        _("Corrected times of the i.VAZ outage"),
        _(
            "The times we told you were wrong. i.VAZ is out of order from %(since)s to %(end)s. "
            "Submit waybills issued or dispatched in that time by %(until)s."
        ),
    ),
    "avaz.outage-corrected-plain": (
        _("Corrected times of the i.VAZ outage"),
        _(
            "The times we told you were wrong. i.VAZ is out of order from %(since)s to %(end)s. "
            "This changes no deadline."
        ),
    ),
    "avaz.outage-corrected-open": (
        _("Corrected times of the i.VAZ outage"),
        _(
            "The times we told you were wrong. i.VAZ does not work from %(since)s on. Until it "
            "works again, waybills are announced in a.VAZ: on its page, or by a message to 1882."
        ),
    ),
    "avaz.outage-withdrawn": (
        _("The i.VAZ outage was declared by mistake"),
        _(
            "There was no outage from %(since)s on. Submit waybills that were "
            "dispatched while it stood declared by %(until)s; all others as usual, before the "
            "dispatch."
        ),
    ),
    "avaz.outage-withdrawn-plain": (
        _("The i.VAZ outage was declared by mistake"),
        _("There is no outage from %(since)s on. Submit waybills as usual, before the dispatch."),
    ),
}
_OPEN, _PLAIN = "-open", "-plain"


def register_words() -> None:
    """Give the mailbox the words of this subsystem's messages."""
    words.register(WORDS)


def announce_taken(made: Fallback) -> None:
    """Tell what is to be completed and until when."""
    code = "avaz.taken-one" if made.number else "avaz.taken-several"
    _post(made, code, number=made.number)


def announce_overdue(late: Fallback) -> None:
    """Tell that the days are over."""
    _post(late, "avaz.overdue")


def announce_outage(
    notice: OutageNotice, taxpayer_ids: "Collection[int]", until: "date | None"
) -> int:
    """Tell taxpayers of an outage what the notice says; return how many were told.

    `until`: the day until which late waybills are taken, None where none are.
    """
    outage = notice.outage
    return post_to_many(
        taxpayer_ids,
        subsystem=SUBSYSTEM,
        key=f"avaz.outage-{notice.occasion}.{outage.pk}.{notice.version}",
        code=_code_of(notice, until),
        params={
            "since": _moment(outage.start),
            "end": _moment(outage.end) if outage.end else "",
            "until": f"{until or ''}",
        },
        url_name="avaz:status",
    )


def _code_of(notice: OutageNotice, until: "date | None") -> str:
    lasts = notice.outage.end is None
    variant = {
        Occasion.PLANNED: _OPEN if lasts else "",
        Occasion.OVER: "" if until else _PLAIN,
        Occasion.CORRECTED: _OPEN if lasts else "" if until else _PLAIN,
        Occasion.WITHDRAWN: "" if until else _PLAIN,
    }
    return f"avaz.outage-{notice.occasion}{variant.get(Occasion(notice.occasion), '')}"


def _moment(at: "datetime") -> str:
    return f"{at.astimezone(VILNIUS):%Y-%m-%d %H:%M}"


def _post(made: Fallback, code: str, **params: str) -> None:
    post_message(
        taxpayer_id=made.access.taxpayer_id,
        subsystem=SUBSYSTEM,
        key=f"{code}.{made.arn}",
        code=code,
        params={"arn": made.arn, "until": f"{made.complete_until}", **params},
        url_name="avaz:fallbacks",
    )

"""What a.VAZ writes to mailboxes, and under which key."""

from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _

from avaz.models import Fallback, Outage
from imas.kernel.clock import VILNIUS
from mailbox import words
from mailbox.services import post_message

if TYPE_CHECKING:
    from collections.abc import Iterable

SUBSYSTEM = "ivaz"

WORDS = {
    "avaz.taken-one": (
        _("Waybill %(number)s of ARN %(arn)s is to be completed by %(until)s"),
        _(
            "i.VAZ keeps the waybill %(number)s under the ARN %(arn)s. Submit it with all its "
            "data, under the same number, until %(until)s: a late dispatch is no hindrance."
        ),
    ),
    "avaz.taken-several": (
        _("Waybills of ARN %(arn)s are to be submitted by %(until)s"),
        _(
            "Waybills that were issued or dispatched during the trouble announced under the ARN "
            "%(arn)s are taken by i.VAZ until %(until)s. Then say that all of them are submitted."
        ),
    ),
    "avaz.overdue": (
        _("The time to complete ARN %(arn)s is over"),
        _(
            "What was announced under the ARN %(arn)s was to be submitted until %(until)s. i.VAZ "
            "takes it late no more: write to the tax administrator why it was not."
        ),
    ),
    "avaz.due": (
        _("ARN %(arn)s: enter the data by %(day)s"),
        _("What was announced under the ARN %(arn)s is to be submitted to i.VAZ until %(day)s."),
    ),
    "avaz.outage-began": (
        _("An outage in i.MAS since %(since)s"),
        _(
            "While it lasts, waybills are announced in a.VAZ: on its page, or by a message to "
            "1882. What is known of it stands on the page of a.VAZ."
        ),
    ),
    "avaz.outage-over": (
        _("The outage in i.MAS ended at %(since)s"),
        _("Waybills of that time are taken until %(until)s."),
    ),
    "avaz.outage-over-plain": (
        _("The outage in i.MAS ended at %(since)s"),
        _("The outage has no effect on deadlines."),
    ),
}


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


def announce_outage(outage: Outage, taxpayer_ids: "Iterable[int]", until: str) -> None:
    """Tell taxpayers that an outage has begun, or is over."""
    code, at = "avaz.outage-began", outage.start
    if outage.end:
        code, at = ("avaz.outage-over" if until else "avaz.outage-over-plain"), outage.end
    params = {"since": f"{at.astimezone(VILNIUS):%Y-%m-%d %H:%M}", "until": until}
    for taxpayer_id in taxpayer_ids:
        post_message(
            taxpayer_id=taxpayer_id,
            subsystem=SUBSYSTEM,
            key=f"{code}.{outage.pk}",
            code=code,
            params=params,
            url_name="avaz:status",
        )


def _post(made: Fallback, code: str, **params: str) -> None:
    post_message(
        taxpayer_id=made.access.taxpayer_id,
        subsystem=SUBSYSTEM,
        key=f"{code}.{made.arn}",
        code=code,
        params={"arn": made.arn, "until": f"{made.complete_until}", **params},
        url_name="avaz:fallbacks",
    )

"""What the cross-check writes to mailboxes, and under which key."""

from collections.abc import Sequence

from django.utils.translation import gettext_lazy as _

from imas.kernel import clock
from imas.web import messages
from isaf.crosscheck_words import REFUSALS
from isaf.models import CrossCheck
from mailbox import words
from mailbox.services import post_message

SUBSYSTEM = "isaf"

WORDS = {
    "isaf.crosscheck-ready": (
        _("Cross-check report %(number)s is ready"),
        _(
            "Tax periods: %(periods)s. Invoices checked: %(checked)s, with mismatches: "
            "%(mismatched)s. Open the report to see what differs and what to do about it."
        ),
    ),
    "isaf.crosscheck-mismatches": (
        _("Some of your invoices do not match those of your counterparties"),
        _(
            "Tax periods: %(periods)s. Your invoices with mismatches: %(count)s. Open the "
            "cross-check to see which ones; if the data in your register are wrong, submit a "
            "corrected register."
        ),
    ),
}


def register_words() -> None:
    """Give the mailbox and the refusals the words of the cross-check."""
    words.register(WORDS)
    messages.register(REFUSALS)


def announce_report(report: CrossCheck) -> None:
    """Tell the one who ordered that the report is ready; once for each report."""
    post_message(
        taxpayer_id=report.taxpayer_id,
        subsystem=SUBSYSTEM,
        key=f"isaf.crosscheck-ready.{report.number}",
        code="isaf.crosscheck-ready",
        params={
            "number": report.number,
            "periods": ", ".join(report.periods),
            "checked": str(report.summary["checked_invoices"]),
            "mismatched": str(report.summary["mismatched_invoices"]),
        },
        url_name="isaf:crosscheck",
        url_args=(str(report.pk),),
    )


def announce_mismatches(taxpayer_id: int, count: int, periods: Sequence[str]) -> None:
    """Tell a counterparty how many of its own invoices have mismatches: at most once a day.

    Whose order brought this to light, and anything of the other's data, is not told.
    """
    post_message(
        taxpayer_id=taxpayer_id,
        subsystem=SUBSYSTEM,
        key=f"isaf.crosscheck-mismatches.{clock.today()}",
        code="isaf.crosscheck-mismatches",
        params={"count": str(count), "periods": ", ".join(periods)},
        url_name="isaf:crosschecks",
    )

"""What the cross-check writes to mailboxes, and under which key."""

from collections.abc import Sequence

from django.utils.translation import gettext_lazy as _

from imas.kernel import clock
from imas.web import messages
from isaf.models import MARKS, CrossCheck, DealEntry
from isaf.words.crosscheck import REFUSALS
from mailbox import happenings, words
from mailbox.services import post_message, record_event
from representation.types import Acting

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
    "isaf.deal-word": (
        _("%(name)s wrote about invoice %(number)s"),
        _("Open the invoice in the cross-check to read what was written and to answer."),
    ),
    "isaf.deal-proposal": (
        _("%(name)s proposes to correct invoice %(number)s"),
        _(
            "Open the invoice in the cross-check: what is proposed stands there. If the "
            "counterparty is right, correct your register and submit it anew."
        ),
    ),
    "isaf.deal-mark": (
        _("The buyer %(name)s has marked invoice %(number)s"),
        _("Open the invoice in the cross-check to see the mark and its reason, and to answer."),
    ),
}

HAPPENINGS = {
    "isaf.deal": ("isaf.crosscheck", _("A counterparty said something about an invoice")),
}


def register_words() -> None:
    """Give the mailbox and the refusals the words of the cross-check."""
    words.register(WORDS)
    happenings.register(HAPPENINGS)
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


def announce_said(acting: Acting, entry: DealEntry, number: str) -> None:
    """Tell the other side of a deal that something was said, not what: that stands on its page."""
    deal = entry.deal
    other_id = deal.buyer_id if entry.side == "S" else deal.seller_id
    kind = "mark" if entry.kind in MARKS else entry.kind
    post_message(
        taxpayer_id=other_id,
        subsystem=SUBSYSTEM,
        key=f"isaf.deal.{entry.pk}",
        code=f"isaf.deal-{kind}",
        params={"name": acting.taxpayer_name, "number": number},
        url_name="isaf:deal",
        url_args=(str(deal.match_key),),
    )
    record_event(
        other_id, "isaf.deal", "isaf.crosscheck", number, key=str(deal.match_key), kind=entry.kind
    )

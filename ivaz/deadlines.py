"""Until when consignees confirm what they received, for the calendar and the reminders."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import date

from django.db.models import Count
from django.utils.translation import gettext_lazy as _

from ivaz.models import WaybillParty
from ivaz.states import MOVES
from ivaz.types import Act, Role
from mailbox import deadlines, words
from mailbox.deadlines import Deadline

WORDS = {
    "ivaz.receipts-due": (
        _("Waybills to confirm by %(day)s: %(count)s"),
        _(
            "Waybills in which you are the consignee wait for your confirmation until %(day)s: "
            "%(count)s. After that day they close by themselves, as delivered as stated."
        ),
    ),
}


def register() -> None:
    """Give the calendar the deadlines of this subsystem, and their words."""
    words.register(WORDS)
    deadlines.register(receipts_due)


def receipts_due(
    taxpayer_ids: Sequence[int], since: date, until: date
) -> Mapping[int, list[Deadline]]:
    """Tell the days on which receipts are due, one for all waybills of a day, in one query.

    What is confirmed is gone from it (VMI KD-8530: five working days after the arrival).
    """
    waiting = (
        WaybillParty.objects.filter(
            taxpayer_id__in=taxpayer_ids,
            roles__contains=[Role.CONSIGNEE],
            waybill__state__in=MOVES[Act.RECEIVE].origins,
            waybill__due_on__range=(since, until),
        )
        .order_by("waybill__due_on")
        .values_list("taxpayer_id", "waybill__due_on")
        .annotate(Count("pk"))
    )
    found: dict[int, list[Deadline]] = defaultdict(list)
    for taxpayer_id, day, count in waiting:
        found[taxpayer_id].append(
            Deadline(
                subsystem="ivaz",
                key=f"ivaz.receipts.{day}",
                day=day,
                code="ivaz.receipts-due",
                right="ivaz.view",
                is_done=False,
                url_name="ivaz:waybills",
                params={"day": day.isoformat(), "count": str(count)},
            )
        )
    return found

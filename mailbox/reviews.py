"""The yearly review of mandates as a deadline: it is in the calendar, and people are reminded."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, timedelta

from django.utils.translation import gettext_lazy as _

from imas.kernel import clock
from mailbox import deadlines, words
from mailbox.deadlines import Deadline
from representation import reviews

WORDS = {
    "representation.review-due": (
        _("Look through the mandates by %(day)s"),
        _(
            "Some mandates have not been looked through for a year. Keep those that are still "
            "needed and end the others."
        ),
    ),
}


def register() -> None:
    """Give the calendar the yearly reviews, and their words."""
    words.register(WORDS)
    deadlines.register(reviews_due)


def reviews_due(
    taxpayer_ids: Sequence[int], since: date, until: date
) -> Mapping[int, list[Deadline]]:
    """Tell the day of the review of each taxpayer that has mandates, in one query.

    It is a year after the mandate that waits the longest was given or looked through, and each
    year again while nobody does; the review itself moves it on, so it is never done.
    """
    seen = reviews.due_from(taxpayer_ids, clock.today())
    return {
        taxpayer_id: [_deadline(day) for day in _anniversaries(first, since, until)]
        for taxpayer_id, first in seen.items()
    }


def _anniversaries(first: date, since: date, until: date) -> Iterator[date]:
    year = timedelta(days=reviews.REVIEW_DAYS)
    day = first + year * max(1, -((first - since) // year))
    while day <= until:
        if day >= since:
            yield day
        day += year


def _deadline(day: date) -> Deadline:
    return Deadline(
        subsystem="representation",
        key=f"representation.review.{day.isoformat()}",
        day=day,
        code="representation.review-due",
        right="representation.manage",
        is_done=False,
        url_name="representation:review",
        params={"day": day.isoformat()},
    )

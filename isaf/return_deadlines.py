"""When ordered returns are due to be filed, for the calendar and the reminders."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import date, timedelta

from django.db.models import Exists, OuterRef
from django.utils.translation import gettext_lazy as _

from isaf.models import PreliminaryReturn, ReturnVersion
from isaf.returns.forms import deadline_of
from mailbox import deadlines, words
from mailbox.deadlines import Deadline

WORDS = {
    "isaf.return-due": (
        _("%(form)s of %(period)s: file by %(day)s"),
        _(
            "%(form)s of the tax period %(period)s is filed in EDS by %(day)s. Look through the "
            "preliminary return, confirm it, and confirm the draft in EDS."
        ),
    ),
}

_FURTHEST = timedelta(days=31)


def register() -> None:
    """Give the calendar the deadlines of returns, and their words."""
    words.register(WORDS)
    deadlines.register(returns_due)


def returns_due(
    taxpayer_ids: Sequence[int], since: date, until: date
) -> Mapping[int, list[Deadline]]:
    """Tell the deadlines of the returns that were ordered, in one query.

    A return is done once a version is confirmed; that it is filed EDS alone knows. Who orders none
    files as he always did and is not reminded.
    """
    confirmed = ReturnVersion.objects.filter(of=OuterRef("pk"), confirmed_at__isnull=False)
    ordered = PreliminaryReturn.objects.filter(
        taxpayer_id__in=taxpayer_ids, end__gte=since - _FURTHEST, end__lt=until
    )
    found: dict[int, list[Deadline]] = defaultdict(list)
    for one in ordered.annotate(is_confirmed=Exists(confirmed)).order_by("start", "form"):
        day = deadline_of(one.period)
        if since <= day <= until:
            is_done = one.is_confirmed  # type: ignore[attr-defined]  # annotated
            found[one.taxpayer_id].append(_deadline(one, day, is_done=is_done))
    return found


def _deadline(found: PreliminaryReturn, day: date, *, is_done: bool) -> Deadline:
    period = found.period.code
    return Deadline(
        subsystem="isaf",
        key=f"isaf.return.{found.form}.{period}",
        day=day,
        code="isaf.return-due",
        right="isaf.returns",
        is_done=is_done,
        url_name="isaf:return",
        url_args=[str(found.pk)],
        params={"form": found.form, "period": period, "day": day.isoformat()},
    )

"""What pages show of announcements and of the history of an outage."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.models import User
from avaz.models import Fallback, Outage, OutageVersion
from avaz.words import ACTS, CHANNELS, EFFECTS, FALLBACK_STATES, OCCASIONS, REASONS
from imas.kernel.clock import VILNIUS


@dataclass(frozen=True, slots=True)
class FallbackRow:
    """An announcement and how it stands."""

    fallback: Fallback
    overdue_before: date

    @property
    def state(self) -> dict[str, str]:
        """Its code, its word and its tone."""
        found = self.fallback.state(self.overdue_before)
        word, tone = FALLBACK_STATES[found]
        return {"code": found, "word": str(word), "tone": tone}


def history_of(outage: Outage) -> list[dict[str, Any]]:
    """Return what was said of an outage and who was told, as a timeline, the latest first."""
    events: list[dict[str, Any]] = []
    before: OutageVersion | None = None
    for version in outage.versions.select_related("by"):
        events.append(
            {
                "at": version.at,
                "title": str(ACTS[version.act]),
                "text": "; ".join(_said(version, before)),
                "tone": "info",
            }
        )
        before = version
    for notice in outage.notices.filter(told_at__isnull=False):
        told = ngettext("%(count)s taxpayer", "%(count)s taxpayers", notice.count)
        events.append(
            {
                "at": notice.told_at,
                "title": str(OCCASIONS[notice.occasion]),
                "text": told % {"count": notice.count},
                "tone": "neutral",
            }
        )
    return sorted(events, key=lambda event: event["at"], reverse=True)


def export_headings() -> Sequence[str]:
    """Return the headings of the table that is taken away."""
    return (
        _("ARN"),
        _("Waybill"),
        _("Taxpayer’s code"),
        _("Taxpayer"),
        _("Announced (Vilnius time)"),
        _("Announced by"),
        _("How"),
        _("Why"),
        _("Complete until"),
        _("How it stands"),
        _("RN"),
    )


def export_rows(found: Iterable[Fallback], overdue_before: date) -> Iterator[Sequence[Any]]:
    """Yield the rows under them."""
    several = _("several")
    for one in found:
        taxpayer = one.access.taxpayer
        yield (
            one.arn,
            one.number or several,
            taxpayer.code,
            taxpayer.name,
            one.at,
            one.access.user.full_name,
            str(CHANNELS[one.channel]),
            str(REASONS[one.reason]),
            one.complete_until,
            str(FALLBACK_STATES[one.state(overdue_before)][0]),
            one.rn,
        )


def _said(version: OutageVersion, before: OutageVersion | None) -> Iterator[str]:
    """Yield who said it and why, and what of it is new."""
    if version.by:
        yield _name(version.by)
    if version.why:
        yield version.why.rstrip(".")
    if before is None or (before.start, before.end) != (version.start, version.end):
        yield _times(version.start, version.end)
    if before is None or before.effect != version.effect:
        yield str(EFFECTS[version.effect])
    if before is not None and (before.words_lt, before.words_en) != (
        version.words_lt,
        version.words_en,
    ):
        yield _("other words")


def _times(start: datetime, end: datetime | None) -> str:
    if end is None:
        return _("since %(start)s") % {"start": _moment(start)}
    return _("%(start)s to %(end)s") % {"start": _moment(start), "end": _moment(end)}


def _moment(at: datetime) -> str:
    return f"{at.astimezone(VILNIUS):%Y-%m-%d %H:%M}"


def _name(user: User) -> str:
    return str(user.full_name)

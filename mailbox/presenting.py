"""How the mailbox is laid out on its pages."""

from collections.abc import Sequence
from typing import Any

from django.http import QueryDict
from django.urls import reverse
from django.utils.translation import gettext, pgettext

from mailbox import selectors
from mailbox.happenings import known
from representation.types import Acting


def tabs(acting: Acting, asked: QueryDict) -> list[dict[str, Any]]:
    """Return a tab for every subsystem with messages and one for all, with the unread counted.

    The other filters stay as they are when one goes from tab to tab.
    """
    counted = selectors.count_unread_by_subsystem(acting)
    shown = [("", gettext("All"), sum(counted.values()))]
    shown += [(name, selectors.subsystem_words(name), count) for name, count in counted.items()]
    current = asked.get("subsystem", "")
    return [
        {
            "url": _address(asked, name),
            "label": label,
            "count": count or None,
            "is_current": name == current,
        }
        for name, label, count in shown
    ]


def calendar_tabs(view: str) -> list[dict[str, Any]]:
    """Return the tabs of the calendar."""
    shown = {
        "": gettext("To do"),
        "snoozed": gettext("Put off"),
        "done": pgettext("deadlines", "Done"),
        "all": gettext("All"),
    }
    current = view if view in shown else ""
    address = reverse("mailbox:calendar")
    return [
        {
            "url": f"{address}?view={name}" if name else address,
            "label": label,
            "count": None,
            "is_current": name == current,
        }
        for name, label in shown.items()
    ]


def happening_words(codes: Sequence[str]) -> list[str]:
    """Return in words which sorts of events are meant; one that is gone stays a code."""
    return [str(known()[code].words) if code in known() else code for code in codes]


def _address(asked: QueryDict, subsystem: str) -> str:
    kept = asked.copy()
    kept.pop("at", None)
    kept["subsystem"] = subsystem
    if not subsystem:
        del kept["subsystem"]
    query = kept.urlencode()
    return f"{reverse('mailbox:messages')}{'?' if query else ''}{query}"

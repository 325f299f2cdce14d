"""Deadlines as iCalendar (RFC 5545): days and titles, nothing else."""

import hashlib
from datetime import timedelta
from urllib.parse import urlsplit

from django.conf import settings
from django.utils.translation import gettext
from icalendar import Calendar as ICalendar
from icalendar import Event as IEvent

from imas.kernel import clock
from mailbox.selectors import Calendar


def written(calendar: Calendar) -> bytes:
    """Return the calendar in the active language; an event keeps its id from reading to reading."""
    shown = ICalendar()
    shown.add("prodid", "-//i.MAS//i.MAS//")
    shown.add("version", "2.0")
    shown.add("method", "PUBLISH")
    shown.add("x-wr-calname", gettext("i.MAS deadlines"))
    host = urlsplit(settings.SITE_URL).hostname or "localhost"
    for deadline in calendar.deadlines:
        name = hashlib.sha256(f"{calendar.link_id}:{deadline.key}".encode()).hexdigest()[:32]
        event = IEvent()
        event.add("uid", f"{name}@{host}")
        event.add("dtstamp", clock.now())
        event.add("dtstart", deadline.day)
        event.add("dtend", deadline.day + timedelta(days=1))
        event.add("summary", deadline.words.title)
        event.add("transp", "TRANSPARENT")
        shown.add_component(event)
    return bytes(shown.to_ical())

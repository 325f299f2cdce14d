"""Valid text of a value → the value. What is not valid never comes here."""

import re
from datetime import date
from decimal import Decimal

_DATE = re.compile(r"(-?)0*(\d{1,}?)-(\d\d)-(\d\d)")


def day(text: str) -> date | None:
    """Return the day of an xs:date without its time zone, None when empty (nil).

    Years Python does not know are brought to its first or last day; the rules refuse both.
    """
    text = text.strip()
    if not text:
        return None
    found = _DATE.match(text)
    if found is None:
        raise ValueError(text)
    if found[1] or int(found[2]) < date.min.year:
        return date.min
    if int(found[2]) > date.max.year:
        return date.max
    return date(int(found[2]), int(found[3]), int(found[4]))


def number(text: str) -> Decimal | None:
    """Return the amount or rate, None when empty (nil)."""
    text = text.strip()
    return Decimal(text) if text else None

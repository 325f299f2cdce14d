"""What `components/choices.html` offers: something found, and the fields it fills."""

import json
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Choice:
    """Something to choose; `fills` is the JSON of the fields that choosing it fills."""

    title: str
    code: str
    fills: str


def choice(title: str, code: str = "", **fills: str) -> Choice:
    """Return a choice that fills these fields of the form it is offered in."""
    return Choice(title, code, json.dumps(fills))

"""A message to 1882: `CODE NUMBER` (VMI KD-8576), read as generously as it stays unambiguous."""

import re
import unicodedata
from dataclasses import dataclass
from enum import StrEnum

from avaz import codes

LONGEST_NUMBER = 35
"""Characters of a waybill's own number in the format 1.3.3."""
_LONGEST_TEXT = 200
_BLANKS = re.compile(r"\s+")


class Fault(StrEnum):
    """Why a message cannot be read."""

    EMPTY = "empty"
    CODE = "code"
    """It does not begin with what may be a code."""
    NUMBER_MISSING = "number-missing"
    NUMBER_LONG = "number-long"


@dataclass(frozen=True, slots=True)
class Told:
    """What a message says: a login code and the waybill's own number."""

    code: str
    number: str


def read(text: str) -> Told | Fault:
    """Read a message: any case, blanks of any kind and number, Lithuanian letters for plain ones.

    The number is kept as it was typed, in one line; how it is compared says
    `imas.kernel.identifiers.loose_number`.
    """
    words = _BLANKS.sub(" ", _printable(text[:_LONGEST_TEXT])).strip()
    if not words:
        return Fault.EMPTY
    first, _space, number = words.partition(" ")
    code = codes.normalise(_plain(first))
    if not code:
        return Fault.CODE
    if not number:
        return Fault.NUMBER_MISSING
    return Told(code, number) if len(number) <= LONGEST_NUMBER else Fault.NUMBER_LONG


def _printable(text: str) -> str:
    """Blank out what is no letter, mark or blank: nulls, and signs that are not seen."""
    return "".join(sign if unicodedata.category(sign)[0] != "C" else " " for sign in text)


def _plain(text: str) -> str:
    """Take the marks off Lithuanian letters."""
    apart = unicodedata.normalize("NFKD", text)
    return "".join(sign for sign in apart if not unicodedata.combining(sign))

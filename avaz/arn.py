"""The ARN: under which a waybill is announced. The official form is not published; this is ours."""

import re

from stdnum import luhn

_FORM = re.compile(r"AV([0-9]{2})([0-9]{7})([0-9])")
LARGEST = 9_999_999
"""The last running number of a year."""


def make(year: int, serial: int) -> str:
    """Return AV, two digits of the year, seven of the running number and the check digit (Luhn).

    ValueError for a running number out of 1..9999999.
    """
    if not 1 <= serial <= LARGEST:
        raise ValueError(serial)
    digits = f"{year % 100:02}{serial:07}"
    return f"AV{digits}{luhn.calc_check_digit(digits)}"


def is_valid(arn: str) -> bool:
    """Tell whether this is an ARN with its check digit."""
    found = _FORM.fullmatch(arn)
    return found is not None and bool(luhn.is_valid(arn[2:]))


def parts(arn: str) -> tuple[int, int]:
    """Return the two digits of the year and the running number of a valid ARN."""
    return int(arn[2:4]), int(arn[4:11])

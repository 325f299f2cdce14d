"""Login codes: how they are made and read, and the drawer that finds the hash to compare with.

An accountant may hold hundreds of codes, one for each taxpayer, and hashing is slow on purpose:
the drawer says which few to try. It gives away six bits of a code's 34
(docs/decisions/0015-a-fallback-on-sqlite.md).
"""

import hashlib
import re
import secrets

ALPHABET = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"
"""Without 0 and O, 1, I and L, which are mistaken for one another."""
SHORTEST, LONGEST = 5, 8
"""Characters of a code (VMI KD-8576)."""

_DRAWERS = 64
_FORM = re.compile(f"[{ALPHABET}]{{{SHORTEST},{LONGEST}}}")


def new_code(length: int) -> str:
    """Return a random code; ValueError for a length out of 5..8."""
    if not SHORTEST <= length <= LONGEST:
        raise ValueError(length)
    return "".join(secrets.choice(ALPHABET) for _ in range(length))


def normalise(typed: str) -> str:
    """Return a typed code as it is compared: in capitals, without blanks; "" for what is none."""
    code = "".join(typed.split()).upper()
    return code if _FORM.fullmatch(code) else ""


def drawer_of(user: str, code: str) -> int:
    """Return in which drawer of a user's codes this one lies."""
    return hashlib.sha256(f"{user}:{code}".encode()).digest()[0] % _DRAWERS

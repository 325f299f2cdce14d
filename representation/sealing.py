"""What a seal of the journal is computed of: plain values in, bytes out."""

import hashlib
import json
from datetime import UTC, datetime
from typing import Any

BEFORE_THE_FIRST = bytes(32)
COLUMNS = (
    "id",
    "at",
    "user_id",
    "taxpayer_id",
    "action",
    "subject",
    "params",
    "why",
    "key_id",
    "request_id",
)
"""Every column of an entry, in the order the canonical form has them."""


def digest_of(entry: tuple[Any, ...]) -> bytes:
    """Return the SHA-256 of the canonical form of the values of `COLUMNS`.

    It is JSON with sorted names and without spaces; instants are in UTC.
    """
    form = json.dumps(
        ["imas-journal-1", *entry],
        ensure_ascii=False,
        sort_keys=True,
        separators=(",", ":"),
        default=_plain,
    )
    return hashlib.sha256(form.encode()).digest()


def seal_of(previous: bytes, number: int, sealed_at: datetime, digest: bytes) -> bytes:
    """Return the seal that follows the previous one: SHA-256 over it and what is sealed now."""
    place = f"{number} {_plain(sealed_at)}".encode()
    return hashlib.sha256(previous + digest + place).digest()


def _plain(value: object) -> str:
    return value.astimezone(UTC).isoformat() if isinstance(value, datetime) else str(value)

"""Signatures of webhooks, as Standard Webhooks writes them, with the ids of keys beside them."""

import base64
import hashlib
import hmac
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

MARK = "whsec_"
_BYTES = 32


@dataclass(frozen=True, slots=True)
class Key:
    """A secret and the name it goes by."""

    key_id: str
    secret: str


def new_key() -> Key:
    """Return a new secret; the receiver keeps it whole, with its mark."""
    secret = base64.b64encode(secrets.token_bytes(_BYTES)).decode()
    return Key(secrets.token_hex(6), f"{MARK}{secret}")


def signed_headers(
    keys: Sequence[Key], webhook_id: str, at: datetime, body: bytes
) -> dict[str, str]:
    """Return the headers that sign a body: HMAC-SHA256 over `id.timestamp.body`, once for each key.

    The signatures stand in the order of `webhook-key-id`, so that while a secret is being changed
    the receiver may check either.
    """
    timestamp = str(int(at.timestamp()))
    signed = f"{webhook_id}.{timestamp}.".encode() + body
    return {
        "webhook-id": webhook_id,
        "webhook-timestamp": timestamp,
        "webhook-key-id": " ".join(key.key_id for key in keys),
        "webhook-signature": " ".join(f"v1,{_sign(key, signed)}" for key in keys),
    }


def _sign(key: Key, signed: bytes) -> str:
    secret = base64.b64decode(key.secret.removeprefix(MARK))
    return base64.b64encode(hmac.new(secret, signed, hashlib.sha256).digest()).decode()

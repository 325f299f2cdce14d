"""Personal data and secrets at rest: unreadable without a key; codes found by an exact match."""

import base64
import hashlib
import hmac
from typing import Any

from cryptography.fernet import Fernet, MultiFernet
from django.conf import settings
from django.db import models


def lookup_hash(text: str) -> str:
    """Return the keyed fingerprint of a personal code, the same for the same code; "" for ""."""
    if not text:
        return ""
    key = settings.PERSONAL_LOOKUP_KEY.encode()
    return hmac.new(key, text.encode(), hashlib.sha256).hexdigest()


def encrypt(text: str) -> str:
    """Return the text as only this house can read it (Fernet: AES-128-CBC with HMAC-SHA256)."""
    return _cipher().encrypt(text.encode()).decode()


def decrypt(text: str) -> str:
    """Return what `encrypt` was given; a key that fits none of ours is `InvalidToken`."""
    return _cipher().decrypt(text.encode()).decode()


def encrypt_bytes(content: bytes) -> bytes:
    """Return bytes as only this house can read them."""
    return _cipher().encrypt(content)


def decrypt_bytes(content: bytes) -> bytes:
    """Return what `encrypt_bytes` was given; a key that fits none of ours is `InvalidToken`."""
    return _cipher().decrypt(content)


class EncryptedTextField(models.TextField[str, str]):
    """Text that the database holds encrypted.

    `settings.PERSONAL_DATA_KEYS` lists the keys: the first encrypts, all of them decrypt, so a
    key is rotated by putting the new one first. Not searchable: pair it with `lookup_hash`.
    """

    def get_prep_value(self, value: str | None) -> str | None:
        """Encrypt on the way in; "" stays ""."""
        return encrypt(value) if value else value

    def from_db_value(self, value: str | None, *_: Any) -> str | None:
        """Decrypt on the way out."""
        return decrypt(value) if value else value


def _cipher() -> MultiFernet:
    return MultiFernet([Fernet(_fernet_key(secret)) for secret in settings.PERSONAL_DATA_KEYS])


def _fernet_key(secret: str) -> bytes:
    return base64.urlsafe_b64encode(hashlib.sha256(secret.encode()).digest())

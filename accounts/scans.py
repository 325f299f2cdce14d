"""Scans of documents that applicants send: told by their bytes, kept encrypted, outside the tables.

They lie in a storage of their own, so nothing that clears other storages ever meets them.
"""

import logging
import uuid
from datetime import timedelta

from cryptography.fernet import InvalidToken
from django.core.files.base import ContentFile
from django.core.files.storage import Storage, storages

from accounts.encryption import decrypt_bytes, encrypt_bytes
from imas.kernel import clock
from imas.kernel.errors import NotFoundError

LARGEST = 5 * 1024 * 1024
SUFFIXES = {"application/pdf": ".pdf", "image/png": ".png", "image/jpeg": ".jpg"}
_LEFTOVER = timedelta(days=1)
_BEGINNINGS = (
    (b"%PDF-", "application/pdf"),
    (b"\x89PNG\r\n\x1a\n", "image/png"),
    (b"\xff\xd8\xff", "image/jpeg"),
)

logger = logging.getLogger(__name__)


def type_of(content: bytes) -> str:
    """Return the media type by the first bytes, never by the name; "" for every other kind."""
    return next((kind for mark, kind in _BEGINNINGS if content.startswith(mark)), "")


def keep(content: bytes) -> str:
    """Keep a scan and return the name to ask for it by."""
    return _storage().save(str(uuid.uuid4()), ContentFile(encrypt_bytes(content)))


def read(name: str) -> bytes:
    """Return a scan as it was sent; one that is gone or cannot be read: `NotFoundError`."""
    try:
        with _storage().open(name) as file:
            return decrypt_bytes(file.read())
    except (FileNotFoundError, InvalidToken):
        raise NotFoundError("scan-not-found") from None


def remove(name: str) -> None:
    """Remove a scan; one that is not there is no fault."""
    if name:
        _storage().delete(name)


def leftovers(owned: set[str]) -> list[str]:
    """Return the scans of no application, a day old: those of a request that died on the way."""
    before = clock.now() - _LEFTOVER
    storage = _storage()
    try:
        names = storage.listdir("")[1]
    except FileNotFoundError:
        return []
    return [one for one in names if one not in owned and storage.get_modified_time(one) < before]


def _storage() -> Storage:
    return storages["scans"]

"""Keys of programs: made, and recognised, without ever being kept."""

import hashlib
import hmac
import secrets
from collections.abc import Iterable
from datetime import datetime

from accounts.models import ApiKey, User
from imas.kernel import clock

MARK = "imas"
_SECRET_BYTES = 32
_PREFIX_BYTES = 5


def new_key(
    user: User,
    *,
    name: str,
    rights: Iterable[str],
    taxpayer_codes: Iterable[str],
    expires_at: datetime,
) -> tuple[ApiKey, str]:
    """Make a key; its plain text is returned this once and is nowhere kept."""
    prefix, secret = secrets.token_hex(_PREFIX_BYTES), secrets.token_hex(_SECRET_BYTES)
    key = ApiKey.objects.create(
        user=user,
        name=name,
        prefix=prefix,
        hash=_hash(secret),
        rights=sorted(set(rights)),
        taxpayer_codes=sorted(set(taxpayer_codes)),
        created_at=clock.now(),
        expires_at=expires_at,
    )
    return key, f"{MARK}_{prefix}_{secret}"


def recognise(plain: str, at: datetime) -> ApiKey | None:
    """Return the usable key this is the text of, with its user; None for anything else."""
    mark, _, rest = plain.partition("_")
    prefix, _, secret = rest.partition("_")
    key = ApiKey.objects.select_related("user").usable(at).filter(prefix=prefix).first()
    kept = key.hash if key else _hash("")
    fits = hmac.compare_digest(kept, _hash(secret)) and mark == MARK and secret != ""
    return key if fits else None


def _hash(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()

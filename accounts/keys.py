"""Keys of programs: made, and recognised, without ever being kept."""

import hashlib
import hmac
import secrets

from accounts.models import ApiKey, User
from accounts.types import Scope
from imas.kernel import clock
from imas.web.lookups import Lookup

MARK = "imas"
_SECRET_BYTES = 32
_PREFIX_BYTES = 5
_BY_PREFIX = Lookup(ApiKey, "prefix", beside="user")


def new_key(user: User, name: str, scope: Scope) -> tuple[ApiKey, str]:
    """Make a key; its plain text is returned this once and is nowhere kept."""
    prefix, secret = secrets.token_hex(_PREFIX_BYTES), secrets.token_hex(_SECRET_BYTES)
    key = ApiKey.objects.create(
        user=user,
        name=name,
        prefix=prefix,
        hash=_hash(secret),
        created_at=clock.now(),
        **scope.as_columns(),
    )
    return key, f"{MARK}_{prefix}_{secret}"


def recognise(plain: str) -> ApiKey | None:
    """Return the key this is the text of, with its user; whether it still opens is not asked."""
    mark, _, rest = plain.partition("_")
    prefix, _, secret = rest.partition("_")
    key = _BY_PREFIX.find(prefix)
    kept = key.hash if key else _hash("")
    fits = hmac.compare_digest(kept, _hash(secret)) and mark == MARK and secret != ""
    return key if fits else None


def _hash(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()

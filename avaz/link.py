"""How the two sides of a.VAZ know each other: a request signed with the shared secret.

Signed are the moment, the method, the path with its query and the body; a signature is good for
`LASTS` seconds. What is asked does the same when asked again: a replay within them gains nothing.
"""

import hashlib
import hmac

LASTS = 300
TIME, SIGNATURE = "X-Avaz-Time", "X-Avaz-Signature"


def signed(secret: str, *, at: int, method: str, path: str, body: bytes) -> dict[str, str]:
    """Return the headers of a request; `at` in seconds since 1970, `path` with its query."""
    return {TIME: str(at), SIGNATURE: _signature(secret, at, method, path, body)}


def is_genuine(  # noqa: PLR0913 - all that is signed, and what it is held against
    secret: str, *, now: int, method: str, path: str, body: bytes, time: str, signature: str
) -> bool:
    """Tell whether a request was signed with the secret a short while ago."""
    if not (secret and time.isascii() and time.isdigit() and len(time) <= 12):
        return False
    expected = _signature(secret, int(time), method, path, body)
    is_ours = hmac.compare_digest(expected.encode(), signature.encode())
    return is_ours and abs(now - int(time)) <= LASTS


def _signature(secret: str, at: int, method: str, path: str, body: bytes) -> str:
    told = f"{at}\n{method}\n{path}\n".encode() + body
    return hmac.new(secret.encode(), told, hashlib.sha256).hexdigest()

"""The square on a waybill: what stands in it is signed, so that it can be checked without us.

A compact JWS (RFC 7515) by Ed25519 (RFC 8037) behind our address; any library of JOSE checks it
against the keys published at `ivaz/check/keys.json`. The first key signs, all of them are
published, so a key is turned by putting the new one before the old.
"""

import json
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

from django.conf import settings
from django.urls import reverse
from joserfc import jwk, jws
from joserfc.errors import JoseError

from imas.kernel import clock
from ivaz.models import Waybill

ALGORITHM = "Ed25519"
LONGEST = 1_000
"""No square of ours holds as many characters."""


def is_on() -> bool:
    """Tell whether there is a key to sign by."""
    return bool(settings.WAYBILL_SIGNING_KEYS)


def token_of(waybill: Waybill) -> str:
    """Return what a square says: RN, version, plates, and the moment of dispatch; signed."""
    key = _loaded(settings.WAYBILL_SIGNING_KEYS[0])
    claims = {
        "rn": waybill.rn,
        "v": waybill.version,
        "p": waybill.plates,
        "d": f"{waybill.dispatch_at.astimezone(clock.VILNIUS):%Y-%m-%dT%H:%M}",
    }
    header = {"alg": ALGORITHM, "kid": key.kid}
    payload = json.dumps(claims, separators=(",", ":"))
    return jws.serialize_compact(header, payload, key, algorithms=[ALGORITHM])


def address_of(waybill: Waybill) -> str:
    """Return the address a square leads to."""
    return settings.SITE_URL + reverse("ivaz:check", args=[token_of(waybill)])


def read(token: str) -> Mapping[str, Any] | None:
    """Return what a square of ours says; None where it is not ours, or was altered."""
    if not is_on() or len(token) > LONGEST:
        return None
    keys = jwk.KeySet([_loaded(path) for path in settings.WAYBILL_SIGNING_KEYS])
    try:
        signed = jws.deserialize_compact(token, keys, algorithms=[ALGORITHM])
    except (JoseError, ValueError):
        return None
    claims: Mapping[str, Any] = json.loads(signed.payload)
    return claims


def published() -> dict[str, Any]:
    """Return the public halves of all keys (JWKS, RFC 7517)."""
    keys = [_loaded(path) for path in settings.WAYBILL_SIGNING_KEYS]
    return {"keys": [{**key.as_dict(private=False), "use": "sig"} for key in keys]}


@cache
def _loaded(path: str) -> jwk.OKPKey:
    key = jwk.OKPKey.import_key(Path(path).read_text(encoding="ascii"))
    key.ensure_kid()
    return key

"""Asking a provider over HTTP: short, without redirects, without this machine's own settings."""

import json
import logging
from collections.abc import Mapping
from typing import Any

import requests

from accounts.providers.configuring import demand_safe_address
from imas.kernel.errors import UnavailableError

_SECONDS = (3.05, 10)
_LARGEST = 512 * 1024

logger = logging.getLogger(__name__)


def get_json(address: str) -> dict[str, Any]:
    """Return the JSON object at an address; anything else: `UnavailableError`."""
    with session() as asked:
        return _object(_asked(asked, "GET", address, {}))


def post(address: str, body: bytes, headers: Mapping[str, str]) -> tuple[int, bytes]:
    """Return the status and the body of the answer; silence: `UnavailableError`."""
    with session() as asked:
        answer = _asked(asked, "POST", address, {"data": body, "headers": dict(headers)})
        return answer.status_code, _body(answer)


def session() -> requests.Session:
    """Return a session that takes no proxy, password or certificate from the environment."""
    made = requests.Session()
    made.trust_env = False
    return made


def limits() -> dict[str, Any]:
    """Return how every request is made: not for ever, and to the address that was meant."""
    return {"timeout": _SECONDS, "allow_redirects": False}


def _asked(
    asked: requests.Session, method: str, address: str, more: Mapping[str, Any]
) -> requests.Response:
    demand_safe_address(address)
    try:
        answer = asked.request(method, address, stream=True, **limits(), **more)
    except requests.RequestException as error:
        logger.warning("providers.silent", extra={"fault": type(error).__name__})
        raise UnavailableError("provider-silent") from error
    return answer


def _object(answer: requests.Response) -> dict[str, Any]:
    if answer.status_code != requests.codes.ok:
        logger.warning("providers.refused", extra={"status": answer.status_code})
        raise UnavailableError("provider-silent")
    body = _body(answer)
    try:
        found = json.loads(body)
    except ValueError as error:
        raise UnavailableError("provider-silent") from error
    if not isinstance(found, dict):
        raise UnavailableError("provider-silent")
    return found


def _body(answer: requests.Response) -> bytes:
    """Read the answer, never more of it than a provider has to say."""
    try:
        body = answer.raw.read(_LARGEST + 1, decode_content=True)
    except (requests.RequestException, OSError) as error:
        raise UnavailableError("provider-silent") from error
    if len(body) > _LARGEST:
        raise UnavailableError("provider-silent")
    return bytes(body)

"""Which request or task is at work, for logs and answers. No personal data: ids only."""

import re
import uuid
from contextvars import ContextVar
from typing import Any

_WELL_FORMED = re.compile(r"[A-Za-z0-9_.\-]{8,128}")

_trace: ContextVar[dict[str, Any] | None] = ContextVar("trace", default=None)


def begin(request_id: str = "") -> str:
    """Start a fresh trace; a well-formed id from outside is kept, else one is made."""
    chosen = request_id if _WELL_FORMED.fullmatch(request_id) else uuid.uuid4().hex
    _trace.set({"request_id": chosen})
    return chosen


def note(**ids: Any) -> None:
    """Add ids to everything this request or task logs from now on."""
    _trace.set({**(_trace.get() or {}), **ids})


def current() -> dict[str, Any]:
    """Everything noted so far."""
    return dict(_trace.get() or {})


def request_id() -> str:
    """The id of the request at work, "" outside of one."""
    return str((_trace.get() or {}).get("request_id", ""))


def end() -> None:
    """Forget the trace."""
    _trace.set(None)

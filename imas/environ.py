"""What the environment tells, by typed readers that fail at the start.

Every name may also be given as `<NAME>_FILE`, the path of a file that holds the value.
"""

import os
from datetime import date
from pathlib import Path

from django.core.exceptions import ImproperlyConfigured

BASE_DIR = Path(__file__).resolve().parents[1]


def env_text(name: str, default: str | None = None) -> str:
    """The value of a name or of the file `<NAME>_FILE` points to; refuses when neither is given."""
    if path := os.environ.get(f"{name}_FILE"):
        return Path(path).read_text(encoding="utf-8").strip()
    value = os.environ.get(name, default)
    if value is None:
        raise ImproperlyConfigured(f"Set {name} or {name}_FILE.")
    return value


def env_list(name: str, default: str | None = None) -> list[str]:
    """Comma-separated values, blanks dropped."""
    return [part.strip() for part in env_text(name, default).split(",") if part.strip()]


def env_int(name: str, default: int) -> int:
    """A whole number."""
    text = env_text(name, str(default))
    try:
        return int(text)
    except ValueError:
        raise ImproperlyConfigured(f"{name} must be a whole number, not {text!r}.") from None


def env_day(name: str, default: str) -> date:
    """A day as 2026-12-31."""
    text = env_text(name, default)
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise ImproperlyConfigured(f"{name} must be a day as 2026-12-31, not {text!r}.") from None


def env_bool(name: str, *, default: bool) -> bool:
    """`1`, `true`, `yes`, `on` and their opposites."""
    text = env_text(name, str(default)).lower()
    if text in {"1", "true", "yes", "on"}:
        return True
    if text in {"0", "false", "no", "off", ""}:
        return False
    raise ImproperlyConfigured(f"{name} must be true or false, not {text!r}.")

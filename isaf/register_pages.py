"""What every page of a register puts on top: the ways to its other pages."""

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from isaf.models import Register
from isaf.types import RegisterType


def register_tabs(register: Register, current: str) -> list[dict[str, Any]]:
    """Return the pages of a register (which has its sums); `current` is the address shown."""
    is_settlement = register.type == RegisterType.SETTLEMENT
    found = register.all_errors + register.all_warnings  # type: ignore[attr-defined]
    return [
        _tab(current, "register", register, _("Settlements") if is_settlement else _("Invoices")),
        _tab(current, "register-problems", register, _("Problems"), found),
        _tab(current, "register-parts", register, _("Parts and history")),
    ]


def _tab(
    current: str, name: str, register: Register, label: str, count: int | None = None
) -> dict[str, Any]:
    url = reverse(f"isaf:{name}", args=[register.number])
    return {"url": url, "label": label, "count": count, "is_current": url == current}

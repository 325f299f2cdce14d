"""Single values of a content as fields show and give them."""

from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal
from typing import Any

from imas.kernel import clock
from ivaz.rules import moment
from ivaz.types import Content


def put(content: dict[str, Any], name: str, value: Any) -> None:
    """Set a value; an empty one is left out, for the format has no empty elements."""
    if value is None or value in ("", {}, []):
        content.pop(name, None)
    else:
        content[name] = value


def within(content: Content, **values: Any) -> dict[str, Any]:
    """Return a group with these values, the others as they were."""
    changed = dict(content)
    for name, value in values.items():
        put(changed, name, value)
    return changed


def listed(content: Content, name: str) -> list[Any]:
    """Return a list of a group; an empty one where it has none."""
    return list(content.get(name) or [])


def address_text(address: Any) -> str:
    """Return an address in one line; unknown parts are left out."""
    if not isinstance(address, Mapping):
        return ""
    if "FullAddress" in address:
        return str(address["FullAddress"])
    told = address.get("Address") or {}
    street = " ".join(
        told[name] for name in ("StreetName", "HouseNumber") if told.get(name, "ND") != "ND"
    )
    parts = (street, told.get("PostalCode", "ND"), told.get("City"), told.get("Country"))
    return ", ".join(part for part in parts if part and part != "ND")


def address_of(text: str, before: Any) -> Any:
    """Return an address as it was typed; one that was not touched keeps its parts."""
    if not text:
        return None
    return before if text == address_text(before) else {"FullAddress": text}


def moment_text(moment_: datetime | None) -> str:
    """Return a time as the format has it, to the second, with its zone."""
    return moment_.replace(microsecond=0).isoformat() if moment_ else ""


def shown_moment(text: Any) -> datetime | None:
    """Return a time of a content on the clock of Lithuania."""
    return moment(str(text)).astimezone(clock.VILNIUS) if text else None


def number_text(value: Decimal | None) -> str:
    """Return a number as the format has it."""
    return "" if value is None else f"{value:f}"


def number_of(text: Any) -> Decimal | None:
    """Return a number of a content."""
    return Decimal(str(text)) if text not in (None, "") else None

"""The kinds of documents this house takes, as the subsystems registered them."""

from collections.abc import Callable

from imas.kernel.errors import NotFoundError
from intake.types import Kind

_KINDS: dict[str, Kind] = {}


def register(kind: Kind) -> None:
    """Take documents of this kind from now on; called once, from the subsystem's AppConfig."""
    _KINDS[kind.name] = kind


def get(name: str) -> Kind:
    """Return the kind of this name; NotFoundError("document-kind-unknown") when nobody has it."""
    try:
        return _KINDS[name]
    except KeyError:
        raise NotFoundError("document-kind-unknown", kind=name) from None


def visible_with(may: Callable[[str], bool]) -> list[str]:
    """Return the names of the kinds whose documents somebody with these rights may see."""
    return [kind.name for kind in _KINDS.values() if may(kind.right_to_view)]

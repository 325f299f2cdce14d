"""The sorts of events that programs can follow; each subsystem registers its own when it starts."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from django.utils.functional import _StrOrPromise


class Happening(NamedTuple):
    """The right one needs to learn of it, and what it is called."""

    right: str
    words: "_StrOrPromise"


_known: dict[str, Happening] = {}


def register(happenings: "Mapping[str, tuple[str, _StrOrPromise]]") -> None:
    """Make these sorts of events known, each with its right and words."""
    _known.update({code: Happening(*of) for code, of in happenings.items()})


def known() -> Mapping[str, Happening]:
    """Return every sort of event by its code."""
    return _known

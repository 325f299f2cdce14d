"""Limits inside a right: one kind of document, one part of it. Each subsystem names its own kinds.

A limit narrows the rights of the subsystem that named it, whose name its own begins with, and no
others. Along a chain limits add up: what is left is allowed by every link. Who has a right in two
ways has what either of them allows.
"""

import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from imas.kernel.errors import UnprocessableError
from representation.rights import VIEWING_RIGHTS
from representation.types import Limits, Narrowing

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

MOST_VALUES = 20
"""So many values of one kind can be allowed."""


@dataclass(frozen=True, slots=True)
class LimitKind:
    """A sort of limit: its values are chosen among `choices`, or typed and fit `pattern`.

    All the choices together are no limit at all.
    """

    name: str
    label: "StrOrPromise"
    help_text: "StrOrPromise" = ""
    choices: "Mapping[str, StrOrPromise]" = field(default_factory=dict)
    pattern: str = r".{1,64}"

    def allows(self, value: str) -> bool:
        """Tell whether this can be a value of the kind."""
        if self.choices:
            return value in self.choices
        return re.fullmatch(self.pattern, value) is not None

    def word(self, value: str) -> str:
        """Return a value in the reader's language."""
        return str(self.choices.get(value, value))


_KINDS: dict[str, LimitKind] = {}


def register(kind: LimitKind) -> None:
    """Let mandates be limited so from now on; called once, from the subsystem's AppConfig."""
    _KINDS[kind.name] = kind


def kinds() -> Sequence[LimitKind]:
    """Return the kinds of limits as the subsystems named them."""
    return tuple(_KINDS.values())


def understood(typed: Mapping[str, Collection[str]]) -> Limits:
    """Return limits as they are kept; a kind or value nobody named is `limit-not-known`.

    An empty kind is no limit, nor is one of which everything is chosen.
    """
    limits = {name: frozenset(values) for name, values in typed.items() if values}
    for name, values in limits.items():
        kind = _KINDS.get(name)
        wrong = values if kind is None else {one for one in values if not kind.allows(one)}
        if wrong or len(values) > MOST_VALUES:
            raise UnprocessableError("limit-not-known", value=min(wrong or values))
    return {name: values for name, values in limits.items() if values != {*_KINDS[name].choices}}


def as_json(limits: Limits) -> dict[str, list[str]]:
    """Return limits as a table keeps them."""
    return {name: sorted(values) for name, values in sorted(limits.items())}


def of_json(kept: Mapping[str, Iterable[str]]) -> Limits:
    """Return limits as they were kept."""
    return {name: frozenset(values) for name, values in kept.items()}


def narrowed(limits: Iterable[Limits]) -> Limits:
    """Return what every one of these allows; a kind of which nothing is left allows nothing."""
    left: dict[str, frozenset[str]] = {}
    for one in limits:
        for name, values in one.items():
            left[name] = left.get(name, values) & values
    return left


def joined(ways: Iterable[Limits]) -> tuple[Limits, ...]:
    """Return what any of these ways allows: those that no other contains; none: everything."""
    found = list(ways)
    if not all(found):
        return ()
    return tuple(
        way
        for place, way in enumerate(found)
        if not any(
            contains(other, way) and (not contains(way, other) or position < place)
            for position, other in enumerate(found)
            if position != place
        )
    )


def contains(wider: Limits, narrower: Limits) -> bool:
    """Tell whether everything the narrower limits allow is allowed by the wider ones."""
    return all(name in narrower and narrower[name] <= values for name, values in wider.items())


def covered(ways: Sequence[Limits], limits: Limits) -> bool:
    """Tell whether one of these ways allows everything these limits do; no ways: everything."""
    return not ways or any(contains(way, limits) for way in ways)


def of_right(limits: Limits, right: str) -> Limits:
    """Return the limits of the subsystem a right belongs to."""
    subsystem = right.partition(".")[0]
    return {name: one for name, one in limits.items() if name.partition(".")[0] == subsystem}


def rights_left(rights: Collection[str], narrowing: Narrowing) -> frozenset[str]:
    """Return the rights of which a narrowing leaves anything."""
    kept = set(rights) & VIEWING_RIGHTS if narrowing.read_only else rights
    return frozenset(right for right in kept if all(of_right(narrowing.limits, right).values()))


def words(limits: Mapping[str, Iterable[str]]) -> list[str]:
    """Return limits in the reader's language, a line for each kind."""
    return [
        f"{kind.label}: {', '.join(kind.word(value) for value in sorted(limits[kind.name]))}"
        for kind in kinds()
        if kind.name in limits
    ]


def as_text(limits: Mapping[str, Any], *, read_only: bool) -> str:
    """Return a narrowing as the journal keeps it, in no language; empty for none."""
    told = [f"{name}={','.join(sorted(values))}" for name, values in sorted(limits.items())]
    return "; ".join([*told, *(["read-only"] if read_only else [])])


def text_words(text: str) -> list[str]:
    """Return what `as_text` told in the reader's language; "read-only" is left to the page."""
    pairs = (part.partition("=") for part in text.split("; ") if "=" in part)
    return words({name: values.split(",") for name, _, values in pairs})

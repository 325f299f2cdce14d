"""The words of messages, by code; each subsystem registers its own when it starts."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, NamedTuple

from imas.web.periods import period_names

if TYPE_CHECKING:
    from django.utils.functional import _StrOrPromise


class Words(NamedTuple):
    """A title and a body in the reader's language, filled in with the message's params."""

    title: str
    body: str


_words: "dict[str, tuple[_StrOrPromise, _StrOrPromise]]" = {}


def register(words: "Mapping[str, tuple[_StrOrPromise, _StrOrPromise]]") -> None:
    """Make the words of these codes known; a code known with other words is a mistake."""
    for code, pair in words.items():
        if _words.setdefault(code, pair) is not pair:
            raise ValueError(f"The message code {code} has words already.")


def known_codes() -> frozenset[str]:
    """Return the codes that have words."""
    return frozenset(_words)


def words_of(code: str, params: Mapping[str, str]) -> Words:
    """Return the words of a message in the active language; a code without words is `KeyError`.

    What `params` call `period` and `periods` are codes of tax periods; they are told by name.
    """
    title, body = _words[code]
    told = {**params, **_periods_named(params)}
    return Words(str(title) % told, str(body) % told)


def _periods_named(params: Mapping[str, str]) -> dict[str, str]:
    return {
        name: period_names(params[name].split(", "))
        for name in ("period", "periods")
        if params.get(name)
    }


def codes_saying(text: str) -> list[str]:
    """Return the codes whose words in the active language hold this text."""
    low = text.lower()
    return [
        code
        for code, (title, body) in _words.items()
        if low in str(title).lower() or low in str(body).lower()
    ]

"""The words by which a waybill is found, and what a search asks for; pure.

A waybill is found by any part of its numbers and plates, and by the beginnings of words of
addresses and names (VMI KD-8807, KD-8808), and of numbers of papers that go along. Its parties are
among its words, so that one index serves every search of everybody.
"""

import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache
from typing import Any

from ivaz.types import Content

LONGEST = 60
_WORD = re.compile(r"[a-z0-9]+")
_LEAST = 2
"""Shorter beginnings would find half of everything."""
_MOST_WORDS = 8
_LEAST_OF_A_RARE_NUMBER = 4


def plain(text: str) -> str:
    """Return a text in small letters without their marks; what is no Latin letter is left out."""
    if text.isascii():
        return text.lower()
    return unicodedata.normalize("NFKD", text.lower()).encode("ascii", "ignore").decode()


def terms_of(content: Content, numbers: Iterable[str], taxpayer_ids: Iterable[int]) -> list[str]:
    """Return the words of a waybill, each once: its numbers in every part, names, addresses."""
    terms = {_party(taxpayer_id) for taxpayer_id in taxpayer_ids}
    for number in numbers:
        told = number_key(number)[:LONGEST]
        terms.update([told[at:] for at in range(max(len(told) - _LEAST + 1, 1))])
    for text in _texts(content):
        terms.update(_words(text))
    return [*(terms - {""})]


@lru_cache(maxsize=4096)
def _words(text: str) -> Sequence[str]:
    """Return the words of a text; names and addresses come back in a file again and again."""
    return [word[:LONGEST] for word in _WORD.findall(plain(text))]


def number_key(number: str) -> str:
    """Return a number as it is compared to the letter: small letters and digits alone."""
    return "".join(_WORD.findall(plain(number)))


def query_of(text: str, taxpayer_id: int) -> str:
    """Return the tsquery of what is looked for among a taxpayer's waybills; "" for no words."""
    asked = [_asked(chunk) for chunk in plain(text).split()[:_MOST_WORDS]]
    if not any(asked):
        return ""
    return " & ".join((_party(taxpayer_id), *filter(None, asked)))


def asks_for_a_number(text: str) -> bool:
    """Tell whether one of the words is so much of a number or plate that few waybills bear it."""
    chunks = map(number_key, text.split())
    return any(
        len(chunk) >= _LEAST_OF_A_RARE_NUMBER and any(map(str.isdigit, chunk)) for chunk in chunks
    )


def _asked(chunk: str) -> str:
    """Return what a chunk between blanks asks for: "l-1" is a number, or the words around it."""
    parts = _WORD.findall(chunk)
    joined = "".join(parts)[:LONGEST]
    if len(joined) < _LEAST:
        return ""
    told = [f"{part[:LONGEST]}:*" for part in parts if len(part) >= _LEAST]
    if len(parts) < 2 or not told:
        return f"{joined}:*"
    return f"({joined}:* | {' & '.join(told)})"


def _party(taxpayer_id: int) -> str:
    """Return the word of a taxpayer, which nobody writes."""
    return f"party{taxpayer_id}x"


def _texts(content: Content) -> Iterator[str]:
    for name in ("Consignor", "Transporter", "Consignee"):
        party = content.get(name) or {}
        yield str(party.get("Name", ""))
        yield str(party.get("RegistrationNumber", ""))
    for side, address in (("ShipFrom", "LoadAddress"), ("ShipTo", "UnloadAddress")):
        yield from _leaves((content.get(side) or {}).get(address))
    for annex in (content.get("ComplementaryTransportInformation") or {}).get("Annexes") or ():
        yield str(annex.get("DocumentNumber", ""))


def _leaves(value: Any) -> Iterator[str]:
    if isinstance(value, dict):
        for inner in value.values():
            yield from _leaves(inner)
    elif value:
        yield str(value)

"""`python -m imas.local.catalogue`: what is wrong with the words; nothing is said when all is well.

Complete means: a catalogue holds every message of the sources and no other, translated into every
plural form, not fuzzy, with the placeholders of its message. Catalogues of languages that only the
phone view of waybills speaks hold every message of `PHONE`, and may hold others that it borrows.
"""

import re
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path

import polib

from imas.local import extraction
from imas.local.extraction import Message

WHOLE = frozenset({"lt"})
PHONE = (
    "templates/ivaz/phone*.html",
    "templates/ivaz/_phone_*.html",
    *(
        f"templates/components/{name}.html"
        for name in ("sign_out", "language_switch", "error_summary", "field", "logo")
    ),
    "ivaz/pages/phone.py",
    "ivaz/forms/phone.py",
)
"""What the phone view is made of."""

_PLACEHOLDER = re.compile(r"%(?:\(\w+\))?[sd]|%%|\{\w+\}")
_STRAY = re.compile(r"(?<!%)%(?!(?:\(\w+\))?[sd]|%)")


def faults() -> Iterator[str]:
    """What is wrong with the catalogues of the project, each fault with its place."""
    said = extraction.messages()
    paths = sorted(extraction.ROOT.glob("locale/*/LC_MESSAGES/*.po"))
    if not paths:
        yield "locale: there is no catalogue"
    for path in paths:
        place = path.relative_to(extraction.ROOT)
        wanted = said if place.parts[1] in WHOLE else extraction.messages_of(PHONE)
        found = faults_of(polib.pofile(str(path)), said, wanted)
        yield from (f"{place}: {fault}" for fault in found)


def faults_of(
    catalogue: polib.POFile,
    said: Mapping[Message, Path],
    wanted: Mapping[Message, Path] | None = None,
) -> Iterator[str]:
    """What is wrong with one catalogue of what is said; it must hold what is wanted, or all."""
    entries = {_key(entry): entry for entry in catalogue if not entry.obsolete}
    for message in sorted(set(said if wanted is None else wanted) - set(entries)):
        yield f"{said[message]} says what is not here: {message.text!r}"
    for message in sorted(set(entries) - set(said)):
        yield f"nothing says any more: {message.text!r}"
    forms = int(re.findall(r"nplurals=(\d)", catalogue.metadata["Plural-Forms"])[0])
    for entry in entries.values():
        yield from (f"{fault}: {entry.msgid!r}" for fault in _faults(entry, forms))


def _faults(entry: polib.POEntry, forms: int) -> Iterator[str]:
    words = _words(entry)
    if entry.fuzzy:
        yield "fuzzy"
    if not all(words) or (entry.msgid_plural and len(words) != forms):
        yield "not translated"
        return
    wanted = _placeholders(entry.msgid_plural or entry.msgid)
    if any(_placeholders(word) != wanted for word in words):
        yield "other placeholders"
    if wanted and any(_STRAY.search(word) for word in words):
        yield "stray %"


def _words(entry: polib.POEntry) -> list[str]:
    return list(entry.msgstr_plural.values()) if entry.msgid_plural else [entry.msgstr]


def _placeholders(text: str) -> set[str]:
    return set(_PLACEHOLDER.findall(text))


def _key(entry: polib.POEntry) -> Message:
    return Message(entry.msgid, entry.msgid_plural or "", entry.msgctxt or "")


if __name__ == "__main__":
    found = list(faults())
    sys.stdout.writelines(f"{fault}\n" for fault in found)
    sys.exit(1 if found else 0)

"""The schema as programs: for each list of records the table by which `isaf.quick` knows them.

A record has values that stand in it once, and lists of elements that repeat; each value has a slot.
What is recognised is valid, but for what whoever uses the values must still ask: a date must be one
and within its bounds.

Nothing more is let through for being read as bytes: whatever has a greatest length is only held to
it sooner, what has an exact one must be ASCII, and U+FFFE and U+FFFF are the reader's business.
Only what the schema's records use is understood; anything else in it is a ValueError.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from enum import IntEnum
from typing import NamedTuple

from isaf.parsing.model import Node, Simple

_ENTITIES = ("&amp;", "&lt;", "&gt;", "&quot;", "&apos;")
_PATTERN = re.compile(r"([A-Z]*)\(?\[0-9\]\)?\*").fullmatch
_TEXT = re.compile(rb"[^<&\]\x00-\x08\x0b-\x1f]").fullmatch
_ASCII = re.compile(rb"[^<&\]\x00-\x08\x0b-\x1f\x7f-\xff]").fullmatch
_DIGITS = re.compile(rb"[0-9]").fullmatch


class Kind(IntEnum):
    """What an element holds, as the compiled part numbers it."""

    CONTAINER = 0
    TEXT = 1
    RUN = 2
    WORD = 3
    DATE = 4
    DECIMAL = 5


class Step(NamedTuple):
    """An element: its two tags, `opening` without `>`, as places in the texts, and what it holds.

    `least` and `most` bound the length of a value; of a decimal they are the digits before and
    after the point. `first` and `number` are the children, or the words; of a text and a
    run `first` is the class of their bytes, and of a run `number` the word it begins with.
    `slot` is where the value goes, `many` the list it belongs to; -1 is none.
    """

    kind: Kind
    opening: int
    opening_size: int
    closing: int
    closing_size: int
    needed: bool
    may_be_empty: bool
    nillable: bool
    least: int = 0
    most: int = 0
    first: int = 0
    number: int = 0
    slot: int = -1
    many: int = -1


class Repeated(NamedTuple):
    """A list: where its slots begin, how many an element has, and how many elements there are."""

    slot: int
    width: int
    least: int
    most: int


@dataclass
class Program:
    """The tables; the first step is the record, the first words are the compiled part's own."""

    once: int = 0
    steps: list[Step] = field(default_factory=list)
    words: list[tuple[int, int]] = field(default_factory=list)
    lists: list[Repeated] = field(default_factory=list)
    texts: bytes = b""
    classes: bytes = b""


def program_of(node: Node, prefix: str, nil: str) -> Program:
    """Return the program of a record, written with these prefixes in its document."""
    return _Writer(f"{prefix}:" if prefix else "", nil).program_of(node)


class _Writer:
    def __init__(self, prefix: str, nil: str) -> None:
        self._prefix = prefix
        self._program = Program()
        self._width = 0
        self._repeated: list[tuple[int, int, int]] = []
        for word in (f" {nil}:nil=", "true", *_ENTITIES):
            self._add_word(word)
        self._classes = {of: self._add_class(of) for of in (_TEXT, _ASCII, _DIGITS)}

    def program_of(self, node: Node) -> Program:
        program = self._program
        program.steps.append(self._tags(node))
        self._fill(0, node, inside_a_list=False)
        program.once = slot = self._width
        for width, least, most in self._repeated:
            program.lists.append(Repeated(slot, width, least, most))
            slot += width * most
        return program

    def _tags(self, node: Node) -> Step:
        name = self._prefix + node.name
        empty = node.simple.may_be_empty if node.simple else not any(c.least for c in node.children)
        return Step(
            Kind.CONTAINER,
            *self._add_text(f"<{name}"),
            *self._add_text(f"</{name}>"),
            needed=node.least > 0,
            may_be_empty=empty,
            nillable=node.nillable,
        )

    def _fill(self, at: int, node: Node, *, inside_a_list: bool) -> None:
        """Say what the element at this step holds."""
        steps = self._program.steps
        if node.simple:
            slot, self._width = self._width, self._width + 1
            steps[at] = self._value(steps[at], node.simple)._replace(slot=slot)
            return
        if node.nillable or (at and not node.least):
            raise ValueError(node.name)  # what a half of it has filled would have to be undone
        first, number = len(steps), len(node.children)
        steps[at] = steps[at]._replace(first=first, number=number)
        steps += [self._tags(child) for child in node.children]
        for place, child in enumerate(node.children, first):
            if child.most == 1:
                self._fill(place, child, inside_a_list=inside_a_list)
            elif inside_a_list:
                raise ValueError(child.name)
            else:
                self._fill_list(place, child)

    def _fill_list(self, at: int, node: Node) -> None:
        outside, self._width = self._width, 0
        self._fill(at, replace(node, least=1), inside_a_list=True)
        self._program.steps[at] = self._program.steps[at]._replace(many=len(self._repeated))
        self._repeated.append((self._width, node.least, node.most))
        self._width = outside

    def _value(self, step: Step, simple: Simple) -> Step:
        if simple.values:
            first = len(self._program.words)
            for value in simple.values:
                self._add_word(value)
            return step._replace(kind=Kind.WORD, first=first, number=len(simple.values))
        if simple.base == "date":
            return step._replace(kind=Kind.DATE)
        if simple.base == "decimal":
            fraction = simple.limit("fractionDigits")
            whole = simple.limit("totalDigits") - fraction
            return step._replace(kind=Kind.DECIMAL, least=whole, most=fraction)
        return self._string(step, simple)

    def _string(self, step: Step, simple: Simple) -> Step:
        least, most = simple.limit("minLength"), simple.limit("maxLength")
        if pattern := simple.facets.get("pattern"):
            return self._run(step, pattern, least, most)
        if exact := simple.limit("length"):
            return self._run(step, "", exact, exact)
        if simple.base != "string" or least > 1:
            raise ValueError(simple)  # a byte is no character: only "none" and "one" are told apart
        first = self._classes[_TEXT]
        return step._replace(kind=Kind.TEXT, least=least, most=most, first=first)

    def _run(self, step: Step, pattern: str, least: int, most: int) -> Step:
        word, of = "", _ASCII
        if pattern:
            found = _PATTERN(pattern)
            if found is None:
                raise ValueError(pattern)
            word, of = found[1], _DIGITS
        first, number = self._classes[of], self._add_word(word)
        return step._replace(kind=Kind.RUN, least=least, most=most, first=first, number=number)

    def _add_word(self, word: str) -> int:
        self._program.words.append(self._add_text(word))
        return len(self._program.words) - 1

    def _add_text(self, text: str) -> tuple[int, int]:
        """Return where a text lies among the texts, and its size in bytes."""
        written = text.encode()
        start = len(self._program.texts)
        self._program.texts += written
        return start, len(written)

    def _add_class(self, holds: Callable[[bytes], object]) -> int:
        """Return the number of the class of these bytes."""
        table = bytes(bool(holds(bytes([byte]))) for byte in range(256))
        self._program.classes += table
        return len(self._program.classes) // len(table) - 1

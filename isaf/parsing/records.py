"""A chunk → its records, or what is wrong with them."""

import re
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Protocol

from imas.kernel.problems import Place, Problem
from isaf.parsing.broken import BAD_ENCODING
from isaf.parsing.extracting import Record
from isaf.parsing.lists import Chunk
from isaf.parsing.recognising import InvoiceForm, Recogniser, UnknownFormError, recogniser
from isaf.parsing.validating import UnparsableError, judged_records
from isaf.quick import Walk, is_text

_STRANGERS = 16
"""Records of unknown form after which the rest of a chunk is judged at once."""


class Taker(Protocol):
    """Whoever may take recognised invoices before records are made of them."""

    def begin(self, form: InvoiceForm, /) -> None:
        """Begin a chunk."""

    def leaves(self, walk: Walk, /) -> bool:
        """Take invoices, to one that is recognised and left; False when none is recognised.

        UnknownFormError when only the schema can judge the one that the walk stands before.
        """


@dataclass
class Reading:
    """What a chunk holds: its records in order, and the schema's problems with the others.

    Not among them are invoices that a taker took.
    """

    records: list[Record] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)


def read(chunk: Chunk, taker: Taker | None = None) -> Reading:
    """Read every record of a chunk; each is valid by the schema or has a problem."""
    known = recogniser(chunk.envelope)
    if known is not None and is_text(chunk.data):
        return _ChunkReader(chunk, known, taker).read()
    try:
        chunk.data.decode()
    except UnicodeDecodeError as error:
        line = chunk.line + chunk.data.count(b"\n", 0, error.start)
        problem = Problem(
            BAD_ENCODING,
            place=Place(line=line),
            reason="bad-character",
            params={"encoding": "UTF-8"},
        )
        return Reading(problems=[problem])
    return _judged_by_the_schema(chunk)


def _judged_by_the_schema(chunk: Chunk) -> Reading:
    try:
        found = judged_records(chunk.envelope, chunk.data, chunk.line, chunk.position)
    except UnparsableError as error:
        return Reading(problems=[error.problem])
    return Reading(*found)


class _ChunkReader:
    def __init__(self, chunk: Chunk, known: Recogniser, taker: Taker | None) -> None:
        self._envelope = chunk.envelope
        self._known = known
        self._taker = taker
        self._walk = Walk(known.form, chunk.data, chunk.line, chunk.position)
        self._reading = Reading()
        record = chunk.envelope.records.record.encode()
        self._record_end = re.compile(rb"</(?:[^\s<>:/]+:)?%s\s*>" % record)

    def read(self) -> Reading:
        build = self._known.build
        if self._taker is not None and isinstance(build, InvoiceForm):
            self._taker.begin(build)
        self._walk.skip_blanks()
        strangers = 0
        while self._read_known():
            strangers += 1
            if strangers > _STRANGERS or not self._judge_one():
                self._judge_rest()
                break
        return self._reading

    def _read_known(self) -> bool:
        """Read on while records are recognised; tell whether something else stands there."""
        walk, build = self._walk, self._known.build
        leaves = Walk.sees if self._taker is None else self._taker.leaves
        add = self._reading.records.append
        with suppress(UnknownFormError):
            while leaves(walk):
                add(build(walk))
                walk.pass_by()
        return walk.at < len(walk.data)

    def _judge_one(self) -> bool:
        """Let the schema judge the next record; False when it cannot be cut out by itself."""
        found = self._record_end.search(self._walk.data, self._walk.at)
        if found is None:
            return False
        try:
            self._judge(found.end())
        except UnparsableError:
            return False
        self._walk.skip_blanks()
        return True

    def _judge_rest(self) -> None:
        try:
            self._judge(len(self._walk.data))
        except UnparsableError as error:
            self._reading.problems.append(error.problem)

    def _judge(self, end: int) -> None:
        walk = self._walk
        data = walk.data[walk.at : end]
        records, problems = judged_records(self._envelope, data, walk.line, walk.position)
        self._reading.records += records
        self._reading.problems += problems
        walk.skip_records(max(len(records), 1))
        walk.move(end)

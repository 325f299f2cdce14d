"""A chunk → its records, or what is wrong with them."""

import re
from dataclasses import dataclass, field
from typing import Protocol

from imas.kernel.problems import Place, Problem
from isaf.parsing.broken import BAD_ENCODING
from isaf.parsing.extracting import Record
from isaf.parsing.lists import Chunk
from isaf.parsing.recognising import (
    Groups,
    InvoiceForm,
    Recogniser,
    UnknownFormError,
    recogniser,
    spelled,
)
from isaf.parsing.validating import UnparsableError, judged_records

_BLANKS = re.compile(r"[ \t\r\n]*+")
NO_CHARACTERS = ("\ufffe", "\uffff")
"""What XML does not allow and the patterns do not see."""
_STRANGERS = 16
"""Records of unknown form after which the rest of a chunk is judged at once."""


class Taker(Protocol):
    """Whoever may take a recognised invoice before a record is made of it.

    The groups are UTF-8 read as Latin-1, see `recognising.spelled`.
    """

    def begin(self, form: InvoiceForm, /) -> None:
        """Begin a chunk."""

    def take(self, groups: Groups, position: int, line: int, /) -> bool:
        """Take an invoice, or leave it; UnknownFormError when only the schema can judge it."""


@dataclass
class Reading:
    """What a chunk holds: its records in order, and the schema's problems with the others.

    Not among them are invoices that a taker took.
    """

    records: list[Record] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)


def read(chunk: Chunk, taker: Taker | None = None) -> Reading:
    """Read every record of a chunk; each is valid by the schema or has a problem."""
    try:
        text = chunk.data.decode()
    except UnicodeDecodeError as error:
        line = chunk.line + chunk.data.count(b"\n", 0, error.start)
        problem = Problem(
            BAD_ENCODING,
            place=Place(line=line),
            reason="bad-character",
            params={"encoding": "UTF-8"},
        )
        return Reading(problems=[problem])
    reader = _ChunkReader(chunk, taker)
    if any(each in text for each in NO_CHARACTERS):
        return reader.judge_all()
    del text
    return reader.read()


def _nobody_takes(_groups: Groups, _position: int, _line: int) -> bool:
    return False


class _ChunkReader:
    def __init__(self, chunk: Chunk, taker: Taker | None) -> None:
        self._chunk = chunk
        self._text = chunk.data.decode("latin-1")
        self._taker = taker
        self._line = chunk.line
        self._at = 0
        self._position = chunk.position
        self._reading = Reading()
        self._record_end = re.compile(rf"</(?:[^\s<>:/]+:)?{chunk.envelope.records.record}\s*>")

    def read(self) -> Reading:
        known = recogniser(self._chunk.envelope)
        if known is None:
            return self.judge_all()
        if self._taker is not None and isinstance(known.build, InvoiceForm):
            self._taker.begin(known.build)
        self._skip_blanks()
        strangers = 0
        while self._read_known(known):
            strangers += 1
            if strangers > _STRANGERS or not self._judge_one():
                self._judge_rest()
                break
        return self._reading

    def judge_all(self) -> Reading:
        """Let the schema judge every record."""
        self._judge_rest()
        return self._reading

    def _read_known(self, known: Recogniser) -> bool:
        """Read on while records are recognised; tell whether something else stands there."""
        text, match, build = self._text, known.match, known.build
        take = self._taker.take if self._taker else _nobody_takes
        add = self._reading.records.append
        position, line, counted, at = self._position, self._line, self._at, self._at
        try:
            while found := match(text, at):
                line += text.count("\n", counted, at)
                counted = at
                groups = found.groups("")
                if not take(groups, position, line):
                    add(build(spelled(groups), position, line))
                position += 1
                at = found.end()
        except UnknownFormError:
            pass
        self._position, self._line, self._at = position, line, counted
        self._move(at)
        return at < len(text)

    def _judge_one(self) -> bool:
        """Let the schema judge the next record; False when it cannot be cut out by itself."""
        found = self._record_end.search(self._text, self._at)
        if found is None:
            return False
        try:
            self._judge(found.end())
        except UnparsableError:
            return False
        self._skip_blanks()
        return True

    def _judge_rest(self) -> None:
        try:
            self._judge(len(self._text))
        except UnparsableError as error:
            self._reading.problems.append(error.problem)

    def _judge(self, end: int) -> None:
        data = self._text[self._at : end].encode("latin-1")
        envelope = self._chunk.envelope
        records, problems = judged_records(envelope, data, self._line, self._position)
        self._reading.records += records
        self._reading.problems += problems
        self._position += max(len(records), 1)
        self._move(end)

    def _skip_blanks(self) -> None:
        if found := _BLANKS.match(self._text, self._at):
            self._move(found.end())

    def _move(self, end: int) -> None:
        self._line += self._text.count("\n", self._at, end)
        self._at = end

"""The compiled part holds its ends, whatever bytes and programs it is given."""

import re
from dataclasses import replace
from random import Random
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from isaf import rules
from isaf.parsing.lists import LISTS, Envelope
from isaf.parsing.programs import Kind, Program, program_of
from isaf.parsing.recognising import recogniser
from isaf.quick import Form, Row, Walk, count_ends, is_text
from tests.isaf.test_parsing_laws import MINIFIED, WHOLE
from tests.isaf.test_recogniser_laws import whole_records

_RECORDS = [
    (chunk.envelope, record) for file in (WHOLE, MINIFIED) for chunk, record in whole_records(file)
]


def _form(envelope: Envelope) -> Form:
    known = recogniser(envelope)
    assert known is not None
    return known.form


def _walk(envelope: Envelope, data: bytes) -> Walk:
    return Walk(_form(envelope), data, 1, 0)


@pytest.mark.parametrize("name", LISTS)
def test_a_record_cut_anywhere_is_not_recognised_and_nothing_behind_its_end_is_read(
    name: str,
) -> None:
    for envelope, record in _RECORDS:
        if envelope.name == name:
            assert _walk(envelope, record).sees()
            for end in range(len(record)):
                walk = _walk(envelope, bytes(bytearray(record[:end])))
                assert not walk.sees()
                assert (walk.at, walk.line, walk.position) == (0, 1, 0)


def test_a_record_does_not_remember_the_one_before() -> None:
    for one, first in _RECORDS:
        for other, second in _RECORDS:
            if one != other:
                continue
            walk, alone = _walk(one, first + b"\n" + second), _walk(one, second)
            assert walk.sees()
            walk.pass_by()
            assert walk.sees()
            assert alone.sees()
            assert (walk.values(), walk.lists()) == (alone.values(), alone.lists())
            assert (walk.position, walk.line) == (1, 2 + first.count(b"\n"))


def test_any_bytes_are_walked_to_an_end() -> None:
    random = Random(1)  # noqa: S311 - nothing secret is made here
    for _ in range(3000):
        envelope, record = random.choice(_RECORDS)
        data = bytearray(record)
        for _ in range(random.randint(1, 8)):
            at = random.randrange(len(data) + 1)
            data[at : at + random.randint(0, 3)] = random.randbytes(random.randint(0, 4))
        walk = _walk(envelope, bytes(data) + record[: random.randrange(len(record))])
        while walk.sees():
            before = walk.at
            walk.pass_by()
            assert before < walk.at <= len(walk.data)


@given(st.binary(max_size=200))
def test_bytes_that_are_no_record_are_not_recognised(data: bytes) -> None:
    for envelope in {envelope for envelope, _ in _RECORDS}:
        assert not _walk(envelope, data).sees()


@pytest.mark.parametrize("filler", [b"x", b"9", b"&amp;", b" ", b"\n", b"<", b">", b"\xc4\x85"])
def test_a_huge_value_is_not_recognised(filler: bytes) -> None:
    for envelope, record in _RECORDS[:: len(_RECORDS) // 8]:
        middle = record.index(b">", record.index(b">") + 1) + 1
        assert not _walk(envelope, record[:middle] + filler * 3_000_000).sees()
        walk = _walk(envelope, record + filler * 3_000_000)
        assert walk.sees()


def test_a_walk_goes_forward_only_and_not_past_its_end() -> None:
    envelope, record = next(each for each in _RECORDS if each[0].name == "SalesInvoices")
    walk = _walk(envelope, record)
    for wrong in (-1, len(record) + 1):
        with pytest.raises(IndexError):
            walk.move(wrong)
    with pytest.raises(LookupError):
        walk.pass_by()
    for ask in (walk.lists, walk.values):
        with pytest.raises(IndexError):
            ask()
    assert walk.sees()
    walk.move(len(record))
    with pytest.raises(IndexError):
        walk.values()
    assert not walk.sees()


_PROGRAM = program_of(LISTS["SalesInvoices"].node, "", "xsi")


def _with_step(of: Kind, **changed: int) -> Program:
    steps = list(_PROGRAM.steps)
    at = next(at for at, step in enumerate(steps) if step.kind == of)
    steps[at] = steps[at]._replace(**changed)  # type: ignore[arg-type]
    return replace(_PROGRAM, steps=steps)


@pytest.mark.parametrize(
    "program",
    [
        Program(),
        replace(_PROGRAM, once=0),
        replace(_PROGRAM, once=_PROGRAM.once - 1),
        replace(_PROGRAM, texts=_PROGRAM.texts[:-1]),
        replace(_PROGRAM, classes=b""),
        replace(_PROGRAM, classes=b"\x01" * 768),
        replace(_PROGRAM, words=_PROGRAM.words[:6]),
        replace(_PROGRAM, words=[(-1, 2), *_PROGRAM.words[1:]]),
        replace(_PROGRAM, lists=_PROGRAM.lists[:1]),
        replace(_PROGRAM, lists=[_PROGRAM.lists[0]._replace(most=2**30), _PROGRAM.lists[1]]),
        replace(_PROGRAM, lists=[_PROGRAM.lists[0]._replace(width=1), _PROGRAM.lists[1]]),
        _with_step(Kind.CONTAINER, first=0),
        _with_step(Kind.CONTAINER, number=2**31 - 1),
        _with_step(Kind.CONTAINER, many=0),
        _with_step(Kind.TEXT, slot=_PROGRAM.once),
        _with_step(Kind.TEXT, slot=-1),
        _with_step(Kind.TEXT, first=3),
        _with_step(Kind.TEXT, opening=-1),
        _with_step(Kind.TEXT, closing_size=2**31 - 1),
        _with_step(Kind.WORD, number=1000),
        _with_step(Kind.RUN, number=1000),
        _with_step(Kind.DATE, kind=6),
    ],
)
def test_a_program_that_points_outside_its_tables_is_refused(program: Any) -> None:
    with pytest.raises(ValueError, match="no program"):
        Form(program)


def test_a_row_of_a_kind_holds_no_numbers_that_could_overflow() -> None:
    columns = (b"", b"", b"")
    for rate, tolerance in ((100_001, 0), (-100_001, 0), (2**63, 0), (0, -1), (0, 2**62)):
        with pytest.raises(OverflowError):
            Row(rate, tolerance, columns, lambda *_: True)


@given(st.from_regex(r"[!-%'-\[\]-~ ]{0,12}[0-9][!-%'-\[\]-~ ]{0,12}", fullmatch=True))
def test_a_number_with_a_digit_and_without_nr_is_plain(number: str) -> None:
    if "NR" not in number.upper():
        assert rules.is_plain_number(number)


_PIECES = [
    b"</",
    b"<",
    b"Invoice",
    b"Invoice>",
    b">",
    b":",
    b" ",
    b"\x0b",
    b"No",
    b"\xff",
    b"</Invoice>",
]


@given(st.lists(st.sampled_from(_PIECES), max_size=12).map(b"".join))
def test_end_tags_are_counted_as_they_are_looked_for(data: bytes) -> None:
    looked_for = re.compile(rb"</(?:[^\s<>:/]+:)?Invoice\s*>")
    assert count_ends(data, b"Invoice") == len(looked_for.findall(data))


_CHARACTERS = [
    *(bytes([byte]) for byte in range(0x7E, 0x100)),
    *(
        letter.encode()
        for letter in "a\u0080ž\u07ff\u0800\u20ac\ud7ff\ue000\ufffd\U00010000\U0010ffff"
    ),
    *(b"\xed\xa0\x80", b"\xf4\x90\x80\x80", b"\xc1\xbf", b"\xe0\x9f\xbf", b"\xf0\x8f\xbf\xbf"),
    *("\ufffe".encode(), "\uffff".encode(), "\ufffdx".encode(), b"abcdefgh"),
]


@given(st.lists(st.sampled_from(_CHARACTERS), max_size=12).map(b"".join) | st.binary())
def test_text_is_what_python_reads_but_two_characters(data: bytes) -> None:
    try:
        text = data.decode()
    except UnicodeDecodeError:
        assert not is_text(data)
    else:
        assert is_text(data) == ("\ufffe" not in text and "\uffff" not in text)

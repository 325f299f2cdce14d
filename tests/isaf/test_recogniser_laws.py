"""What the recogniser accepts, the schema accepts and reads alike: thousands of changed records.

`make laws RECORDS=5000000` tries as many as one has time for; CI tries RECORDS of them.
"""

import os
import re
from collections.abc import Iterator
from io import BytesIO
from random import Random

import pytest

from isaf.parsing.lists import LISTS, Chunk
from isaf.parsing.recognising import UnknownFormError, recogniser
from isaf.parsing.splitting import Splitter
from isaf.parsing.validating import UnparsableError, judged_records
from isaf.quick import Walk, is_text
from tests.isaf.test_parsing_laws import MINIFIED, NEW_TAGS, NEW_VALUES, WHOLE

RECORDS = int(os.environ.get("RECORDS", "6000"))
SEED = int(os.environ.get("SEED", "1"))

_VALUE = re.compile(rb">([^<]*)</")
_TAG = re.compile(rb"<[^>]*>")
_BYTES = (
    *(bytes([code]) for code in range(256)),
    *"ąžĄ„“ \u0085\u00a0\u2028\ufeff\ufffe\uffff\U00010000".encode(
        "utf-8", "surrogatepass"
    ).split(),
    *("ą".encode(), "ž".encode(), "\uffff".encode(), "\ufffe".encode(), "\u0085".encode()),
    b"\xed\xa0\x80",
    b"&amp;",
    b"&lt;",
    b"]]>",
)


def whole_records(file: bytes) -> Iterator[tuple[Chunk, bytes]]:
    """Yield every record of a file, with the chunk it stands in."""
    for chunk in Splitter(BytesIO(file)):
        end = re.compile(rb"(?<=</%s>)" % chunk.envelope.records.record.encode())
        for record in end.split(chunk.data):
            if record.strip():
                yield chunk, record.strip()


def _changed(random: Random, record: bytes) -> bytes:
    for _ in range(random.choice((1, 1, 1, 2, 3))):
        record = random.choice(_CHANGES)(random, record)
    return record


def _another_value(random: Random, record: bytes) -> bytes:
    start, end = random.choice([each.span(1) for each in _VALUE.finditer(record)] or [(0, 0)])
    return record[:start] + random.choice(NEW_VALUES) + record[end:]


def _another_byte(random: Random, record: bytes) -> bytes:
    start, end = random.choice([each.span(1) for each in _VALUE.finditer(record)] or [(0, 0)])
    at = random.randint(start, end)
    return record[:at] + random.choice(_BYTES) + record[at + random.randint(0, 2) :]


def _longer_value(random: Random, record: bytes) -> bytes:
    start, end = random.choice([each.span(1) for each in _VALUE.finditer(record)] or [(0, 0)])
    times = random.choice((2, 20, 36, 71, 128, 257))
    return record[:end] + (record[start:end] or random.choice(_BYTES)) * times + record[end:]


def _another_tag(random: Random, record: bytes) -> bytes:
    start, end = random.choice([each.span() for each in _TAG.finditer(record)] or [(0, 0)])
    return record[:start] + random.choice(NEW_TAGS) + record[end:]


def _moved(random: Random, record: bytes) -> bytes:
    places = [each.start() for each in _TAG.finditer(record)] + [len(record)]
    a, b, c = sorted(random.choices(places, k=3))
    return record[:a] + record[b:c] + record[a:b] + record[c:]


_OFTEN = (_another_value, _another_byte)
_CHANGES = (*_OFTEN, *_OFTEN, _longer_value, _another_tag, _moved)


def _recognised(chunk: Chunk, data: bytes) -> object | None:
    """Return the record the recogniser makes of the bytes, as the reader asks it."""
    known = recogniser(chunk.envelope)
    assert known is not None
    if not is_text(data):
        return None
    walk = Walk(known.form, data, 1, 0)
    if not walk.sees():
        return None
    try:
        record = known.build(walk)
    except UnknownFormError:
        return None
    walk.pass_by()
    return record if walk.at == len(data) else None


@pytest.mark.parametrize("name", LISTS)
def test_nothing_is_recognised_that_the_schema_refuses(name: str) -> None:
    random = Random(SEED)  # noqa: S311 - nothing secret is made here
    every = [*whole_records(WHOLE), *whole_records(MINIFIED)]
    originals = [each for each in every if each[0].envelope.name == name]
    recognised = 0
    for _ in range(RECORDS // len(LISTS)):
        chunk, original = random.choice(originals)
        data = _changed(random, original)
        record = _recognised(chunk, data)
        if record is None:
            continue
        recognised += 1
        try:
            records, problems = judged_records(chunk.envelope, data, 1, 0)
        except UnparsableError as error:
            pytest.fail(f"{error.problem} in {data!r}")
        assert not problems, data
        assert records == [record], data
    assert recognised > RECORDS // len(LISTS) / 20

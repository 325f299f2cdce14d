"""Files that are packed, written or meant otherwise than usual, sent to the live house."""

import gzip
import io
import re
import time
import zipfile
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import pytest

from demo.people import companies
from imas.kernel import clock
from intake.presenting import problem_message
from isaf.file_check import check_file
from tests.running.house import House, wait_until
from tests.running.registers import company_register
from tests.running.rest import Program, names, program_of
from tests.running.weighing import weighed

pytestmark = pytest.mark.slow

PLACE = 5
"""Of the demo's companies the one that these files are sent for."""
SECONDS = 20
"""The longest that any of these files may take, to the verdict and from there to nothing."""
GROWTH = {"web": 60, "worker": 120}
"""MB by which the processes may grow meanwhile."""

XML, GZIP, ZIP = "application/xml", "application/gzip", "application/zip"
ACCEPTED, REJECTED, REFUSED = "ACCEPTED", "REJECTED", "UPLOAD_REJECTED"
BLANKS = 10 * 2**20


@dataclass(frozen=True)
class Case:
    """A file, how it is sent, and the answer: state and, unless accepted, code and reason."""

    name: str
    content: Callable[[], bytes]
    state: str
    code: str = ""
    reason: str = ""
    type: str = XML


def _plain() -> bytes:
    return company_register(PLACE)


def _text() -> str:
    return _plain().decode()


def _recoded(encoding: str, *, declared: str) -> bytes:
    return _text().replace('encoding="UTF-8"', f'encoding="{declared}"').encode(encoding)


def _after_declaration(text: str) -> str:
    return _text().replace("?>", f"?>{text}", 1)


def _with_root_entity(declarations: str, entity: str) -> str:
    spoilt = _after_declaration(f"<!DOCTYPE iSAFFile [{declarations}]>")
    return re.sub(r"<CustomerName>|<Name>", lambda found: f"{found[0]}&{entity};", spoilt, count=1)


def _zipped(*members: tuple[str, bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members:
            archive.writestr(name, content)
    return out.getvalue()


@cache
def _gzip_bomb() -> bytes:
    """A beginning of XML, then 1 GB of blanks, in about 1 MB."""
    return gzip.compress(b"<iSAFFile>") + gzip.compress(b" " * BLANKS) * 100


def _zip_bomb() -> bytes:
    out = io.BytesIO()
    with (
        zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive,
        archive.open("bomb.xml", "w", force_zip64=True) as member,
    ):
        member.write(b"<iSAFFile>")
        for _ in range(40):
            member.write(b" " * BLANKS)
    return out.getvalue()


def _entities() -> str:
    """Ten times ten times ten ..., the "billion laughs"."""
    levels = ['<!ENTITY l0 "cha">']
    levels += [f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 10)]
    return _with_root_entity("".join(levels), "l9")


def _wrongly_nested() -> bytes:
    """Ten elements inside one another, closed in the order in which they were opened."""
    opened = "".join(f"<a{n}>" for n in range(10))
    closed = "".join(f"</a{n}>" for n in range(10))
    return _text().replace("<Invoice>", f"<Invoice>{opened}{closed}", 1).encode()


def _invoices_in_invoices() -> bytes:
    text = _text().replace("<Invoice>", "<Invoice>" * 10, 1)
    return text.replace("</Invoice>", "</Invoice>" * 10, 1).encode()


def _with(old: str, new: str) -> bytes:
    return _text().replace(old, new).encode()


CASES: Sequence[Case] = (
    Case("windows-1257", lambda: _recoded("cp1257", declared="windows-1257"), ACCEPTED),
    Case("utf-8 with bom", lambda: b"\xef\xbb\xbf" + _plain(), ACCEPTED),
    Case("utf-16", lambda: _recoded("utf-16", declared="UTF-16"), ACCEPTED),
    Case("gzip", lambda: gzip.compress(_plain()), ACCEPTED, type=GZIP),
    Case("zip", lambda: _zipped(("a.xml", _plain())), ACCEPTED, type=ZIP),
    Case("empty", lambda: b"", REFUSED, "11007"),
    Case("one byte", lambda: b"x", REFUSED, "11001"),
    Case("one byte of xml", lambda: b"<", REJECTED, "11010", "not-xml"),
    Case("truncated", lambda: _plain()[: len(_plain()) * 2 // 3], REJECTED, "11004", "truncated"),
    Case("truncated gzip", lambda: gzip.compress(_plain())[:-200], REJECTED, "11001", "damaged"),
    Case("wrongly nested", _wrongly_nested, REJECTED, "11004", "mismatched-tag"),
    Case("invoices in invoices", _invoices_in_invoices, REJECTED, "11004"),
    Case("deeper than deep", lambda: b"<a>" * 100_000, REJECTED, "11004", "too-deep"),
    Case(
        "doctype",
        lambda: _after_declaration('<!DOCTYPE iSAFFile SYSTEM "file:///etc/passwd">').encode(),
        REJECTED,
        "11004",
        "doctype",
    ),
    Case(
        "doctype in utf-16",
        lambda: (
            _with_root_entity('<!ENTITY f SYSTEM "file:///etc/passwd">', "f")
            .replace("UTF-8", "UTF-16", 1)
            .encode("utf-16")
        ),
        REJECTED,
        "11004",
        "doctype",
    ),
    Case(
        "doctype after a long comment",
        lambda: _after_declaration(f"<!--{' ' * 2**20}--><!DOCTYPE iSAFFile>").encode(),
        REJECTED,
        "11004",
        "doctype",
    ),
    Case("entity bomb", lambda: _entities().encode(), REJECTED, "11004", "doctype"),
    Case("zip bomb", _zip_bomb, REJECTED, "11002", "ratio", ZIP),
    Case("gzip bomb", _gzip_bomb, REJECTED, "11002", "ratio", GZIP),
    Case("gzip in gzip", lambda: gzip.compress(_gzip_bomb()), REJECTED, "11001", "nested", GZIP),
    Case(
        "zip slip",
        lambda: _zipped(("../../etc/cron.d/a.xml", _plain())),
        REJECTED,
        "11001",
        "name",
        ZIP,
    ),
    Case(
        "two files in a zip",
        lambda: _zipped(("a.xml", _plain()), ("b.xml", _plain())),
        REJECTED,
        "11001",
        "several",
        ZIP,
    ),
    Case(
        "one text of 50 MB",
        lambda: _with("</iSAFFile>", f"<a>{'x' * 50 * 2**20}</a></iSAFFile>"),
        REJECTED,
        "11004",
    ),
    Case(
        "wrong namespace",
        lambda: re.sub(rb'xmlns="[^"]*"', b'xmlns="http://example.org/isaf"', _plain(), count=1),
        REJECTED,
        "11005",
    ),
    Case("another encoding than declared", lambda: _recoded("cp1257", declared="UTF-8"), REJECTED),
    Case(
        "an encoding that hides",
        lambda: _recoded("utf-7", declared="UTF-7"),
        REJECTED,
        "11008",
    ),
    Case("a pdf", lambda: b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n" + b"1" * 5000, REFUSED, "11001"),
    Case("a web page", lambda: b"<!doctype html><html><p>Hi</html>", REJECTED, "11004"),
)


@pytest.fixture(scope="module")
def program(house: House) -> Program:
    return program_of(house, companies()[PLACE].code)


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name.replace(" ", "-"))
def test_a_file_gets_one_clear_answer_in_time_and_leaves_nothing(
    house: House, program: Program, case: Case, tmp_path: Path
) -> None:
    content, before = case.content(), _stored(house)
    with weighed(house) as weights:
        began = time.monotonic()
        sent = program.send(content, case.type)
        stands = program.verdict(sent.body["id"], SECONDS)
        took = time.monotonic() - began

    findings = program.problems(sent.body["id"])
    grown = {name: round(weights.growth(name)) for name in GROWTH}
    assert stands["state"] == case.state, findings
    assert sent.status == (422 if case.state == REFUSED else 202), sent
    assert sent.body["receipt"]["size"] == len(content)
    assert took < SECONDS
    assert all(grown[name] < most for name, most in GROWTH.items()), grown
    if case.state != ACCEPTED:
        (first, *_) = findings
        assert first["severity"] == "error"
        assert first["code"] == (case.code or first["code"])
        assert first["reason"] == (case.reason or first["reason"])
        wait_until(lambda: _stored(house) == before, SECONDS)
    assert all(_is_said(finding["message"]) for finding in findings)
    assert names(findings) == names(_by_hand(content, tmp_path))
    wait_until(lambda: not list(Path(house.environ["VAR_DIR"], "work").glob("*")), SECONDS)


def _stored(house: House) -> list[tuple[object, ...]]:
    return house.rows(
        "SELECT (SELECT count(*) FROM isaf_part), (SELECT count(*) FROM isaf_register),"
        " (SELECT count(*) FROM isaf_invoice), (SELECT count(*) FROM isaf_tax_row),"
        " (SELECT count(*) FROM isaf_settlement)"
    )


def _is_said(message: dict[str, str]) -> bool:
    sentences = message.values()
    return message["lt"] != message["en"] and all(
        sentence.endswith((".", ">")) and "%" not in sentence for sentence in sentences
    )


def _by_hand(content: bytes, folder: Path) -> Iterator[dict[str, object]]:
    """Yield what `check_file` finds in the same bytes."""
    path = folder / "file"
    path.write_bytes(content)
    for problem in check_file(path, clock.today()).problems:
        place = problem.place
        yield {
            "code": problem.code,
            "reason": problem.reason,
            "line": place.line,
            "column": place.column,
            "invoice_no": place.invoice_no,
            "message": problem_message("isaf", problem, "en"),
        }

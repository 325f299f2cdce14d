"""A file gets the same verdict from the command, from the web service and on the page."""

import json
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from demo.mandates import ACCOUNTANT
from demo.people import companies
from tests.running.house import ROOT, House
from tests.running.portal import Person
from tests.running.rest import program_of

pytestmark = pytest.mark.slow

SAMPLES = ROOT / "tests/isaf/samples"
PLACE = 6
LANGUAGE = "lt"
_CODE, _MESSAGE, _INVOICE, _LINE = 1, 3, 8, 9
"""Columns of the table to take away."""


def test_every_sample_is_judged_alike_everywhere(house: House, tmp_path: Path) -> None:
    code = companies()[PLACE].code
    paths = list(_adapted(SAMPLES, code, tmp_path))
    by_command = _checked(paths)
    program = program_of(house, code)
    person = Person(house, ACCOUNTANT.name, code, LANGUAGE)

    for path in paths:
        content = path.read_bytes()
        sent = program.ask("/isaf/files?dry_run=true", content, Content_Type="application/xml")
        on_page = person.try_out(content)
        program.verdict(sent.body["id"])
        program.verdict(on_page)
        by_service = [_seen(problem) for problem in program.problems(sent.body["id"])]
        by_page = [_row(row) for row in person.problems(on_page)]
        assert by_service == by_command[path.name], path.name
        assert by_page == by_command[path.name], path.name
    assert any(by_command.values())


def _adapted(folder: Path, code: str, target: Path) -> Iterator[Path]:
    """Write the samples anew, as if they were the files of this taxpayer."""
    own = rb"\g<1>" + code.encode()
    for sample in sorted(folder.glob("*.xml")):
        path = target / sample.name
        header = re.sub(
            rb"(<RegistrationNumber>)[0-9]+", own, sample.read_bytes(), count=1, flags=re.IGNORECASE
        )
        path.write_bytes(header)
        yield path


def _checked(paths: list[Path]) -> dict[str, list[tuple[Any, ...]]]:
    done = subprocess.run(
        [sys.executable, "manage.py", "check_file", "--json", *map(str, paths)],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 1, done.stderr
    return {
        Path(item["file"]).name: [_seen(problem) for problem in item["problems"]]
        for item in json.loads(done.stdout)
    }


def _seen(problem: dict[str, Any]) -> tuple[Any, ...]:
    line = "" if problem["line"] is None else str(problem["line"])
    return problem["code"], line, problem["invoice_no"], problem["message"][LANGUAGE]


def _row(row: list[str]) -> tuple[Any, ...]:
    return row[_CODE], row[_LINE], row[_INVOICE], row[_MESSAGE]

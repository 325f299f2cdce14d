"""One command measures everything, with the usual sizes unless others are asked for."""

import subprocess
from pathlib import Path

import pytest

from bench.__main__ import HEADING, ROW, SIZES
from bench.result import Result

ROOT = Path(__file__).resolve().parents[2]


@pytest.mark.parametrize(
    ("given", "command"),
    [([], "-m bench"), (["SIZE=20000"], "-m bench --size 20000")],
)
def test_a_size_is_passed_on_and_none_is_invented(given: list[str], command: str) -> None:
    dry = ["make", "--dry-run", "--old-file=setup", "--no-print-directory", "bench", *given]
    told = subprocess.run(dry, cwd=ROOT, capture_output=True, text=True, check=True).stdout
    assert told.strip().endswith(command)


def test_the_usual_sizes_are_those_of_the_aims() -> None:
    aims = {"ingest": (100_000, 500_000), "crosscheck": (1_000_000,), "pages": (10_000_000,)}
    assert aims.items() <= SIZES.items()


def test_the_table_says_what_was_measured_against_what() -> None:
    result = Result("pages", 5, 0.3, "the same, small", 0.1, 12.34, notes="p95")
    heading, _line = HEADING.splitlines()
    row = ROW.format(**result.as_json())
    assert heading.count("|") == row.count("|") == 9
    assert row == "| pages | 5 | 0.3 | the same, small | 0.1 | 3.0 | 12.3 | p95 |"

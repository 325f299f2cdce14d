"""`python -m bench NAME [--size N] [--json]`; without a name, all of them as a table."""

import argparse
import importlib
import json
import os
import sys
from typing import NoReturn

from bench.ground import ground
from bench.result import Result
from imas.local.allocator import FRUGAL

SIZES = {
    "ingest": (100_000, 500_000),
    "growth": (10_000, 100_000, 500_000),
    "crosscheck": (1_000_000,),
    "survey": (1_000_000,),
    "refresh": (1_000_000, 10_000_000),
    "pages": (10_000_000,),
    "registers": (200_000,),
    "acting": (500_000,),
    "likeness": (100_000,),
    "returns": (10_000, 100_000, 500_000),
    "waybills": (1_000, 10_000),
    "posting": (1_000,),
    "searching": (2_000_000,),
}
HEADING = (
    "| bench | size | seconds | reference | its seconds | ratio | peak MB | notes |\n" + "|---" * 8
) + "|"
ROW = (
    "| {name} | {size} | {seconds} | {reference} | {reference_seconds} | {ratio} | {peak_mb} "
    "| {notes} |"
)


def main() -> None:
    """Measure what was asked for and print it."""
    asked = _arguments()
    if not FRUGAL.keys() <= os.environ.keys():
        _begin_as_the_worker_does()
    names = [asked.name] if asked.name else list(SIZES)
    if not asked.json:
        _tell(HEADING)
    with ground():
        for name in names:
            for size in [asked.size] if asked.size else SIZES[name]:
                told = _measure(name, size).as_json()
                _tell(json.dumps(told) if asked.json else ROW.format(**told))


def _begin_as_the_worker_does() -> NoReturn:
    """Begin again with the memory kept as the house's processes keep it."""
    command = [sys.executable, "-m", "bench", *sys.argv[1:]]
    os.execve(sys.executable, command, {**FRUGAL, **os.environ})  # noqa: S606 - our own


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    parser.add_argument("name", nargs="?", choices=list(SIZES))
    parser.add_argument("--size", type=int, help="invoices (or pairs) instead of the usual number")
    parser.add_argument("--json", action="store_true", help="one JSON object a line")
    return parser.parse_args()


def _measure(name: str, size: int) -> Result:
    result = importlib.import_module(f"bench.{name}").measure(size)
    assert isinstance(result, Result)  # noqa: S101 - the module's promise
    return result


def _tell(line: str) -> None:
    """Write a line at once: all of them take twenty minutes and more, and one may be waited for."""
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main()

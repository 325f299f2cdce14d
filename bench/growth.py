"""How ingest grows: a file taken in by two workers and by one, and ten files one after the other.

The reference is one worker. Of the ten, each of another taxpayer, the first and the last are told:
whether what is stored already costs those who come later.
"""

import shutil
from pathlib import Path

from bench import ingest
from bench.ground import empty
from bench.memory import PeakMemory
from bench.result import Result
from isaf import judging

_FILES = 10
_HEADER = 4096


def measure(size: int) -> Result:
    """Take a file of so many invoices in by two workers and by one, then ten such files."""
    path = ingest.made(size)
    judging.prepare()
    with PeakMemory() as memory:
        reference = _by_one(path, size)
    empty()
    seconds = ingest.seconds_of(path, size)
    empty()
    each = [ingest.seconds_of(_for(path, f"{nth}"), size, _code(f"{nth}")) for nth in range(_FILES)]
    notes = f"ten files: {sum(each):.1f} s, the first {each[0]:.2f}, the last {each[-1]:.2f}"
    return Result("growth", size, seconds, "one worker", reference, memory.megabytes, notes)


def _by_one(path: Path, size: int) -> float:
    usual = judging.WORKERS
    empty()
    judging.WORKERS = 1
    try:
        return ingest.seconds_of(path, size)
    finally:
        judging.WORKERS = usual


def _code(nth: str) -> str:
    return ingest.CODE[:-1] + nth


def _for(path: Path, nth: str) -> Path:
    """Write the file as that of another taxpayer, in the place of the one before."""
    copy = path.with_name("another.xml")
    with path.open("rb") as source, copy.open("wb") as target:
        header = source.read(_HEADER)
        target.write(header.replace(ingest.CODE.encode(), _code(nth).encode()))
        shutil.copyfileobj(source, target)
    return copy

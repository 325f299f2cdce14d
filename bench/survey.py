"""A month of pairs made sure of for everybody, against DuckDB judging the same deals.

Every verdict is reached anew from the packed facts, by two workers, and held against the pairs
that are kept; none has to be written. DuckDB joins a table in memory and keeps each verdict there.
"""

from statistics import median

from bench.crosscheck import judged_alike
from bench.economy import judge, tell
from bench.memory import PeakMemory
from bench.result import Result


def measure(size: int) -> Result:
    """Make sure of so many deals three times, after they were judged; tell the median."""
    tell(size)
    with PeakMemory() as memory:
        first, *turns = judge(4)
    reference = judged_alike()
    told = ", ".join(f"{one:.2f}" for one in turns)
    notes = f"{told} s; judged for the first time before: {first:.1f} s"
    return Result(
        "survey", size, median(turns), "DuckDB, same pairs", reference, memory.megabytes, notes
    )

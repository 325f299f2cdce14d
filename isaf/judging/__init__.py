"""From a file to its verdict: one pass, constant memory, all findings with their places.

Pure but for the sink that whoever asks may bring along: no Django, no transaction, no words.
"""

from collections.abc import Callable
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory

from isaf.judging.sink import StorePlan
from isaf.judging.trial import Terms, Trial
from isaf.judging.verdicts import FindingsLike, RegisterSummary, Summary
from isaf.judging.workers import prepare
from isaf.types import Header, TaxpayerFacts

SMALL = 4 * 2**20
"""Bytes below which starting other processes takes longer than judging the file."""
WORKERS = 2

__all__ = ["RegisterSummary", "Summary", "judge", "prepare"]


def judge(  # noqa: PLR0913 - a pass is told all this, each by name
    path: Path,
    *,
    findings: FindingsLike,
    today: date,
    facts_of: Callable[[Header], TaxpayerFacts] | None = None,
    store: Callable[[Header, TaxpayerFacts | None], StorePlan | None] | None = None,
    progress: Callable[[int, int], None] | None = None,
    room: Path | None = None,
) -> Summary:
    """Judge the plain XML at `path` and give every finding to `findings`, in file order.

    `facts_of` is asked once, when the header is valid; without it only what the file itself
    decides is judged. `store` is asked once, when the header has no error; None stores nothing.
    Rows may have been stored though the verdict is not `accepted`: whoever asked takes them away.
    `room` is where the folder for the pass is made, else among the system's temporary files.
    `progress` is told the bytes and records read, once per chunk. What a sink raises comes out.
    """
    count = WORKERS if path.stat().st_size >= SMALL else 0
    terms = Terms(today, facts_of, store, progress, count)
    with TemporaryDirectory(prefix="judge-", dir=room) as folder:
        return Trial(path, terms, Path(folder)).run(findings)

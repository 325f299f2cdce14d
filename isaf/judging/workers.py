"""Who judges the chunks: this process, or a few others that die with it."""

import gc
import multiprocessing
import os
import threading
from collections import deque
from collections.abc import Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from multiprocessing import connection, forkserver, util
from typing import Protocol

from isaf.judging.chunks import ChunkJudge, Setup
from isaf.judging.verdicts import ChunkVerdict
from isaf.parsing.lists import Chunk

_OBJECTS_BETWEEN_COLLECTIONS = 200_000
"""Records are many and have no cycles: looking for some among them would be lost time."""
_AHEAD = 2
"""Chunks waiting for each worker: enough to keep it busy, few enough to keep memory flat."""

_PRELOADED = ("isaf.judging.workers", "isaf.storing")
"""What worker processes need: the pure modules and the sink, neither Django nor the queue."""


class Workers(Protocol):
    """Takes chunks, gives verdicts in the same order."""

    def judge(self, chunk: Chunk) -> Iterator[ChunkVerdict]:
        """Take a chunk; yield the verdicts that are ready, or must be so before more are taken."""

    def finish(self) -> Iterator[ChunkVerdict]:
        """Yield the verdicts still due."""

    def close(self) -> None:
        """Let everybody go, whatever they are doing."""


class OneProcess:
    """Judges in this process, which is quicker for a small file than starting others."""

    def __init__(self, setup: Setup) -> None:
        self._judge = ChunkJudge(setup)

    def judge(self, chunk: Chunk) -> Iterator[ChunkVerdict]:
        """Judge at once."""
        yield self._judge.judge(chunk)

    def finish(self) -> Iterator[ChunkVerdict]:
        """Nothing is ever due."""
        yield from ()

    def close(self) -> None:
        """Let the sink go."""
        self._judge.close()


def prepare() -> None:
    """Start the small process that workers are forked from, unless it runs; does not wait for it.

    Whoever will judge large files calls this early, so that the first of them need not wait.
    """
    multiprocessing.get_context("forkserver").set_forkserver_preload([*_PRELOADED])
    forkserver.ensure_running()


class SeveralProcesses:
    """Judges in processes started afresh: nothing of this one is shared but what is sent.

    They are forked from one small process that knows the rules and nothing else, so that they
    begin at once and share the memory of what they all import.
    """

    def __init__(self, setup: Setup, count: int) -> None:
        prepare()
        context = multiprocessing.get_context("forkserver")
        self._pool = ProcessPoolExecutor(count, context, initializer=_start, initargs=(setup,))
        self._due: deque[Future[ChunkVerdict]] = deque()
        self._most = count * (1 + _AHEAD)

    def judge(self, chunk: Chunk) -> Iterator[ChunkVerdict]:
        """Send the chunk off; wait for the oldest when too many are out."""
        self._due.append(self._pool.submit(_work, chunk))
        while self._due and (len(self._due) >= self._most or self._due[0].done()):
            yield self._due.popleft().result()

    def finish(self) -> Iterator[ChunkVerdict]:
        """Wait for all."""
        while self._due:
            yield self._due.popleft().result()

    def close(self) -> None:
        """Call back what has not begun and let the processes end."""
        self._pool.shutdown(wait=True, cancel_futures=True)


_judges: list[ChunkJudge] = []


def _start(setup: Setup) -> None:
    """Make this worker process ready; it ends when its parent does, however that ends."""
    parent = multiprocessing.parent_process()
    if parent is not None:
        threading.Thread(target=_end_with, args=(parent.sentinel,), daemon=True).start()
    gc.set_threshold(_OBJECTS_BETWEEN_COLLECTIONS)
    judge = ChunkJudge(setup)
    _judges.append(judge)
    util.Finalize(None, judge.close, exitpriority=10)


def _end_with(sentinel: int) -> None:
    connection.wait([sentinel])
    os._exit(1)


def _work(chunk: Chunk) -> ChunkVerdict:
    return _judges[0].judge(chunk)

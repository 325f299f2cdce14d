"""Who judges the chunks: this process, or a few others that die with it."""

import gc
import multiprocessing
import os
import threading
from collections import deque
from collections.abc import Iterator, Sequence
from concurrent.futures import Future, ProcessPoolExecutor
from dataclasses import dataclass, replace
from multiprocessing import connection, forkserver, util
from pathlib import Path
from typing import BinaryIO, Protocol

from isaf.judging.chunks import ChunkJudge, Setup
from isaf.judging.verdicts import ChunkVerdict
from isaf.parsing.lists import Chunk

_OBJECTS_BETWEEN_COLLECTIONS = 200_000
"""Records are many and have no cycles: looking for some among them would be lost time."""
_AHEAD = 1
"""Tasks waiting for each worker: enough to keep it busy, few enough to keep memory flat."""
_TOGETHER = 2
"""Chunks in a task: each COPY costs the server something by itself, a tenth of all it does."""

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


@dataclass(frozen=True, slots=True)
class _Sent:
    """A chunk on its way to a worker, without the bytes that lie in the file, and how many."""

    chunk: Chunk
    size: int


class OneProcess:
    """Judges in this process, which is quicker for a small file than starting others."""

    def __init__(self, setup: Setup) -> None:
        self._judge = ChunkJudge(setup)

    def judge(self, chunk: Chunk) -> Iterator[ChunkVerdict]:
        """Judge at once."""
        yield from self._judge.judge([chunk])

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

    def __init__(self, setup: Setup, count: int, path: Path) -> None:
        prepare()
        context = multiprocessing.get_context("forkserver")
        terms = (_elsewhere(setup), path)
        self._pool = ProcessPoolExecutor(count, context, initializer=_start, initargs=terms)
        self._waiting: list[_Sent] = []
        self._due: deque[Future[list[ChunkVerdict]]] = deque()
        self._most = count * (1 + _AHEAD)

    def judge(self, chunk: Chunk) -> Iterator[ChunkVerdict]:
        """Send the chunk off with others; wait for the oldest when too many are out.

        Bytes that lie in the file are not sent: reading them there takes less time.
        """
        is_in_file = chunk.at is not None
        self._waiting.append(
            _Sent(replace(chunk, data=b"") if is_in_file else chunk, len(chunk.data))
        )
        if len(self._waiting) == _TOGETHER or not is_in_file:
            self._send()
        while self._due and (len(self._due) >= self._most or self._due[0].done()):
            yield from self._due.popleft().result()

    def finish(self) -> Iterator[ChunkVerdict]:
        """Wait for all."""
        if self._waiting:
            self._send()
        while self._due:
            yield from self._due.popleft().result()

    def _send(self) -> None:
        self._due.append(self._pool.submit(_work, self._waiting))
        self._waiting = []

    def close(self) -> None:
        """Call back what has not begun and let the processes end."""
        self._pool.shutdown(wait=True, cancel_futures=True)


def _elsewhere(setup: Setup) -> Setup:
    """Leave what serves this process only."""
    return replace(setup, plan=replace(setup.plan, here=None)) if setup.plan else setup


@dataclass(frozen=True, slots=True)
class _Post:
    """What a worker process has: its judge and the file."""

    judge: ChunkJudge
    file: BinaryIO


_posts: list[_Post] = []


def _start(setup: Setup, path: Path) -> None:
    """Make this worker process ready; it ends when its parent does, however that ends."""
    parent = multiprocessing.parent_process()
    if parent is not None:
        threading.Thread(target=_end_with, args=(parent.sentinel,), daemon=True).start()
    gc.set_threshold(_OBJECTS_BETWEEN_COLLECTIONS)
    judge = ChunkJudge(setup)
    _posts.append(_Post(judge, path.open("rb", buffering=0)))
    util.Finalize(None, judge.close, exitpriority=10)


def _end_with(sentinel: int) -> None:
    connection.wait([sentinel])
    os._exit(1)


def _work(sent: Sequence[_Sent]) -> list[ChunkVerdict]:
    return _posts[0].judge.judge(map(_fetched, sent))


def _fetched(sent: _Sent) -> Chunk:
    """Return the chunk with its bytes."""
    if sent.chunk.at is None:
        return sent.chunk
    data = os.pread(_posts[0].file.fileno(), sent.size, sent.chunk.at)
    if len(data) != sent.size:
        raise EOFError
    return replace(sent.chunk, data=data)

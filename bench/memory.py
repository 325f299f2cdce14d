"""Watches how much memory a process and the processes it starts hold."""

import threading
from collections.abc import Iterator
from contextlib import suppress
from types import TracebackType
from typing import Self

import psutil

_EVERY = 0.1
_CENSUS = 5
"""Looks after which newcomers are looked for: that reads the list of every process there is."""
_MEGABYTE = 1024 * 1024


class PeakMemory:
    """The largest sum of memory (USS, in megabytes) of this process and its children in a block.

    Counted are the processes that run Python, as this one does: not the embedded servers, nor
    what they start. `before` is what this process alone held when the block began.
    """

    def __init__(self) -> None:
        self.megabytes = 0.0
        self._me = psutil.Process()
        self.before = _held(self._me) / _MEGABYTE
        self._done = threading.Event()
        self._watch = threading.Thread(target=self._look, daemon=True)

    def __enter__(self) -> Self:
        self._watch.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._done.set()
        self._watch.join()

    def _look(self) -> None:
        family: list[psutil.Process] = []
        looks = 0
        while not self._done.wait(_EVERY):
            if looks % _CENSUS == 0:
                family = [self._me, *self._children()]
            looks += 1
            held = sum(map(_held, family))
            self.megabytes = max(self.megabytes, held / _MEGABYTE)

    def _children(self) -> Iterator[psutil.Process]:
        for child in self._me.children():
            with suppress(psutil.NoSuchProcess, psutil.AccessDenied):
                if child.exe() == self._me.exe():
                    yield child
                    yield from child.children(recursive=True)


def _held(process: psutil.Process) -> int:
    try:
        return int(process.memory_full_info().uss)
    except psutil.NoSuchProcess:
        return 0

"""Watches how much memory a process and its children hold."""

import threading
from types import TracebackType
from typing import Self

import psutil

_EVERY = 0.05
_MEGABYTE = 1024 * 1024


class PeakMemory:
    """The largest sum of memory (USS, in megabytes) of this process and its children in a block."""

    def __init__(self) -> None:
        self.megabytes = 0.0
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
        me = psutil.Process()
        while not self._done.wait(_EVERY):
            held = _held(me) + sum(_held(child) for child in me.children(recursive=True))
            self.megabytes = max(self.megabytes, held / _MEGABYTE)


def _held(process: psutil.Process) -> int:
    try:
        return int(process.memory_full_info().uss)
    except psutil.NoSuchProcess:
        return 0

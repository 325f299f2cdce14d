"""How much memory the running house takes while something is done to it."""

import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field

import psutil

from tests.running.house import House

_PAUSE = 0.05
MB = 2**20


@dataclass
class Weights:
    """The heaviest that each part of the house was, with all its children, in MB."""

    before: dict[str, float]
    peak: dict[str, float] = field(default_factory=dict)

    def growth(self, name: str) -> float:
        """Return by how much a part grew at most, in MB."""
        return self.peak[name] - self.before[name]


@contextmanager
def weighed(house: House, names: Sequence[str] = ("web", "worker")) -> Iterator[Weights]:
    """Weigh parts of the house for as long as the block runs."""
    weights = Weights({name: weight(house, name) for name in names})
    weights.peak = dict(weights.before)
    done = threading.Event()

    def watch() -> None:
        while not done.wait(_PAUSE):
            for name in names:
                weights.peak[name] = max(weights.peak[name], weight(house, name))

    thread = threading.Thread(target=watch, daemon=True)
    thread.start()
    try:
        yield weights
    finally:
        done.set()
        thread.join()


def weight(house: House, name: str) -> float:
    """Return the memory of a part and its children in MB; what they share counts once each."""
    total = 0
    if name in house.processes:
        for process in _family(house.processes[name].pid):
            try:
                total += process.memory_info().rss
            except psutil.Error:
                continue
    return total / MB


def _family(pid: int) -> list[psutil.Process]:
    try:
        parent = psutil.Process(pid)
        return [parent, *parent.children(recursive=True)]
    except psutil.Error:
        return []

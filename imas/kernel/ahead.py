"""Work ahead: the next batch is made while the last one is dealt with."""

from collections.abc import Generator, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from itertools import islice
from typing import TypeVar

T = TypeVar("T")


def batches_ahead(items: Iterable[T], size: int) -> Generator[list[T], None, None]:
    """Yield items in lists of `size`, the last may be shorter; one list is made ahead, by a thread.

    For items that are read or computed, while whoever takes the lists waits for another server: a
    database connection belongs to a thread, so what makes the items must ask nothing of one. What
    it raises is raised here, after the lists before it. Whoever stops early waits for the list
    that is being made; at most two are kept.
    """
    source = iter(items)
    with ThreadPoolExecutor(1, thread_name_prefix="ahead") as pool:
        coming = pool.submit(_some, source, size)
        while batch := coming.result():
            coming = pool.submit(_some, source, size)
            yield batch


def _some(source: Iterator[T], size: int) -> list[T]:
    return list(islice(source, size))

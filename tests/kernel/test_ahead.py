"""Batches made ahead are the items in their order, and what making them raises is not lost."""

import threading
from collections.abc import Iterator
from contextlib import closing
from itertools import count

import pytest
from hypothesis import given
from hypothesis import strategies as st

from imas.kernel.ahead import batches_ahead


@given(st.lists(st.integers()), st.integers(1, 5))
def test_batches_hold_every_item_in_order(items: list[int], size: int) -> None:
    batches = list(batches_ahead(items, size))
    assert [item for batch in batches for item in batch] == items
    assert all(len(batch) == size for batch in batches[:-1])
    assert all(batches)


def test_one_batch_is_made_while_the_last_is_dealt_with_and_no_more() -> None:
    made: list[int] = []
    second = threading.Event()

    def items() -> Iterator[int]:
        for number in count():
            made.append(number)
            if number == 3:
                second.set()
            yield number

    with closing(batches_ahead(items(), 2)) as ahead:
        assert next(ahead) == [0, 1]
        assert second.wait(10)
    assert made == [0, 1, 2, 3]


def test_what_making_raises_comes_after_what_was_made_before() -> None:
    def items() -> Iterator[int]:
        yield from (1, 2, 3)
        raise LookupError

    ahead = batches_ahead(items(), 3)
    assert next(ahead) == [1, 2, 3]
    with pytest.raises(LookupError):
        next(ahead)


def test_who_stops_early_leaves_no_thread_behind() -> None:
    ahead = batches_ahead(count(), 10)
    next(ahead)
    ahead.close()
    assert not [one for one in threading.enumerate() if one.name.startswith("ahead")]

"""What `_take.pyx` gives to Python."""

from collections.abc import Callable
from typing import Protocol

from isaf.quick._scan import Walk

class Met:
    def __init__(self, columns: bytes | None, ordinary: bool) -> None: ...

class Row:
    def __init__(
        self,
        rate: int,
        tolerance: int,
        columns: tuple[bytes, bytes, bytes],
        allows: Callable[[int, int], bool],
    ) -> None: ...

class Kind:
    def __init__(self, marks: bytes, rows: tuple[Row, ...]) -> None: ...

class Way(Protocol):
    """Whoever knows the rules, and is asked about what is met for the first time."""

    def meet(self, columns: bytes, /) -> Met | None: ...
    def learn(self, shape: bytes, walk: Walk, /) -> Kind | None: ...
    def references(self, walk: Walk, /) -> bytes: ...
    def is_plain(self, number: str, /) -> bool: ...

class Taker:
    def __init__(
        self,
        way: Way,
        parties: dict[bytes, Met | None],
        kinds: dict[bytes, Kind | None],
        *,
        lead: bytes,
        own_vat: bytes,
        sold: bool,
    ) -> None: ...
    def begin(self) -> None: ...
    def leaves(self, walk: Walk, /) -> bool: ...
    def taken(self) -> tuple[bytes, bytes, int, int, int]: ...

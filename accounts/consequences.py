"""What a person would hold at once by becoming a user: told by the floor that keeps rights."""

from collections.abc import Callable, Sequence

Teller = Callable[[str], Sequence[str]]
_tellers: list[Teller] = []


def tell_by(teller: Teller) -> None:
    """Let the floor above say what is waiting for a fingerprint; called once, at the start."""
    _tellers[:] = [teller]


def consequences_of(fingerprint: str) -> list[str]:
    """Return in the reader's language what waits for whoever proves to be this person."""
    return [words for tell in _tellers for words in tell(fingerprint)]

"""What the people of a taxpayer should read about mandates, put in the box by the floor above."""

from collections.abc import Mapping, Sequence
from typing import Protocol

SUBSYSTEM = "representation"


class Poster(Protocol):
    """Puts a message in the box of a taxpayer, once per key."""

    def __call__(  # noqa: PLR0913 - a message has this many parts, each by name
        self,
        *,
        taxpayer_id: int,
        subsystem: str,
        key: str,
        code: str,
        params: Mapping[str, str],
        url_name: str = "",
        url_args: Sequence[object] = (),
        tell: bool = True,
    ) -> object:
        """Post it, in the transaction of what it tells of."""
        ...


_posters: list[Poster] = []


def post_by(poster: Poster) -> None:
    """Let the mailbox take every message from now on; called once, at the start."""
    _posters[:] = [poster]


def post(
    taxpayer_id: int, key: str, code: str, url_name: str, *, tell: bool = True, **params: str
) -> None:
    """Tell a taxpayer's people something about its mandates, and which page it is about.

    `code` has its words in `representation.messages.LETTERS` or `representation.letter_words`; the
    same `key` is told once. Without `tell` nobody gets an e-mail: a letter of ours goes anyway.
    """
    for poster in _posters:
        poster(
            taxpayer_id=taxpayer_id,
            subsystem=SUBSYSTEM,
            key=f"{SUBSYSTEM}.{key}",
            code=code,
            params=params,
            url_name=url_name,
            tell=tell,
        )

"""What people do about their own accounts is written down; the floor above keeps the journal."""

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING

if TYPE_CHECKING:  # the keeper is named while apps are being made, before there are models
    from accounts.models import User

Keeper = Callable[["User | None", str, str, Mapping[str, str]], None]
_keepers: list[Keeper] = []


def keep_by(keeper: Keeper) -> None:
    """Let the keeper of the journal take every entry from now on; called once, at the start."""
    _keepers[:] = [keeper]


def journal(user: "User | None", action: str, subject: str = "", **params: str) -> None:
    """Write down what was done about a person, in the transaction that does it; never a secret.

    None: about somebody who could not be told to be anybody.
    """
    for keep in _keepers:
        keep(user, action, subject, params)

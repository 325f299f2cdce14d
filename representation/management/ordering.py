"""What the commands that issue keys and certificates share."""

from argparse import ArgumentParser
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from typing import Any

from django.core.management.base import CommandError

from accounts.models import User
from imas.kernel.errors import DomainError
from representation.rights import RIGHTS
from representation.services import KeyOrder, ordered_by_operator
from representation.types import Acting


def ask(parser: ArgumentParser) -> None:
    """Ask whose it is and what it may do."""
    parser.add_argument("--login", required=True, help="login name of the owner")
    parser.add_argument("--rights", required=True, help="comma-separated names of rights")


def rights_in(options: dict[str, Any], known: Collection[str] = RIGHTS) -> list[str]:
    """Return the rights asked for; one that does not exist is a `CommandError`."""
    rights = [name.strip() for name in options["rights"].split(",") if name.strip()]
    if unknown := set(rights) - set(known):
        raise CommandError(f"No such rights: {', '.join(sorted(unknown))}")
    return rights


def ordered(options: dict[str, Any], name: str) -> tuple[Acting, User, KeyOrder]:
    """Return the person acting for the taxpayer, and the order."""
    return ordered_by_operator(options["login"], options["taxpayer"], rights_in(options), name)


@contextmanager
def refusals_told() -> Iterator[None]:
    """Tell a refusal as commands do, by its code."""
    try:
        yield
    except DomainError as error:
        raise CommandError(f"{error.code} {dict(error.params)}") from None

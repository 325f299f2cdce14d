"""How the words of fault codes are written down: titles by code, sentences by code and reason."""

from collections.abc import Mapping
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

Titles = Mapping[str, "StrOrPromise"]
Sentences = Mapping[tuple[str, str], tuple["StrOrPromise", "StrOrPromise"]]


def says(codes: str, reason: str, message: "StrOrPromise", mend: "StrOrPromise" = "") -> Sentences:
    """Give several codes, parted by blanks, the same sentence for a reason, and how to mend it."""
    return {(code, reason): (message, mend) for code in codes.split()}

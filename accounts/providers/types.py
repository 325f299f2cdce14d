"""What a provider proves of a person, whatever it speaks."""

import re
from dataclasses import dataclass

from accounts.types import Means
from imas.kernel.errors import ForbiddenError
from imas.kernel.identifiers import normalise_foreign_code, personal_code_is_valid

LITHUANIA = "LT"
_COUNTRY = re.compile(r"[A-Z]{2}")
_EIDAS = re.compile(r"([A-Z]{2})/LT/(.+)")
_CODE_LENGTH = 128


@dataclass(frozen=True, slots=True)
class Code:
    """Who somebody is: a Lithuanian personal code, or the code of another country."""

    country: str
    number: str

    @property
    def is_personal(self) -> bool:
        """Tell whether this is a Lithuanian personal code."""
        return self.country == LITHUANIA


@dataclass(frozen=True, slots=True)
class Proof:
    """A person whose identity a provider has proved, and by what.

    The names serve once, when the person is new here; nobody is found by them (banks swap them and
    drop their diacritics). `makes_people`: whether the provider is trusted to bring somebody new.
    `subject` and `session`: what the provider calls them, for when it ends the session.
    """

    means: Means
    code: Code
    first_name: str
    last_name: str
    makes_people: bool = False
    subject: str = ""
    session: str = ""


def personal(number: str) -> Code:
    """Return a personal code; anything that is none: `ForbiddenError`."""
    if not personal_code_is_valid(number):
        raise ForbiddenError("code-not-told")
    return Code(LITHUANIA, number)


def foreign(country: str, number: str) -> Code:
    """Return a code of another country in one spelling: capitals, no blanks."""
    country, number = country.strip().upper(), normalise_foreign_code(number)
    is_known = _COUNTRY.fullmatch(country) and country != LITHUANIA
    if not is_known or not 0 < len(number) <= _CODE_LENGTH:
        raise ForbiddenError("code-not-told")
    return Code(country, number)


def eidas(identifier: str) -> Code:
    """Return the code in an eIDAS identifier, "EE/LT/38001085718" (Regulation 2015/1501, 11)."""
    found = _EIDAS.fullmatch(identifier.strip())
    if found is None:
        raise ForbiddenError("code-not-told")
    return foreign(found[1], found[2])

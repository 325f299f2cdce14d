"""Countries by their names in the reader's language (schemas/countries.csv)."""

from functools import cache

from django.utils.translation import get_language

from imas.kernel.classifiers import rows

_ORDER = str.maketrans("ąčęėįšųūžåçéôãíÅÇ", "aceeisuuzaceoaiac")
_NO_STATE = frozenset({"XI"})
"""Of use in VAT matters only; nobody is its citizen."""


def country_choices(*, but: str = "LT") -> list[tuple[str, str]]:
    """Return the countries to choose from, by name; `but` is left out."""
    return [(code, name) for code, name in _names(_language()) if code != but]


def country_name(code: str) -> str:
    """Return the name of a country, or its code where there is none."""
    return dict(_names(_language())).get(code, code)


@cache
def _names(language: str) -> tuple[tuple[str, str], ...]:
    named = [
        (row["code"], row[f"name_{language}"])
        for row in rows("countries.csv")
        if row["code"] not in _NO_STATE
    ]
    return tuple(sorted(named, key=lambda one: one[1].lower().translate(_ORDER)))


def _language() -> str:
    return "lt" if (get_language() or "lt").startswith("lt") else "en"

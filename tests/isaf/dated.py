"""Terms of the cross-check that change on a day, for the time of one test."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import date, timedelta

import pytest

from imas.kernel import classifiers
from isaf import crosscheck_terms

_CACHED = (crosscheck_terms.limits, crosscheck_terms.kinds, classifiers.classifier)


@contextmanager
def changed(table: str, code: str, since: date, **told: str) -> Iterator[None]:
    """Let a code of a table of schemas/isaf say something else from a day on."""
    name, real = f"isaf/{table}.csv", classifiers.rows
    before = [dict(row) for row in real(name)]
    latest = next(row for row in reversed(before) if row["code"] == code)
    latest["valid_to"] = f"{since - timedelta(days=1)}"
    begun = {**latest, "valid_from": f"{since}", "valid_to": "", **told}

    def rows(asked: str) -> tuple[Mapping[str, str], ...]:
        return (*before, begun) if asked == name else real(asked)

    with pytest.MonkeyPatch.context() as patch:
        for module in (classifiers, crosscheck_terms):
            patch.setattr(module, "rows", rows)
        _forget()
        yield
    _forget()


def _forget() -> None:
    for cached in _CACHED:
        cached.cache_clear()

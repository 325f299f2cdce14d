"""Parts of exclusion constraints: rows about the same thing whose days may not overlap.

Ids and texts are compared as ranges of one value, so that PostgreSQL's built-in GiST is enough
and no extension is needed.
"""

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import RangeOperators
from django.db import models
from django.db.models import Q


class Days(models.Func):
    """The days of a row, both ends included; a last day of NULL is open."""

    function = "daterange"
    template = "%(function)s(%(expressions)s, '[]')"
    output_field = models.Field()


class Only(models.Func):
    """One id as a range."""

    function = "int8range"
    template = "%(function)s(%(expressions)s, %(expressions)s, '[]')"
    output_field = models.Field()


class OnlyText(models.Func):
    """One text as a range; the type is made in the first migration."""

    function = "representation_textrange"
    template = "%(function)s(%(expressions)s, %(expressions)s, '[]')"
    output_field = models.Field()


def no_overlap(
    name: str, *same: models.Func, days: tuple[str, str], condition: Q | None = None
) -> ExclusionConstraint:
    """Return the constraint that rows alike in `same` share no day."""
    parts: list[tuple[models.Func, str]] = [(part, RangeOperators.OVERLAPS) for part in same]
    parts.append((Days(*days), RangeOperators.OVERLAPS))
    return ExclusionConstraint(name=name, expressions=parts, condition=condition)

"""Field types shared by all models."""

from decimal import Decimal
from typing import Any

from django.db import models

SUM_DIGITS = 28
"""Enough for the sum of all rows of the largest file: no calculation of ours is more exact."""


class EuroField(models.DecimalField[Decimal, Decimal]):
    """An amount in euro and cents, up to 9 999 999 999 999 999,99."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("max_digits", 18)
        kwargs.setdefault("decimal_places", 2)
        super().__init__(*args, **kwargs)


class EuroSumField(EuroField):
    """A sum of amounts: an invoice may hold a hundred of them, a file fifty million."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("max_digits", SUM_DIGITS)
        super().__init__(*args, **kwargs)

"""Rows of a waybill being split: how much of a line, of packages, of weight goes with each part."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from imas.web.fields import AmountField
from imas.web.templatetags.imas import shown_quantity
from ivaz.forms.content import listed, number_of, number_text, within
from ivaz.forms.parts import part_word
from ivaz.rules import quantity
from ivaz.types import Content

_QUANTITY = AmountField(max_digits=10, decimal_places=3, min_value=0, required=False)
_WEIGHT = AmountField(max_digits=13, decimal_places=3, min_value=0, required=False)
_COUNT = forms.IntegerField(min_value=0, max_value=9_999_999_999, required=False)

_AMOUNT = "{}"


@dataclass(frozen=True, slots=True)
class Cell:
    """Where the share of a part is written."""

    name: str
    part: str
    label: str
    text: str


class Row:
    """Something of the whole, and how much of it is told to go with each part."""

    field: forms.Field = _QUANTITY

    def __init__(self, key: str, label: str, whole: Decimal | None, unit: str = "") -> None:
        self.key, self.label, self.unit = key, label, unit
        self.error = ""
        self.shares: list[Decimal | None] = []
        self._whole = whole
        self._texts: list[str] = []

    def take(self, given: Mapping[str, str] | None, parts: int) -> None:
        """Hold what was typed for so many parts, or what is proposed."""
        names = [share_name(self.key, at) for at in range(1, parts + 1)]
        typed = self.proposed(parts) if given is None else [given.get(name, "") for name in names]
        self._texts = typed

    def proposed(self, parts: int) -> list[str]:
        """Return what is proposed for the parts: nothing."""
        return [""] * parts

    @property
    def whole(self) -> str:
        """How much there is of it, for its reader."""
        return "" if self._whole is None else shown_quantity(self._whole)

    @property
    def cells(self) -> Iterator[Cell]:
        """Its fields, part by part."""
        for at, text in enumerate(self._texts, start=1):
            part = part_word(at)
            yield Cell(share_name(self.key, at), part, f"{self.label}: {part}", text)

    @property
    def first(self) -> str:
        """The id of its first field."""
        return f"id_{share_name(self.key, 1)}"

    def judge(self) -> None:
        """Read the shares; `error` tells what cannot be read."""
        try:
            self.shares = [self.field.clean(text) for text in self._texts]
        except ValidationError as mistake:
            self.error = " ".join(mistake.messages)


class GoodsRow(Row):
    """A line of goods: its shares are the whole, once."""

    def __init__(self, line: Content) -> None:
        self.number = str(line["ProductLineNumber"])
        name, unit = str(line.get("ProductDescription", "")), str(line.get("UnitOfMeasure", ""))
        super().__init__(self.number, f"{self.number}. {name}", quantity(line["Quantity"]), unit)

    @property
    def exact(self) -> str:
        """The whole as a program reads it: the page tells what is left as one types."""
        return number_text(self._whole)

    @property
    def left(self) -> str:
        """The words for what no part has, the amount to be put in."""
        return _("Left: %(quantity)s %(unit)s.") % {"quantity": _AMOUNT, "unit": self.unit}

    @property
    def over(self) -> str:
        """The words for what parts have beyond the whole."""
        told = {"quantity": _AMOUNT, "unit": self.unit}
        return _("%(quantity)s %(unit)s more than the line has.") % told

    def proposed(self, parts: int) -> list[str]:
        """Return all of it for the first part."""
        whole = quantity(self.exact).normalize()  # 10, not 10,000
        return [str(_QUANTITY.prepare_value(whole)), *[""] * (parts - 1)]

    def judge(self) -> None:
        """Read the shares; `error` tells what is wrong with them, else they are the whole."""
        super().judge()
        if self.error or self._whole is None:
            return
        left = self._whole - sum(share or 0 for share in self.shares)
        if left:
            words = self.left if left > 0 else self.over
            self.error = words.replace(_AMOUNT, shown_quantity(abs(left)), 1)

    def of_part(self, at: int) -> dict[str, str]:
        """Return the line of a part; an empty one where nothing of it goes with that."""
        share = self.shares[at - 1]
        if not share:
            return {}
        return {"ProductLineNumber": self.number, "Quantity": number_text(share)}


class PackagesRow(Row):
    """Packages of one kind: as many as are told; goods may have been packed anew."""

    field = _COUNT

    def __init__(self, at: int, packages: Content) -> None:
        self._packages = packages
        kind = str(packages.get("KindOfPackagesCode", ""))
        count = number_of(packages.get("NumberOfPackages"))
        super().__init__(f"packages-{at}", _("Packages %(kind)s") % {"kind": kind}, count)

    def of_part(self, at: int) -> dict[str, Any]:
        """Return the packages of a part; an empty group where none are told."""
        count = self.shares[at - 1]
        return within(self._packages, NumberOfPackages=str(count)) if count else {}


class WeightRow(Row):
    """The gross or the net weight."""

    field = _WEIGHT

    def __init__(self, element: str, label: str, weight: Content) -> None:
        self.element = element
        unit = str(weight.get("UnitOfMeasure", "KGM"))
        super().__init__(element.lower(), label, number_of(weight.get(element)), unit)


def goods_rows(whole: Content) -> list[GoodsRow]:
    """Return the lines of a waybill."""
    return [GoodsRow(line) for line in listed(whole["DeliveryData"], "Products")]


def packages_rows(whole: Content) -> list[PackagesRow]:
    """Return its packages, kind by kind."""
    kinds = listed(whole["DeliveryData"], "Packages")
    return [PackagesRow(at, packages) for at, packages in enumerate(kinds, start=1)]


def weight_rows(whole: Content) -> list[WeightRow]:
    """Return its gross and net weight."""
    weight = whole["DeliveryData"].get("Weight") or {}
    return [
        WeightRow("GrossWeight", _("Gross weight"), weight),
        WeightRow("NetWeight", _("Net weight"), weight),
    ]


def share_name(key: str, at: int) -> str:
    """Return the name of the field for the share of a part in a row."""
    return f"share-{key}-{at}"

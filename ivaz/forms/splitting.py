"""Input of a waybill being split: its parts, and the share of each in every line; shape only."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from imas.web.fields import AmountField
from imas.web.templatetags.imas import shown_quantity
from ivaz.forms.content import listed, number_text
from ivaz.forms.parts import PartForm, part_word
from ivaz.rules import quantity
from ivaz.types import Content

LEAST_PARTS, MOST_PARTS = 2, 9
_MOST_SHARES = 4000
"""Shares on a page: a request has no more fields than DATA_UPLOAD_MAX_NUMBER_FIELDS."""
_SHARE = AmountField(max_digits=10, decimal_places=3, min_value=0, required=False)


@dataclass(frozen=True, slots=True)
class Cell:
    """Where the share of a part in a line is written."""

    name: str
    part: str
    label: str
    text: str


class Row:
    """A line of goods and how much of it goes with each part."""

    def __init__(self, line: Content, texts: list[str]) -> None:
        self.number = str(line["ProductLineNumber"])
        self.name = str(line.get("ProductDescription", ""))
        self.unit = str(line.get("UnitOfMeasure", ""))
        self.error = ""
        self.shares: list[Decimal] = []
        self._whole = quantity(line["Quantity"])
        self._texts = texts

    @property
    def whole(self) -> str:
        """The quantity of the line, for its reader."""
        return shown_quantity(self._whole)

    @property
    def cells(self) -> Iterator[Cell]:
        """Its fields, part by part."""
        for at, text in enumerate(self._texts, start=1):
            part = part_word(at)
            name = share_name(self.number, at)
            yield Cell(name, part, f"{self.number}. {self.name}: {part}", text)

    def judge(self) -> None:
        """Read the shares; `error` tells what is wrong with them, else they are the whole."""
        try:
            self.shares = [_SHARE.clean(text) or Decimal(0) for text in self._texts]
        except ValidationError as mistake:
            self.error = " ".join(mistake.messages)
            return
        left = self._whole - sum(self.shares)
        told = {"quantity": shown_quantity(abs(left)), "unit": self.unit}
        if left > 0:
            self.error = _("Left: %(quantity)s %(unit)s.") % told
        elif left < 0:
            self.error = _("%(quantity)s %(unit)s more than the line has.") % told


class SplitForm(forms.Form):
    """In how many parts a waybill is split; `shares` are the parts, `rows` its lines.

    `version`: that of the waybill. Parts asked for in another number than shown are not judged but
    shown anew, with what was typed (`is_judged`).
    """

    parts = forms.ChoiceField(label=gettext_lazy("Number of parts"), required=False)

    def __init__(self, whole: Content, version: int, given: Mapping[str, str] | None = None):
        self._whole, self._version = whole, version
        lines = listed(whole["DeliveryData"], "Products")
        most = most_parts(len(lines))
        typed = given or {}
        self.count = _count(typed.get("parts", ""), most)
        is_same = self.count == _count(typed.get("shown", ""), most)
        self.is_judged = given is not None and is_same and "resize" not in typed
        super().__init__(given if self.is_judged else None, initial={"parts": self.count})
        numbers = range(LEAST_PARTS, most + 1)
        self.fields["parts"].choices = [(at, at) for at in numbers]  # type: ignore[attr-defined]
        self.shares = [self._share(at, typed) for at in range(1, self.count + 1)]
        self.rows = [Row(line, self._texts(line, given)) for line in lines]

    def is_valid(self) -> bool:
        """Tell whether all parts can be read, have goods, and are the whole together."""
        if not self.is_judged:
            return False
        for row in self.rows:
            row.judge()
        are_right = all([super().is_valid(), *(share.is_valid() for share in self.shares)])
        for share in self.shares:
            if all(row.shares and not row.shares[share.at - 1] for row in self.rows):
                share.add_error(None, _("No goods go with this part."))
                are_right = False
        return are_right and not any(row.error for row in self.rows)

    def clean(self) -> dict[str, Any]:
        """Ask to look again where the waybill was changed since the page was shown."""
        if self.data.get("version") != str(self._version):
            told = _(
                "The waybill has changed meanwhile. Look the parts through and split it again."
            )
            self.add_error(None, told)
        return super().clean() or {}

    def content(self, rn: str) -> dict[str, Any]:
        """Return the record of the split; parts are known by the RN of the whole and a number."""
        return {
            "TransportDocumentUID": {"IvazTransportDocumentUID": rn},
            "TransportDocumentSplits": [
                {
                    **share.content(self._whole, f"{rn}-{share.at}"),
                    "DeliveryData": {"Products": self._products(share.at)},
                }
                for share in self.shares
            ],
        }

    @property
    def mistakes(self) -> list[tuple[str, str]]:
        """All that is wrong, down the page: the id of a field, empty for the whole, and words."""
        return list(self._mistakes()) if self.is_judged else []

    def _share(self, at: int, typed: Mapping[str, str]) -> PartForm:
        proposed = PartForm.proposed(self._whole, at)
        if self.is_judged:
            return PartForm(at, self.data, initial=proposed)
        kept = {name: typed.get(f"part-{at}-{name}", proposed[name]) for name in proposed}
        return PartForm(at, initial=kept)

    def _texts(self, line: Content, given: Mapping[str, str] | None) -> list[str]:
        """Return what the fields of a line hold: all of it is proposed in the first part."""
        number = str(line["ProductLineNumber"])
        names = [share_name(number, at) for at in range(1, self.count + 1)]
        if given is None:
            return [_typed(quantity(line["Quantity"])), *("" for _name in names[1:])]
        return [given.get(name, "") for name in names]

    def _mistakes(self) -> Iterator[tuple[str, str]]:
        yield from (("", str(error)) for error in self.non_field_errors())
        for row in self.rows:
            if row.error:
                yield f"id_{share_name(row.number, 1)}", f"{row.number}. {row.name}: {row.error}"
        for share in self.shares:
            first = share_name(self.rows[0].number, share.at)
            for error in share.non_field_errors():
                yield f"id_{first}", f"{share.word}: {error}"
            for bound in share.visible_fields():
                for error in bound.errors:
                    yield bound.id_for_label, f"{share.word}: {bound.label}: {error}"

    def _products(self, at: int) -> list[dict[str, str]]:
        return [
            {"ProductLineNumber": row.number, "Quantity": number_text(row.shares[at - 1])}
            for row in self.rows
            if row.shares[at - 1]
        ]


def most_parts(lines: int) -> int:
    """Return in how many parts a waybill of so many lines can be split on a page."""
    return max(LEAST_PARTS, min(MOST_PARTS, _MOST_SHARES // max(lines, 1)))


def share_name(line: str, at: int) -> str:
    """Return the name of the field for the share of a part in a line."""
    return f"share-{line}-{at}"


def _typed(share: Decimal) -> str:
    return str(_SHARE.prepare_value(share))


def _count(text: str, most: int) -> int:
    is_count = text.isascii() and text.isdecimal() and len(text) == 1
    return int(text) if is_count and LEAST_PARTS <= int(text) <= most else LEAST_PARTS

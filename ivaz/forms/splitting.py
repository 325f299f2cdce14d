"""Input of a waybill being split: its parts, and the share of each in every line; shape only."""

from collections.abc import Iterator, Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from ivaz.forms.content import number_text, put
from ivaz.forms.parts import PartForm
from ivaz.forms.shares import Row, goods_rows, packages_rows, share_name, weight_rows
from ivaz.types import Content

LEAST_PARTS, MOST_PARTS = 2, 9
_MOST_SHARES = 4200
"""Shares on a page: a request has no more fields than DATA_UPLOAD_MAX_NUMBER_FIELDS."""


class SplitForm(forms.Form):
    """In how many parts a waybill is split; `shares` are the parts, `rows` its lines.

    `packages` and `weights` are told where the sender wishes; they need not be the whole's.

    `version`: that of the waybill. Parts asked for in another number than shown are not judged but
    shown anew, with what was typed (`is_judged`).
    """

    parts = forms.ChoiceField(label=gettext_lazy("Number of parts"), required=False)

    def __init__(self, whole: Content, version: int, given: Mapping[str, str] | None = None):
        self._whole, self._version = whole, version
        self.rows = goods_rows(whole)
        self.packages, self.weights = packages_rows(whole), weight_rows(whole)
        most = most_parts(len(self._all_rows))
        typed = given or {}
        self.count = _count(typed.get("parts", ""), most)
        is_same = self.count == _count(typed.get("shown", ""), most)
        self.is_judged = given is not None and is_same and "resize" not in typed
        super().__init__(given if self.is_judged else None, initial={"parts": self.count})
        numbers = range(LEAST_PARTS, most + 1)
        self.fields["parts"].choices = [(at, at) for at in numbers]  # type: ignore[attr-defined]
        self.shares = [self._share(at, typed) for at in range(1, self.count + 1)]
        for row in self._all_rows:
            row.take(given, self.count)

    def is_valid(self) -> bool:
        """Tell whether all parts can be read, have goods, and are the whole together."""
        if not self.is_judged:
            return False
        for row in self._all_rows:
            row.judge()
        are_right = all([super().is_valid(), *(share.is_valid() for share in self.shares)])
        for share in self.shares:
            if all(row.shares and not row.shares[share.at - 1] for row in self.rows):
                share.add_error(None, _("No goods go with this part."))
                are_right = False
        return are_right and not any(row.error for row in self._all_rows)

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
                    "DeliveryData": self._goods(share.at),
                }
                for share in self.shares
            ],
        }

    @property
    def details(self) -> list[Row]:
        """The rows that may be left empty."""
        return [*self.packages, *self.weights]

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

    @property
    def _all_rows(self) -> list[Row]:
        return [*self.rows, *self.details]

    def _mistakes(self) -> Iterator[tuple[str, str]]:
        yield from (("", str(error)) for error in self.non_field_errors())
        for row in self._all_rows:
            if row.error:
                yield row.first, f"{row.label}: {row.error}"
        for share in self.shares:
            first = share_name(self.rows[0].key, share.at)
            for error in share.non_field_errors():
                yield f"id_{first}", f"{share.word}: {error}"
            for bound in share.visible_fields():
                for error in bound.errors:
                    yield bound.id_for_label, f"{share.word}: {bound.label}: {error}"

    def _goods(self, at: int) -> dict[str, Any]:
        goods: dict[str, Any] = {
            "Products": [line for row in self.rows if (line := row.of_part(at))]
        }
        put(goods, "Packages", [told for row in self.packages if (told := row.of_part(at))])
        weight = {
            row.element: number_text(share) for row in self.weights if (share := row.shares[at - 1])
        }
        put(goods, "Weight", weight and {**weight, "UnitOfMeasure": self.weights[0].unit})
        return goods


def most_parts(rows: int) -> int:
    """Return in how many parts a waybill of so many rows can be split on a page."""
    return max(LEAST_PARTS, min(MOST_PARTS, _MOST_SHARES // max(rows, 1)))


def _count(text: str, most: int) -> int:
    is_count = text.isascii() and text.isdecimal() and len(text) == 1
    return int(text) if is_count and LEAST_PARTS <= int(text) <= most else LEAST_PARTS

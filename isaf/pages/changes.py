"""Changes between revisions as the page, the workbook and the table show them."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Any, cast
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from imas.web.templatetags.imas import amount, day
from isaf.models import Register
from isaf.selectors.changes import Change, ChangeKind, ChangeTotals, Said
from isaf.types import RegisterType

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise

KINDS: "Mapping[ChangeKind, _StrPromise]" = {
    ChangeKind.ADDED: pgettext_lazy("change", "Added"),
    ChangeKind.REMOVED: pgettext_lazy("change", "Left out"),
    ChangeKind.CHANGED: pgettext_lazy("change", "Changed"),
}
TONES: Mapping[ChangeKind, str] = {
    ChangeKind.ADDED: "success",
    ChangeKind.REMOVED: "danger",
    ChangeKind.CHANGED: "warning",
}
_FIELDS: "Mapping[str, _StrPromise]" = {
    "number": gettext_lazy("Number"),
    "counterparty_vat": gettext_lazy("VAT code"),
    "counterparty_code": gettext_lazy("Code"),
    "country": gettext_lazy("Country"),
    "counterparty_name": gettext_lazy("Counterparty"),
    "issued": gettext_lazy("Issue date"),
    "type": gettext_lazy("Type"),
    "special": gettext_lazy("Special taxation"),
    "vat_point": gettext_lazy("Supply date"),
    "registered": gettext_lazy("Registration date"),
    "taxable": gettext_lazy("Taxable value"),
    "vat": gettext_lazy("VAT"),
    "named": gettext_lazy("Corrected invoices"),
    "lines": gettext_lazy("Totals by VAT code"),
}
_FIELDS_OF_SETTLEMENTS: "Mapping[str, _StrPromise]" = {
    **_FIELDS,
    "number": gettext_lazy("Payment document"),
    "issued": gettext_lazy("Date"),
    "type": gettext_lazy("Direction"),
    "lines": gettext_lazy("Settled invoices"),
}

HEADERS = (
    gettext_lazy("What became of it"),
    gettext_lazy("Number"),
    gettext_lazy("Counterparty"),
    gettext_lazy("VAT code"),
    gettext_lazy("Code"),
    gettext_lazy("Issue date before"),
    gettext_lazy("Issue date now"),
    gettext_lazy("Taxable value before"),
    gettext_lazy("Taxable value now"),
    gettext_lazy("VAT before"),
    gettext_lazy("VAT now"),
    gettext_lazy("What differs"),
)


@dataclass(frozen=True, slots=True)
class Difference:
    """One datum that differs, in words."""

    label: str
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class ShownChange:
    """A change with its words and the address of the invoice in the revision that has it."""

    change: Change
    register: Register

    @property
    def said(self) -> Said:
        """What is said now, or was said last."""
        return cast("Said", self.change.after or self.change.before)

    @property
    def word(self) -> "_StrPromise":
        """What became of it, in words."""
        return KINDS[self.change.kind]

    @property
    def tone(self) -> str:
        """The tone of it."""
        return TONES[self.change.kind]

    @property
    def url(self) -> str:
        """Where the invoice is shown; settlements have no page of their own."""
        said = self.change.after
        if said is None or self.register.type == RegisterType.SETTLEMENT:
            return ""
        place = (self.register.number, said.part_id, said.position)
        return reverse("isaf:invoice", args=place)

    @property
    def differences(self) -> list[Difference]:
        """What differs, field by field."""
        change = self.change
        labels = field_words(self.register)
        return [
            Difference(
                str(labels[name]),
                _told(getattr(change.before, name)),
                _told(getattr(change.after, name)),
            )
            for name in change.fields
        ]

    @property
    def cells(self) -> tuple[object, ...]:
        """The cells of the change, in the order of HEADERS."""
        before, after, said = self.change.before, self.change.after, self.said
        sides = [
            getattr(side, name) if side else None
            for name in ("issued", "taxable", "vat")
            for side in (before, after)
        ]
        labels = field_words(self.register)
        names = ", ".join(str(labels[name]) for name in self.change.fields)
        party = (said.counterparty_name, said.counterparty_vat, said.counterparty_code)
        return str(self.word), said.number, *party, *sides, names


def field_words(register: Register) -> "Mapping[str, _StrPromise]":
    """Return what the compared fields are called in this kind of register."""
    return _FIELDS_OF_SETTLEMENTS if register.type == RegisterType.SETTLEMENT else _FIELDS


def kind_tabs(
    number: str, since: str, totals: ChangeTotals, chosen: ChangeKind | None
) -> list[dict[str, Any]]:
    """Return the choices of what to list, each with how many there are."""
    address = reverse("isaf:register-changes", args=[number])
    choices: list[tuple[ChangeKind | None, str]] = [(None, _("All")), *_kinds()]
    return [
        {
            "url": f"{address}?{urlencode({'since': since, 'kind': kind or ''})}",
            "label": label,
            "count": sum(totals.counts.values()) if kind is None else totals.counts[kind],
            "is_current": kind is chosen,
        }
        for kind, label in choices
    ]


def _kinds() -> Iterator[tuple[ChangeKind, str]]:
    for kind, word in KINDS.items():
        yield kind, str(word)


def _told(value: object) -> str:
    """Say a value as the reader knows it."""
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if isinstance(value, Decimal):
        return amount(value)
    if isinstance(value, date):
        return str(day(value))
    if isinstance(value, list):
        return "; ".join(value) or "–"
    return str(value or "–")

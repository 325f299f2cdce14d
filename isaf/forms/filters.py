"""Which invoices of a register to show: the fields of the filter, all kept in the address."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from django import forms
from django.core.validators import RegexValidator
from django.utils.translation import gettext_lazy as _

from imas.web.fields import AmountField, DayField
from imas.web.filters import FoldedForm, SearchField
from intake.types import Source
from isaf.selectors import ANY_FINDING, InvoiceQuery
from isaf.templatetags.isaf import part_source
from isaf.types import InvoiceType

if TYPE_CHECKING:
    from django.forms.boundfield import BoundField
    from django.utils.functional import _StrOrPromise

_MOST = 10**16
_is_country = RegexValidator(r"^([A-Za-z]{2}|-)\Z")
_is_rate = RegexValidator(r"^(\d{1,3}([.,]\d{1,2})?|-)\Z")


def _amount(label: "_StrOrPromise") -> AmountField:
    return AmountField(label=label, required=False, min_value=-_MOST, max_value=_MOST)


class InvoiceFilterForm(FoldedForm):
    """Which invoices of a register to show; `-` in a code asks for those that have none."""

    q = SearchField(label=_("Number, name or code"))
    code = forms.CharField(label=_("VAT classifier code"), required=False, max_length=10)
    type = forms.ChoiceField(
        label=_("Document type"),
        required=False,
        choices=[("", _("All")), *((type_.value, type_.value) for type_ in InvoiceType)],
    )
    since = DayField(label=_("Issued from"), required=False)
    until = DayField(label=_("Issued until"), required=False)
    problems = forms.ChoiceField(
        label=_("Problems"),
        required=False,
        choices=[
            ("", _("All")),
            (ANY_FINDING, _("Only with problems")),
            ("error", _("Only with errors")),
            ("warning", _("Only with warnings")),
        ],
    )
    part = forms.CharField(label=_("Part"), required=False, max_length=20)
    source = forms.ChoiceField(
        label=_("How the part came"),
        required=False,
        choices=lambda: [("", _("All")), *((one.value, part_source(one.value)) for one in Source)],
    )
    party = forms.CharField(
        label=_("Counterparty’s VAT code or code"), required=False, max_length=35
    )
    country = forms.CharField(
        label=_("Country"), required=False, max_length=2, validators=[_is_country]
    )
    rate = forms.CharField(label=_("VAT rate"), required=False, max_length=6, validators=[_is_rate])
    special = forms.ChoiceField(
        label=_("Special taxation"),
        required=False,
        choices=[("", _("All")), ("true", _("yes (cash accounting)")), ("false", _("no"))],
    )
    supplied_since = DayField(label=_("Supplied from"), required=False)
    supplied_until = DayField(label=_("Supplied until"), required=False)
    registered_since = DayField(label=_("Registered from"), required=False)
    registered_until = DayField(label=_("Registered until"), required=False)
    taxable_from = _amount(_("Taxable value from"))
    taxable_to = _amount(_("Taxable value to"))
    vat_from = _amount(_("VAT from"))
    vat_to = _amount(_("VAT to"))
    total_from = _amount(_("Total from"))
    total_to = _amount(_("Total to"))
    party_key = forms.CharField(required=False, max_length=35, widget=forms.HiddenInput)

    common = ("q", "code", "type", "since", "until", "problems")
    """The fields that are seen at once; the others stand behind a summary."""

    @property
    def query(self) -> InvoiceQuery:
        """Return what is asked for; a field that is wrong asks for nothing."""
        self.is_valid()
        asked = dict(self.cleaned_data)
        return InvoiceQuery(
            text=asked.pop("q", ""),
            counterparty=asked.pop("party", "").upper(),
            country=asked.pop("country", "").upper(),
            vat_code=asked.pop("code", "").upper(),
            rate=asked.pop("rate", "").replace(",", "."),
            **asked,
        )

    def asked(self) -> "Iterator[BoundField]":
        """Yield the fields that ask for something, as far as they are right."""
        self.is_valid()
        for field in self:
            if self.cleaned_data.get(field.name) not in {"", None}:
                yield field

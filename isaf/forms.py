"""Input of the i.SAF pages; shape only, meaning belongs to rules."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from isaf.selectors import InvoiceQuery
from isaf.types import InvoiceType


class SeveralFilesInput(forms.ClearableFileInput):
    """A choice of one or many files."""

    allow_multiple_selected = True


class SeveralFilesField(forms.FileField):
    """One or many files."""

    widget = SeveralFilesInput(attrs={"accept": ".xml,.gz,.zip"})

    def clean(self, data: Any, initial: Any = None) -> Any:
        """Return a list of files, at least one."""
        files = data if isinstance(data, list | tuple) and data else [data or None]
        clean_one = super().clean
        return [clean_one(file, initial) for file in files]


class UploadForm(forms.Form):
    """Files to send and whether they are only to be checked."""

    documents = SeveralFilesField(label=_("i.SAF files"), allow_empty_file=True)
    dry_run = forms.BooleanField(
        label=_("Check without submitting"),
        help_text=_("The files are checked in the same way, but no register is made or changed."),
        required=False,
    )


class InvoiceFilterForm(forms.Form):
    """Which invoices of a register to show."""

    q = forms.CharField(
        label=_("Number, name or code"),
        required=False,
        max_length=100,
        widget=forms.TextInput(attrs={"type": "search", "autocomplete": "off"}),
    )
    code = forms.CharField(label=_("VAT classifier code"), required=False, max_length=10)
    type = forms.ChoiceField(
        label=_("Document type"),
        required=False,
        choices=[("", _("All")), *((type_.value, type_.value) for type_ in InvoiceType)],
    )
    part = forms.CharField(label=_("Part"), required=False, max_length=20)
    since = forms.DateField(
        label=_("Issued from"), required=False, widget=forms.DateInput(attrs={"type": "date"})
    )
    until = forms.DateField(
        label=_("Issued until"), required=False, widget=forms.DateInput(attrs={"type": "date"})
    )
    problems = forms.BooleanField(label=_("Only with problems"), required=False)
    party = forms.CharField(required=False, max_length=35, widget=forms.HiddenInput)

    @property
    def query(self) -> InvoiceQuery:
        """Return what is asked for; a field that is wrong asks for nothing."""
        self.is_valid()
        asked = self.cleaned_data
        return InvoiceQuery(
            text=asked.get("q", ""),
            counterparty=asked.get("party", ""),
            vat_code=asked.get("code", "").upper(),
            type=asked.get("type", ""),
            part=asked.get("part", ""),
            only_problems=asked.get("problems", False),
            since=asked.get("since"),
            until=asked.get("until"),
        )

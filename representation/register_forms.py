"""Input of the pages about registers: look-ups, files of officers, the consignor's rule."""

from datetime import date
from typing import Any

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from imas.kernel import clock
from imas.web.fields import DayField
from imas.web.filters import SearchField
from representation.registers.types import RegisterKind
from representation.registers.words import KINDS

_FIRST_DAY = date(1990, 3, 11)
"""Registers may be asked about any day since the state was restored."""


class LookupForm(forms.Form):
    """Whom to look for, and on which day."""

    q = SearchField(label=_("Code, VAT code or name"))
    on = DayField(label=_("On the day"), required=False, since=_FIRST_DAY)

    def clean_q(self) -> str:
        """Blanks around it mean nothing."""
        return str(self.cleaned_data["q"]).strip()


class CheckFileForm(forms.Form):
    """A file of codes to be checked."""

    document = forms.FileField(
        label=_("File of codes"),
        widget=forms.ClearableFileInput(attrs={"accept": ".csv,.txt,.xlsx"}),
    )
    on = DayField(label=_("On the day"), since=_FIRST_DAY)
    form = forms.ChoiceField(
        label=_("Answer as"), choices=[("xlsx", "XLSX"), ("csv", "CSV")], widget=forms.RadioSelect
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["on"].initial = clock.today()
        self.fields["form"].initial = "xlsx"


class ImportForm(forms.Form):
    """A file of a register and what it holds."""

    kind = forms.ChoiceField(
        label=_("Register"), choices=[(kind, KINDS[kind]) for kind in RegisterKind]
    )
    document = forms.FileField(
        label=_("File of the register"),
        widget=forms.ClearableFileInput(attrs={"accept": ".csv,.json,.ndjson"}),
    )

    def clean_document(self) -> Any:
        """Refuse what is too large."""
        document = self.cleaned_data["document"]
        if document.size > settings.REGISTER_MAX_FILE_BYTES:
            raise ValidationError(_("The file is too large."))
        return document


class WaybillRuleForm(forms.Form):
    """Who may submit waybills naming the taxpayer."""

    who = forms.ChoiceField(
        label=_("Who may submit waybills that name this taxpayer as the consignor"),
        choices=[("everybody", _("Everybody")), ("listed", _("Only those listed below"))],
        widget=forms.RadioSelect,
    )
    codes = forms.CharField(
        label=_("Codes of taxpayers"),
        required=False,
        max_length=10_000,
        widget=forms.Textarea(attrs={"rows": 6, "spellcheck": "false"}),
        help_text=_("One code a line. The consignor himself always may."),
    )

    def listed(self) -> list[str]:
        """Return the codes that were typed."""
        return str(self.cleaned_data["codes"]).replace(",", " ").split()

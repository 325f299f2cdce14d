"""Input of taking a spreadsheet in: the file, and what its columns hold."""

from typing import TYPE_CHECKING, Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext_lazy as _

from isaf.models import EntryImport
from isaf.spreadsheets import fields_of
from isaf.types import RegisterType

if TYPE_CHECKING:
    from django.forms import BoundField

_MOST_BYTES = 5 * 2**20


class SpreadsheetForm(forms.Form):
    """A spreadsheet to take in."""

    spreadsheet = forms.FileField(
        label=_("Spreadsheet"),
        help_text=_("XLSX or CSV (UTF-8), up to 5 MB; the first line names the columns."),
        widget=forms.ClearableFileInput(attrs={"accept": ".xlsx,.csv"}),
    )

    def clean_spreadsheet(self) -> "UploadedFile[bytes]":
        """Refuse what is too large to be entered by hand."""
        file: UploadedFile[bytes] = self.cleaned_data["spreadsheet"]
        if (file.size or 0) > _MOST_BYTES:
            raise ValidationError(_("The file is larger than 5 MB."))
        return file


class ColumnsForm(forms.Form):
    """Which column of a spreadsheet holds what."""

    def __init__(
        self, given: Any, *, spreadsheet: EntryImport, initial: dict[str, int] | None = None
    ) -> None:
        super().__init__(given, initial=dict(initial or {}))
        choices = [
            ("", _("not in the spreadsheet")),
            *(
                (f"{place}", name or f"{place + 1}")
                for place, name in enumerate(spreadsheet.heading)
            ),
        ]
        for name, label in fields_of(RegisterType(spreadsheet.type)).items():
            self.fields[name] = forms.ChoiceField(label=label, required=False, choices=choices)

    def clean(self) -> dict[str, Any]:
        """Ask for the number and the day, without which there is no record."""
        asked = super().clean() or {}
        for name in ("number", "issued"):
            if not asked.get(name) and name not in self.errors:
                self.add_error(name, _("Choose the column that holds this."))
        return asked

    @property
    def columns(self) -> dict[str, int]:
        """Return field → place of its column."""
        return {name: int(place) for name, place in self.cleaned_data.items() if place}

    @property
    def shown_fields(self) -> "list[BoundField]":
        """The fields in order."""
        return [self[name] for name in self.fields]

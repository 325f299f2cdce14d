"""Input of the i.SAF pages; shape only, meaning belongs to rules."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _


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

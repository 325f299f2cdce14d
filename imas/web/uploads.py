"""Fields of forms that take files."""

from typing import Any

from django import forms


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

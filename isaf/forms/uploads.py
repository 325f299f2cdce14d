"""Input of the i.SAF pages; shape only, meaning belongs to rules."""

from django import forms
from django.utils.translation import gettext_lazy as _

from imas.web.uploads import SeveralFilesField


class UploadForm(forms.Form):
    """Files to send and whether they are only to be checked."""

    documents = SeveralFilesField(label=_("i.SAF files"), allow_empty_file=True)
    dry_run = forms.BooleanField(
        label=_("Check without submitting"),
        help_text=_("The files are checked in the same way, but no register is made or changed."),
        required=False,
    )

"""Input of asking to postpone a deadline, and of the officer's decision; shape only."""

from typing import TYPE_CHECKING, Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from accounts import scans
from isaf.forms.uploads import SeveralFilesField, SeveralFilesInput
from isaf.services.postponing import Proof

if TYPE_CHECKING:
    from django.core.files.uploadedfile import UploadedFile

_MOST_FILES = 5


class ProofsField(SeveralFilesField):
    """Files that prove a reason: PDF, PNG or JPEG by their bytes, small and few."""

    widget = SeveralFilesInput(attrs={"accept": ".pdf,.png,.jpg,.jpeg"})

    def clean(self, data: Any, initial: Any = None) -> list[Proof]:
        """Return the files with their kinds; none where none was chosen."""
        if not data:
            return []
        files = super().clean(data, initial)
        if len(files) > _MOST_FILES:
            raise ValidationError(_("At most five files."))
        return [_proof(file) for file in files]


class PostponeForm(forms.Form):
    """The day asked for, the reason, and what proves it."""

    until = forms.DateField(label=_("Postpone to"), widget=forms.DateInput(attrs={"type": "date"}))
    reason = forms.CharField(
        label=_("Reason"),
        help_text=_("What stands in the way that neither you nor your representative can help."),
        min_length=10,
        max_length=4000,
        widget=forms.Textarea(attrs={"rows": 5}),
    )
    proofs = ProofsField(
        label=_("Files"),
        help_text=_("PDF, PNG or JPEG, five at most, up to 5 MB each."),
        required=False,
    )


class DecisionForm(forms.Form):
    """What an officer decides."""

    decision = forms.ChoiceField(
        label=_("Decision"),
        choices=[("granted", _("postpone")), ("refused", _("do not postpone"))],
        widget=forms.RadioSelect,
    )
    granted_until = forms.DateField(
        label=_("To the day"), required=False, widget=forms.DateInput(attrs={"type": "date"})
    )
    answer = forms.CharField(
        label=_("Reasons of the decision"),
        help_text=_("The taxpayer reads this."),
        max_length=4000,
        widget=forms.Textarea(attrs={"rows": 4}),
    )

    def clean(self) -> dict[str, Any]:
        """Ask for the day of what is granted, and drop that of what is not."""
        asked = super().clean() or {}
        if asked.get("decision") == "refused":
            asked["granted_until"] = None
        elif asked.get("granted_until") is None and "granted_until" not in self.errors:
            self.add_error("granted_until", self.fields["answer"].error_messages["required"])
        return asked


def _proof(file: "UploadedFile[bytes]") -> Proof:
    if (file.size or 0) > scans.LARGEST:
        raise ValidationError(_("A file is larger than 5 MB."))
    kind = scans.type_of(file.read(16))
    file.seek(0)
    if not kind:
        raise ValidationError(_("The file is neither PDF, PNG nor JPEG."))
    return Proof(file, kind)

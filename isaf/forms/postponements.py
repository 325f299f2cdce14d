"""Input of asking to postpone a deadline, and of the officer's decision; shape only."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from imas.web.fields import DayField
from mailbox.proof_fields import ProofsField


class PostponeForm(forms.Form):
    """The day asked for, the reason, and what proves it."""

    until = DayField(label=_("Postpone to"))
    reason = forms.CharField(
        label=_("Reason"),
        help_text=_("What stands in the way that neither you nor your representative can help."),
        min_length=10,
        max_length=4000,
        widget=forms.Textarea(attrs={"rows": 5}),
    )
    proofs = ProofsField()


class DecisionForm(forms.Form):
    """What an officer decides."""

    decision = forms.ChoiceField(
        label=_("Decision"),
        choices=[("granted", _("postpone")), ("refused", _("do not postpone"))],
        widget=forms.RadioSelect,
    )
    granted_until = DayField(label=_("To the day"), required=False)
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

"""What is typed at the desk."""

from datetime import datetime
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from avaz.desk.services.registering import Announcement
from avaz.texts import LONGEST_NUMBER
from avaz.types import Reason
from imas.kernel import clock
from imas.web.fields import MomentField


class SignInForm(forms.Form):
    """An address and a code."""

    email = forms.EmailField(
        label=_("E-mail address"),
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
    )
    code = forms.CharField(
        label=_("Login code"),
        max_length=20,
        help_text=_(
            "The code for the taxpayer you announce for: 5 to 8 letters and digits. It came by "
            "e-mail."
        ),
        widget=forms.TextInput(
            attrs={"autocomplete": "one-time-code", "autocapitalize": "characters", "size": 10}
        ),
    )


class AnnounceForm(forms.Form):
    """What is announced and why."""

    reason = forms.ChoiceField(
        label=_("Why are you here?"),
        choices=(
            (Reason.OUTAGE, _("i.VAZ does not work")),
            (Reason.OWN_TROUBLE, _("Our own program or device does not work")),
            (Reason.INCOMPLETE, _("Not all data of the waybill are known yet")),
        ),
        widget=forms.RadioSelect,
    )
    number = forms.CharField(
        label=_("Number of the waybill"),
        max_length=LONGEST_NUMBER,
        required=False,
        help_text=_("Your own number of it. Leave it empty to announce several waybills at once."),
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    trouble_from = MomentField(
        label=_("Trouble since (Vilnius time)"),
    )
    trouble_to = MomentField(
        label=_("Trouble until (Vilnius time)"),
        required=False,
        help_text=_("Leave it empty while it lasts."),
    )
    description = forms.CharField(
        label=_("What has happened, in a few words"),
        max_length=500,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
    )
    send_by = forms.ChoiceField(
        label=_("Send the ARN as well by"),
        choices=(("email", _("e-mail")), ("sms", _("message to the phone"))),
        initial="email",
        widget=forms.RadioSelect,
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["trouble_from"].initial = clock.now().astimezone(clock.VILNIUS)

    @property
    def announcement(self) -> Announcement:
        """What is announced; of a valid form."""
        told = self.cleaned_data
        since, until = told["trouble_from"], told["trouble_to"]
        return Announcement(
            number=" ".join(told["number"].split()),
            reason=Reason(told["reason"]),
            trouble_from=since,
            trouble_to=until if isinstance(until, datetime) else None,
            description=told["description"],
        )

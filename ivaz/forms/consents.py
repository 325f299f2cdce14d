"""Input of a consent to e-waybills; shape only."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from imas.kernel import clock
from imas.web.fields import DayField


class ConsentForm(forms.Form):
    """From which day on e-waybills are taken."""

    since = DayField(label=_("From the day"))

    def __init__(self, *given: Any, **named: Any) -> None:
        super().__init__(*given, **named)
        self.fields["since"].initial = clock.today()

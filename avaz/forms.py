"""What officers type about an outage."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from avaz.services.observing import Declaration
from avaz.types import Effect, Subsystem
from avaz.words import EFFECTS, SUBSYSTEMS
from imas.kernel import clock
from imas.web.fields import MomentField


class OutageForm(forms.Form):
    """An outage."""

    subsystem = forms.ChoiceField(
        label=_("What does not work"), choices=[(one, SUBSYSTEMS[one]) for one in Subsystem]
    )
    start = MomentField(
        label=_("Since (Vilnius time)"),
    )
    end = MomentField(
        label=_("Until (Vilnius time)"),
        required=False,
        help_text=_("Leave it empty while it lasts."),
    )
    effect = forms.ChoiceField(
        label=_("Effect on deadlines"),
        choices=[(one, EFFECTS[one]) for one in Effect],
        widget=forms.RadioSelect,
    )
    words_lt = forms.CharField(
        label=_("What to say of it, in Lithuanian"),
        max_length=300,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
    )
    words_en = forms.CharField(
        label=_("What to say of it, in English"),
        max_length=300,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["start"].initial = clock.now().astimezone(clock.VILNIUS)

    @property
    def declaration(self) -> Declaration:
        """What is declared; of a valid form."""
        told = self.cleaned_data
        return Declaration(
            subsystem=Subsystem(told["subsystem"]),
            start=told["start"],
            end=told["end"],
            effect=Effect(told["effect"]),
            words_lt=told["words_lt"],
            words_en=told["words_en"],
        )

"""What officers type about an outage, and which announcements they look for."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from avaz.models import Outage
from avaz.selectors import FallbackQuery
from avaz.services.declaring import Declaration
from avaz.types import Effect, FallbackState, Subsystem
from avaz.words import EFFECTS, FALLBACK_STATES, SUBSYSTEMS
from imas.kernel import clock
from imas.web.fields import DayField, MomentField
from imas.web.filters import SearchField

_WHY = 300


class _TimesForm(forms.Form):
    """When, with what effect, in which words."""

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


class OutageForm(_TimesForm):
    """An outage, or one that is planned."""

    subsystem = forms.ChoiceField(
        label=_("What does not work"), choices=[(one, SUBSYSTEMS[one]) for one in Subsystem]
    )
    field_order = ("subsystem",)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["start"].initial = clock.now().astimezone(clock.VILNIUS)

    @property
    def declaration(self) -> Declaration:
        """What is declared; of a valid form."""
        return _declaration(self.cleaned_data, Subsystem(self.cleaned_data["subsystem"]))


class CorrectionForm(_TimesForm):
    """What of an outage was said wrongly; `version` is what was looked at."""

    why = forms.CharField(
        label=_("Why it is corrected"),
        max_length=_WHY,
        help_text=_("Officers see it in the history of the outage."),
        widget=forms.Textarea(attrs={"rows": 2}),
    )
    version = forms.IntegerField(widget=forms.HiddenInput)

    @classmethod
    def initial_of(cls, outage: Outage) -> dict[str, Any]:
        """Return what the form shows of an outage."""
        shown = ("start", "end", "effect", "words_lt", "words_en", "version")
        return {name: getattr(outage, name) for name in shown}

    def declaration(self, outage: Outage) -> Declaration:
        """What is said instead; of a valid form.

        The page shows minutes: a time that was not touched keeps its seconds.
        """
        told = dict(self.cleaned_data)
        for name in ("start", "end"):
            held = getattr(outage, name)
            if held and told[name] == held.replace(second=0, microsecond=0):
                told[name] = held
        return _declaration(told, Subsystem(outage.subsystem))


class WithdrawalForm(forms.Form):
    """Why there was no outage."""

    why = forms.CharField(
        label=_("Why it is withdrawn"),
        max_length=_WHY,
        help_text=_("Officers see it in the history of the outage."),
        widget=forms.Textarea(attrs={"rows": 2}),
    )


class FallbackFilterForm(forms.Form):
    """Which announcements to show."""

    q = SearchField(label=_("ARN, waybill, taxpayer’s name or code"))
    state = forms.ChoiceField(
        label=_("How it stands"),
        required=False,
        choices=lambda: [(state.value, word) for state, (word, _tone) in FALLBACK_STATES.items()],
    )
    since = DayField(label=_("To be completed from"), required=False)
    until = DayField(label=_("To be completed to"), required=False)

    @property
    def query(self) -> FallbackQuery:
        """What is looked for; what cannot be read is left out. Overdue ones unless told."""
        self.is_valid()
        asked = dict(self.cleaned_data)
        state = FallbackState(asked.pop("state", "") or FallbackState.OVERDUE)
        return FallbackQuery(text=asked.pop("q", ""), state=state, **asked)


def _declaration(told: dict[str, Any], subsystem: Subsystem) -> Declaration:
    return Declaration(
        subsystem=subsystem,
        start=told["start"],
        end=told["end"],
        effect=Effect(told["effect"]),
        words_lt=told["words_lt"],
        words_en=told["words_en"],
    )

"""Input of the cross-check pages; shape only."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from imas.kernel import clock
from imas.kernel.periods import Period
from imas.web.filters import SearchField
from imas.web.periods import period_name
from isaf.crosscheck_terms import mismatches_on
from isaf.matching import SeenState
from isaf.selectors.pairs import PairQuery
from isaf.words.crosscheck import state_word

_SIDES = (("", _("Both")), ("S", _("Issued invoices")), ("P", _("Received invoices")))


def _states() -> list[tuple[str, str]]:
    return [(state.value, state_word(state, clock.today())) for state in SeenState]


def _mismatches() -> list[str]:
    return [state.value for state in mismatches_on(clock.today())]


class PeriodForm(forms.Form):
    """Which period to show."""

    period = forms.ChoiceField(label=_("Tax period"), required=False)

    def __init__(self, given: Any, periods: Sequence[Period]) -> None:
        super().__init__(given)
        self.periods = periods
        self.fields["period"].choices = [  # type: ignore[attr-defined]  # a ChoiceField
            (period.code, period_name(period)) for period in periods
        ]
        self.is_valid()

    @property
    def asked_period(self) -> Period | None:
        """The period asked for, else the newest; None when there is none."""
        code = self.cleaned_data.get("period")
        return Period.parse(code) if code else next(iter(self.periods), None)


class PairFilterForm(PeriodForm):
    """Which pairs of which period to show."""

    state = forms.CharField(required=False, max_length=30, widget=forms.HiddenInput)
    party = forms.CharField(label=_("Code of the counterparty"), required=False, max_length=35)
    side = forms.ChoiceField(label=_("Register"), required=False, choices=_SIDES)
    q = SearchField(label=_("Number, name or code"))

    @property
    def asked_state(self) -> SeenState | None:
        """The state asked for, if it is one."""
        code = self.cleaned_data.get("state", "")
        return SeenState(code) if code in set(SeenState) else None

    @property
    def query(self) -> PairQuery:
        """What is asked for apart from the period and the state."""
        asked = self.cleaned_data
        return PairQuery(
            side=asked.get("side", ""),
            counterparty=asked.get("party", "").upper(),
            text=asked.get("q", ""),
        )

    @property
    def query_with_state(self) -> PairQuery:
        """What is asked for, the state too if one is."""
        return self.query_in(self.asked_state) if self.asked_state else self.query

    def query_in(self, state: SeenState) -> PairQuery:
        """What is asked for, in one state."""
        return replace(self.query, states=(state,))


class OrderForm(forms.Form):
    """Which periods to report on, and of what."""

    periods = forms.MultipleChoiceField(
        label=_("Tax periods"),
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": _("Choose at least one tax period.")},
    )
    states = forms.MultipleChoiceField(
        label=_("What to list"),
        help_text=_("The numbers on top always count everything that was checked."),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        choices=_states,
        initial=_mismatches,
    )
    side = forms.ChoiceField(label=_("Register"), required=False, choices=_SIDES)
    counterparty = forms.CharField(
        label=_("VAT code or code of one counterparty"), required=False, max_length=35
    )
    every_period = forms.BooleanField(
        label=_("Order the same for every tax period, the day after its registers are due"),
        required=False,
    )

    def __init__(self, given: Any, periods: Sequence[Period], chosen: str = "") -> None:
        initial = {"periods": [chosen]} if chosen else {}
        super().__init__(given, initial=initial)
        self.fields["periods"].choices = [  # type: ignore[attr-defined]  # a ChoiceField
            (period.code, period_name(period)) for period in periods
        ]

    @property
    def chosen_periods(self) -> list[Period]:
        """The periods ticked."""
        return [Period.parse(code) for code in self.cleaned_data["periods"]]

    @property
    def query(self) -> PairQuery:
        """What is to be listed."""
        asked = self.cleaned_data
        return PairQuery(
            states=tuple(SeenState(code) for code in asked["states"]),
            side=asked["side"],
            counterparty=asked["counterparty"].upper(),
        )

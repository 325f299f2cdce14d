"""Input of the pages of preliminary returns; shape only."""

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from imas.kernel.periods import Period
from imas.web.periods import period_name
from isaf.models import PreliminaryReturn
from isaf.pages.returns import rule_name
from isaf.returns.forms import FormName, boxes_on
from isaf.returns.rules import BY_HAND, Rule, Treatment, rules_on
from isaf.returns.standing import Counted, Deduction, Nature
from isaf.services.return_decisions import LONGEST_REASON, Choice, Place
from isaf.services.return_lines import Told
from isaf.words import returns as words
from mailbox.proof_fields import ProofsField

_LARGEST_FILED = 1024 * 1024


def _form_choices() -> list[tuple[str, str]]:
    return [(name.value, f"{name.value}: {words.FORMS[name]}") for name in FormName]


class OrderForm(forms.Form):
    """Which forms to draw up, and for which periods."""

    chosen = forms.MultipleChoiceField(
        label=_("Forms"),
        widget=forms.CheckboxSelectMultiple,
        choices=_form_choices,
        initial=[FormName.RETURN.value],
        error_messages={"required": _("Choose at least one form.")},
    )
    periods = forms.MultipleChoiceField(
        label=_("Tax periods"),
        help_text=_(
            "Each is computed as soon as the registers of issued and received invoices of its "
            "whole period are submitted."
        ),
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": _("Choose at least one tax period.")},
    )
    every_period = forms.BooleanField(
        label=_("Draw these forms up for every tax period to come"), required=False
    )

    def __init__(self, given: Any, periods: Sequence[Period]) -> None:
        super().__init__(given, initial={"periods": [period.code for period in periods[:1]]})
        self.fields["periods"].choices = [  # type: ignore[attr-defined]  # a ChoiceField
            (period.code, period_name(period)) for period in periods
        ]

    @property
    def chosen_periods(self) -> list[Period]:
        """The periods ticked."""
        return [Period.parse(code) for code in self.cleaned_data["periods"]]

    @property
    def chosen_forms(self) -> list[FormName]:
        """The forms ticked."""
        return [FormName(name) for name in self.cleaned_data["chosen"]]


class SettingsForm(forms.Form):
    """Boxes 28, 10 and 9 of a return."""

    percent = forms.IntegerField(
        label=_("Deductible share of the calendar year, per cent (box 28)"),
        help_text=_("100 when everything is deducted; otherwise a whole number from 0 to 95."),
        min_value=0,
        max_value=100,
    )
    activity = forms.CharField(
        label=_("Main activity, EVRK code (box 10)"),
        help_text=_("Four or six digits, as in the taxpayer register."),
        required=False,
        max_length=6,
    )
    is_last = forms.BooleanField(
        label=_("The last period of a person being deregistered or liquidated (box 9)"),
        required=False,
    )


class ListSettingsForm(forms.Form):
    """How a list of supplies corrects the one before (box 6)."""

    by_lines = forms.ChoiceField(
        label=_("What the correction gives (box 6)"),
        choices=[
            ("", _("The whole list anew (2)")),
            ("lines", _("The lines that changed, and no others (3)")),
        ],
        required=False,
        widget=forms.RadioSelect,
    )

    def clean_by_lines(self) -> bool:
        """Return whether only changed lines are given."""
        return bool(self.cleaned_data["by_lines"] == "lines")


def settings_form(found: PreliminaryReturn, given: Any) -> SettingsForm | ListSettingsForm:
    """Return the form that the data of a return is set by."""
    if found.form == FormName.LIST:
        return ListSettingsForm(given, initial={"by_lines": "lines" if found.by_lines else ""})
    held = {"percent": found.percent, "activity": found.activity, "is_last": found.is_last}
    return SettingsForm(given, initial=held)


class FiledForm(forms.Form):
    """The file of the return that was filed in the end."""

    file = forms.FileField(
        label=_("FFData file"),
        help_text=_("The return as it was filed in EDS, as EDS or your program gives it."),
        widget=forms.ClearableFileInput(attrs={"accept": ".ffdata,.xml"}),
    )

    def clean_file(self) -> bytes:
        """Return what the file holds."""
        file = self.cleaned_data["file"]
        if file.size > _LARGEST_FILED:
            raise forms.ValidationError(_("The file is too large for a return."))
        return bytes(file.read())


class LineForm(forms.Form):
    """A line put in beside the registers."""

    rule = forms.ChoiceField(label=_("Where it belongs"))
    taxable = forms.DecimalField(
        label=_("Taxable value, EUR"),
        required=False,
        decimal_places=2,
        max_digits=12,
        localize=True,
    )
    vat = forms.DecimalField(
        label=_("VAT, EUR"), required=False, decimal_places=2, max_digits=12, localize=True
    )
    note = forms.CharField(
        label=_("What it is"),
        help_text=_("For example the number of the customs declaration."),
        max_length=LONGEST_REASON,
    )
    proofs = ProofsField()

    def __init__(self, start: date, given: Any = None, files: Any = None) -> None:
        super().__init__(given, files)
        rules = rules_on(start)
        imports = [rules[name] for name in ("P:PVM23", "P:PVM24")]
        by_hand = [rule for rule in rules.values() if rule.side == BY_HAND]
        others = [
            rule
            for rule in rules.values()
            if rule.treatment is Treatment.BOXES and rule not in (*imports, *by_hand)
        ]
        self.fields["rule"].choices = [  # type: ignore[attr-defined]  # a ChoiceField
            (_("Import VAT"), _by_box(imports, start)),
            (_("Straight into a box"), _by_box(by_hand, start)),
            (_("By a VAT code"), [(rule.name, rule_name(rule)) for rule in others]),
        ]

    @property
    def told(self) -> Told:
        """The line as entered."""
        asked = self.cleaned_data
        return Told(
            rule=asked["rule"],
            taxable=asked["taxable"] or Decimal(0),
            vat=asked["vat"] or Decimal(0),
            note=asked["note"],
        )


def _by_box(rules: Sequence[Rule], start: date) -> list[tuple[str, str]]:
    boxes = boxes_on(start)
    return [
        (rule.name, f"{rule.boxes[0]}. {words.box_name(boxes[rule.boxes[0]])}") for rule in rules
    ]


class DecisionForm(forms.Form):
    """What is decided on the invoices ticked."""

    counted = forms.ChoiceField(
        label=_("Count it"),
        choices=(
            (Counted.COUNTED.value, _("In this return")),
            (Counted.EXCLUDED.value, _("Leave it out")),
            (Counted.POSTPONED.value, _("In a later period (purchases only)")),
        ),
    )
    until = forms.ChoiceField(label=_("Later period"), required=False)
    deduction = forms.ChoiceField(
        label=_("Deduct"), choices=[(one.value, word) for one, word in words.DEDUCTIONS.items()]
    )
    share = forms.IntegerField(
        label=_("Share, per cent"), required=False, min_value=0, max_value=100, initial=50
    )
    nature = forms.ChoiceField(
        label=_("What was supplied under PVM15"),
        required=False,
        choices=[(one.value, word) for one, word in words.NATURES.items()],
    )
    reason = forms.CharField(
        label=_("Reason"),
        help_text=_("Needed to leave an invoice out; it stays with the return."),
        required=False,
        max_length=LONGEST_REASON,
    )

    def __init__(self, given: Any, later: Sequence[Period]) -> None:
        super().__init__(given)
        self.fields["until"].choices = [  # type: ignore[attr-defined]  # a ChoiceField
            ("", "–"),
            *((period.start.isoformat(), period_name(period)) for period in later),
        ]

    @property
    def choice(self) -> Choice:
        """What is decided."""
        asked = self.cleaned_data
        counted = Counted(asked["counted"])
        is_later = counted is Counted.POSTPONED and asked["until"]
        share = asked["share"]
        return Choice(
            counted=counted,
            until=date.fromisoformat(asked["until"]) if is_later else None,
            deduction=Deduction(asked["deduction"]),
            share=100 if share is None else share,
            nature=Nature(asked["nature"]),
            reason=asked["reason"].strip(),
        )


def places(given: Sequence[str]) -> list[Place]:
    """Read where the invoices stand that were ticked; ValueError for anything foreign."""
    told = (text.split("/") for text in given)
    return [(date.fromisoformat(start), int(part), int(position)) for start, part, position in told]

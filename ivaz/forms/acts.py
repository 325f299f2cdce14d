"""Input of what is done to a waybill that stands; shape only, meaning belongs to rules."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from imas.web.fields import DayField
from imas.web.templatetags.imas import shown_quantity
from ivaz.services.reloading import Reload
from ivaz.types import Conclusion, Content, Reason, Receipt, ReloadReason
from ivaz.words import CONCLUSIONS, RELOAD_REASONS
from mailbox.proof_fields import ProofsField

_LONGEST = 256


class ReceiveForm(forms.Form):
    """What the consignee says of the goods, line by line."""

    conclusion = forms.ChoiceField(
        label=_("Conclusion"),
        choices=lambda: [(one.value, word) for one, word in CONCLUSIONS.items()],
        widget=forms.RadioSelect,
        initial=Conclusion.SATISFACTORY,
    )
    day = DayField(label=_("Day of receipt"))
    note = forms.CharField(
        label=_("Remarks"), required=False, max_length=_LONGEST, widget=forms.Textarea({"rows": 2})
    )

    def __init__(self, lines: list[Content], given: Any = None, initial: Any = None) -> None:
        super().__init__(given, initial=initial)
        for line in lines:
            number = line["ProductLineNumber"]
            much = f"{shown_quantity(line['Quantity'])} {line['UnitOfMeasure']}"
            told = f"{number}. {much} {line['ProductDescription']}"
            self.fields[f"difference-{number}"] = _quantity(
                _("%(line)s: more or less than told") % {"line": told}
            )
            self.fields[f"refused-{number}"] = _quantity(_("Refused of it"), least=0)

    def content(self, rn: str) -> Content:
        """Return the record of the receipt."""
        asked = self.cleaned_data
        record: dict[str, Any] = {
            **_named(rn),
            "ReceiptType": Receipt.BY_CONSIGNEE.value,
            "ReceiptDate": asked["day"].isoformat(),
            "ReceivedCargoConclusion": asked["conclusion"],
        }
        if asked["note"].strip():
            record["AdditionalInfo"] = asked["note"].strip()
        if lines := list(_differences(asked)):
            record["ProductsInfo"] = lines
        return record


class CancelForm(forms.Form):
    """Why a waybill is cancelled, or its goods sent back."""

    reason = forms.ChoiceField(
        label=_("Reason"),
        choices=[
            (Reason.PRINTING_ERROR.value, _("Printing error")),
            (Reason.DEAL_ENDED.value, _("The deal was given up")),
            (Reason.DUPLICATE.value, _("There are two of them")),
            (Reason.NOT_BEGUN.value, _("The carriage was not begun on the day")),
            (Reason.RETURN.value, _("The goods go back to the consignor")),
            (Reason.OTHER.value, _("Another")),
        ],
        widget=forms.RadioSelect,
    )
    note = forms.CharField(
        label=_("Explanation"),
        required=False,
        max_length=_LONGEST,
        widget=forms.Textarea({"rows": 2}),
    )

    def content(self, rn: str) -> Content:
        """Return the record of the cancellation."""
        asked = self.cleaned_data
        note = {"AdditionalInfo": asked["note"].strip()} if asked["note"].strip() else {}
        return {**_named(rn), "CancellationReason": asked["reason"], **note}


class ReloadForm(forms.Form):
    """The vehicle that carries the goods from now on, and why."""

    plate = forms.CharField(label=_("Plate of the vehicle"), max_length=10)
    model = forms.CharField(label=_("Make and model"), required=False, max_length=70)
    trailer = forms.CharField(label=_("Plate of the trailer"), required=False, max_length=10)
    driver = forms.CharField(label=_("Driver’s name"), required=False, max_length=70)
    surname = forms.CharField(label=_("Driver’s surname"), required=False, max_length=70)

    reason = forms.ChoiceField(
        label=_("Reason"),
        help_text=_("All parties of the waybill see it."),
        choices=lambda: [(one.value, word) for one, word in RELOAD_REASONS.items()],
        widget=forms.RadioSelect,
    )
    explanation = forms.CharField(
        label=_("Explanation"),
        required=False,
        max_length=_LONGEST,
        widget=forms.Textarea({"rows": 2}),
    )

    field_order = ("plate", "reason", "explanation")

    def clean(self) -> dict[str, Any]:
        """Ask another reason to be explained."""
        asked = super().clean() or {}
        if asked.get("reason") == ReloadReason.OTHER and not asked.get("explanation"):
            self.add_error("explanation", self.fields["plate"].error_messages["required"])
        return asked

    @property
    def told(self) -> Reload:
        """What changes, and why."""
        asked = self.cleaned_data
        means = [_means(asked["plate"], asked["model"] or "ND")]
        if asked["trailer"]:
            means.append(_means(asked["trailer"], "Priekaba"))
        changed: dict[str, Any] = {"TransportMeans": means}
        if asked["driver"] and asked["surname"]:
            changed["Drivers"] = [{"Name": asked["driver"], "Surname": asked["surname"]}]
        return Reload(changed, ReloadReason(asked["reason"]), asked["explanation"])


class ObjectForm(forms.Form):
    """Why a consignor objects to a waybill."""

    reason = forms.CharField(
        label=_("Reason"),
        help_text=_("The preparer and the other parties see it."),
        max_length=_LONGEST,
        widget=forms.Textarea({"rows": 3}),
    )


class AttachForm(forms.Form):
    """Documents to put beside a waybill."""

    proofs = ProofsField(required=True)


def accepted(rn: str, day: str) -> Content:
    """Return the record by which a carrier takes goods over."""
    return {
        **_named(rn),
        "ReceiptType": Receipt.BY_TRANSPORTER.value,
        "ReceiptDate": day,
        "ReceivedCargoConclusion": Conclusion.SATISFACTORY.value,
    }


def received(rn: str, day: str) -> Content:
    """Return the record by which a consignee confirms that all is as told."""
    return {**accepted(rn, day), "ReceiptType": Receipt.BY_CONSIGNEE.value}


def _named(rn: str) -> dict[str, Any]:
    return {"TransportDocumentUID": {"IvazTransportDocumentUID": rn}}


def _means(plate: str, model: str) -> dict[str, str]:
    return {"IdentityOfTransportUnits": plate.strip(), "MarqueModelTransportUnits": model.strip()}


def _quantity(label: Any, least: int | None = None) -> forms.DecimalField:
    return forms.DecimalField(
        label=label, required=False, max_digits=10, decimal_places=3, min_value=least, localize=True
    )


def _differences(asked: Mapping[str, Any]) -> Any:
    numbers = [name.removeprefix("difference-") for name in asked if name.startswith("difference-")]
    for number in numbers:
        difference, refused = asked[f"difference-{number}"], asked[f"refused-{number}"]
        if difference or refused:
            told = {"ProductLineNumber": number}
            if difference:
                told["AmountDifference"] = str(difference)
            if refused:
                told["RefusedAmount"] = str(refused)
            if difference:
                told["ComplaintInfo"] = {"ComplaintType": "1" if difference > 0 else "2"}  # type: ignore[assignment]
            yield told

"""Input of the goods of a waybill: lines, packages, weight, value; shape only."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from django import forms
from django.forms.formsets import BaseFormSet, formset_factory
from django.utils.translation import gettext_lazy as _

from imas.web.fields import AmountField, DayField
from ivaz.forms.content import listed, number_of, number_text, put, within
from ivaz.forms.drafting import StepForm
from ivaz.types import MOST_LINES, Content

MOST_PACKAGES = 100
MORE = {"products": 5, "packages": 2}
"""So many empty lines are added at once."""


class ProductForm(forms.Form):
    """One line of goods."""

    name = forms.CharField(label=_("Name of the goods"), max_length=350, required=False)
    quantity = AmountField(label=_("Quantity"), max_digits=10, decimal_places=3, required=False)
    unit = forms.CharField(
        label=_("Unit"),
        max_length=24,
        required=False,
        widget=forms.TextInput({"list": "units", "autocomplete": "off"}),
    )
    code = forms.CharField(label=_("Code of the goods"), max_length=70, required=False)

    def clean(self) -> dict[str, Any]:
        """Ask for the name, the quantity and the unit together."""
        asked = super().clean() or {}
        if any(value not in {None, ""} for value in asked.values()):
            for name in ("name", "quantity", "unit"):
                if asked.get(name) in {None, ""} and name not in self.errors:
                    self.add_error(name, self.fields[name].error_messages["required"])
        return asked


class PackageForm(forms.Form):
    """Packages of one kind."""

    kind = forms.CharField(
        label=_("Kind of packages"),
        max_length=24,
        required=False,
        widget=forms.TextInput({"list": "package-kinds", "autocomplete": "off"}),
    )
    count = forms.IntegerField(
        label=_("Number of packages"), min_value=0, max_value=9_999_999_999, required=False
    )

    def clean(self) -> dict[str, Any]:
        """Ask for the kind and the number together."""
        asked = super().clean() or {}
        if bool(asked.get("kind")) != (asked.get("count") is not None) and not self.errors:
            missing = "count" if asked.get("kind") else "kind"
            self.add_error(missing, self.fields[missing].error_messages["required"])
        return asked


def _lines(form: type[forms.Form], most: int) -> "type[BaseFormSet[Any]]":
    return formset_factory(form, extra=0, max_num=most, absolute_max=most, validate_max=True)


class GoodsForm(StepForm):
    """What is carried; its lines are formsets under `lines`."""

    gross = AmountField(label=_("Gross weight"), max_digits=13, decimal_places=3, required=False)
    net = AmountField(label=_("Net weight"), max_digits=13, decimal_places=3, required=False)
    weight_unit = forms.ChoiceField(
        label=_("Weighed in"),
        choices=[("KGM", _("kilograms")), ("TNE", _("tonnes"))],
        required=False,
    )
    value = AmountField(label=_("Value of the goods"), min_value=0, required=False)
    currency = forms.CharField(label=_("Currency"), max_length=3, required=False)
    dangerous = forms.CharField(
        label=_("Dangerous goods: class and UN number"),
        help_text=_("Several are separated by commas."),
        max_length=500,
        required=False,
    )
    note = forms.CharField(label=_("About the goods"), max_length=256, required=False)
    payment = AmountField(label=_("Payment for the carriage"), min_value=0, required=False)
    instructions = forms.CharField(label=_("Other instructions"), max_length=256, required=False)
    paper = forms.CharField(
        label=_("Accompanying document"),
        help_text=_("An invoice, for instance, that goes along with the goods."),
        max_length=70,
        required=False,
    )
    paper_number = forms.CharField(label=_("Number of the document"), max_length=35, required=False)
    paper_date = DayField(since=date(1990, 1, 1), label=_("Date of the document"), required=False)

    def __init__(self, *given: Any, **named: Any) -> None:
        super().__init__(*given, **named)
        data = given[0] if given else None
        initial: Mapping[str, Any] = named.get("initial") or {}
        self.lines: dict[str, BaseFormSet[Any]] = {
            name: _lines(form, most)(data, prefix=name, initial=initial.get(name) or [{}])
            for name, form, most in (
                ("products", ProductForm, MOST_LINES),
                ("packages", PackageForm, MOST_PACKAGES),
            )
        }

    def is_valid(self) -> bool:
        """Tell whether the step and all its lines can be read."""
        return all([super().is_valid(), *(lines.is_valid() for lines in self.lines.values())])

    def into(self, content: Content) -> dict[str, Any]:
        """Return the content with these goods."""
        asked, whole = self.cleaned_data, dict(content)
        goods = within(
            content.get("DeliveryData") or {},
            Products=self._products(content),
            Packages=self._packages(content),
            ClassesAndNumbers=[
                part.strip() for part in asked["dangerous"].split(",") if part.strip()
            ],
            Value=number_text(asked["value"]),
            Currency=asked["currency"].upper() if asked["value"] is not None else "",
            ComplementaryDeliveryInformation=asked["note"],
        )
        is_weighed = asked["gross"] is not None or asked["net"] is not None
        weight = within(
            goods.get("Weight") or {},
            GrossWeight=number_text(asked["gross"]),
            NetWeight=number_text(asked["net"]),
            UnitOfMeasure=asked["weight_unit"] or "KGM",
        )
        put(goods, "Weight", weight if is_weighed else None)
        put(whole, "DeliveryData", goods)
        put(whole, "ComplementaryTransportInformation", self._carriage(content))
        return whole

    def _products(self, content: Content) -> list[dict[str, Any]]:
        old = listed(content.get("DeliveryData") or {}, "Products")
        kept = {str(line.get("ProductLineNumber")): line for line in old}
        written = [line for line in self.lines["products"].cleaned_data if line.get("name")]
        return [
            within(
                kept.get(str(number), {}),
                ProductLineNumber=str(number),
                Quantity=number_text(line["quantity"]),
                UnitOfMeasure=line["unit"],
                ProductCode=line["code"],
                ProductDescription=line["name"],
            )
            for number, line in enumerate(written, start=1)
        ]

    def _packages(self, content: Content) -> list[dict[str, Any]]:
        old = listed(content.get("DeliveryData") or {}, "Packages")
        kept = {one.get("KindOfPackagesCode"): one for one in old}
        return [
            within(
                kept.get(line["kind"], {}),
                KindOfPackagesCode=line["kind"],
                NumberOfPackages=str(line["count"]),
            )
            for line in self.lines["packages"].cleaned_data
            if line.get("kind")
        ]

    def _carriage(self, content: Content) -> dict[str, Any]:
        """Return what else is said of the carriage; the first payment and paper are those shown."""
        asked = self.cleaned_data
        before = content.get("ComplementaryTransportInformation") or {}
        old = listed(before, "PaymentsForDelivery")
        first = within(old[0] if old else {}, PaymentValue=number_text(asked["payment"]))
        payments = [first, *old[1:]] if asked["payment"] is not None else old[1:]
        papers = listed(before, "Annexes")
        paper = within(
            papers[0] if papers else {},
            TypeOfDocument=asked["paper"],
            DocumentNumber=asked["paper_number"],
            DocumentDate=f"{asked['paper_date'] or ''}",
        )
        return within(
            before,
            PaymentsForDelivery=payments,
            Annexes=[paper, *papers[1:]] if paper else papers[1:],
            OtherInstructions=asked["instructions"],
        )

    @classmethod
    def initial_of(cls, content: Content) -> dict[str, Any]:
        """Return the goods of a content, with an empty line where there is none."""
        goods = content.get("DeliveryData") or {}
        weight = goods.get("Weight") or {}
        carriage = content.get("ComplementaryTransportInformation") or {}
        payments = [*listed(carriage, "PaymentsForDelivery"), {}]
        paper = [*listed(carriage, "Annexes"), {}][0]
        return {
            "products": [_shown_product(line) for line in listed(goods, "Products")],
            "packages": [_shown_package(one) for one in listed(goods, "Packages")],
            "gross": number_of(weight.get("GrossWeight")),
            "net": number_of(weight.get("NetWeight")),
            "weight_unit": weight.get("UnitOfMeasure", "KGM"),
            "value": number_of(goods.get("Value")),
            "currency": goods.get("Currency", "EUR"),
            "dangerous": ", ".join(listed(goods, "ClassesAndNumbers")),
            "note": goods.get("ComplementaryDeliveryInformation", ""),
            "payment": number_of(payments[0].get("PaymentValue")),
            "instructions": carriage.get("OtherInstructions", ""),
            "paper": paper.get("TypeOfDocument", ""),
            "paper_number": paper.get("DocumentNumber", ""),
            "paper_date": paper.get("DocumentDate", ""),
        }


def typed(given: Mapping[str, str], more: str = "") -> dict[str, Any]:
    """Return what was typed so far, unjudged, with room for more lines of one name."""
    shown: dict[str, Any] = {name: given.get(name, "") for name in GoodsForm.base_fields}
    for name, form, most in (
        ("products", ProductForm, MOST_LINES),
        ("packages", PackageForm, MOST_PACKAGES),
    ):
        told = given.get(f"{name}-TOTAL_FORMS", "")
        count = min(int(told), most) if told.isdecimal() else 0
        lines = [
            {field: given.get(f"{name}-{at}-{field}", "") for field in form.base_fields}
            for at in range(count)
        ]
        room = min(MORE[name], most - count) if name == more else 0
        shown[name] = [*lines, *([{}] * room)]
    return shown


def _shown_product(line: Content) -> dict[str, Any]:
    return {
        "name": line.get("ProductDescription", ""),
        "quantity": number_of(line.get("Quantity")),
        "unit": line.get("UnitOfMeasure", ""),
        "code": line.get("ProductCode", ""),
    }


def _shown_package(one: Content) -> dict[str, Any]:
    return {"kind": one.get("KindOfPackagesCode", ""), "count": one.get("NumberOfPackages", "")}

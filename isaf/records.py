"""Input of invoices and settlements entered by hand: shape only, meaning belongs to rules."""

from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Any, ClassVar, cast

from django import forms
from django.forms.formsets import BaseFormSet, formset_factory
from django.utils.translation import gettext_lazy as _

from imas.kernel.money import ZERO
from imas.kernel.periods import Period
from imas.web.countries import country_choices
from imas.web.fields import AmountField, DayField
from isaf.entered import SHARED, Content, Record, content_of, law_of, suggestion, tax_codes
from isaf.types import (
    NOT_KNOWN,
    Invoice,
    Party,
    Reference,
    RegisterType,
    SettledInvoice,
    Settlement,
    SettlementKind,
    TaxRow,
)
from isaf.words.registers import INVOICE_TYPES

if TYPE_CHECKING:
    from django.forms import BoundField

MOST_LINES = 100
_NUMBER_LENGTH, _CODE_LENGTH, _NAME_LENGTH = 70, 35, 256
_KINDS = ((SettlementKind.RECEIVED, _("received")), (SettlementKind.PAID, _("paid")))


class _Party(forms.Form):
    """The other side of a record."""

    party_vat = forms.CharField(label=_("VAT code"), required=False, max_length=_CODE_LENGTH)
    party_code = forms.CharField(
        label=_("Registration code"), required=False, max_length=_CODE_LENGTH
    )
    party_country = forms.ChoiceField(label=_("Country"), required=False)
    party_name = forms.CharField(label=_("Name"), max_length=_NAME_LENGTH)

    def __init__(self, *given: Any, **named: Any) -> None:
        super().__init__(*given, **named)
        countries = cast("forms.ChoiceField", self.fields["party_country"])
        countries.choices = [("", _("not said")), *country_choices(but="")]

    def party(self) -> Party:
        """Return the other side; what is not known is said so, as the description asks."""
        asked = self.cleaned_data
        return Party(
            "",
            asked["party_vat"] or NOT_KNOWN,
            asked["party_code"],
            asked["party_country"],
            asked["party_name"],
        )


def is_written(line: Mapping[str, Any]) -> bool:
    """Tell whether anything was written into a line."""
    return any(value not in {None, ""} for value in line.values())


class TotalForm(forms.Form):
    """One total row: what is left empty follows from the code."""

    code = forms.ChoiceField(label=_("VAT classifier code"), required=False)
    taxable = AmountField(label=_("Taxable value"), required=False)
    rate = AmountField(label=_("Rate, %"), required=False, max_digits=5)
    amount = AmountField(label=_("VAT"), required=False)

    def __init__(self, *given: Any, codes: Sequence[tuple[str, str]], **named: Any) -> None:
        super().__init__(*given, **named)
        cast("forms.ChoiceField", self.fields["code"]).choices = [("", "–"), *codes]

    def clean(self) -> dict[str, Any]:
        """Ask for the base of a row in which anything else is said."""
        asked = super().clean() or {}
        if is_written(asked) and asked.get("taxable") is None and "taxable" not in self.errors:
            self.add_error("taxable", _("Write the taxable value, 0 where there is none."))
        return asked


class ReferenceForm(forms.Form):
    """An invoice that is corrected, or one that is settled."""

    number = forms.CharField(label=_("Number"), required=False, max_length=_NUMBER_LENGTH)
    day = DayField(label=_("Date"), required=False, since=date(1990, 1, 1))

    def clean(self) -> dict[str, Any]:
        """Ask for the number and the day together."""
        asked = super().clean() or {}
        if is_written(asked):
            for name in ("number", "day"):
                if not asked.get(name) and name not in self.errors:
                    self.add_error(name, self.fields[name].error_messages["required"])
        return asked


class SettledForm(ReferenceForm):
    """A settled invoice with what was paid of it."""

    day = DayField(label=_("Date"), required=False, since=date(2011, 1, 1))
    amount = AmountField(label=_("Taxable value"), required=False)
    vat = AmountField(label=_("VAT"), required=False)


class _Lines(BaseFormSet[Any]):
    """The lines of a record."""

    @property
    def says_more(self) -> bool:
        """Whether a line is filled in, wrong, or more than the one that is always there."""
        return len(self.forms) > 1 or any(field.value() for form in self.forms for field in form)


def _lines(form: type[forms.Form], extra: int) -> "type[BaseFormSet[Any]]":
    return formset_factory(
        form,
        formset=_Lines,
        extra=extra,
        max_num=MOST_LINES,
        absolute_max=MOST_LINES,
        validate_max=True,
    )


class RecordForm(_Party):
    """A record with its lines; subclasses say what the record is made of."""

    version = forms.IntegerField(required=False, widget=forms.HiddenInput)

    line_forms: ClassVar[Mapping[str, type[forms.Form]]] = {}
    """The lines the record has, by name."""

    def __init__(
        self,
        given: Any = None,
        *,
        register: RegisterType,
        period: Period,
        initial: Mapping[str, Any] | None = None,
        more: str = "",
    ) -> None:
        super().__init__(given, initial=dict(initial or {}))
        self.register, self.period = register, period
        self.lines = {name: self._formset(name, given, more) for name in self.line_forms}

    def line_kwargs(self, name: str) -> dict[str, Any]:
        """Return what the forms of a line are made with."""
        del name
        return {}

    def read(self) -> Record:
        """Return the record; the form is valid."""
        raise NotImplementedError

    def is_valid(self) -> bool:
        """Tell whether the record and all of its lines have the right shape."""
        return all([super().is_valid(), *(lines.is_valid() for lines in self.lines.values())])

    def content(self) -> Content:
        """Return what is kept of the record."""
        return content_of(self.read())

    def has_lines(self, name: str, asked: str) -> bool:
        """Tell whether a line is filled in; ask for this field of the first one if none is."""
        if self.filled(name):
            return True
        empty = next(iter(self.lines[name].forms), None)
        field = empty.fields[asked] if empty else self.fields["number"]
        form, at = (empty, asked) if empty else (self, "number")
        form.add_error(at, field.error_messages["required"])
        return False

    @property
    def first_fields(self) -> "list[BoundField]":
        """What every record says, beside the other side."""
        return [self[name] for name in ("number", "issued", "kind")]

    @property
    def party_fields(self) -> "list[BoundField]":
        """The other side."""
        return [self[name] for name in _Party.base_fields]

    @property
    def last_fields(self) -> "list[BoundField]":
        """What few records say."""
        shown = {*_Party.base_fields, "number", "issued", "kind", "version"}
        return [self[name] for name in self.fields if name not in shown]

    @property
    def says_more(self) -> bool:
        """Whether a field that few records have is filled in, or wrong."""
        return any(field.value() or field.errors for field in self.last_fields)

    @property
    def mistakes(self) -> "list[tuple[BoundField, str]]":
        """Every mistake of the record and of its lines with its field."""
        if not self.is_bound:
            return []
        forms_ = [self, *(form for lines in self.lines.values() for form in lines.forms)]
        return [(field, error) for form in forms_ for field in form for error in field.errors]

    def written_lines(self, name: str) -> list[int]:
        """Return the places of the lines in which something was written; none of other lines."""
        lines = self.lines.get(name)
        forms_ = lines.forms if lines else ()
        return [index for index, form in enumerate(forms_) if is_written(form.cleaned_data)]

    def filled(self, name: str) -> list[dict[str, Any]]:
        """Return the lines in which something was written."""
        return [self.lines[name].forms[place].cleaned_data for place in self.written_lines(name)]

    def _formset(self, name: str, given: Any, more: str) -> "BaseFormSet[Any]":
        kept = self.initial.get(name, [])
        make = _lines(self.line_forms[name], extra=0 if kept and more != name else 1)
        return make(given, initial=kept, prefix=name, form_kwargs=self.line_kwargs(name))


def _types() -> list[tuple[str, str]]:
    return [(code, f"{code} · {name}") for code, name in INVOICE_TYPES.items()]


class InvoiceForm(RecordForm):
    """An invoice, issued or received."""

    number = forms.CharField(label=_("Number"), max_length=_NUMBER_LENGTH)
    issued = DayField(label=_("Issue date"))
    kind = forms.ChoiceField(label=_("Document type"), choices=_types, initial="SF")
    share = AmountField(
        label=_("Your share, %"),
        required=False,
        max_digits=5,
        min_value=Decimal("0.01"),
        max_value=Decimal(100),
        help_text=_(
            "Of a single invoice of several sellers (VS, VD, VK): amounts are then those of the "
            "whole."
        ),
    )
    vat_point = DayField(label=_("Date of supply, if another"), required=False)
    registered = DayField(label=_("Date of entry in the accounts"), required=False)
    special = forms.BooleanField(label=_("Cash accounting (T)"), required=False)

    line_forms: ClassVar = {"rows": TotalForm, "references": ReferenceForm}

    def __init__(self, given: Any = None, **named: Any) -> None:
        super().__init__(given, **named)
        if self.register is RegisterType.SALES:
            del self.fields["registered"]
        else:
            cast("DayField", self.fields["issued"]).since = date(1990, 1, 1)

    def line_kwargs(self, name: str) -> dict[str, Any]:
        """Offer the codes of the register that are in force in the period."""
        if name != "rows":
            return {}
        codes = [
            (code, _code_words(code, rate)) for code, rate in tax_codes(self.register, self.period)
        ]
        kept = {row["code"] for row in self.initial.get("rows", [])} - {"", *dict(codes)}
        return {"codes": [*codes, *((code, code) for code in sorted(kept))]}

    def clean(self) -> dict[str, Any]:
        """Keep a share to shared invoices."""
        asked = super().clean() or {}
        if asked.get("share") is not None and asked.get("kind") not in SHARED:
            self.add_error(
                "share", _("Only a single invoice of several sellers has shares: VS, VD or VK.")
            )
        return asked

    def is_valid(self) -> bool:
        """An invoice has a total row at least."""
        return super().is_valid() and self.has_lines("rows", "taxable")

    def read(self) -> Invoice:
        """Return the invoice as typed, with what follows from its codes filled in."""
        asked = self.cleaned_data
        return Invoice(
            register=self.register,
            position=0,
            line=0,
            number=asked["number"],
            party=self.party(),
            issued=asked["issued"],
            type=asked["kind"],
            special="T" if asked["special"] else "",
            references=tuple(
                Reference(line["number"], line["day"]) for line in self.filled("references")
            ),
            vat_point=asked["vat_point"],
            registered=asked.get("registered"),
            rows=tuple(self._row(line) for line in self.filled("rows")),
        )

    def content(self) -> Content:
        """Return what is kept: amounts as typed, and the share."""
        return content_of(self.read(), self.cleaned_data["share"])

    def _row(self, line: Mapping[str, Any]) -> TaxRow:
        asked = self.cleaned_data
        follows = suggestion(
            code=line["code"],
            register=self.register,
            type_=asked["kind"],
            supplied=asked["vat_point"] or asked["issued"],
            taxable=line["taxable"],
            rate=line["rate"],
        )
        amount = follows.amount if line["amount"] is None else line["amount"]
        return TaxRow(line["taxable"], line["code"], follows.rate, amount)


class SettlementForm(RecordForm):
    """Money received or paid for invoices under cash accounting."""

    kind = forms.ChoiceField(label=_("Direction"), choices=_KINDS)
    number = forms.CharField(label=_("Payment document"), max_length=_NUMBER_LENGTH)
    issued = DayField(label=_("Date"))

    line_forms: ClassVar = {"invoices": SettledForm}

    def is_valid(self) -> bool:
        """A settlement names an invoice at least."""
        return super().is_valid() and self.has_lines("invoices", "number")

    def read(self) -> Settlement:
        """Return the settlement; an amount left empty is none."""
        asked = self.cleaned_data
        return Settlement(
            position=0,
            line=0,
            kind=SettlementKind(asked["kind"]),
            reference=asked["number"],
            date=asked["issued"],
            party=self.party(),
            invoices=tuple(
                SettledInvoice(
                    line["number"], line["day"], line["amount"] or ZERO, line["vat"] or ZERO
                )
                for line in self.filled("invoices")
            ),
        )


def form_of(register: RegisterType) -> type[RecordForm]:
    """Return the form of a register's records."""
    return SettlementForm if register is RegisterType.SETTLEMENT else InvoiceForm


def _code_words(code: str, rate: Decimal | None) -> str:
    told = f"{rate.normalize():f} %" if rate is not None else law_of(code)
    return f"{code} · {told}" if told else code

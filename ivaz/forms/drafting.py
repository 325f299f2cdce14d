"""Input of a waybill in three steps: who, how it is carried, what; shape only.

A step reads its part out of the content and writes it back; whatever of the content it does not
show (seals, customs offices, annexes) stays as it was.
"""

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

from django import forms
from django.utils.translation import gettext_lazy as _

from imas.kernel import clock
from imas.web.fields import DayField, MomentField
from ivaz.forms.content import (
    address_of,
    address_text,
    listed,
    moment_text,
    put,
    shown_moment,
    within,
)
from ivaz.types import Content, Section

if TYPE_CHECKING:
    from django.forms import BoundField

PARTIES = {"consignor": "Consignor", "transporter": "Transporter", "consignee": "Consignee"}
_CODE, _NAME, _ADDRESS, _CONTACT = 35, 256, 256, 256


class StepForm(forms.Form):
    """A step of a draft; one that is put aside may be unfinished."""

    def __init__(self, *given: Any, is_put_aside: bool = False, **named: Any) -> None:
        super().__init__(*given, **named)
        if is_put_aside:
            for field in self.fields.values():
                field.required = False

    def into(self, content: Content) -> dict[str, Any]:
        """Return the content with what was written here."""
        raise NotImplementedError

    @classmethod
    def initial_of(cls, content: Content) -> dict[str, Any]:
        """Return what the step shows of a content."""
        raise NotImplementedError


class PartiesForm(StepForm):
    """Who sends, who carries, who receives."""

    kind = forms.ChoiceField(
        label=_("Kind of waybill"),
        choices=lambda: [
            (Section.WAYBILL.value, _("Waybill: its data are submitted, the paper goes along")),
            (Section.EWAYBILL.value, _("E-waybill: issued and confirmed in i.VAZ alone")),
        ],
        help_text=_("An e-waybill needs the consent of the carrier and the consignee in i.VAZ."),
        widget=forms.RadioSelect,
        initial=Section.WAYBILL,
    )
    is_consignee_unknown = forms.BooleanField(
        label=_("The consignee is not known yet"),
        help_text=_("He is to be named within five working days after the delivery."),
        required=False,
    )

    def __init__(self, *given: Any, **named: Any) -> None:
        super().__init__(*given, **named)
        is_put_aside = named.get("is_put_aside", False)
        for party in PARTIES:
            is_needed = not is_put_aside and party != "consignee"
            self.fields[f"{party}_code"] = forms.CharField(
                label=_("Registration code"),
                help_text=_("ND where it is not known; then the address is needed."),
                max_length=_CODE,
                required=is_needed,
            )
            self.fields[f"{party}_name"] = forms.CharField(
                label=_("Name"), max_length=_NAME, required=is_needed
            )
            self.fields[f"{party}_address"] = forms.CharField(
                label=_("Address"), max_length=_ADDRESS, required=False
            )
            self.fields[f"{party}_contact"] = forms.CharField(
                label=_("Contacts"), max_length=_CONTACT, required=False
            )

    def parties(self) -> Iterator[tuple[str, Any, "list[BoundField]"]]:
        """Yield each party with its word and its fields."""
        words = {
            "consignor": _("Consignor"),
            "transporter": _("Carrier"),
            "consignee": _("Consignee"),
        }
        for party, word in words.items():
            names = (f"{party}_{name}" for name in ("code", "name", "address", "contact"))
            yield party, word, [self[name] for name in names]

    def clean(self) -> dict[str, Any]:
        """Ask for the consignee unless he is said to be unknown."""
        asked = super().clean() or {}
        if self.fields["consignor_code"].required and not asked.get("is_consignee_unknown"):
            for name in ("consignee_code", "consignee_name"):
                if not asked.get(name) and name not in self.errors:
                    self.add_error(name, self.fields[name].error_messages["required"])
        return asked

    def into(self, content: Content) -> dict[str, Any]:
        """Return the content with these parties."""
        asked, whole = self.cleaned_data, dict(content)
        for party, name in PARTIES.items():
            if party == "consignee" and asked["is_consignee_unknown"]:
                whole[name] = None
                continue
            old = whole.get(name) or {}
            address = "TransporterAddress" if party == "transporter" else "Address"
            changed = within(
                old,
                RegistrationNumber=asked[f"{party}_code"],
                Name=asked[f"{party}_name"],
                ContactInformation=asked[f"{party}_contact"],
            )
            put(changed, address, address_of(asked[f"{party}_address"], old.get(address)))
            whole[name] = changed
        return whole

    @classmethod
    def initial_of(cls, content: Content) -> dict[str, Any]:
        """Return the parties of a content."""
        is_unknown = "Consignee" in content and content["Consignee"] is None
        shown: dict[str, Any] = {"is_consignee_unknown": is_unknown}
        for party, name in PARTIES.items():
            told = content.get(name) or {}
            address = told.get("TransporterAddress" if party == "transporter" else "Address")
            shown |= {
                f"{party}_code": told.get("RegistrationNumber", ""),
                f"{party}_name": told.get("Name", ""),
                f"{party}_address": address_text(address),
                f"{party}_contact": told.get("ContactInformation", ""),
            }
        return shown


class CarriageForm(StepForm):
    """The waybill's number, when and whence and where to, and by what it is carried."""

    number = forms.CharField(
        label=_("Series and number of the waybill"), max_length=35, help_text=_("Your own.")
    )
    dated = DayField(label=_("Issue date"), initial=clock.today)
    issue_place = forms.CharField(label=_("Place of issue"), max_length=_ADDRESS, required=False)
    dispatch = MomentField(
        label=_("Dispatch"),
        help_text=_(
            "Not earlier than now, and within seven days. Of a waybill announced in a.VAZ: when "
            "the goods left."
        ),
    )
    arrival = MomentField(
        label=_("Arrival, as expected"),
        help_text=_("Left empty, it is the end of the day of dispatch."),
        required=False,
    )
    load = forms.CharField(label=_("Loading address"), max_length=_ADDRESS)
    load_warehouse = forms.CharField(label=_("Warehouse, loading"), max_length=24, required=False)
    unload = forms.CharField(label=_("Unloading address"), max_length=_ADDRESS)
    unload_warehouse = forms.CharField(
        label=_("Warehouse, unloading"), max_length=24, required=False
    )
    plate = forms.CharField(label=_("Plate of the vehicle"), max_length=10)
    model = forms.CharField(label=_("Make and model"), required=False, max_length=70)
    trailer = forms.CharField(label=_("Plate of the trailer"), required=False, max_length=10)
    driver = forms.CharField(label=_("Driver’s name"), required=False, max_length=70)
    surname = forms.CharField(label=_("Driver’s surname"), required=False, max_length=70)

    def clean(self) -> dict[str, Any]:
        """Ask for an arrival after the dispatch, and for a driver's whole name."""
        asked = super().clean() or {}
        dispatch, arrival = asked.get("dispatch"), asked.get("arrival")
        if dispatch and arrival and arrival < dispatch:
            self.add_error("arrival", _("It arrives before it is dispatched."))
        if bool(asked.get("driver")) != bool(asked.get("surname")):
            missing = "surname" if asked.get("driver") else "driver"
            self.add_error(missing, self.fields["number"].error_messages["required"])
        return asked

    def parts(self) -> "Iterator[tuple[Any, str, list[BoundField]]]":
        """Yield the parts of the step with their fields, and which book helps with them."""
        for word, book, names in (
            (_("Number and place of issue"), "", ("number", "dated", "issue_place")),
            (_("Loading"), "load", ("dispatch", "load", "load_warehouse")),
            (_("Unloading"), "unload", ("arrival", "unload", "unload_warehouse")),
            (
                _("Vehicle and driver"),
                "vehicle",
                ("plate", "model", "trailer", "driver", "surname"),
            ),
        ):
            yield word, book, [self[name] for name in names]

    def into(self, content: Content) -> dict[str, Any]:
        """Return the content with this carriage."""
        asked, whole = self.cleaned_data, dict(content)
        put(whole, "LocalTransportDocumentNumber", asked["number"])
        put(whole, "LocalTransportDocumentDate", f"{asked['dated'] or ''}")
        place = "PlaceOfIssueTransportDocument"
        put(whole, place, address_of(asked["issue_place"], content.get(place)))
        put(whole, "TimeOfDispatch", moment_text(asked["dispatch"]))
        put(whole, "EstimatedTimeOfArrival", moment_text(asked["arrival"]))
        for name, side, address in (
            ("load", "ShipFrom", "LoadAddress"),
            ("unload", "ShipTo", "UnloadAddress"),
        ):
            changed = within(content.get(side) or {}, WarehouseID=asked[f"{name}_warehouse"])
            put(changed, address, address_of(asked[name], changed.get(address)))
            put(whole, side, changed)
        transporter = dict(content.get("Transporter") or {})
        put(transporter, "TransportMeans", means_of(asked, transporter))
        put(transporter, "Drivers", drivers_of(asked, transporter))
        whole["Transporter"] = transporter
        return whole

    @classmethod
    def initial_of(cls, content: Content) -> dict[str, Any]:
        """Return the carriage of a content."""
        source, target = content.get("ShipFrom") or {}, content.get("ShipTo") or {}
        transporter: Mapping[str, Any] = content.get("Transporter") or {}
        means = [*listed(transporter, "TransportMeans"), {}, {}]
        driver = [*listed(transporter, "Drivers"), {}][0]
        model = means[0].get("MarqueModelTransportUnits", "")
        return {
            "number": content.get("LocalTransportDocumentNumber", ""),
            "dated": content.get("LocalTransportDocumentDate") or clock.today(),
            "issue_place": address_text(content.get("PlaceOfIssueTransportDocument")),
            "dispatch": shown_moment(content.get("TimeOfDispatch")),
            "arrival": shown_moment(content.get("EstimatedTimeOfArrival")),
            "load": address_text(source.get("LoadAddress")),
            "load_warehouse": source.get("WarehouseID", ""),
            "unload": address_text(target.get("UnloadAddress")),
            "unload_warehouse": target.get("WarehouseID", ""),
            "plate": means[0].get("IdentityOfTransportUnits", ""),
            "model": "" if model == "ND" else model,
            "trailer": means[1].get("IdentityOfTransportUnits", ""),
            "driver": driver.get("Name", ""),
            "surname": driver.get("Surname", ""),
        }


class TemplateForm(forms.Form):
    """The name of a template."""

    name = forms.CharField(label=_("Name of the template"), max_length=100)


def means_of(asked: Mapping[str, str], transporter: Content) -> list[Any]:
    """Return the vehicle and the trailer asked for, and what further ones there were."""
    old = listed(transporter, "TransportMeans")
    told = (
        (asked["plate"], asked["model"] or "ND"),
        (asked["trailer"], "Priekaba"),
    )
    means = []
    for at, (plate, model) in enumerate(told):
        kept = old[at] if at < len(old) else {}
        if plate:
            means.append(
                within(kept, IdentityOfTransportUnits=plate, MarqueModelTransportUnits=model)
            )
    return means + old[2:]


def drivers_of(asked: Mapping[str, str], transporter: Content) -> list[Any]:
    """Return the driver asked for, and what further ones there were."""
    old = listed(transporter, "Drivers")
    first = [{"Name": asked["driver"], "Surname": asked["surname"]}] if asked["driver"] else []
    return first + old[1:]

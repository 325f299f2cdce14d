"""Input of one part of a waybill being split: number, place, times, carrier; shape only."""

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from django import forms
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from imas.web.fields import MomentField
from ivaz.forms.content import address_of, address_text, moment_text, within
from ivaz.forms.drafting import CarriageForm, drivers_of, means_of
from ivaz.types import Content

if TYPE_CHECKING:
    from django.forms import BoundField

_NUMBER = 35
_PLAIN = ("number", "unload", "dispatch", "arrival", "plate", "driver", "surname")
_CONSIGNEE = ("consignee_code", "consignee_name", "consignee_address")
_CARRIER = ("carrier_code", "carrier_name", "carrier_address", "model", "trailer")
_CARRIAGE = frozenset({*_CARRIER, "plate", "driver", "surname"})
_FOLDED: tuple[tuple[Promise, tuple[str, ...]], ...] = (
    (_("Another consignee"), _CONSIGNEE),
    (_("Another carrier, a trailer"), _CARRIER),
)


class PartForm(forms.Form):
    """What a part says; whatever is left as it was is copied from the whole."""

    number = forms.CharField(label=_("Series and number of the waybill"), max_length=_NUMBER)
    unload = forms.CharField(label=_("Unloading address"), max_length=256)
    dispatch = MomentField(label=_("Dispatch"))
    arrival = MomentField(label=_("Arrival, as expected"), required=False)
    plate = forms.CharField(label=_("Plate of the vehicle"), max_length=10)
    model = forms.CharField(label=_("Make and model"), required=False, max_length=70)
    trailer = forms.CharField(label=_("Plate of the trailer"), required=False, max_length=10)
    driver = forms.CharField(label=_("Driver’s name"), required=False, max_length=70)
    surname = forms.CharField(label=_("Driver’s surname"), required=False, max_length=70)
    consignee_code = forms.CharField(
        label=_("Consignee’s registration code"), max_length=35, required=False
    )
    consignee_name = forms.CharField(label=_("Consignee’s name"), max_length=256, required=False)
    consignee_address = forms.CharField(
        label=_("Consignee’s address"), max_length=256, required=False
    )
    carrier_code = forms.CharField(label=_("Carrier’s registration code"), max_length=35)
    carrier_name = forms.CharField(label=_("Carrier’s name"), max_length=256)
    carrier_address = forms.CharField(label=_("Carrier’s address"), max_length=256, required=False)

    def __init__(self, at: int, given: Any = None, initial: Any = None) -> None:
        super().__init__(given, prefix=f"part-{at}", initial=initial)
        self.at = at

    @property
    def word(self) -> str:
        """Which part it is."""
        return part_word(self.at)

    @property
    def plain(self) -> "list[BoundField]":
        """The fields every part is looked at for."""
        return [self[name] for name in _PLAIN]

    @property
    def folded(self) -> "Iterator[tuple[Promise, list[BoundField], bool]]":
        """The fields few parts need: their word, they, and whether a mistake is among them."""
        for word, names in _FOLDED:
            is_wrong = any(name in self.errors for name in names)
            yield word, [self[name] for name in names], is_wrong

    def clean(self) -> dict[str, Any]:
        """Ask for whole names, and for what the whole has.

        A part says things otherwise than the whole; it cannot leave out what that says.
        """
        asked = super().clean() or {}
        for name in self._missing(asked):
            if name not in self.errors:
                self.add_error(name, self.fields["number"].error_messages["required"])
        return asked

    def _missing(self, asked: dict[str, Any]) -> Iterator[str]:
        if bool(asked.get("driver")) != bool(asked.get("surname")):
            yield "surname" if asked.get("driver") else "driver"
        if self.initial.get("arrival") and not asked.get("arrival"):
            yield "arrival"
        is_named = self.initial.get("consignee_code") or any(asked.get(one) for one in _CONSIGNEE)
        for name in ("consignee_code", "consignee_name"):
            if is_named and not asked.get(name):
                yield name

    def content(self, whole: Content, uid: str) -> dict[str, Any]:
        """Return what the part says otherwise than the whole, under an id of its own."""
        asked, changed = self.cleaned_data, set(self.changed_data)
        told: dict[str, Any] = {
            "TransportDocumentUID": {"LocalTransportDocumentUID": uid},
            "LocalTransportDocumentNumber": asked["number"],
        }
        if "dispatch" in changed:
            told["TimeOfDispatch"] = moment_text(asked["dispatch"])
        if "arrival" in changed:
            told["EstimatedTimeOfArrival"] = moment_text(asked["arrival"])
        if "unload" in changed:
            old = whole.get("ShipTo") or {}
            # A warehouse is one of its address.
            told["ShipTo"] = within(
                old,
                UnloadAddress=address_of(asked["unload"], old.get("UnloadAddress")),
                WarehouseID="",
            )
        if changed & {*_CONSIGNEE}:
            told["Consignee"] = self._party("consignee", whole.get("Consignee") or {}, "Address")
        if changed & _CARRIAGE:
            old = whole.get("Transporter") or {}
            told["Transporter"] = within(
                self._party("carrier", old, "TransporterAddress"),
                TransportMeans=means_of(asked, old),
                Drivers=drivers_of(asked, old),
            )
        return told

    def _party(self, name: str, old: Content, address: str) -> dict[str, Any]:
        """Return a party; of another, nothing is kept of what the former one is."""
        asked = self.cleaned_data
        is_other = asked[f"{name}_code"] != old.get("RegistrationNumber")
        is_left = is_other and f"{name}_address" not in self.changed_data
        lies = None if is_left else address_of(asked[f"{name}_address"], old.get(address))
        told = {"RegistrationNumber": asked[f"{name}_code"], "Name": asked[f"{name}_name"]}
        return within({} if is_other else old, **told, **{address: lies})

    @classmethod
    def proposed(cls, whole: Content, at: int) -> dict[str, Any]:
        """Return what a part is proposed to say: as the whole, under a number of its own."""
        shown = CarriageForm.initial_of(whole)
        carrier, consignee = whole.get("Transporter") or {}, whole.get("Consignee") or {}
        for name in ("dispatch", "arrival"):  # fields tell minutes: seconds would look changed
            if shown[name]:
                shown[name] = shown[name].replace(second=0, microsecond=0)
        ending = f"-{at}"
        shown |= {
            "number": f"{shown['number'][: _NUMBER - len(ending)]}{ending}",
            "consignee_code": consignee.get("RegistrationNumber", ""),
            "consignee_name": consignee.get("Name", ""),
            "consignee_address": address_text(consignee.get("Address")),
            "carrier_code": carrier.get("RegistrationNumber", ""),
            "carrier_name": carrier.get("Name", ""),
            "carrier_address": address_text(carrier.get("TransporterAddress")),
        }
        return {name: shown[name] for name in cls.base_fields}


def part_word(at: int) -> str:
    """Return the word for a part, counted from 1."""
    return str(_("Part %(number)s")) % {"number": at}

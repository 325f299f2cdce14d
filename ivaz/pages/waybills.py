"""What the page of one waybill shows: parties, route, goods, what was done, what may be done."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from functools import cached_property
from itertools import pairwise
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from imas.kernel import clock
from imas.web.templatetags.imas import shown_quantity
from ivaz import selectors
from ivaz.forms.content import address_text, listed, shown_moment
from ivaz.models import Waybill, WaybillDraft, WaybillEvent, WaybillFile
from ivaz.states import allowed
from ivaz.types import Act, Conclusion, Content, ReloadReason, Role, Section, State, View
from ivaz.words import ACTS, CONCLUSIONS, RELOAD_REASONS, ROLES, SECTIONS, STATES, VIEWS

_TONES = {
    Act.CANCEL: "danger",
    Act.OBJECT: "danger",
    Act.WARN: "warning",
    Act.RETURN: "warning",
    Act.RECEIVE: "success",
}


class WaybillRow:
    """A waybill in a list."""

    def __init__(self, waybill: Waybill, roles: Sequence[str]) -> None:
        self.waybill = waybill
        self.roles = [ROLES[Role(role)] for role in roles]

    @property
    def state(self) -> tuple[Any, str]:
        """Its state in words, with its tone."""
        return STATES[State(self.waybill.state)]

    @property
    def consignor(self) -> str:
        """Who sends."""
        return _name(self.waybill.content.get("Consignor"))

    @property
    def consignee(self) -> str:
        """Who receives; a dash while he is not known."""
        return _name(self.waybill.content.get("Consignee"))


class ContentPage:
    """What a waybill says, made or only being made."""

    def __init__(self, waybill: Waybill | WaybillDraft) -> None:
        self.content: Content = waybill.content
        self.kind = SECTIONS[Section(waybill.kind)]

    @property
    def number(self) -> str:
        """The preparer's own number."""
        return str(self.content.get("LocalTransportDocumentNumber", ""))

    @property
    def dispatch(self) -> datetime | None:
        """When it is dispatched."""
        return shown_moment(self.content.get("TimeOfDispatch"))

    @property
    def arrival(self) -> datetime | None:
        """When it is expected, where that is told."""
        return shown_moment(self.content.get("EstimatedTimeOfArrival"))

    @property
    def parties(self) -> Iterator[dict[str, Any]]:
        """Consignor, carrier and consignee with their codes, addresses and contacts."""
        for role, name, address in (
            (Role.CONSIGNOR, "Consignor", "Address"),
            (Role.TRANSPORTER, "Transporter", "TransporterAddress"),
            (Role.CONSIGNEE, "Consignee", "Address"),
        ):
            party = self.content.get(name) or {}
            yield {
                "role": ROLES[role],
                "name": _name(party),
                "code": party.get("RegistrationNumber", ""),
                "address": address_text(party.get(address)),
                "contact": party.get("ContactInformation", ""),
            }

    @property
    def load(self) -> str:
        """Where the goods are loaded."""
        return address_text((self.content.get("ShipFrom") or {}).get("LoadAddress"))

    @property
    def unload(self) -> str:
        """Where they are unloaded."""
        return address_text((self.content.get("ShipTo") or {}).get("UnloadAddress"))

    @property
    def vehicles(self) -> list[str]:
        """Vehicles and trailers with their makes."""
        means = (self.content.get("Transporter") or {}).get("TransportMeans") or []
        return [
            " ".join(
                filter(
                    None,
                    (one["IdentityOfTransportUnits"], one.get("MarqueModelTransportUnits", "")),
                )
            )
            for one in means
        ]

    @property
    def drivers(self) -> list[str]:
        """The drivers named."""
        found = (self.content.get("Transporter") or {}).get("Drivers") or []
        return [f"{one['Name']} {one['Surname']}" for one in found]

    @property
    def lines(self) -> list[Content]:
        """The lines of goods."""
        return listed(self._goods, "Products")

    @property
    def packages(self) -> list[str]:
        """Packages with their kinds."""
        found = listed(self._goods, "Packages")
        return [f"{one['NumberOfPackages']} {one['KindOfPackagesCode']}" for one in found]

    @property
    def gross_weight(self) -> str:
        """Its gross weight with the unit, where it is told."""
        weight = self._goods.get("Weight") or {}
        return _joined(weight.get("GrossWeight"), weight.get("UnitOfMeasure", ""))

    @property
    def further(self) -> list[tuple[Any, str]]:
        """Weight, value, dangerous goods and remarks, where they are told."""
        goods, carriage = self._goods, self.content.get("ComplementaryTransportInformation") or {}
        weight = goods.get("Weight") or {}
        unit = weight.get("UnitOfMeasure", "")
        told = (
            (_("Packages"), ", ".join(self.packages)),
            (_("Gross weight"), self.gross_weight),
            (_("Net weight"), _joined(weight.get("NetWeight"), unit)),
            (_("Value of the goods"), _joined(goods.get("Value"), goods.get("Currency", "EUR"))),
            (_("Dangerous goods"), ", ".join(listed(goods, "ClassesAndNumbers"))),
            (_("About the goods"), goods.get("ComplementaryDeliveryInformation", "")),
            (_("Other instructions"), carriage.get("OtherInstructions", "")),
            (_("Accompanying documents"), "; ".join(map(_paper, listed(carriage, "Annexes")))),
        )
        return [(word, value) for word, value in told if value]

    @property
    def _goods(self) -> Content:
        return self.content.get("DeliveryData") or {}


class WaybillPage(WaybillRow, ContentPage):
    """One waybill as its page shows it to a party; `has_links`: ways lead to related waybills."""

    has_links = True

    def __init__(self, waybill: Waybill, roles: frozenset[Role]) -> None:
        WaybillRow.__init__(self, waybill, [role for role in Role if role in roles])
        ContentPage.__init__(self, waybill)
        self._roles = roles

    @property
    def arrival(self) -> datetime:
        """When it is expected: told, or the end of the day of dispatch."""
        return self.waybill.arrival_at

    @cached_property
    def events(self) -> list[dict[str, Any]]:
        """What was done, the latest first."""
        return [told(event) for event in selectors.events_of(self.waybill)]

    @cached_property
    def files(self) -> Sequence[WaybillFile]:
        """The documents the parties have added."""
        return selectors.files_of(self.waybill)

    @cached_property
    def splits(self) -> list[WaybillRow]:
        """The waybills it was split into."""
        return [WaybillRow(one, ()) for one in selectors.splits_of(self.waybill)]

    @property
    def changes(self) -> Iterator[dict[str, Any]]:
        """What each version changed of the one before, the latest first."""
        changed = enumerate(pairwise(selectors.versions_of(self.waybill)), start=2)
        for number, (before, after) in reversed(list(changed)):
            yield {"number": number, "rows": list(differences(before, after))}

    @property
    def acts(self) -> list[tuple[str, Any, str]]:
        """What the party may do now: the address, the word, and whether it is done at once."""
        may = allowed(State(self.waybill.state), self._roles)
        shown = (
            (Act.ACCEPT, "waybill-accept", _("Take the goods over"), "at-once"),
            (Act.DELIVER, "waybill-deliver", _("Goods are delivered"), "at-once"),
            (Act.RECEIVE, "waybill-receive", _("Confirm the receipt"), ""),
            (Act.TAKE_BACK, "waybill-receive", _("Take the goods back"), ""),
            (Act.RELOAD, "waybill-reload", _("Change the vehicle"), ""),
            (Act.SPLIT, "waybill-split", _("Split the cargo"), ""),
            (Act.OBJECT, "waybill-object", _("Object"), ""),
            (Act.ATTACH, "waybill-attach", _("Add documents"), ""),
            (Act.CANCEL, "waybill-cancel", _("Cancel"), ""),
            (Act.RETURN, "waybill-cancel", _("Send the goods back"), ""),
        )
        found: dict[str, tuple[str, Any, str]] = {}
        for act, name, word, how in shown:
            if act in may:
                url = reverse(f"ivaz:{name}", args=[self.waybill.rn])
                found.setdefault(url, (url, word, how))
        return list(found.values())


def tabs_of(counts: Mapping[View, int], current: str) -> list[dict[str, Any]]:
    """Return the views of the list as tabs, all of them first."""
    url = reverse("ivaz:waybills")
    rest = [
        {
            "url": f"{url}?state={view.value}",
            "label": word,
            "count": counts[view],
            "is_current": view.value == current,
        }
        for view, word in VIEWS.items()
    ]
    return [{"url": url, "label": _("All"), "is_current": current not in set(View)}, *rest]


def differences(before: Content, after: Content) -> Iterator[tuple[str, str, str]]:
    """Yield the values that changed between two versions: where, what it was, what it is."""
    old, new = dict(_flat(before)), dict(_flat(after))
    for path in dict.fromkeys((*old, *new)):
        if old.get(path) != new.get(path):
            yield path, old.get(path, ""), new.get(path, "")


def _flat(value: Any, path: str = "") -> Iterator[tuple[str, str]]:
    if isinstance(value, dict):
        for name, inner in value.items():
            yield from _flat(inner, f"{path}/{name}" if path else name)
    elif isinstance(value, list):
        for at, inner in enumerate(value, start=1):
            yield from _flat(inner, f"{path}[{at}]")
    elif value is not None:
        yield path, str(value)


def told(event: WaybillEvent) -> dict[str, Any]:
    """Return what was done as the timeline shows it."""
    act = Act(event.act)
    who = event.taxpayer.name if event.taxpayer else ""
    role = str(ROLES[Role(event.role)]) if event.role else ""
    said = []
    if reason := event.details.get("reason"):
        said.append(str(RELOAD_REASONS[ReloadReason(reason)]))
    if explanation := event.details.get("explanation"):
        said.append(explanation)
    if conclusion := event.details.get("ReceivedCargoConclusion"):
        said.append(str(CONCLUSIONS[Conclusion(conclusion)]))
    if note := event.details.get("AdditionalInfo"):
        said.append(note)
    said += event.details.get("files", ())
    if pressed := event.details.get("pressed_at"):
        local = datetime.fromisoformat(pressed).astimezone(clock.VILNIUS)
        said.append(_("pressed on the phone at %(moment)s") % {"moment": f"{local:%Y-%m-%d %H:%M}"})
    said += [_line(line) for line in event.details.get("ProductsInfo", ())]
    by = ", ".join(filter(None, (who, role.lower())))
    return {
        "at": event.at,
        "title": str(ACTS[act]),
        "text": ". ".join(part.rstrip(".") for part in (by, *said) if part),
        "tone": _TONES.get(act, "info"),
    }


def _line(line: Content) -> str:
    told = [_("line %(line)s") % {"line": line["ProductLineNumber"]}]
    if difference := line.get("AmountDifference"):
        told.append(_("difference %(quantity)s") % {"quantity": shown_quantity(difference)})
    if refused := line.get("RefusedAmount"):
        told.append(_("refused %(quantity)s") % {"quantity": shown_quantity(refused)})
    return ", ".join(told)


def _paper(annex: Content) -> str:
    told = (annex.get(name) for name in ("TypeOfDocument", "DocumentNumber", "DocumentDate"))
    return " ".join(filter(None, told))


def _name(party: Any) -> str:
    return str(party["Name"]) if party else "–"


def _joined(value: Any, unit: str) -> str:
    return f"{value} {unit}" if value else ""

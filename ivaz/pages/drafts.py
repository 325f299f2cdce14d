"""What the pages of a waybill being made show: steps, what helps to fill them, what is wrong."""

from collections.abc import Iterator, Mapping
from typing import Any

from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from imas.kernel import clock
from imas.kernel.classifiers import rows
from imas.kernel.errors import UnprocessableError
from imas.kernel.problems import Problem
from imas.web.choices import Choice, choice
from intake.presenting import ShownProblem, shown
from ivaz import selectors
from ivaz.forms.content import address_text
from ivaz.forms.drafting import PARTIES, CarriageForm, PartiesForm, StepForm
from ivaz.forms.goods import GoodsForm
from ivaz.models import BookEntry, WaybillDraft
from ivaz.services import consenting, holding, issuing
from ivaz.services.verdicts import Verdict
from ivaz.types import BookKind, Record, Section
from representation.attempts import spend_look_ups
from representation.registers import published
from representation.types import Acting

STEPS: Mapping[str, type[StepForm]] = {
    "parties": PartiesForm,
    "carriage": CarriageForm,
    "goods": GoodsForm,
}
CHECK = "check"
MOST_CHOICES = 8
_LEAST = 3
_SHOWN = 100
_STEP_OF = {
    **dict.fromkeys(PARTIES.values(), "parties"),
    **dict.fromkeys(("TransportMeans", "Drivers", "ShipFrom", "ShipTo"), "carriage"),
    **dict.fromkeys(("DeliveryData", "ComplementaryTransportInformation"), "goods"),
}
"""Which step shows a group of elements; the others are of the carriage."""


def step_words() -> Mapping[str, str]:
    """Return the steps in words, in their order."""
    return {
        "parties": _("Parties"),
        "carriage": _("Carriage"),
        "goods": _("Goods"),
        CHECK: _("Check and submit"),
    }


def after(step: str) -> str:
    """Return the step that follows."""
    names = list(step_words())
    return names[names.index(step) + 1]


def stages(current: str) -> list[dict[str, str]]:
    """Return the steps as `components/steps.html` shows them."""
    names = list(step_words())
    at = names.index(current)
    return [
        {"label": word, "state": "done" if here < at else "current" if here == at else "waiting"}
        for here, word in enumerate(step_words().values())
    ]


def problems_of(draft: WaybillDraft, verdict: Verdict) -> Iterator[tuple[ShownProblem, str]]:
    """Yield what is wrong with a draft, each with the address of the step that mends it."""
    for problem in verdict.problems:
        step = _step_of(problem)
        yield shown(selectors.KIND, problem), reverse(f"ivaz:draft-{step}", args=[draft.pk])


def silent_of(draft: WaybillDraft) -> list[str]:
    """Return in words who of an e-waybill's parties has not consented; two queries, or none."""
    if draft.kind != Section.EWAYBILL:
        return []
    record = Record(Section.EWAYBILL, 0, 0, draft.content)
    known = holding.taxpayers_by_code(consenting.codes_asked([draft.content]))
    silent = issuing.without_consent([record], known)
    told = (shown(selectors.KIND, problem) for problem in silent(record))
    return [f"{one.message} {one.mend}" for one in told]


def _step_of(problem: Problem) -> str:
    """Return the step that shows what a problem speaks of: what is missing, else where it is."""
    missing = problem.params.get("expected", "") or problem.params.get("element", "")
    inwards = [part.partition("[")[0] for part in problem.place.path.split("/")]
    named = (*missing.split(", "), *reversed(inwards))
    return next((_STEP_OF[name] for name in named if name in _STEP_OF), "carriage")


def units() -> list[tuple[str, str]]:
    """Return the units that are proposed, named in the reader's language."""
    return _named("ivaz/units.csv")


def package_kinds() -> list[tuple[str, str]]:
    """Return the kinds of packages that are proposed."""
    return _named("ivaz/packages.csv")


def choices(acting: Acting, what: str, text: str) -> list[Choice]:
    """Return what to choose from for a field: of the taxpayer's book, then of the register.

    `what` is a party ("consignor", "transporter", "consignee"), a place ("load", "unload") or
    "vehicle"; of anything else there is nothing to choose.
    """
    text = text.strip()
    if what in PARTIES:
        return _parties(acting, what, text)
    if what in {"load", "unload"}:
        found = selectors.book_of(acting, BookKind.PLACE, text)[:MOST_CHOICES]
        return [_place(what, entry) for entry in found]
    if what == "vehicle":
        found = selectors.book_of(acting, BookKind.VEHICLE, text.upper())[:MOST_CHOICES]
        return [_vehicle(entry) for entry in found]
    return []


def books(acting: Acting) -> list[tuple[str, list[tuple[BookEntry, str]]]]:
    """Return what the taxpayer's book holds, kind by kind, each entry with its words."""
    words = {
        BookKind.PARTY: _("Parties"),
        BookKind.PLACE: _("Addresses"),
        BookKind.VEHICLE: _("Vehicles and drivers"),
    }
    return [
        (word, [(entry, entry_title(entry)) for entry in selectors.book_of(acting, kind)[:_SHOWN]])
        for kind, word in words.items()
    ]


def entry_title(entry: BookEntry) -> str:
    """Return an entry of the book in words."""
    if entry.kind == BookKind.PARTY:
        return f"{entry.content['Name']}, {entry.content['RegistrationNumber']}"
    if entry.kind == BookKind.PLACE:
        return address_text(entry.content["Address"])
    return _vehicle(entry).title


def _parties(acting: Acting, what: str, text: str) -> list[Choice]:
    book = selectors.book_of(acting, BookKind.PARTY, text)[:MOST_CHOICES]
    known = [_party(what, **_told(entry.content)) for entry in book]
    if not text:
        own = _party(what, code=acting.taxpayer_code, name=acting.taxpayer_name)
        return [own, *(one for one in known if one.code != own.code)][:MOST_CHOICES]
    if len(text) < _LEAST:
        return known
    spend_look_ups(f"user-{acting.user_id}")
    try:
        found = published.like(text, clock.today())
    except UnprocessableError:
        return known
    codes = {one.code for one in known}
    told = (_party(what, code=one.code, name=one.name) for one in found if one.code)
    return [*known, *(one for one in told if one.code not in codes)]


def _told(content: Mapping[str, Any]) -> dict[str, str]:
    return {
        "code": content["RegistrationNumber"],
        "name": content["Name"],
        "address": address_text(content["Address"]),
        "contact": content["ContactInformation"],
    }


def _party(what: str, **told: str) -> Choice:
    empty = {"code": "", "name": "", "address": "", "contact": ""}
    fills = {f"{what}_{name}": value for name, value in {**empty, **told}.items()}
    return choice(told["name"], told["code"], **fills)


def _place(what: str, entry: BookEntry) -> Choice:
    text = address_text(entry.content["Address"])
    warehouse = entry.content["WarehouseID"]
    return choice(text, warehouse, **{what: text, f"{what}_warehouse": warehouse})


def _vehicle(entry: BookEntry) -> Choice:
    means = [*entry.content["TransportMeans"], {}, {}]
    driver = [*entry.content["Drivers"], {}][0]
    model = means[0].get("MarqueModelTransportUnits", "")
    fills = {
        "plate": means[0].get("IdentityOfTransportUnits", ""),
        "model": "" if model == "ND" else model,
        "trailer": means[1].get("IdentityOfTransportUnits", ""),
        "driver": driver.get("Name", ""),
        "surname": driver.get("Surname", ""),
    }
    told = (fills["model"], fills["trailer"], f"{fills['driver']} {fills['surname']}".strip())
    return choice(", ".join(filter(None, (fills["plate"], *told))), **fills)


def _named(table: str) -> list[tuple[str, str]]:
    language = "en" if (get_language() or "").startswith("en") else "lt"
    return [(row["code"], row[f"name_{language}"]) for row in rows(table)]

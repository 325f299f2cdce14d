"""A waybill as a paper: what templates/pdf/waybill.typ is filled with, and its square."""

from collections.abc import Mapping, Sequence
from datetime import date
from io import BytesIO
from typing import Any

import segno
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from imas.kernel import clock
from imas.web.templatetags.imas import shown_quantity
from ivaz import signing
from ivaz.pages.waybills import WaybillPage

TEMPLATE, TRIP_TEMPLATE = "waybill.typ", "trip.typ"

_SVG: Mapping[str, Any] = {"xmldecl": False, "omitsize": True}
"""Without a size of its own: it is as large as the place it stands in."""


def waybill_paper(page: WaybillPage) -> Mapping[str, Any]:
    """Return the data of a waybill's paper; all of its lines are on it."""
    waybill = page.waybill
    title = f"{page.kind} {page.number}"
    return {
        "lang": get_language() or "lt",
        "flipped": False,
        "title": title,
        "head": title,
        "foot": _("%(rn)s, version %(version)s") % {"rn": waybill.rn, "version": waybill.version},
        "state": page.state[0],
        "square": square(page),
        "square_words": _("Check: the square leads to the state of the waybill; it is signed."),
        "facts": [
            ["RN", waybill.rn],
            [_("Issue date"), f"{waybill.dated}"],
            [_("Dispatch"), _moment(waybill.dispatch_at)],
            [_("Arrival, as expected"), _moment(waybill.arrival_at)],
            [_("Loading address"), page.load],
            [_("Unloading address"), page.unload],
            [_("Vehicles"), "; ".join(page.vehicles)],
            [_("Drivers"), ", ".join(page.drivers)],
            *([str(word), value] for word, value in page.further),
        ],
        "parties_title": _("Parties"),
        "parties_headers": [_("Role"), _("Name"), _("Code"), _("Address"), _("Contacts")],
        "parties": [
            [str(one["role"]), one["name"], one["code"], one["address"], one["contact"]]
            for one in page.parties
        ],
        "goods_title": _("Goods"),
        "goods_headers": [_("Line"), _("Name of the goods"), _("Code"), _("Quantity"), _("Unit")],
        "goods": [
            [
                line["ProductLineNumber"],
                line["ProductDescription"],
                line.get("ProductCode", ""),
                shown_quantity(line["Quantity"]),
                line["UnitOfMeasure"],
            ]
            for line in page.lines
        ],
    }


def trip_paper(plate: str, day: date, pages: Sequence[WaybillPage]) -> Mapping[str, Any]:
    """Return the data of a trip sheet: a line and a square for each waybill."""
    title = _("Trip sheet")
    return {
        "lang": get_language() or "lt",
        "flipped": False,
        "title": title,
        "subtitle": f"{plate} · {day}",
        "head": title,
        "foot": f"{plate} · {day}",
        "headers": [_("Number"), _("Loading"), _("Unloading"), _("Gross weight"), "i.VAZ"],
        "rows": [
            {
                "number": page.number,
                "rn": page.waybill.rn,
                "state": str(page.state[0]),
                "consignor": page.consignor,
                "load": page.load,
                "dispatch": _moment(page.waybill.dispatch_at),
                "consignee": page.consignee,
                "unload": page.unload,
                "goods": page.gross_weight,
                "square": square(page),
            }
            for page in pages
        ],
    }


def square(page: WaybillPage) -> str:
    """Return the square as SVG; "" where none is signed."""
    if not signing.is_on():
        return ""
    drawn = BytesIO()
    code = segno.make(signing.address_of(page.waybill), error="m", micro=False)
    code.save(drawn, kind="svg", border=2, light="#fff", dark="#000", **_SVG)
    return drawn.getvalue().decode()


def _moment(moment: Any) -> str:
    return f"{moment.astimezone(clock.VILNIUS):%Y-%m-%d %H:%M}"

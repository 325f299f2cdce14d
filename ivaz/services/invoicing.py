"""A waybill begun from an invoice: what it tells is written into a draft, the rest is left."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, time
from typing import Any

from django.contrib.postgres.search import SearchQuery

from imas.kernel import clock
from imas.kernel.classifiers import rows
from ivaz import selectors
from ivaz.models import WaybillDraft, WaybillParty
from ivaz.parsing.invoices import read_invoice
from ivaz.services import drafting, sending
from ivaz.terms import query_of
from ivaz.types import Content, LeftOut, Sale, Section, State, Trader
from representation.attempts import spend_look_ups
from representation.registers import published
from representation.types import Acting

INVOICE = "Sąskaita faktūra"
"""The kind of the accompanying document, as it stands in the waybill whoever reads it."""
LONGEST_NUMBER = 35
"""Letters of the number of an accompanying document."""
MOST_TWINS = 5
"""So many drafts, and so many waybills, of the same invoice are told."""

_END_OF_DAY = time(23, 59)
_HOME = "LT"


@dataclass(frozen=True, slots=True)
class Begun:
    """A draft begun from an invoice.

    `twins` are the numbers, RNs of waybills and "" for drafts, of what names the same invoice.
    """

    draft: WaybillDraft
    sale: Sale
    twins: Sequence[str]


def begin_from_invoice(acting: Acting, document: bytes) -> Begun:
    """Make a draft of an e-invoice: the seller consigns, the buyer receives.

    Whoever may prepare waybills may do so of any invoice: a carrier or a warehouse prepares for
    others, and whether the consignor lets him is asked when he submits. Refused as
    `ivaz.parsing.invoices.read_invoice` and `begin_from_sale` refuse.
    """
    acting.require_wholly(sending.RIGHT)
    units = [row["code"] for row in rows("ivaz/units.csv")]
    return begin_from_sale(acting, read_invoice(document, units))


def begin_from_sale(acting: Acting, sale: Sale) -> Begun:
    """Make a draft of an invoice's values; the same invoice again makes another, and is told.

    UnprocessableError("drafts-too-many"); ThrottledError beyond the look-ups of codes by VAT codes
    that a person may make.
    """
    acting.require_wholly(sending.RIGHT)
    own = Trader(code=acting.taxpayer_code, name=acting.taxpayer_name)
    content = _content(sale, _coded(acting, sale.seller or own), _coded(acting, sale.buyer))
    twins = _twins(acting, sale.number, content["Consignor"])
    return Begun(drafting.begin_with(acting, Section.WAYBILL, content), _told(sale), twins)


def _twins(acting: Acting, number: str, consignor: Content) -> list[str]:
    """Return the RNs of waybills, "" for drafts, that name an invoice of this consignor already.

    Cancelled waybills do not count; `MOST_TWINS` of each, two queries.
    """
    code = consignor.get("RegistrationNumber", "")
    if not number or not code:
        return []
    annexes = {"Annexes": [{"DocumentNumber": number}]}
    same = {"Consignor": {"RegistrationNumber": code}, "ComplementaryTransportInformation": annexes}
    drafts = selectors.drafts_of(acting).filter(content__contains=same)
    found = list(drafts.values_list("name", flat=True)[:MOST_TWINS])
    if acting.may(selectors.VIEW) and (asked := query_of(number, acting.taxpayer_id)):
        # The words find a few by their index; of these alone the content is looked into.
        words = SearchQuery(asked, search_type="raw", config="simple")
        mine = WaybillParty.objects.filter(
            taxpayer_id=acting.taxpayer_id,
            waybill__words__terms=words,
            waybill__content__contains=same,
        ).exclude(waybill__state=State.CANCELLED)
        found += mine.order_by("-waybill").values_list("waybill__rn", flat=True)[:MOST_TWINS]
    return found


def _content(sale: Sale, seller: Trader, buyer: Trader) -> dict[str, Any]:
    content: dict[str, Any] = {"Consignor": _party(seller), "Consignee": _party(buyer)}
    if sale.load:
        content["ShipFrom"] = {"LoadAddress": {"FullAddress": sale.load}}
    if sale.unload:
        content["ShipTo"] = {"UnloadAddress": {"FullAddress": sale.unload}}
    if sale.delivered_on and sale.delivered_on >= clock.today():
        arrival = datetime.combine(sale.delivered_on, _END_OF_DAY, clock.VILNIUS)
        content["EstimatedTimeOfArrival"] = arrival.isoformat()
    goods = {"Products": list(sale.products), "Weight": dict(sale.weight)}
    if goods := {name: value for name, value in goods.items() if value}:
        content["DeliveryData"] = goods
    if 0 < len(sale.number) <= LONGEST_NUMBER:
        annex = {"TypeOfDocument": INVOICE, "DocumentNumber": sale.number}
        if sale.issued:
            annex["DocumentDate"] = sale.issued.isoformat()
        content["ComplementaryTransportInformation"] = {"Annexes": [annex]}
    return content


def _told(sale: Sale) -> Sale:
    """Return the sale with what a waybill has no room for told beside."""
    if len(sale.number) <= LONGEST_NUMBER:
        return sale
    return replace(sale, left_out={**sale.left_out, LeftOut.NUMBER: sale.number})


def _party(trader: Trader) -> Content:
    told = {"RegistrationNumber": trader.code, "Name": trader.name}
    party: dict[str, Any] = {name: value for name, value in told.items() if value}
    if trader.address:
        party["Address"] = {"FullAddress": trader.address}
    return party


def _coded(acting: Acting, trader: Trader) -> Trader:
    """Return a trader with his code, where his VAT code alone is told.

    A VAT code of another country stands for the code there; one of Lithuania that the register does
    not know, or that is a natural person's, leaves the code to be written.
    """
    if trader.code or not trader.vat:
        return trader
    if trader.vat == acting.taxpayer_vat:
        return replace(trader, code=acting.taxpayer_code)
    if not trader.vat.startswith(_HOME):
        return replace(trader, code=trader.vat)
    spend_look_ups(f"user-{acting.user_id}")
    found = published.by_vat(trader.vat, clock.today())
    return replace(trader, code=found[0].code) if len(found) == 1 else trader

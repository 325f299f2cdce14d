"""Reading what a waybill can use out of an e-invoice: UBL 2.1 Invoice (EN 16931, Peppol).

Business terms: BT-1 number, BT-2 issue date, BG-4 seller and BG-7 buyer with their addresses, BG-13
delivery (BT-70 who takes the goods, BT-72 the day, BG-15 the address), BG-25 lines (BT-129
quantity, BT-130 unit, BT-153 name, BT-155 and BT-157 identifiers). Where an invoice goes beyond
EN 16931 and tells them: the address of despatch and the weights of the shipment.
"""

from collections import Counter
from collections.abc import Collection
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any

from lxml import etree

from imas.kernel import xml
from imas.kernel.errors import RefusedDocumentError
from imas.kernel.identifiers import normalise_vat
from ivaz.types import MOST_LINES, Content, LeftOut, Sale, Trader

MOST_BYTES = 5 * 2**20
"""An invoice of 999 lines takes under two; pictures of invoices are put into some."""

_OASIS = "urn:oasis:names:specification:ubl:schema:xsd:"
_ROOT = f"{{{_OASIS}Invoice-2}}Invoice"
_NAMES = {
    "b": f"{_OASIS}CommonBasicComponents-2",
    "a": f"{_OASIS}CommonAggregateComponents-2",
}
_VAT = "VAT"
_SAME_UNITS = {"C62": "H87", "EA": "H87"}
"""One and each, as many programs write a piece."""
_WEIGHED_IN = ("KGM", "TNE")
_WHOLE_DIGITS = {"quantity": 7, "weight": 10}
"""Digits before the point that the format takes; three may stand behind it."""
_THOUSANDTH = Decimal("0.001")
_MOST_TOLD = 10
_CODE, _NAME, _ADDRESS, _PRODUCT, _PRODUCT_CODE = 35, 256, 256, 350, 70


def read_invoice(document: bytes, units: Collection[str]) -> Sale:
    """Read an invoice; of the units those are kept that are among `units` (UN/ECE Rec 20).

    RefusedDocumentError: "invoice-not-ubl" for another document, "invoice-no-lines",
    "invoice-too-large" beyond `MOST_BYTES`, and what `imas.kernel.xml.parse` refuses.
    """
    if len(document) > MOST_BYTES:
        raise RefusedDocumentError("invoice-too-large", limit=str(MOST_BYTES >> 20))
    root = xml.parse(document)
    if root.tag != _ROOT:
        raise RefusedDocumentError("invoice-not-ubl")
    if root.find("a:InvoiceLine", _NAMES) is None:
        raise RefusedDocumentError("invoice-no-lines")
    products, told = _products(root, units)
    buyer = _trader(root, "a:AccountingCustomerParty/a:Party")
    recipient = _text(root, "a:Delivery/a:DeliveryParty/a:PartyName/b:Name", _NAME)
    if recipient and recipient.casefold() != buyer.name.casefold():
        told[LeftOut.RECIPIENT] = recipient
    return Sale(
        number=_text(root, "b:ID"),
        issued=_day(root, "b:IssueDate"),
        seller=_trader(root, "a:AccountingSupplierParty/a:Party"),
        buyer=buyer,
        load=_address(root, "a:Delivery/a:Despatch/a:DespatchAddress"),
        unload=_address(root, "a:Delivery/a:DeliveryLocation/a:Address"),
        delivered_on=_day(root, "a:Delivery/b:ActualDeliveryDate"),
        products=products,
        weight=_weight(root),
        left_out=told,
    )


def _products(
    root: etree._Element, units: Collection[str]
) -> tuple[list[Content], dict[LeftOut, str]]:
    """Return the first `MOST_LINES` lines that name goods, and what of the lines is left out."""
    found: list[Content] = []
    counts: Counter[LeftOut] = Counter()
    unknown: dict[str, None] = {}
    lines = root.findall("a:InvoiceLine", _NAMES)
    for at, line in enumerate(lines):
        if len(found) == MOST_LINES:
            counts[LeftOut.LINES] = len(lines) - at
            break
        product = _product(line, units)
        if product is None:
            counts[LeftOut.NO_GOODS] += 1
            continue
        if "Quantity" not in product:
            counts[LeftOut.QUANTITIES] += 1
        if "UnitOfMeasure" not in product:
            unknown.setdefault(_unit_code(line) or "–")
        found.append({"ProductLineNumber": str(len(found) + 1), **product})
    told = {reason: str(count) for reason, count in counts.items()}
    if unknown:
        told[LeftOut.UNITS] = ", ".join(list(unknown)[:_MOST_TOLD])
    return found, told


def _product(line: etree._Element, units: Collection[str]) -> Content | None:
    """Return a line as far as it can be used; None where it names no goods, or gives them back."""
    name = _text(line, "a:Item/b:Name", _PRODUCT) or _text(line, "a:Item/b:Description", _PRODUCT)
    quantity = _number(line, "b:InvoicedQuantity")
    if not name or (quantity is not None and quantity <= 0):
        return None
    code = _unit_code(line)
    unit = _SAME_UNITS.get(code, code)
    told = {
        "Quantity": _held(quantity, "quantity"),
        "UnitOfMeasure": unit if unit in units else "",
        "ProductCode": _whole(line, "a:Item/a:SellersItemIdentification/b:ID"),
        "AdditionalProductCode": _whole(line, "a:Item/a:StandardItemIdentification/b:ID"),
        "ProductDescription": name,
    }
    return {element: value for element, value in told.items() if value}


def _unit_code(line: etree._Element) -> str:
    quantity = line.find("b:InvoicedQuantity", _NAMES)
    return "" if quantity is None else (quantity.get("unitCode") or "").strip()[:10]


def _trader(root: etree._Element, path: str) -> Trader:
    party = root.find(path, _NAMES)
    if party is None:
        return Trader()
    legal = _text(party, "a:PartyLegalEntity/b:RegistrationName", _NAME)
    return Trader(
        code=_whole(party, "a:PartyLegalEntity/b:CompanyID", _CODE),
        vat=_vat(party),
        name=legal or _text(party, "a:PartyName/b:Name", _NAME),
        address=_address(party, "a:PostalAddress"),
    )


def _vat(party: etree._Element) -> str:
    for scheme in party.findall("a:PartyTaxScheme", _NAMES):
        if _text(scheme, "a:TaxScheme/b:ID") == _VAT:
            return normalise_vat(_whole(scheme, "b:CompanyID", _CODE))
    return ""


def _address(root: etree._Element, path: str) -> str:
    """Return an address in one line; the country where it is not Lithuania."""
    address = root.find(path, _NAMES)
    if address is None:
        return ""
    town = " ".join(filter(None, (_text(address, "b:PostalZone"), _text(address, "b:CityName"))))
    country = _text(address, "a:Country/b:IdentificationCode")
    parts = (
        _text(address, "b:StreetName"),
        _text(address, "b:AdditionalStreetName"),
        _text(address, "a:AddressLine/b:Line"),
        town,
        _text(address, "b:CountrySubentity"),
        "" if country == "LT" else country,
    )
    return ", ".join(filter(None, parts))[:_ADDRESS]


def _weight(root: etree._Element) -> Content:
    """Return the weights of the shipment, where they are told in one unit the page knows."""
    told: dict[str, Any] = {}
    for name in ("GrossWeight", "NetWeight"):
        path = f"a:Delivery/a:Shipment/b:{name}Measure"
        measure, held = root.find(path, _NAMES), _held(_number(root, path), "weight")
        unit = "" if measure is None else measure.get("unitCode", "")
        if held and unit in _WEIGHED_IN and told.get("UnitOfMeasure", unit) == unit:
            told |= {name: held, "UnitOfMeasure": unit}
    return told


def _text(root: etree._Element, path: str, longest: int = _ADDRESS) -> str:
    """Return the text of the first element of a path, cut to so many letters."""
    return " ".join((root.findtext(path, "", _NAMES) or "").split())[:longest].strip()


def _whole(root: etree._Element, path: str, longest: int = _PRODUCT_CODE) -> str:
    """Return a code; one that is too long is none, for half of a code is another."""
    found = _text(root, path)
    return found if len(found) <= longest else ""


def _number(root: etree._Element, path: str) -> Decimal | None:
    try:
        found = Decimal(_text(root, path, 40))
    except InvalidOperation:
        return None
    return found if found.is_finite() else None


def _held(number: Decimal | None, what: str) -> str:
    """Return a number above zero as the format has it; "" for one it cannot hold exactly."""
    if number is None or not 0 < number < 10 ** _WHOLE_DIGITS[what]:
        return ""
    rounded = number.quantize(_THOUSANDTH)
    return f"{rounded.normalize():f}" if rounded == number else ""


def _day(root: etree._Element, path: str) -> date | None:
    try:
        return date.fromisoformat(_text(root, path)[:10])
    except ValueError:
        return None

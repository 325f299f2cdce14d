"""Reading what is compared out of an e-invoice: UBL 2.1 Invoice and CreditNote (EN 16931).

Business terms: BT-1 number, BT-2 issue date, BT-5 currency, BT-30 and BT-31 seller, BT-44, BT-47
and BT-48 buyer, BT-109 sum without VAT, BT-110 VAT, BT-112 sum with VAT. The e-invoice itself was
judged by the system it comes from, so nothing else of it is read.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, InvalidOperation

from lxml import etree

from imas.kernel import xml
from imas.kernel.errors import RefusedDocumentError
from imas.kernel.identifiers import normalise_vat

_OASIS = "urn:oasis:names:specification:ubl:schema:xsd:"
_INVOICE, _CREDIT_NOTE = f"{{{_OASIS}Invoice-2}}Invoice", f"{{{_OASIS}CreditNote-2}}CreditNote"
_NAMES: Mapping[str, str] = {
    "b": f"{_OASIS}CommonBasicComponents-2",
    "a": f"{_OASIS}CommonAggregateComponents-2",
}
_SELLER = "a:AccountingSupplierParty/a:Party"
_BUYER = "a:AccountingCustomerParty/a:Party"
_VAT_CODE = "a:PartyTaxScheme[a:TaxScheme/b:ID='VAT']/b:CompanyID"
_CODE = "a:PartyLegalEntity/b:CompanyID"
_NAME = "a:PartyLegalEntity/b:RegistrationName"
_SUMS = "a:LegalMonetaryTotal"
_LONGEST = 100
_MOST = Decimal(10) ** 13


@dataclass(frozen=True, slots=True)
class ReadEInvoice:
    """An e-invoice as it was read; sums of a credit note are negative."""

    uuid: str
    number: str
    issued: date
    currency: str
    seller_vat: str
    seller_code: str
    buyer_vat: str
    buyer_code: str
    buyer_name: str
    taxable: Decimal
    vat: Decimal
    total: Decimal


def read_einvoice(document: bytes) -> ReadEInvoice:
    """Read an e-invoice.

    RefusedDocumentError: "einvoice-not-ubl" for another document, "einvoice-incomplete" with the
    element that is missing or cannot be read, and what `imas.kernel.xml.parse` refuses.
    """
    root = xml.parse(document)
    if root.tag not in {_INVOICE, _CREDIT_NOTE}:
        raise RefusedDocumentError("einvoice-not-ubl")
    sign = -1 if root.tag == _CREDIT_NOTE else 1
    currency = _needed(root, "b:DocumentCurrencyCode")
    return ReadEInvoice(
        uuid=_text(root, "b:UUID"),
        number=_needed(root, "b:ID"),
        issued=_day(root, "b:IssueDate"),
        currency=currency,
        seller_vat=normalise_vat(_text(root, f"{_SELLER}/{_VAT_CODE}")),
        seller_code=_text(root, f"{_SELLER}/{_CODE}"),
        buyer_vat=normalise_vat(_text(root, f"{_BUYER}/{_VAT_CODE}")),
        buyer_code=_text(root, f"{_BUYER}/{_CODE}"),
        buyer_name=_text(root, f"{_BUYER}/{_NAME}", 300),
        taxable=sign * _sum(root, f"{_SUMS}/b:TaxExclusiveAmount"),
        vat=sign * _sum(root, "a:TaxTotal/b:TaxAmount[@currencyID = $currency]", currency),
        total=sign * _sum(root, f"{_SUMS}/b:TaxInclusiveAmount"),
    )


def _text(root: etree._Element, path: str, longest: int = _LONGEST, currency: str = "") -> str:
    """Return the text of the first element of a path, "" when there is none."""
    said = root.xpath(f"string({path})", namespaces=dict(_NAMES), currency=currency)
    found = " ".join(str(said).split())
    if len(found) > longest:
        raise _incomplete(path)
    return found


def _needed(root: etree._Element, path: str) -> str:
    if found := _text(root, path):
        return found
    raise _incomplete(path)


def _day(root: etree._Element, path: str) -> date:
    try:
        return date.fromisoformat(_needed(root, path)[:10])
    except ValueError:
        raise _incomplete(path) from None


def _sum(root: etree._Element, path: str, currency: str = "") -> Decimal:
    try:
        found = Decimal(_text(root, path, currency=currency))
    except InvalidOperation:
        raise _incomplete(path) from None
    if not found.is_finite() or abs(found) >= _MOST:
        raise _incomplete(path)
    return round(found, 2)


def _incomplete(path: str) -> RefusedDocumentError:
    element = path.rpartition("/")[2].partition("[")[0].partition(":")[2]
    return RefusedDocumentError("einvoice-incomplete", element=element)

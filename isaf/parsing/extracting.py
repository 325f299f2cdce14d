"""Valid elements → the values of `isaf.types`."""

from collections.abc import Callable, Iterator
from datetime import date
from decimal import Decimal

from lxml import etree

from imas.kernel.money import ZERO
from isaf.parsing.model import NAMESPACE
from isaf.parsing.values import day, number
from isaf.types import (
    DataType,
    Header,
    Invoice,
    MasterParty,
    Party,
    PartyKind,
    Reference,
    RegisterType,
    SettledInvoice,
    Settlement,
    SettlementKind,
    TaxRow,
)

Record = Invoice | Settlement | MasterParty
Extractor = Callable[["etree._Element", int, int], Record]  # noqa: SLF001  lxml's name for it

_N = f"{{{NAMESPACE}}}"


def header_of(element: etree._Element) -> Header:
    """Return the values of a valid Header element."""
    description = next(_elements(element))
    texts = _texts(description)
    period = _texts(_child(description, "SelectionCriteria"))
    parts = texts["NumberOfParts"].strip()
    return Header(
        version=texts["FileVersion"],
        created=texts["FileDateCreated"].strip(),
        data_type=DataType(texts["DataType"]),
        software_company=texts["SoftwareCompanyName"],
        software_name=texts["SoftwareName"],
        software_version=texts["SoftwareVersion"],
        registration_number=texts["RegistrationNumber"].strip(),
        number_of_parts=int(parts) if parts else None,
        part_number=texts["PartNumber"],
        start=_date(period["SelectionStartDate"]),
        end=_date(period["SelectionEndDate"]),
    )


def _purchase(element: etree._Element, position: int, line: int) -> Invoice:
    return _invoice(element, RegisterType.PURCHASE, position, line)


def _sale(element: etree._Element, position: int, line: int) -> Invoice:
    return _invoice(element, RegisterType.SALES, position, line)


def _customer(element: etree._Element, position: int, line: int) -> MasterParty:
    return MasterParty(PartyKind.CUSTOMER, position, line, _party(element, "CustomerID"))


def _supplier(element: etree._Element, position: int, line: int) -> MasterParty:
    return MasterParty(PartyKind.SUPPLIER, position, line, _party(element, "SupplierID"))


def _settlement(element: etree._Element, position: int, line: int) -> Settlement:
    texts = _texts(element)
    invoices = (_texts(item) for item in _elements(_child(element, "ReferencesToInvoice")))
    return Settlement(
        position=position,
        line=line,
        kind=SettlementKind(texts["SettlementType"]),
        reference=texts["SettlementRefNo"],
        date=_date(texts["SettlementDate"]),
        party=_party(_child(element, "Payment"), "SupplierCustomerID"),
        invoices=tuple(
            SettledInvoice(
                item["InvoiceNo"],
                _date(item["InvoiceDate"]),
                _amount(item["Amount"]),
                _amount(item["VATAmount"]),
            )
            for item in invoices
        ),
    )


EXTRACTORS: dict[str, Extractor] = {
    "Customers": _customer,
    "Suppliers": _supplier,
    "PurchaseInvoices": _purchase,
    "SalesInvoices": _sale,
    "SettlementsAndPayments": _settlement,
}
"""By the name of the list the record stands in."""


def _invoice(element: etree._Element, register: RegisterType, position: int, line: int) -> Invoice:
    texts = _texts(element)
    sold = register is RegisterType.SALES
    info, identifier = ("CustomerInfo", "CustomerID") if sold else ("SupplierInfo", "SupplierID")
    references = (_texts(item) for item in _elements(_child(element, "References")))
    rows = (_texts(item) for item in _elements(_child(element, "DocumentTotals")))
    return Invoice(
        register=register,
        position=position,
        line=line,
        number=texts["InvoiceNo"],
        party=_party(_child(element, info), identifier),
        issued=_date(texts["InvoiceDate"]),
        type=texts["InvoiceType"],
        special=texts["SpecialTaxation"],
        references=tuple(
            Reference(item["ReferenceNo"], _date(item["ReferenceDate"])) for item in references
        ),
        vat_point=day(texts["VATPointDate"]),
        registered=day(texts.get("RegistrationAccountDate", "")),
        rows=tuple(
            TaxRow(
                _amount(item["TaxableValue"]),
                item["TaxCode"],
                number(item["TaxPercentage"]),
                number(item["Amount"]),
                day(item.get("VATPointDate2", "")),
            )
            for item in rows
        ),
    )


def _party(element: etree._Element, identifier: str) -> Party:
    texts = _texts(element)
    return Party(
        party_id=texts.get(identifier, ""),
        vat_code=texts["VATRegistrationNumber"],
        registration_code=texts.get("RegistrationNumber", ""),
        country=texts["Country"],
        name=texts["Name"],
    )


def _elements(element: etree._Element) -> Iterator[etree._Element]:
    """Yield the child elements: comments and processing instructions are not among them."""
    return element.iterchildren(tag=etree.Element)


def _child(element: etree._Element, name: str) -> etree._Element:
    return next(element.iterchildren(_N + name))


def _texts(element: etree._Element) -> dict[str, str]:
    return {etree.QName(child).localname: text_of(child) for child in _elements(element)}


def text_of(element: etree._Element) -> str:
    """Return an element's own text, leaving out comments that stand in it."""
    return (element.text or "") + "".join(child.tail or "" for child in element)


def _date(text: str) -> date:
    return day(text) or date.min


def _amount(text: str) -> Decimal:
    found = number(text)
    return ZERO if found is None else found

"""Values of `isaf.types` → an i.SAF file, piece by piece, so that any size can be written.

What is written here is read back by `isaf.parsing` as the same values; a test holds it to that.
"""

from collections.abc import Callable, Iterable, Iterator
from datetime import date
from decimal import Decimal
from itertools import chain
from typing import TypeVar

from imas.kernel import clock
from imas.kernel.periods import Period
from isaf.parsing.model import NAMESPACE, ROOT, VERSION, XSI
from isaf.types import (
    DataType,
    Header,
    Invoice,
    MasterParty,
    Party,
    RegisterType,
    Settlement,
    TaxRow,
)

T = TypeVar("T")
Line = tuple[int, str]
"""A line of the document and how deep it stands."""

_ESCAPES = str.maketrans({"&": "&amp;", "<": "&lt;", ">": "&gt;", "\r": "&#13;"})


def document(
    header: Header,
    *,
    masters: tuple[Iterable[MasterParty], Iterable[MasterParty]] = ((), ()),
    purchases: Iterable[Invoice] = (),
    sales: Iterable[Invoice] = (),
    settlements: Iterable[Settlement] = (),
    indent: str = "  ",
) -> Iterator[bytes]:
    """Yield the file as UTF-8, a record at a time; lists without records are left out.

    `masters` are the customers and the suppliers. Without `indent` everything is one line.
    """
    end = "\n" if indent else ""
    yield b'<?xml version="1.0" encoding="UTF-8"?>\n'
    customers, suppliers = masters
    body = chain(
        [_header(header)],
        _part(
            "MasterFiles",
            _list("Customers", customers, _master("Customer")),
            _list("Suppliers", suppliers, _master("Supplier")),
        ),
        _part(
            "SourceDocuments",
            _list("PurchaseInvoices", purchases, _invoice),
            _list("SalesInvoices", sales, _invoice),
            _list("SettlementsAndPayments", settlements, _settlement),
        ),
    )
    yield f'<{ROOT} xmlns="{NAMESPACE}" xmlns:xsi="{XSI}">{end}'.encode()
    for lines in body:
        yield "".join(f"{indent * depth}{text}{end}" for depth, text in lines).encode()
    yield f"</{ROOT}>{end}".encode()


def own_header(
    taxpayer_code: str, period: Period, part: str, data_type: DataType = DataType.FULL
) -> Header:
    """Return the header of a file that i.MAS writes now; a part with a number is the only one."""
    written = clock.now().astimezone(clock.VILNIUS).replace(tzinfo=None)
    return Header(
        version=VERSION,
        created=written.isoformat("T", "seconds"),
        data_type=data_type,
        software_company="i.MAS",
        software_name="i.MAS",
        software_version="1",
        registration_number=taxpayer_code,
        number_of_parts=1 if part == "1" else None,
        part_number=part,
        start=period.start,
        end=period.end,
    )


def _part(name: str, *lists: Iterator[list[Line]]) -> Iterator[list[Line]]:
    """Yield the lists inside an element that is left out when they are all empty."""
    whole = chain.from_iterable(lists)
    first = next(whole, None)
    if first is not None:
        yield [(1, f"<{name}>")]
        yield first
        yield from whole
        yield [(1, f"</{name}>")]


def _list(
    name: str, records: Iterable[T], written: Callable[[T], list[Line]]
) -> Iterator[list[Line]]:
    begun = False
    for record in records:
        if not begun:
            yield [(2, f"<{name}>")]
            begun = True
        yield written(record)
    if begun:
        yield [(2, f"</{name}>")]


def _header(header: Header) -> list[Line]:
    parts = header.number_of_parts
    return [
        (1, "<Header>"),
        (2, "<FileDescription>"),
        (3, _text("FileVersion", header.version)),
        (3, _text("FileDateCreated", header.created)),
        (3, _text("DataType", header.data_type)),
        (3, _text("SoftwareCompanyName", header.software_company)),
        (3, _text("SoftwareName", header.software_name)),
        (3, _text("SoftwareVersion", header.software_version)),
        (3, _text("RegistrationNumber", header.registration_number)),
        (3, _or_nil("NumberOfParts", parts)),
        (3, _text("PartNumber", header.part_number)),
        (3, "<SelectionCriteria>"),
        (4, _text("SelectionStartDate", f"{header.start}")),
        (4, _text("SelectionEndDate", f"{header.end}")),
        (3, "</SelectionCriteria>"),
        (2, "</FileDescription>"),
        (1, "</Header>"),
    ]


def _master(name: str) -> Callable[[MasterParty], list[Line]]:
    def written(master: MasterParty) -> list[Line]:
        party = master.party
        return [
            (3, f"<{name}>"),
            (4, _text(f"{name}ID", party.party_id)),
            (4, _text("VATRegistrationNumber", party.vat_code)),
            (4, _text("RegistrationNumber", party.registration_code)),
            (4, _or_nil("Country", party.country or None)),
            (4, _text("Name", party.name)),
            (3, f"</{name}>"),
        ]

    return written


def _invoice(invoice: Invoice) -> list[Line]:
    sold = invoice.register is RegisterType.SALES
    side = "Customer" if sold else "Supplier"
    registered = [] if sold else [(4, _or_nil("RegistrationAccountDate", invoice.registered))]
    return [
        (3, "<Invoice>"),
        (4, _text("InvoiceNo", invoice.number)),
        *_party(f"{side}Info", f"{side}ID", invoice.party),
        (4, _text("InvoiceDate", f"{invoice.issued}")),
        (4, _text("InvoiceType", invoice.type)),
        (4, _text("SpecialTaxation", invoice.special)),
        *_references(invoice),
        (4, _or_nil("VATPointDate", invoice.vat_point)),
        *registered,
        (4, "<DocumentTotals>"),
        *(line for row in invoice.rows for line in _row(row, sold=sold)),
        (4, "</DocumentTotals>"),
        (3, "</Invoice>"),
    ]


def _references(invoice: Invoice) -> list[Line]:
    if not invoice.references:
        return [(4, "<References/>")]
    lines: list[Line] = [(4, "<References>")]
    for reference in invoice.references:
        lines += [
            (5, "<Reference>"),
            (6, _text("ReferenceNo", reference.number)),
            (6, _text("ReferenceDate", f"{reference.date}")),
            (5, "</Reference>"),
        ]
    return [*lines, (4, "</References>")]


def _row(row: TaxRow, *, sold: bool) -> list[Line]:
    return [
        (5, "<DocumentTotal>"),
        (6, _text("TaxableValue", f"{row.taxable:f}")),
        (6, _or_nil("TaxCode", row.code or None)),
        (6, _or_nil("TaxPercentage", row.rate)),
        (6, _or_nil("Amount", row.amount)),
        *([(6, _or_nil("VATPointDate2", row.vat_point))] if sold else []),
        (5, "</DocumentTotal>"),
    ]


def _settlement(settlement: Settlement) -> list[Line]:
    lines: list[Line] = [
        (3, "<SettlementAndPayment>"),
        (4, _text("SettlementType", settlement.kind)),
        (4, _text("SettlementRefNo", settlement.reference)),
        (4, _text("SettlementDate", f"{settlement.date}")),
        *_party("Payment", "SupplierCustomerID", settlement.party),
        (4, "<ReferencesToInvoice>"),
    ]
    for invoice in settlement.invoices:
        lines += [
            (5, "<ReferenceToInvoice>"),
            (6, _text("InvoiceNo", invoice.number)),
            (6, _text("InvoiceDate", f"{invoice.date}")),
            (6, _text("Amount", f"{invoice.amount:f}")),
            (6, _text("VATAmount", f"{invoice.vat:f}")),
            (5, "</ReferenceToInvoice>"),
        ]
    return [*lines, (4, "</ReferencesToInvoice>"), (3, "</SettlementAndPayment>")]


def _party(name: str, identifier: str, party: Party) -> list[Line]:
    return [
        (4, f"<{name}>"),
        *([(5, _text(identifier, party.party_id))] if party.party_id else []),
        (5, _text("VATRegistrationNumber", party.vat_code)),
        (5, _text("RegistrationNumber", party.registration_code)),
        (5, _or_nil("Country", party.country or None)),
        (5, _text("Name", party.name)),
        (4, f"</{name}>"),
    ]


def _text(name: str, text: str) -> str:
    if not text:
        return f"<{name}/>"
    return f"<{name}>{text.translate(_ESCAPES)}</{name}>"


def _or_nil(name: str, value: str | int | Decimal | date | None) -> str:
    if value is None:
        return f'<{name} xsi:nil="true"/>'
    return _text(name, f"{value:f}" if isinstance(value, Decimal) else f"{value}")

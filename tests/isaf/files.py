"""i.SAF files as programs write them, and a file's way through the front desk."""

import io
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from imas.kernel.periods import Period
from intake import services as intake_services
from intake.models import Document
from intake.types import Source
from isaf.models import Register
from isaf.services import decide_register
from representation.types import Acting

OCTOBER = Period.month(2026, 10)
CODES = {Decimal(21): "PVM1", Decimal(9): "PVM58", Decimal(0): "PVM5"}


@dataclass(frozen=True)
class Sold:
    """An invoice in a file, issued or received; in order as it stands."""

    number: str = "AA 1"
    vat_code: str = "LT119511515"
    name: str = "UAB „Bandymas“"
    issued: date = date(2026, 10, 5)
    type: str = "SF"
    refs: Sequence[tuple[str, date]] = ()
    taxable: Decimal = Decimal("100.00")
    rate: Decimal = Decimal(21)
    vat: Decimal | None = None
    code: str = ""
    tax_code: str = ""


@dataclass(frozen=True)
class Paid:
    """A settlement in a file: one payment for one invoice."""

    reference: str = "MOK 1"
    paid_on: date = date(2026, 10, 20)
    invoice: str = "AA 1"
    vat_code: str = "LT119511515"


@dataclass(frozen=True)
class IsafFile:
    """A file of one taxpayer and period."""

    code: str
    period: Period = OCTOBER
    data_type: str = "F"
    part: str = "1"
    sales: Sequence[Sold] = field(default=())
    purchases: Sequence[Sold] = field(default=())
    settlements: Sequence[Paid] = field(default=())

    def render(self) -> bytes:
        """Write the XML."""
        purchases = "".join(_invoice(one, "Supplier") for one in self.purchases)
        sales = "".join(_invoice(one, "Customer") for one in self.sales)
        settlements = "".join(map(_settlement, self.settlements))
        lists = (
            _list("PurchaseInvoices", purchases)
            + _list("SalesInvoices", sales)
            + _list("SettlementsAndPayments", settlements)
        )
        return (_HEAD % self._header() + _list("SourceDocuments", lists) + _TAIL).encode()

    def _header(self) -> dict[str, object]:
        return {
            "type": self.data_type,
            "code": self.code,
            "part": self.part,
            "start": self.period.start,
            "end": self.period.end,
        }


def send(acting: Acting, file: IsafFile | bytes, *, dry_run: bool = False) -> Document:
    """Take a file in without judging it."""
    content = file.render() if isinstance(file, IsafFile) else file
    return intake_services.receive(
        acting,
        "isaf",
        io.BytesIO(content),
        filename="registras.xml",
        content_type="application/xml",
        source=Source.PORTAL_FILE,
        dry_run=dry_run,
    )


def judged(acting: Acting, file: IsafFile | bytes, *, dry_run: bool = False) -> Document:
    """Send a file, have it judged and its registers checked, as the workers do."""
    document = send(acting, file, dry_run=dry_run)
    intake_services.process(document.pk)
    document.refresh_from_db()
    for register in Register.objects.filter(number__in=document.registers):
        decide_register(register.pk)
    return document


_HEAD = """<?xml version="1.0" encoding="UTF-8"?>
<iSAFFile xmlns="http://www.vmi.lt/cms/imas/isaf" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">
<Header><FileDescription><FileVersion>iSAF1.2</FileVersion>
<FileDateCreated>2026-11-02T07:15:00</FileDateCreated><DataType>%(type)s</DataType>
<SoftwareCompanyName>Bandymas</SoftwareCompanyName><SoftwareName>Bandymas</SoftwareName>
<SoftwareVersion>1</SoftwareVersion><RegistrationNumber>%(code)s</RegistrationNumber>
<NumberOfParts xsi:nil="true"/><PartNumber>%(part)s</PartNumber>
<SelectionCriteria><SelectionStartDate>%(start)s</SelectionStartDate>
<SelectionEndDate>%(end)s</SelectionEndDate></SelectionCriteria></FileDescription></Header>
"""
_TAIL = "</iSAFFile>\n"


def _list(name: str, content: str) -> str:
    return f"<{name}>\n{content}</{name}>\n" if content else ""


def _invoice(one: Sold, party: str) -> str:
    vat = one.taxable * one.rate / 100 if one.vat is None else one.vat
    tax_code = one.tax_code or CODES[one.rate]
    is_sale = party == "Customer"
    account = (
        "" if is_sale else f"<RegistrationAccountDate>{one.issued}</RegistrationAccountDate>\n"
    )
    refs = "".join(
        f"<Reference><ReferenceNo>{number}</ReferenceNo>"
        f"<ReferenceDate>{day}</ReferenceDate></Reference>"
        for number, day in one.refs
    )
    return (
        f"<Invoice><InvoiceNo>{one.number}</InvoiceNo>\n<{party}Info>"
        f"<VATRegistrationNumber>{one.vat_code}</VATRegistrationNumber>"
        f"<RegistrationNumber>{one.code}</RegistrationNumber>"
        f'<Country xsi:nil="true"/><Name>{one.name}</Name></{party}Info>\n'
        f"<InvoiceDate>{one.issued}</InvoiceDate><InvoiceType>{one.type}</InvoiceType>"
        f"<SpecialTaxation/><References>{refs}</References>"
        f'<VATPointDate xsi:nil="true"/>{account}<DocumentTotals><DocumentTotal>\n'
        f"<TaxableValue>{one.taxable:.2f}</TaxableValue><TaxCode>{tax_code}</TaxCode>"
        f"<TaxPercentage>{one.rate}</TaxPercentage><Amount>{vat:.2f}</Amount>"
        + ('<VATPointDate2 xsi:nil="true"/>' if is_sale else "")
        + "</DocumentTotal></DocumentTotals></Invoice>\n"
    )


def _settlement(one: Paid) -> str:
    return (
        "<SettlementAndPayment><SettlementType>G</SettlementType>"
        f"<SettlementRefNo>{one.reference}</SettlementRefNo>"
        f"<SettlementDate>{one.paid_on}</SettlementDate>"
        f"<Payment><VATRegistrationNumber>{one.vat_code}</VATRegistrationNumber>"
        '<Country xsi:nil="true"/><Name>UAB</Name></Payment>'
        f"<ReferencesToInvoice><ReferenceToInvoice><InvoiceNo>{one.invoice}</InvoiceNo>"
        f"<InvoiceDate>2026-10-05</InvoiceDate><Amount>100.00</Amount>"
        "<VATAmount>21.00</VATAmount></ReferenceToInvoice></ReferencesToInvoice>"
        "</SettlementAndPayment>\n"
    )

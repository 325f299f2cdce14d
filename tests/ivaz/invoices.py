"""E-invoices as accounting programs write them, to begin waybills from."""

from dataclasses import dataclass
from datetime import date

UBL = "urn:oasis:names:specification:ubl:schema:xsd:"


@dataclass(frozen=True)
class Side:
    """A seller or a buyer."""

    code: str = "300000001"
    vat: str = ""
    name: str = "UAB „Pardavėjas“"
    street: str = "Savanorių pr. 5"

    def render(self, role: str) -> str:
        code = f"<cbc:CompanyID>{self.code}</cbc:CompanyID>" if self.code else ""
        vat = (
            f"<cac:PartyTaxScheme><cbc:CompanyID>{self.vat}</cbc:CompanyID>"
            "<cac:TaxScheme><cbc:ID>VAT</cbc:ID></cac:TaxScheme></cac:PartyTaxScheme>"
        )
        return (
            f"<cac:Accounting{role}Party><cac:Party>{_address('PostalAddress', self.street)}"
            f"{vat if self.vat else ''}<cac:PartyLegalEntity>"
            f"<cbc:RegistrationName>{self.name}</cbc:RegistrationName>{code}"
            f"</cac:PartyLegalEntity></cac:Party></cac:Accounting{role}Party>"
        )


@dataclass(frozen=True)
class Line:
    """A line of goods."""

    name: str = "Pušinės lentos"
    quantity: str = "18.5"
    unit: str = "MTQ"
    code: str = ""
    standard: str = ""

    def render(self) -> str:
        own = _identified("SellersItemIdentification", self.code)
        standard = _identified("StandardItemIdentification", self.standard)
        return (
            "<cac:InvoiceLine>"
            f'<cbc:InvoicedQuantity unitCode="{self.unit}">{self.quantity}</cbc:InvoicedQuantity>'
            '<cbc:LineExtensionAmount currencyID="EUR">777.77</cbc:LineExtensionAmount>'
            f"<cac:Item><cbc:Name>{self.name}</cbc:Name>{own}{standard}</cac:Item>"
            "</cac:InvoiceLine>"
        )


@dataclass(frozen=True)
class Ubl:
    """An invoice."""

    number: str = "SF 1055"
    root: str = "Invoice"
    issued: date = date(2026, 11, 20)
    seller: Side = Side()
    buyer: Side = Side(code="300000002", name="UAB „Pirkėjas“", street="Taikos pr. 9")
    unload: str = "Uosto g. 3"
    delivered_on: date | None = None
    recipient: str = ""
    further: str = ""
    lines: tuple[Line, ...] = (
        Line(code="L-1", standard="4770000000012"),
        Line("Dažai", "2", "C62"),
    )

    def render(self) -> bytes:
        """Write the XML."""
        day = self.delivered_on
        told_day = f"<cbc:ActualDeliveryDate>{day}</cbc:ActualDeliveryDate>" if day else ""
        place = f"<cac:DeliveryLocation>{_address('Address', self.unload)}</cac:DeliveryLocation>"
        party = (
            f"<cac:DeliveryParty><cac:PartyName><cbc:Name>{self.recipient}</cbc:Name>"
            "</cac:PartyName></cac:DeliveryParty>"
        )
        return (
            f'<?xml version="1.0" encoding="UTF-8"?><{self.root} xmlns="{UBL}{self.root}-2"'
            f' xmlns:cac="{UBL}CommonAggregateComponents-2"'
            f' xmlns:cbc="{UBL}CommonBasicComponents-2">'
            f"<cbc:ID>{self.number}</cbc:ID><cbc:IssueDate>{self.issued}</cbc:IssueDate>"
            f"{self.seller.render('Supplier')}{self.buyer.render('Customer')}"
            f"<cac:Delivery>{told_day}{place if self.unload else ''}"
            f"{party if self.recipient else ''}{self.further}</cac:Delivery>"
            f"{''.join(line.render() for line in self.lines)}</{self.root}>"
        ).encode()


def _address(element: str, street: str) -> str:
    return (
        f"<cac:{element}><cbc:StreetName>{street}</cbc:StreetName>"
        "<cbc:CityName>Klaipėda</cbc:CityName><cbc:PostalZone>LT-91001</cbc:PostalZone>"
        "<cac:Country><cbc:IdentificationCode>LT</cbc:IdentificationCode></cac:Country>"
        f"</cac:{element}>"
    )


def _identified(element: str, code: str) -> str:
    return f"<cac:{element}><cbc:ID>{code}</cbc:ID></cac:{element}>" if code else ""

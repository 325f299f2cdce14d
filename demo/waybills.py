"""Waybills of the demo economy, in each state and without paper, made through everybody's doors."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from demo.people import Company
from imas.kernel import clock
from ivaz.services import consenting, officers, sending
from ivaz.services.invoicing import INVOICE
from ivaz.services.noting import deliver
from ivaz.types import Content, Institution, Role, Section
from representation.models import Taxpayer
from representation.types import Acting, system_acting

_RIGHTS = ("ivaz.view", "ivaz.submit", "ivaz.settings")
_TIMBER, _GRAIN, _CARRIER, _BUILDER, _COAST = range(5)
"""Consignors, the carrier, consignees."""
_PLACES = (0, 1, 2, 4, 5)
"""Where these stand among the companies of the economy."""
_MEANS = (
    {"IdentityOfTransportUnits": "KLP 418", "MarqueModelTransportUnits": "Volvo FH"},
    {"IdentityOfTransportUnits": "HD 732", "MarqueModelTransportUnits": "Priekaba"},
)


@dataclass(frozen=True, slots=True)
class _Lorry:
    """Who has goods carried, by the one carrier."""

    companies: Sequence[Company]
    actors: Sequence[Acting]

    def issue(
        self, consignor: int, consignee: int | None, number: str, goods: Content, hours: int = 20
    ) -> str:
        """Issue a waybill that leaves in so many hours; return its RN."""
        content = self._content(consignor, consignee, number, goods, hours)
        return _say(self.actors[consignor], Section.WAYBILL, content)

    def issue_without_paper(
        self, consignor: int, consignee: int, number: str, goods: Content
    ) -> str:
        """Issue an e-waybill with an invoice beside; return its RN."""
        invoice = {
            "TypeOfDocument": INVOICE,
            "DocumentNumber": f"{number}-SF",
            "DocumentDate": clock.today().isoformat(),
        }
        payment = {"TypeOfTax": "Pervežimas", "PaymentValue": "310.00", "Currency": "EUR"}
        content = {
            **self._content(consignor, consignee, number, goods, hours=3),
            "PlaceOfIssueTransportDocument": _address(self.companies[consignor]),
            "ComplementaryTransportInformation": {
                "PaymentsForDelivery": [payment],
                "Annexes": [invoice],
            },
        }
        return _say(self.actors[consignor], Section.EWAYBILL, content)

    def _content(
        self, consignor: int, consignee: int | None, number: str, goods: Content, hours: int
    ) -> dict[str, Any]:
        leaves = clock.now() + timedelta(hours=hours)
        source = self.companies[consignor]
        target = self.companies[_BUILDER if consignee is None else consignee]
        return {
            "TransportDocumentUID": {"LocalTransportDocumentUID": number},
            "LocalTransportDocumentNumber": number,
            "LocalTransportDocumentDate": clock.today().isoformat(),
            "TimeOfDispatch": leaves.replace(minute=0, second=0, microsecond=0).isoformat(),
            "Consignor": _party(source),
            "Consignee": None if consignee is None else _party(target),
            "Transporter": {
                **_party(self.companies[_CARRIER]),
                "TransportMeans": _MEANS,
                "Drivers": [{"Name": "Algis", "Surname": "Kelias"}],
            },
            "ShipFrom": {"LoadAddress": _address(source)},
            "ShipTo": {"UnloadAddress": _address(target)},
            "DeliveryData": goods,
        }


def write_waybills(companies: Sequence[Company], taxpayers: Mapping[str, Taxpayer]) -> None:
    """Have goods carried: sent, under way, without paper, delivered, short, cancelled, split."""
    parties = [companies[place] for place in _PLACES]
    actors = [system_acting(taxpayers[one.code], _RIGHTS) for one in parties]
    timber, grain, carrier, builder, coast = actors
    for acting, role in (
        (carrier, Role.TRANSPORTER),
        (builder, Role.CONSIGNEE),
        (coast, Role.CONSIGNEE),
    ):
        consenting.give(acting, role, clock.today())
    lorry = _Lorry(parties, actors)
    lorry.issue(_TIMBER, _BUILDER, "VAZ 000101", _boards())
    lorry.issue(_GRAIN, None, "MIL 2026-17", _flour(), hours=4)
    _accept(carrier, lorry.issue(_TIMBER, _COAST, "VAZ 000102", _boards()))
    _accept(carrier, lorry.issue_without_paper(_GRAIN, _COAST, "MIL 2026-22", _flour()))
    delivered = lorry.issue(_GRAIN, _BUILDER, "MIL 2026-18", _flour())
    _accept(carrier, delivered)
    deliver(carrier, delivered)
    short = lorry.issue(_TIMBER, _BUILDER, "VAZ 000103", _boards())
    _accept(carrier, short)
    _say(builder, Section.RECEIPT, _short_receipt(short))
    cancelled = lorry.issue(_TIMBER, _COAST, "VAZ 000104", _boards())
    _say(timber, Section.CANCELLATION, {**_named(cancelled), "CancellationReason": "2"})
    split = lorry.issue(_GRAIN, _BUILDER, "MIL 2026-19", _flour())
    _say(grain, Section.SPLIT, _in_three(split))


def let_search(login_name: str) -> None:
    """Let the officer of the demo check waybills on the road."""
    until = clock.today() + timedelta(days=365)
    officers.grant(login_name, institution=Institution.TAX, agreement="DEMO", until=until)


def issue_late(
    companies: Sequence[Company], taxpayers: Mapping[str, Taxpayer], number: str
) -> None:
    """Issue a waybill of the mill whose goods have left: a.VAZ must have announced its number."""
    parties = [companies[place] for place in _PLACES]
    actors = [system_acting(taxpayers[one.code], _RIGHTS) for one in parties]
    _Lorry(parties, actors).issue(_GRAIN, _BUILDER, number, _flour(), hours=-1)


def _say(acting: Acting, section: Section, record: Content) -> str:
    (verdict,) = sending.send(acting, {section: [record]})
    if not verdict.is_taken:
        raise AssertionError(verdict.problems)
    return verdict.rn


def _accept(carrier: Acting, rn: str) -> None:
    told = {"ReceiptType": "1", "ReceivedCargoConclusion": "1"}
    _say(carrier, Section.RECEIPT, {**_named(rn), **told, "ReceiptDate": f"{clock.today()}"})


def _short_receipt(rn: str) -> dict[str, Any]:
    return {
        **_named(rn),
        "ReceiptType": "2",
        "ReceiptDate": f"{clock.today()}",
        "ReceivedCargoConclusion": "2",
        "AdditionalInfo": "Trūksta dviejų pakų lentų",
        "ProductsInfo": [
            {
                "ProductLineNumber": "1",
                "AmountDifference": "-1.200",
                "ComplaintInfo": {"ComplaintType": "2"},
            }
        ],
    }


def _in_three(rn: str) -> dict[str, Any]:
    parts = ("10000.000", "8000.000", "6000.000")
    return {
        **_named(rn),
        "TransportDocumentSplits": [
            {
                "TransportDocumentUID": {"LocalTransportDocumentUID": f"MIL 2026-19/{at}"},
                "LocalTransportDocumentNumber": f"MIL 2026-19/{at}",
                "DeliveryData": {"Products": [{"ProductLineNumber": "1", "Quantity": quantity}]},
            }
            for at, quantity in enumerate(parts, start=1)
        ],
    }


def _named(rn: str) -> dict[str, Any]:
    return {"TransportDocumentUID": {"IvazTransportDocumentUID": rn}}


def _party(company: Company) -> dict[str, str]:
    return {"RegistrationNumber": company.code, "Name": company.name}


def _address(company: Company) -> dict[str, str]:
    return {"FullAddress": f"{company.street}, {company.city}"}


def _boards() -> dict[str, Any]:
    return {
        "Products": [_line(1, "18.500", "MTQ", "Pušinės obliuotos lentos"),
                     _line(2, "40.000", "H87", "Mediniai padėklai")],
        "Packages": [{"KindOfPackagesCode": "BE", "NumberOfPackages": "24"}],
        "Weight": {"GrossWeight": "10800.000", "UnitOfMeasure": "KGM"},
    }  # fmt: skip


def _flour() -> dict[str, Any]:
    return {
        "Products": [_line(1, "24000.000", "KGM", "Kvietiniai miltai, 405 D")],
        "Packages": [{"KindOfPackagesCode": "BG", "NumberOfPackages": "960"}],
        "Weight": {"GrossWeight": "24300.000", "UnitOfMeasure": "KGM"},
    }


def _line(number: int, quantity: str, unit: str, name: str) -> dict[str, str]:
    return {
        "ProductLineNumber": str(number),
        "Quantity": quantity,
        "UnitOfMeasure": unit,
        "ProductDescription": name,
    }

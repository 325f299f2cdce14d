"""Waybills and what is said of them, as content; everything in them may be told otherwise."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from imas.kernel import clock
from ivaz.models import EwaybillConsent
from ivaz.services.holding import Sender
from ivaz.services.sending import read_record
from ivaz.services.taking import take
from ivaz.services.verdicts import Verdict
from ivaz.types import CONSENTING, Role, Section
from representation.models import Taxpayer

SOMEWHERE = {"FullAddress": "Gedimino pr. 1, Vilnius"}


def party(taxpayer: Taxpayer | None) -> dict[str, Any] | None:
    return {"RegistrationNumber": taxpayer.code, "Name": taxpayer.name} if taxpayer else None


def line(number: int = 1, quantity: str = "10.000", name: str = "Dažai") -> dict[str, Any]:
    return {
        "ProductLineNumber": str(number),
        "Quantity": quantity,
        "UnitOfMeasure": "KGM",
        "ProductDescription": name,
    }


def waybill(
    consignor: Taxpayer,
    transporter: Taxpayer,
    consignee: Taxpayer | None,
    *,
    uid: str = "L-1",
    dispatch: datetime | None = None,
    **told: Any,
) -> dict[str, Any]:
    """A waybill that may be submitted now; it is dispatched tomorrow."""
    leaves = dispatch or clock.now() + timedelta(days=1)
    return {
        "TransportDocumentUID": {"LocalTransportDocumentUID": uid},
        "LocalTransportDocumentNumber": f"VAZ {uid}",
        "LocalTransportDocumentDate": clock.today().isoformat(),
        "TimeOfDispatch": leaves.replace(microsecond=0).isoformat(),
        "Consignor": party(consignor),
        "Consignee": party(consignee),
        "Transporter": {
            **(party(transporter) or {}),
            "TransportMeans": [{"IdentityOfTransportUnits": "ABC 123"}],
        },
        "ShipFrom": {"LoadAddress": SOMEWHERE},
        "ShipTo": {"UnloadAddress": {"FullAddress": "Laisvės al. 1, Kaunas"}},
        "DeliveryData": {"Products": [line(1), line(2, "5.500", "Lentos")]},
        **told,
    }


def e_waybill(
    consignor: Taxpayer, transporter: Taxpayer, consignee: Taxpayer | None, **told: Any
) -> dict[str, Any]:
    """A waybill with what the format asks of an e-waybill; who is named has consented."""
    consent(transporter, Role.TRANSPORTER)
    if consignee is not None:
        consent(consignee, Role.CONSIGNEE)
    whole = {
        "PlaceOfIssueTransportDocument": SOMEWHERE,
        "ComplementaryTransportInformation": {"PaymentsForDelivery": [{"PaymentValue": None}]},
        **told,
    }
    content = waybill(consignor, transporter, consignee, **whole)
    content["Transporter"]["TransportMeans"][0]["MarqueModelTransportUnits"] = "MAN"
    return content


def consent(who: Taxpayer, *roles: Role) -> None:
    """Have somebody take e-waybills, in both roles where none is named."""
    for role in roles or CONSENTING:
        EwaybillConsent.objects.get_or_create(
            taxpayer=who, role=role, ended_on=None, defaults={"since": clock.today()}
        )


def named(rn: str) -> dict[str, Any]:
    return {"TransportDocumentUID": {"IvazTransportDocumentUID": rn}}


def receipt(rn: str, *, by: str = "2", conclusion: str = "1", **told: Any) -> dict[str, Any]:
    return {
        **named(rn),
        "ReceiptType": by,
        "ReceiptDate": clock.today().isoformat(),
        "ReceivedCargoConclusion": conclusion,
        **told,
    }


def cancellation(rn: str, reason: str = "1", **told: Any) -> dict[str, Any]:
    return {**named(rn), "CancellationReason": reason, **told}


def splitting(rn: str, *parts: Mapping[str, str], uid: str = "L-1") -> dict[str, Any]:
    """Parts as quantities by line number."""
    splits = [
        {
            "TransportDocumentUID": {"LocalTransportDocumentUID": f"{uid}-{at}"},
            "LocalTransportDocumentNumber": f"VAZ {uid}-{at}",
            "DeliveryData": {
                "Products": [
                    {"ProductLineNumber": number, "Quantity": quantity}
                    for number, quantity in part.items()
                ]
            },
        }
        for at, part in enumerate(parts)
    ]
    return {**named(rn), "TransportDocumentSplits": splits}


def say(who: Taxpayer, section: Section, *contents: Mapping[str, Any]) -> list[Verdict]:
    """What becomes of records somebody sends."""
    records = [read_record(section, at, content) for at, content in enumerate(contents)]
    return take(Sender(who.pk, who.code, None), records)


def issued(who: Taxpayer, content: Mapping[str, Any]) -> str:
    """The RN of a waybill that is taken."""
    (verdict,) = say(who, Section.WAYBILL, content)
    assert verdict.is_taken, verdict.problems
    return verdict.rn


def codes(*verdicts: Verdict) -> list[str]:
    """The codes of everything found."""
    return [problem.code for verdict in verdicts for problem in verdict.problems]

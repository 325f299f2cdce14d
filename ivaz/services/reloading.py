"""Another vehicle or driver on the road, and why: the format has no element for the reason."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from django.db import transaction

from imas.kernel.errors import UnprocessableError
from ivaz.selectors import SUBMIT
from ivaz.services.noting import locked_waybill
from ivaz.services.sending import read_record, sender_of
from ivaz.services.taking import take
from ivaz.services.verdicts import Verdict
from ivaz.types import ReloadReason, Section
from representation.services import journal
from representation.types import Acting


@dataclass(frozen=True, slots=True)
class Reload:
    """What carries the goods from now on, as the element Transporter has it, and why.

    `transporter` holds TransportMeans, Drivers or both; `explanation` is needed for OTHER.
    """

    transporter: Mapping[str, Any]
    reason: ReloadReason
    explanation: str = ""


def reload(acting: Acting, rn: str, told: Reload, pressed_at: datetime | None = None) -> Verdict:
    """Change the vehicle or the driver of a waybill and keep the reason, which all parties see.

    The verdict is that of an amendment of vehicles and drivers alone. NotFoundError(
    "waybill-not-found"), UnprocessableError("reload-unexplained") for another reason without words.
    """
    acting.require_wholly(SUBMIT)
    explanation = told.explanation.strip()
    if told.reason is ReloadReason.OTHER and not explanation:
        raise UnprocessableError("reload-unexplained")
    beside = {"reason": told.reason.value}
    if explanation:
        beside["explanation"] = explanation
    with transaction.atomic():
        carrier = locked_waybill(acting, rn).content["Transporter"]
        whole = {
            "TransportDocumentUID": {"IvazTransportDocumentUID": rn},
            "Transporter": {
                **told.transporter,
                "RegistrationNumber": carrier["RegistrationNumber"],
                "Name": carrier["Name"],
            },
        }
        record = replace(read_record(Section.AMENDMENT, 0, whole), beside=beside)
        (verdict,) = take(sender_of(acting, pressed_at), [record])
        if verdict.is_taken:
            journal(acting, "ivaz.reloaded", rn, reason=told.reason.value)
    return verdict

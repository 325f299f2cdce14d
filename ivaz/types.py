"""The words of i.VAZ as values: sections of a file, states of a waybill, who does what.

Source: order VA-119, 19; the format's element list; the state names are partly ours, for the full
list is not published (docs/ivaz/waybills.md).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from typing import Any

from imas.kernel.problems import Problem

Content = Mapping[str, Any]
"""A record as the XML has it: by element name, lists without their wrappers, values as text.

None stands for an element that is nil.
"""


class Section(StrEnum):
    """A kind of record, by the name of its element."""

    EWAYBILL = "eTransportDocument"
    WAYBILL = "TransportDocument"
    AMENDMENT = "TransportDocumentAmendment"
    SPLIT = "CargoSplitting"
    RECEIPT = "ReceiptConfirmation"
    CANCELLATION = "Cancellation"
    ORDER = "Order"


MOST_LINES = 999
"""Lines of goods of a waybill (VMI KD-8810)."""

WAYBILLS = (Section.EWAYBILL, Section.WAYBILL)
"""The sections whose records are waybills."""


class State(StrEnum):
    """Where a waybill stands."""

    SENT = "sent"
    ACCEPTED = "accepted"
    DELIVERED = "delivered"
    RECEIVED = "received"
    RETURNING = "returning"
    SPLIT = "split"
    CANCELLED = "cancelled"
    CLOSED = "closed"


OPEN = frozenset({State.SENT, State.ACCEPTED, State.DELIVERED, State.RETURNING})
"""States in which something is still to come."""

SETTLED = frozenset({State.RECEIVED, State.SPLIT, State.CANCELLED})
"""States in which nothing is, other than that in which nearly all waybills end."""


class View(StrEnum):
    """What of a party's waybills is looked at together."""

    OPEN = "open"
    MINE = "mine"
    IN_TRANSIT = "in-transit"
    LATE = "late"
    DIFFERENT = "different"


class Role(StrEnum):
    """Who somebody is in a waybill."""

    PREPARER = "preparer"
    CONSIGNOR = "consignor"
    TRANSPORTER = "transporter"
    CONSIGNEE = "consignee"


CONSENTING: Mapping[Role, str] = {Role.TRANSPORTER: "Transporter", Role.CONSIGNEE: "Consignee"}
"""Whose consent an e-waybill needs, with the element that names them."""


class Act(StrEnum):
    """What is done to a waybill. RELOAD changes vehicles and drivers and nothing else."""

    ISSUE = "issue"
    AMEND = "amend"
    RELOAD = "reload"
    SPLIT = "split"
    ACCEPT = "accept"
    DELIVER = "deliver"
    RECEIVE = "receive"
    WARN = "warn"
    CANCEL = "cancel"
    RETURN = "return"
    TAKE_BACK = "retake"
    ATTACH = "attach"
    OBJECT = "object"
    CLOSE = "close"


class BookKind(StrEnum):
    """What a taxpayer's book remembers of his waybills."""

    PARTY = "party"
    PLACE = "place"
    VEHICLE = "vehicle"


class ReloadReason(StrEnum):
    """Why the vehicle or the driver is changed on the road; a list of ours, the format has none."""

    BREAKDOWN = "breakdown"
    TRANSHIPMENT = "transhipment"
    DRIVER = "driver"
    FIRST = "first"
    OTHER = "other"


class Institution(StrEnum):
    """Whose officers check waybills on the road, by a data agreement; a list of ours."""

    POLICE = "police"
    CUSTOMS = "customs"
    TRANSPORT = "transport"
    BORDER = "border"
    TAX = "tax"


class RoadsideReason(StrEnum):
    """Why an officer looks a waybill up; a list of ours."""

    ROUTINE = "routine"
    SUSPICION = "suspicion"
    ACCIDENT = "accident"
    INQUIRY = "inquiry"
    OTHER = "other"


class RoadsideMeans(StrEnum):
    """How an officer named what he looks for."""

    SEARCH = "search"
    SQUARE = "square"


class Conclusion(StrEnum):
    """What a receipt says (ReceivedCargoConclusion)."""

    SATISFACTORY = "1"
    UNSATISFACTORY = "2"
    REFUSED = "3"
    PARTLY_REFUSED = "4"
    WARNING = "5"


class Receipt(StrEnum):
    """Who confirms (ReceiptType): the carrier takes goods over, or the consignee receives them."""

    BY_TRANSPORTER = "1"
    BY_CONSIGNEE = "2"


class Reason(StrEnum):
    """Why a waybill is cancelled (CancellationReason)."""

    PRINTING_ERROR = "1"
    DEAL_ENDED = "2"
    DUPLICATE = "3"
    NOT_BEGUN = "4"
    RETURN = "5"
    OTHER = "6"


class LeftOut(StrEnum):
    """What of an invoice found no place in a waybill begun from it."""

    NUMBER = "number"
    LINES = "lines"
    NO_GOODS = "no-goods"
    QUANTITIES = "quantities"
    UNITS = "units"
    RECIPIENT = "recipient"


@dataclass(frozen=True, slots=True)
class Trader:
    """The seller or the buyer of an invoice, as it names them; what it does not tell is empty."""

    code: str = ""
    vat: str = ""
    name: str = ""
    address: str = ""


@dataclass(frozen=True, slots=True)
class Sale:
    """An invoice as far as a waybill has a place for it.

    No `seller`: the taxpayer himself. `products` and `weight` are as in a content, without what
    the invoice does not tell or the format cannot hold; no prices, for a carrier reads the waybill.
    `left_out` tells how many, or which.
    """

    number: str
    issued: date | None
    buyer: Trader
    seller: Trader | None = None
    load: str = ""
    unload: str = ""
    delivered_on: date | None = None
    products: Sequence[Content] = ()
    weight: Content = field(default_factory=dict)
    left_out: Mapping[LeftOut, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Record:
    """One record of a file: its section, where it stands, what it holds, what is wrong with it.

    `position` counts the records of its section from 0. A record with problems has the content as
    far as it was read. `beside` is what its sender says that the format has no element for.
    """

    section: Section
    position: int
    line: int
    content: Content
    problems: Sequence[Problem] = field(default_factory=tuple)
    beside: Mapping[str, str] = field(default_factory=dict)

    @property
    def uid(self) -> str:
        """The preparer's own id it names; empty for an order, or one named by its RN."""
        return str(self._uid.get("LocalTransportDocumentUID") or "")

    @property
    def rn(self) -> str:
        """The registration number it names, else empty."""
        return str(self._uid.get("IvazTransportDocumentUID") or "")

    @property
    def number(self) -> str:
        """The waybill's own number; empty where the record has none."""
        return str(self.content.get("LocalTransportDocumentNumber") or "")

    @property
    def _uid(self) -> Content:
        told = self.content.get("TransportDocumentUID")
        return told if isinstance(told, Mapping) else {}

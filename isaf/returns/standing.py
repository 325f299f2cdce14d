"""Where things stand: returns, rows of evidence in them, and what was decided on invoices."""

from enum import StrEnum


class ReturnState(StrEnum):
    """Where a preliminary return stands; it is computed anew whenever its registers change."""

    WAITING = "waiting"
    DUE = "due"
    READY = "ready"
    FAILED = "failed"


class Counted(StrEnum):
    """Whether a row of evidence is in the boxes, and why not."""

    COUNTED = "counted"
    EXCLUDED = "excluded"
    POSTPONED = "postponed"
    CANCELLED = "cancelled"
    UNPAID = "unpaid"
    LEFT_OUT = "left_out"
    UNMAPPED = "unmapped"


class Deduction(StrEnum):
    """How much of an invoice's input VAT is deducted.

    USUAL is by the yearly percentage; FULL leaves that out, for what serves taxed supplies alone;
    SHARE is so many per cent, then by the yearly percentage; RESERVE is the reserve rule of goods
    acquired in another state of the EU (nothing is deducted until the tax was paid there).
    """

    USUAL = "usual"
    FULL = "full"
    SHARE = "share"
    NONE = "none"
    RESERVE = "reserve"


class Nature(StrEnum):
    """What was supplied under PVM15: services go into FR0564, goods and the rest do not."""

    USUAL = ""
    SERVICES = "services"
    GOODS = "goods"


class LineSource(StrEnum):
    """Who told of a line that no register holds."""

    MANUAL = "MANUAL"
    ITIS_EU = "ITIS_EU"

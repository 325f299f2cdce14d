"""Taxpayers and people as the registers know them, mandates, and the journal."""

from representation.models.imports import ImportRow, ImportRun, RegisterChange
from representation.models.journal import JournalEntry
from representation.models.letters import MAX_ATTEMPTS, MandateLetter
from representation.models.mandates import DEEPEST, Choice, Mandate, MandateMove
from representation.models.posts import (
    Accountant,
    EdsGrant,
    Employment,
    Headship,
    ManoVmiGrant,
    OutsideGrant,
    Post,
)
from representation.models.proposals import FourEyes, Proposal
from representation.models.reviews import MandateReview, MandateUse
from representation.models.seals import JournalSeal, UnsealedEntry
from representation.models.taxpayers import (
    CashAccounting,
    FarmerScheme,
    Taxpayer,
    TaxpayerQuerySet,
    TaxPeriodKind,
    VatRegistration,
)
from representation.models.validity import Validity
from representation.models.waybills import WaybillRule, WaybillSubmitter

__all__ = [
    "DEEPEST",
    "MAX_ATTEMPTS",
    "Accountant",
    "CashAccounting",
    "Choice",
    "EdsGrant",
    "Employment",
    "FarmerScheme",
    "FourEyes",
    "Headship",
    "ImportRow",
    "ImportRun",
    "JournalEntry",
    "JournalSeal",
    "Mandate",
    "MandateLetter",
    "MandateMove",
    "MandateReview",
    "MandateUse",
    "ManoVmiGrant",
    "OutsideGrant",
    "Post",
    "Proposal",
    "RegisterChange",
    "TaxPeriodKind",
    "Taxpayer",
    "TaxpayerQuerySet",
    "UnsealedEntry",
    "Validity",
    "VatRegistration",
    "WaybillRule",
    "WaybillSubmitter",
]

"""Taxpayers as the register knows them, mandates, and the journal of what was done."""

from representation.models.journal import JournalEntry
from representation.models.mandates import Choice, Grant, Headship
from representation.models.taxpayers import (
    CashAccounting,
    FarmerScheme,
    Taxpayer,
    TaxpayerQuerySet,
    TaxPeriodKind,
    VatRegistration,
)
from representation.models.validity import Validity

__all__ = [
    "CashAccounting",
    "Choice",
    "FarmerScheme",
    "Grant",
    "Headship",
    "JournalEntry",
    "TaxPeriodKind",
    "Taxpayer",
    "TaxpayerQuerySet",
    "Validity",
    "VatRegistration",
]

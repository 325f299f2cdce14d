"""Taxpayers and people as the registers know them, mandates, and the journal."""

from representation.models.imports import ImportRow, ImportRun, RegisterChange
from representation.models.journal import JournalEntry
from representation.models.mandates import Choice, Grant
from representation.models.posts import Accountant, Employment, Headship, Post
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
    "Accountant",
    "CashAccounting",
    "Choice",
    "Employment",
    "FarmerScheme",
    "Grant",
    "Headship",
    "ImportRow",
    "ImportRun",
    "JournalEntry",
    "Post",
    "RegisterChange",
    "TaxPeriodKind",
    "Taxpayer",
    "TaxpayerQuerySet",
    "Validity",
    "VatRegistration",
]

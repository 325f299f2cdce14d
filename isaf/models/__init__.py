"""Tables of the i.SAF subsystem."""

from isaf.models.crosscheck import CrossCheck, DealPair, ReportedPair, ReportState
from isaf.models.deals import MARKS, Deal, DealEntry, PairPast
from isaf.models.einvoices import EInvoice, EInvoiceSource
from isaf.models.entry import EntryImport, EntryMapping, EntryRow, EntrySheet
from isaf.models.facts import PartFacts
from isaf.models.markers import MonthPiece, PairRefresh
from isaf.models.postponement import Postponement, PostponementFile, PostponementState
from isaf.models.registers import (
    Part,
    Register,
    RegisterPart,
    RegisterProblem,
)
from isaf.models.returns import (
    Contribution,
    PreliminaryReturn,
    ReturnDecision,
    ReturnLine,
    ReturnLineFile,
    ReturnTotal,
    ReturnVersion,
    StandingReturn,
)
from isaf.models.rows import Invoice, SettledInvoice, Settlement, TaxRow
from isaf.models.saved_views import SavedView
from isaf.models.standing import StandingOrder

__all__ = [
    "MARKS",
    "Contribution",
    "CrossCheck",
    "Deal",
    "DealEntry",
    "DealPair",
    "EInvoice",
    "EInvoiceSource",
    "EntryImport",
    "EntryMapping",
    "EntryRow",
    "EntrySheet",
    "Invoice",
    "MonthPiece",
    "PairPast",
    "PairRefresh",
    "Part",
    "PartFacts",
    "Postponement",
    "PostponementFile",
    "PostponementState",
    "PreliminaryReturn",
    "Register",
    "RegisterPart",
    "RegisterProblem",
    "ReportState",
    "ReportedPair",
    "ReturnDecision",
    "ReturnLine",
    "ReturnLineFile",
    "ReturnTotal",
    "ReturnVersion",
    "SavedView",
    "SettledInvoice",
    "Settlement",
    "StandingOrder",
    "StandingReturn",
    "TaxRow",
]

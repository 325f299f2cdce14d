"""Tables of the i.SAF subsystem."""

from isaf.models.registers import (
    PairRefresh,
    Part,
    Register,
    RegisterPart,
    RegisterProblem,
)
from isaf.models.rows import Invoice, SettledInvoice, Settlement, TaxRow

__all__ = [
    "Invoice",
    "PairRefresh",
    "Part",
    "Register",
    "RegisterPart",
    "RegisterProblem",
    "SettledInvoice",
    "Settlement",
    "TaxRow",
]

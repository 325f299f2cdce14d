"""What the pages and the web service of i.SAF read."""

from isaf.selectors.files import find_file, recent_files, registers_of_file
from isaf.selectors.filtering import ANY_FINDING, NOTHING, InvoiceQuery
from isaf.selectors.invoices import (
    InvoiceDetail,
    InvoiceRow,
    Totals,
    every_invoice,
    find_invoice,
    invoice_page,
    invoice_totals,
    settlement_page,
)
from isaf.selectors.overview import VatOfPeriod, due_lines, last_lines, vat_by_month
from isaf.selectors.problems import KIND, every_problem, problem_groups, problem_totals
from isaf.selectors.registers import (
    PeriodLine,
    errors_of,
    find_register,
    find_submitted,
    parts_of,
    period_lines,
    registers_of,
    replaced_parts,
)

__all__ = [
    "ANY_FINDING",
    "KIND",
    "NOTHING",
    "InvoiceDetail",
    "InvoiceQuery",
    "InvoiceRow",
    "PeriodLine",
    "Totals",
    "VatOfPeriod",
    "due_lines",
    "errors_of",
    "every_invoice",
    "every_problem",
    "find_file",
    "find_invoice",
    "find_register",
    "find_submitted",
    "invoice_page",
    "invoice_totals",
    "last_lines",
    "parts_of",
    "period_lines",
    "problem_groups",
    "problem_totals",
    "recent_files",
    "registers_of",
    "registers_of_file",
    "replaced_parts",
    "settlement_page",
    "vat_by_month",
]

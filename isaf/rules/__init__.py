"""What is judged beyond the schema: pure rules with the official fault codes.

One rule is one function that keeps one truth and cites where it is written. The tables of rules
are `header.STAGES`, `invoices.RULES`, `parties.RULES`, `tax.RULES` and `settlements.RULES`; nothing
here knows a database, a clock or a language. docs/isaf/checks.md lists every code.
"""

from isaf.rules.faults import codes, problem, severity, system_code
from isaf.rules.header import contents_problems, header_problems
from isaf.rules.invoices import invoice_problems
from isaf.rules.screening import screens
from isaf.rules.settlements import master_problems, settlement_problems

__all__ = [
    "codes",
    "contents_problems",
    "header_problems",
    "invoice_problems",
    "master_problems",
    "problem",
    "screens",
    "settlement_problems",
    "severity",
    "system_code",
]

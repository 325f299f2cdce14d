"""What is judged beyond the schema: pure rules with the official fault codes.

One rule is one function that keeps one truth and cites where it is written. The tables of rules
are `header.STAGES`, `invoices.RULES`, `parties.RULES`, `tax.RULES` and `settlements.RULES`; nothing
here knows a database, a clock or a language. docs/isaf/checks.md lists every code.
"""

from isaf.rules.faults import codes, problem, severity, system_code
from isaf.rules.header import contents_problems, header_problems
from isaf.rules.invoices import invoice_problems, is_plain_number
from isaf.rules.parties import is_plain_payer, is_the_taxpayer
from isaf.rules.screening import Meanings, meanings_of_a_clean_kind
from isaf.rules.settlements import master_problems, settlement_problems
from isaf.rules.tax import CODES as TAX_CODES
from isaf.rules.tax import Meaning, amount_follows_from_the_rate

__all__ = [
    "TAX_CODES",
    "Meaning",
    "Meanings",
    "amount_follows_from_the_rate",
    "codes",
    "contents_problems",
    "header_problems",
    "invoice_problems",
    "is_plain_number",
    "is_plain_payer",
    "is_the_taxpayer",
    "master_problems",
    "meanings_of_a_clean_kind",
    "problem",
    "settlement_problems",
    "severity",
    "system_code",
]

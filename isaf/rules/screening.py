"""What an invoice like a clean one may still have wrong: its number and its amounts.

Whoever reads hundreds of thousands of invoices asks the first of a kind every other rule and the
next ones only these (`isaf.judging.shortway`). The tables say which rules are of which sort.
"""

from isaf.rules import invoices, tax, totals
from isaf.types import FileContext, Invoice

Meanings = tuple[tax.Meaning, ...]


def meanings_of_a_clean_kind(invoice: Invoice, context: FileContext) -> Meanings | None:
    """Return what the rows' codes mean, None when a rule finds something in more than this one.

    Asked are the rules that say the same of every invoice of the same kind (`invoices.kind_of`)
    and the same party; that is all but those of the number and of the amounts.
    """
    for rule in invoices.RULES[invoice.register]:
        alone = rule in invoices.OF_THE_NUMBER or rule is totals.totals_follow_the_classifier
        if not alone and rule(invoice, context):
            return None
    codes = tax.CODES[invoice.register]
    meanings = tuple(totals.meaning_in(invoice, row) for row in invoice.rows)
    for row, meaning in zip(invoice.rows, meanings, strict=True):
        if any(rule(row, meaning, codes) for rule in tax.OF_THE_KIND):
            return None
    return meanings

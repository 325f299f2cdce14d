"""Invoices with nothing wrong, which most are, told without asking every rule of each.

Most rules look only at the kind of an invoice (`invoices.kind_of`), and a file has some hundred
kinds. A kind in which these rules found nothing is remembered; of the next invoices of that kind
only the other rules are asked. A test proves that every invoice gets the same answer either way.
"""

from collections.abc import Mapping

from isaf.rules import invoices, tax, totals
from isaf.rules.invoices import Kind
from isaf.types import FileContext, Invoice, RegisterType

_KINDS = 2_000
"""Kinds remembered of each register; with more, remembering starts anew."""

Meanings = tuple[tax.Meaning, ...]


def screens(context: FileContext) -> Mapping[RegisterType, "Screen"]:
    """Return a screen for each register of invoices."""
    return {register: Screen(register, context) for register in invoices.RULES}


class Screen:
    """Screens the invoices of one register of one file."""

    def __init__(self, register: RegisterType, context: FileContext) -> None:
        rules = invoices.RULES[register]
        self._context = context
        self._codes = tax.CODES[register]
        self._of_kind = [rule for rule in rules if rule in invoices.OF_THE_KIND]
        self._others = [
            rule
            for rule in rules
            if rule not in invoices.OF_THE_KIND and rule is not totals.totals_follow_the_classifier
        ]
        self._row_rules_of_kind = [rule for rule in tax.RULES if rule in tax.OF_THE_KIND]
        self._other_row_rules = [rule for rule in tax.RULES if rule not in tax.OF_THE_KIND]
        self._known: dict[Kind, Meanings | None] = {}

    def passes(self, invoice: Invoice) -> bool:
        """Tell whether no rule finds anything in the invoice."""
        kind = invoices.kind_of(invoice)
        try:
            meanings = self._known[kind]
        except KeyError:
            meanings = self._learn(kind, invoice)
        if meanings is None:
            return False
        context, codes = self._context, self._codes
        for rule in self._others:
            if rule(invoice, context):
                return False
        for row_rule in self._other_row_rules:
            for row, meaning in zip(invoice.rows, meanings, strict=True):
                if row_rule(row, meaning, codes):
                    return False
        return True

    def _learn(self, kind: Kind, invoice: Invoice) -> Meanings | None:
        """Remember the meanings of the rows' codes in a kind, None when a rule finds something."""
        if len(self._known) >= _KINDS:
            self._known.clear()
        meanings = tuple(totals.meaning_in(invoice, row) for row in invoice.rows)
        found = any(rule(invoice, self._context) for rule in self._of_kind) or any(
            rule(row, meaning, self._codes)
            for row, meaning in zip(invoice.rows, meanings, strict=True)
            for rule in self._row_rules_of_kind
        )
        self._known[kind] = None if found else meanings
        return self._known[kind]

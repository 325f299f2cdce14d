"""E-invoices beside the register, in words."""

from collections.abc import Mapping
from dataclasses import dataclass

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from isaf.matching import Field
from isaf.selectors.einvoices import SEEN, ComparedEInvoice, EInvoiceState
from isaf.words import crosscheck as words

_TONES: Mapping[EInvoiceState, str] = {
    EInvoiceState.MATCHED: "success",
    EInvoiceState.DIFFERS: "warning",
    EInvoiceState.MISSING: "danger",
    EInvoiceState.WAITING: "neutral",
}
HEADERS = (
    _("State"),
    _("What differs"),
    _("Source"),
    _("Number"),
    _("Issue date"),
    _("Buyer"),
    _("Buyer’s VAT code"),
    _("Buyer’s code"),
    _("Currency"),
    _("Taxable value"),
    _("VAT"),
    _("Total"),
    _("Your taxable value"),
    _("Your VAT"),
    _("Your total"),
)


@dataclass(frozen=True, slots=True)
class ShownEInvoice:
    """An e-invoice with its words and the address of our invoice."""

    compared: ComparedEInvoice

    @property
    def word(self) -> str:
        """The state in words."""
        state, issued = SEEN[self.compared.state], self.compared.einvoice.issued
        return words.state_word(state, issued, of_einvoice=True)

    @property
    def tone(self) -> str:
        """The tone of the state."""
        return _TONES[self.compared.state]

    @property
    def differing(self) -> list[str]:
        """The names of what differs."""
        issued = self.compared.einvoice.issued
        return [words.field_word(Field[name.upper()], issued) for name in self.compared.fields]

    @property
    def url(self) -> str:
        """Where our invoice is shown, "" when there is none."""
        ours = self.compared.ours
        if ours is None:
            return ""
        return reverse("isaf:invoice", args=[ours.register, ours.part_id, ours.position])

    @property
    def cells(self) -> tuple[object, ...]:
        """The cells of the e-invoice, in the order of HEADERS."""
        theirs, ours = self.compared.einvoice, self.compared.ours
        return (
            self.word,
            ", ".join(self.differing),
            theirs.source,
            theirs.number,
            theirs.issued,
            theirs.buyer_name,
            theirs.buyer_vat,
            theirs.buyer_code,
            theirs.currency,
            theirs.taxable,
            theirs.vat,
            theirs.total,
            ours.taxable if ours else None,
            ours.vat if ours else None,
            ours.total if ours else None,
        )

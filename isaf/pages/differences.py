"""What the page of the mismatches in sum shows."""

from functools import cached_property
from typing import Any
from urllib.parse import urlencode

from django.urls import reverse
from django.utils import formats
from django.utils.translation import gettext_lazy as _

from imas.kernel.periods import Period
from isaf.selectors import differences
from isaf.selectors.differences import Month, Parties, Party
from representation.types import Acting


class DifferencesPage:
    """The mismatches of a period, and of the months until its end."""

    series = ({"name": _("Not declared by sellers")}, {"name": _("VAT gaps")})

    def __init__(self, acting: Acting, period: Period) -> None:
        self.acting = acting
        self.period = period

    @cached_property
    def parties(self) -> Parties:
        """The counterparties with the largest differences."""
        return differences.parties_of(self.acting, self.period)

    @property
    def rows(self) -> list[dict[str, Any]]:
        """The same with their shares in per cent and where their invoices are shown."""
        return [
            {
                "party": party,
                "share": formats.number_format(party.share * 100, decimal_pos=1),
                "running": formats.number_format(party.running * 100, decimal_pos=1),
                "url": self._address(party),
            }
            for party in self.parties.rows
        ]

    @cached_property
    def months(self) -> list[Month]:
        """The year that ends with the period."""
        return differences.months_until(self.acting, self.period)

    @property
    def own(self) -> list[Month]:
        """The months of the period itself."""
        return [one for one in self.months if one.month >= self.period.start.replace(day=1)]

    @property
    def mismatched(self) -> int:
        """Invoices of the period with mismatches."""
        return sum(one.mismatched for one in self.own)

    @property
    def einvoices(self) -> int:
        """E-invoices of the period with mismatches."""
        return sum(one.einvoices for one in self.own)

    @property
    def undeclared(self) -> Any:
        """VAT deducted in the period that no seller declares."""
        return sum(one.undeclared for one in self.own)

    @property
    def undeducted(self) -> Any:
        """VAT that sellers declare for the period and we do not deduct."""
        return sum(one.undeducted for one in self.own)

    @property
    def chart(self) -> list[dict[str, Any]]:
        """The year as a chart shows it."""
        return [
            {"label": one.month.strftime("%Y-%m"), "values": [one.undeclared, one.vat]}
            for one in self.months
        ]

    def _address(self, party: Party) -> str:
        if party.einvoices == party.invoices:
            return f"{reverse('isaf:einvoices')}?{urlencode({'period': self.period.code})}"
        asked = urlencode({"period": self.period.code, "party": party.code})
        return f"{reverse('isaf:crosschecks')}?{asked}"

"""The page of a register's groups: what they are called, how large, and where they lead."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING

from django import forms
from django.http import QueryDict
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from imas.kernel.money import ZERO
from isaf.forms.filters import InvoiceFilterForm
from isaf.models import Register
from isaf.selectors.grouping import By, Group, Groups
from isaf.templatetags.isaf import invoice_type, part_source

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise

_BY: "Mapping[By, _StrPromise]" = {
    By.PARTY: gettext_lazy("Counterparty"),
    By.CODE: gettext_lazy("VAT classifier code"),
    By.RATE: gettext_lazy("VAT rate"),
    By.TYPE: gettext_lazy("Document type"),
    By.DAY: gettext_lazy("Issue date"),
    By.PART: gettext_lazy("Part"),
    By.SOURCE: gettext_lazy("How the part came"),
}
HEADERS = (
    gettext_lazy("Group"),
    gettext_lazy("Name"),
    gettext_lazy("Invoices"),
    gettext_lazy("Taxable value"),
    gettext_lazy("VAT"),
    gettext_lazy("Share in per cent"),
)
_HUNDRED = Decimal(100)


class GroupForm(InvoiceFilterForm):
    """What to group by, and which invoices."""

    by = forms.ChoiceField(
        label=gettext_lazy("Group by"), required=False, choices=[*_BY.items()], initial=By.PARTY
    )
    common = ("by", "q", "code", "type", "since", "until")

    @property
    def chosen(self) -> By:
        """What to group by: the counterparty where nothing else is said."""
        self.is_valid()
        return By(self.cleaned_data.pop("by", "") or By.PARTY)


@dataclass(frozen=True, slots=True)
class ShownGroup:
    """A group in words, its share of all in per cent, and the address of its invoices."""

    group: Group
    code: str
    name: str
    share: Decimal
    url: str

    @property
    def cells(self) -> tuple[object, ...]:
        """The cells of the group, in the order of HEADERS."""
        group = self.group
        return self.code, self.name, group.invoices, group.taxable, group.vat, self.share


def shown_groups(
    register: Register, groups: Groups, by: By, total: Decimal, query: QueryDict
) -> Iterator[ShownGroup]:
    """Yield the groups as the page shows them; shares are of the taxable value of the selection."""
    address = reverse("isaf:register", args=[register.number])
    for group in groups.rows:
        asked = query.copy()
        asked.pop("by", None)
        for name, value in group.asked.items():
            asked[name] = value
        share = ZERO if not total else round(group.taxable * _HUNDRED / total, 1)
        code = group.key or _("none")
        yield ShownGroup(group, code, _name(by, group), share, f"{address}?{asked.urlencode()}")


def _name(by: By, group: Group) -> str:
    if by is By.SOURCE:
        return part_source(group.key)
    return invoice_type(group.key) if by is By.TYPE else group.label

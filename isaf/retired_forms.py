"""The forms that i.SAF replaced, filled from a register, for whoever keeps them beside older ones.

FR0671 and FR0672, version 2 (order VA-34 of 2008-07-10): a line for each invoice, four a page, with
the cells of the form. They know neither VAT codes nor rates nor kinds of documents, so nothing can
be read back from them. Of FR0617K no list of fields is public: its lines are ours. None is filed
any more, so they are tables, not files for EDS.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from imas.kernel.errors import NotFoundError
from imas.kernel.money import ZERO
from isaf.models import Register
from isaf.selectors import InvoiceQuery, InvoiceRow, every_invoice
from isaf.types import InvoiceType, RegisterType

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise

_LINES_A_PAGE = 4
_EVERYTHING = InvoiceQuery()
_SHARED = frozenset({InvoiceType.VS, InvoiceType.VD, InvoiceType.VK})

HEADERS: "Sequence[_StrPromise]" = (
    gettext_lazy("Page of the form"),
    gettext_lazy("Line no. (P7)"),
    gettext_lazy("Invoice date (P8)"),
    gettext_lazy("Series and number (P9)"),
    gettext_lazy("Taxable value (P10)"),
    gettext_lazy("VAT (P11)"),
    gettext_lazy("Partner’s VAT code (P12)"),
    gettext_lazy("Partner’s name (P13)"),
    gettext_lazy("One shared invoice"),
)


class RetiredForm(StrEnum):
    """A form that i.SAF replaced."""

    RECEIVED = "FR0671"
    ISSUED = "FR0672"
    FARMERS = "FR0617K"


@dataclass(frozen=True, slots=True)
class _Filling:
    """Which register fills a form, with which of its invoices."""

    register: RegisterType
    query: InvoiceQuery = _EVERYTHING


_FILLINGS: Mapping[RetiredForm, _Filling] = {
    RetiredForm.RECEIVED: _Filling(RegisterType.PURCHASE),
    RetiredForm.ISSUED: _Filling(RegisterType.SALES),
    RetiredForm.FARMERS: _Filling(RegisterType.PURCHASE, InvoiceQuery(vat_code="PVM49")),
}


def forms_of(register: Register) -> list[RetiredForm]:
    """Return the forms that a register fills."""
    return [form for form, filling in _FILLINGS.items() if filling.register == register.type]


def form_lines(register: Register, form: RetiredForm) -> Iterator[Sequence[object]]:
    """Yield the lines of a form in the order of the files, and at the end their sum.

    NotFoundError("register-not-found") when this kind of register does not fill it. Cancelled
    invoices have no line. Partners without a VAT code are told by their own code.
    """
    if form not in forms_of(register):
        raise NotFoundError("register-not-found", number=register.number)
    return _lines(register, _FILLINGS[form].query)


def _lines(register: Register, query: InvoiceQuery) -> Iterator[Sequence[object]]:
    rows = (row for row in every_invoice(register, query) if row.type != InvoiceType.AN)
    taxable, vat = ZERO, ZERO
    for number, row in enumerate(rows, start=1):
        taxable, vat = taxable + row.taxable, vat + row.vat
        yield _line(number, row)
    yield None, None, None, _("Total"), taxable, vat, None, None, None


def _line(number: int, row: InvoiceRow) -> Sequence[object]:
    page = (number - 1) // _LINES_A_PAGE + 1
    partner = row.counterparty_vat or row.counterparty_code
    shared = _("yes") if row.type in _SHARED else None
    return (
        page,
        number,
        row.issued,
        row.number,
        row.taxable,
        row.vat,
        partner,
        row.counterparty_name,
        shared,
    )

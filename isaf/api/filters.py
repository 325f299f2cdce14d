"""The filter of a register's invoices as query parameters: those of the page, but held strictly."""

from django.forms import DateField
from django.utils.translation import override
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter
from rest_framework.request import Request

from imas.kernel.errors import UnprocessableError
from isaf.forms.filters import InvoiceFilterForm
from isaf.selectors import InvoiceQuery


def asked_of(request: Request) -> InvoiceQuery:
    """Return what a program asks for; UnprocessableError("bad-filter") names what is wrong."""
    form = InvoiceFilterForm(request.query_params)
    if not form.is_valid():
        raise UnprocessableError("bad-filter", fields=", ".join(sorted(form.errors)))
    return form.query


def _parameters() -> list[OpenApiParameter]:
    with override("en"):
        return [
            OpenApiParameter(
                name,
                OpenApiTypes.DATE if isinstance(field, DateField) else OpenApiTypes.STR,
                description=str(field.label or _PARTY_KEY),
                enum=[value for value, _ in getattr(field, "choices", ()) if value] or None,
            )
            for name, field in InvoiceFilterForm.base_fields.items()
        ]


_PARTY_KEY = "The one code a party is grouped by: its VAT code, else its code."
FILTERS = _parameters()

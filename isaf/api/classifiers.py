"""Web service: the official tables that accounting programs need."""

from typing import ClassVar

from django.http.response import HttpResponseBase
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request

from imas.web.classifier_api import ON, ClassifierAPIView, ClassifierOut

_SAFT = (
    "account-types", "address-types", "analysis-codes", "asset-transaction-types",
    "asset-valuation-types", "data-types", "debit-credit", "depreciation-methods",
    "goods-and-services", "grouping-categories", "invoice-types", "movement-types",
    "payment-mechanisms", "payment-methods", "share-types", "tax-accounting-bases", "tax-codes",
    "tax-registrations",
)  # fmt: skip
_SAFT_COLUMNS = ("name_lt", "name_en", "certainty")


class ClassifierView(ClassifierAPIView):
    """One table; any valid key may read it.

    Those of SAF-T are handed out here too, as the service of VMI does.
    """

    tables: ClassVar = {
        "vat-codes": (
            "isaf/vat_codes.csv",
            ("rates", "purchases", "sales", "meaning_en", "law"),
        ),
        "fault-codes": (
            "isaf/fault_codes.csv",
            ("reason", "system_code", "stage", "severity"),
        ),
        "countries": ("countries.csv", ("name_lt", "name_en")),
        **{
            f"saft-{name}": (f"isaft/2.01/{name.replace('-', '_')}.csv", _SAFT_COLUMNS)
            for name in _SAFT
        },
    }

    @extend_schema(operation_id="classifier", parameters=[ON], responses=ClassifierOut)
    def get(self, request: Request, table: str) -> HttpResponseBase:
        """Show a table; with `If-None-Match` and the same table the answer is 304 and empty."""
        return self.answer(request, table)

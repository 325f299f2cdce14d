"""Web service: the official tables that accounting programs need."""

from typing import ClassVar

from django.http.response import HttpResponseBase
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request

from imas.web.classifier_api import ON, ClassifierAPIView, ClassifierOut


class ClassifierView(ClassifierAPIView):
    """One table; any valid key may read it."""

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
    }

    @extend_schema(operation_id="classifier", parameters=[ON], responses=ClassifierOut)
    def get(self, request: Request, table: str) -> HttpResponseBase:
        """Show a table; with `If-None-Match` and the same table the answer is 304 and empty."""
        return self.answer(request, table)

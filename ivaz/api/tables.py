"""Web service: the tables that waybill software needs."""

from typing import ClassVar

from django.http.response import HttpResponseBase
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request

from imas.web.classifier_api import ON, ClassifierAPIView, ClassifierOut

_NAMES = ("name_lt", "name_en")


class WaybillTableView(ClassifierAPIView):
    """One table; any valid key may read it."""

    tables: ClassVar = {
        "units": ("ivaz/units.csv", _NAMES),
        "packagings": ("ivaz/packages.csv", _NAMES),
        "countries": ("countries.csv", _NAMES),
    }

    @extend_schema(operation_id="waybill_table", parameters=[ON], responses=ClassifierOut)
    def get(self, request: Request, waybill_table: str) -> HttpResponseBase:
        """Show a table; with `If-None-Match` and the same table the answer is 304 and empty.

        There are `units`, `packagings` and `countries`. Units and packagings are proposed: a
        waybill may have any text there.
        """
        return self.answer(request, waybill_table)

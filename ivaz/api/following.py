"""Web service: waybills that have changed since a program last asked."""

from typing import Any

from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from imas.web.paging import number_after
from ivaz.api.shapes import WaybillOut, waybill_out
from ivaz.services.following import changes_after
from representation.api import TaxpayerAPIView


class WaybillChangesOut(serializers.Serializer[Any]):
    """Waybills as they are now; `next` is the `after` of the next call."""

    items = WaybillOut(many=True)
    next = serializers.CharField()


class WaybillChangesView(TaxpayerAPIView):
    """Following the waybills of a taxpayer."""

    @extend_schema(
        operation_id="waybill_changes",
        parameters=[
            OpenApiParameter("after", str, description="`next` of the call before; else from 0.")
        ],
        responses=WaybillChangesOut,
    )
    def get(self, request: Request) -> Response:
        """Give up to 200 waybills that have changed, each once; an empty answer is the end."""
        found = changes_after(self.acting, number_after(request.query_params.get("after", "0")))
        items = [waybill_out(party) for party in found.rows]
        return Response({"items": items, "next": str(found.next)})

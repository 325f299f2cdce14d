"""Web service: the identifiers of a waybill for an eFTI gate."""

from typing import Any

from django.http.response import HttpResponseBase
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiResponse, extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from imas.web.exports import attached
from ivaz import selectors
from ivaz.efti import Identifiers, MeansKind, identifiers_of, xml_of
from representation.api import TaxpayerAPIView
from representation.services import journal_view


class EftiMeansOut(serializers.Serializer[Any]):
    """A vehicle or a trailer."""

    plate = serializers.CharField()
    kind = serializers.ChoiceField([kind.value for kind in MeansKind])


class EftiStopOut(serializers.Serializer[Any]):
    """A place and when it is planned; `country` is null where it is not told."""

    address = serializers.CharField()
    country = serializers.CharField(allow_null=True)
    planned_at = serializers.DateTimeField()


class EftiOut(serializers.Serializer[Identifiers]):
    """The identifiers of a waybill; `dataset_id` names it at a gate, in all its versions."""

    dataset_id = serializers.UUIDField()
    rn = serializers.CharField()
    version = serializers.IntegerField()
    mode_code = serializers.CharField(help_text="UNECE Recommendation 19: 3 is the road.")
    accepted_at = serializers.DateTimeField(
        help_text="By the carrier; the dispatch while `is_accepted` is false."
    )
    is_accepted = serializers.BooleanField()
    delivered_at = serializers.DateTimeField(allow_null=True)
    means = EftiMeansOut(many=True)
    loading = EftiStopOut()
    unloading = EftiStopOut()
    dangerous_goods = serializers.ListField(
        child=serializers.CharField(), help_text="ADR classes and UN numbers."
    )


class WaybillEftiView(TaxpayerAPIView):
    """The identifiers of a waybill."""

    @extend_schema(operation_id="waybill_efti", responses=EftiOut)
    def get(self, _request: Request, rn: str) -> Response:
        """Show by what an eFTI gate would find the waybill."""
        return Response(EftiOut(_found(self, rn)).data)


class WaybillEftiXmlView(TaxpayerAPIView):
    """The same as a gate takes it."""

    @extend_schema(
        operation_id="waybill_efti_xml",
        responses={(200, "application/xml"): OpenApiResponse(OpenApiTypes.BINARY)},
    )
    def get(self, _request: Request, rn: str) -> HttpResponseBase:
        """Give the body of `PUT …/consignments/{dataset_id}`; places have no room in it."""
        return attached(xml_of(_found(self, rn)), f"{rn}-efti.xml", "application/xml")


def _found(view: TaxpayerAPIView, rn: str) -> Identifiers:
    waybill, _roles = selectors.find_waybill(view.acting, rn)
    journal_view(view.acting, "ivaz.waybill-seen", rn)
    return identifiers_of(waybill, selectors.events_of(waybill))

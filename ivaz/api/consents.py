"""Web service: who takes e-waybills."""

from datetime import date
from typing import Any

from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts.models import ApiKey
from imas.kernel import clock
from ivaz import selectors
from ivaz.models import EwaybillConsent
from ivaz.services import consenting
from ivaz.types import CONSENTING, Role
from representation.api import TaxpayerAPIView
from representation.attempts import spend_look_ups

_PERSON_SHARE = 3
"""How much more a person's keys may ask together than one of them, as for taxpayers."""


class ConsentOut(serializers.ModelSerializer[EwaybillConsent]):
    """A consent; `ended_on` is the first day on which it holds no more."""

    role = serializers.ChoiceField(list(CONSENTING))

    class Meta:
        model = EwaybillConsent
        fields = ("role", "since", "given_at", "ended_on", "withdrawn_at")


class ConsentsOut(serializers.Serializer[Any]):
    """Every consent there was, the latest first."""

    items = ConsentOut(many=True)


class TakesIn(serializers.Serializer[Any]):
    """Who is asked about."""

    code = serializers.CharField(max_length=35)
    role = serializers.ChoiceField(list(CONSENTING))
    on = serializers.DateField(required=False, help_text="Today when absent.")


class TakesOut(serializers.Serializer[Any]):
    """Whether the taxpayer takes e-waybills; false for a code that nobody has."""

    code = serializers.CharField()
    role = serializers.ChoiceField(list(CONSENTING))
    on = serializers.DateField()
    takes = serializers.BooleanField()


class ConsentsView(TaxpayerAPIView):
    """The taxpayer's own consents."""

    @extend_schema(operation_id="ewaybill_consents", responses=ConsentsOut)
    def get(self, _request: Request) -> Response:
        """List the taxpayer's consents to e-waybills; they are given on a page."""
        items = ConsentOut(selectors.consents_of(self.acting), many=True).data
        return Response({"items": items})


class TakesView(APIView):
    """Asking about anybody's consent; any valid key may."""

    @extend_schema(
        operation_id="ewaybill_taken",
        parameters=[
            OpenApiParameter("code", str, required=True),
            OpenApiParameter("role", str, enum=list(CONSENTING), required=True),
            OpenApiParameter("on", date, description="The day asked about; today when absent."),
        ],
        responses=TakesOut,
    )
    def get(self, request: Request) -> Response:
        """Tell whether a taxpayer takes e-waybills as the carrier or the consignee on a day."""
        if isinstance(request.auth, ApiKey):
            spend_look_ups(f"key-{request.auth.pk}")
        spend_look_ups(f"user-{request.user.pk}", share=_PERSON_SHARE)
        asked = TakesIn(data=request.query_params)
        asked.is_valid(raise_exception=True)
        told = {"on": clock.today(), **asked.validated_data}
        takes = consenting.takes(told["code"].strip(), Role(told["role"]), told["on"])
        return Response(TakesOut({**told, "takes": takes}).data)

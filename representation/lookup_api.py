"""Web service: what the authority publishes about taxpayers."""

from datetime import date
from typing import Any, cast

from django.conf import settings
from django.utils.decorators import method_decorator
from django.views.decorators.http import conditional_page
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts.models import ApiKey
from imas.kernel import clock
from imas.kernel.errors import UnprocessableError
from imas.web.paging import number_after
from representation.attempts import spend_look_ups
from representation.registers import changed, published
from representation.registers.published import Published
from representation.types import TaxpayerKind

_LONGEST = 300
_CODE_LENGTH = 40
_LATEST = "latest"
_PERSON_SHARE = 3
"""How much more a person's keys may ask together than one of them."""
_ON = OpenApiParameter("on", date, description="The day asked about; today when absent.")


class PublishedOut(serializers.Serializer[Published]):
    """A taxpayer on a day; `code` is empty for a natural person."""

    code = serializers.CharField()
    kind = serializers.ChoiceField(list(TaxpayerKind))
    name = serializers.CharField()
    vat_code = serializers.CharField()
    vat_valid = serializers.BooleanField(source="vat_is_valid")
    vat_since = serializers.DateField(allow_null=True)
    vat_until = serializers.DateField(allow_null=True)
    farmer_scheme = serializers.BooleanField()
    ended_on = serializers.DateField(allow_null=True, help_text="Deregistered or dead.")


class LookupOut(serializers.Serializer[Any]):
    """Everybody found, at most twenty by name."""

    on = serializers.DateField()
    items = PublishedOut(many=True)


class LookupManyIn(serializers.Serializer[Any]):
    """Codes and VAT codes, mixed."""

    codes = serializers.ListField(
        child=serializers.CharField(max_length=_CODE_LENGTH), allow_empty=False
    )
    on = serializers.DateField(required=False)


class CheckedOut(serializers.Serializer[Any]):
    """The answer to one code; `taxpayer` is null where nobody is found."""

    asked = serializers.CharField()
    taxpayer = PublishedOut(allow_null=True)


class LookupManyOut(serializers.Serializer[Any]):
    """Answers in the order of the codes."""

    on = serializers.DateField()
    items = CheckedOut(many=True)


class LookupView(APIView):
    """Looking taxpayers up; any valid key may."""

    @extend_schema(
        operation_id="taxpayer_lookup",
        parameters=[
            OpenApiParameter("code", str, description="A legal person's code."),
            OpenApiParameter("vat", str, description="A VAT code."),
            OpenApiParameter("name", str, description="Words a name has, or how they begin."),
            _ON,
        ],
        responses=LookupOut,
    )
    @method_decorator(conditional_page)
    def get(self, request: Request) -> Response:
        """Find by one of code, vat and name; nobody found is an empty list.

        With `If-None-Match` and the same answer it is 304 and empty.
        """
        question, text = _question(request)
        on = _day(request)
        _spend(request)
        asked = {"code": published.by_code, "vat": published.by_vat, "name": published.by_name}
        return Response(LookupOut({"on": on, "items": asked[question](text, on)}).data)

    @extend_schema(
        operation_id="taxpayer_lookup_many", request=LookupManyIn, responses=LookupManyOut
    )
    def post(self, request: Request) -> Response:
        """Check many codes at once; each gets its answer."""
        asked = LookupManyIn(data=request.data)
        asked.is_valid(raise_exception=True)
        codes: list[str] = asked.validated_data["codes"]
        if len(codes) > settings.LOOKUP_BATCH:
            raise UnprocessableError("lookup-too-many", limit=str(settings.LOOKUP_BATCH))
        _spend(request, len(codes))
        on = asked.validated_data.get("on") or clock.today()
        found = published.check_many(codes, on)
        items = [
            {"asked": code, "taxpayer": taxpayer}
            for code, taxpayer in zip(codes, found, strict=True)
        ]
        return Response(LookupManyOut({"on": on, "items": items}).data)


class LookupChangesOut(LookupManyOut):
    """Answers that may have changed; `next` is the `after` of the next call."""

    next = serializers.CharField()


class LookupChangesView(APIView):
    """Following what is published; any valid key may."""

    @extend_schema(
        operation_id="taxpayer_changes",
        parameters=[
            OpenApiParameter(
                "after", str, description='`next` of the call before; "latest" begins from now.'
            )
        ],
        responses=LookupChangesOut,
    )
    def get(self, request: Request) -> Response:
        """Give codes whose answers may have changed, with today's answers; empty when none has."""
        after, on = request.query_params.get("after", "0"), clock.today()
        if after == _LATEST:
            found = changed.ChangedCodes([], changed.latest_change())
        else:
            found = changed.codes_changed_after(number_after(after))
        _spend(request, max(len(found.codes), 1))
        answers = published.check_many(found.codes, on)
        items = [
            {"asked": code, "taxpayer": taxpayer}
            for code, taxpayer in zip(found.codes, answers, strict=True)
        ]
        told = {"on": on, "items": items, "next": str(found.next)}
        return Response(LookupChangesOut(told).data)


def _question(request: Request) -> tuple[str, str]:
    given = {name: request.query_params.get(name, "").strip() for name in ("code", "vat", "name")}
    asked = [(name, text) for name, text in given.items() if text]
    if len(asked) != 1 or len(asked[0][1]) > _LONGEST or "\0" in asked[0][1]:
        raise UnprocessableError("lookup-one-question")
    return asked[0]


def _day(request: Request) -> date:
    given = request.query_params.get("on", "")
    return cast("date", serializers.DateField().run_validation(given)) if given else clock.today()


def _spend(request: Request, codes: int = 1) -> None:
    """Count by key, and by person for all keys together at a larger measure."""
    if isinstance(request.auth, ApiKey):
        spend_look_ups(f"key-{request.auth.pk}", codes)
    spend_look_ups(f"user-{request.user.pk}", codes, share=_PERSON_SHARE)

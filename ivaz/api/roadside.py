"""Web service of checks on the road, for programs of institutions with a data agreement."""

from typing import Any
from uuid import UUID

from drf_spectacular.utils import extend_schema
from rest_framework import serializers, status
from rest_framework.exceptions import MethodNotAllowed
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from ivaz import selectors
from ivaz.api.shapes import WaybillWholeOut, whole_out
from ivaz.models import RoadsideSearch
from ivaz.services import roadside
from ivaz.services.officers import RoadsideOfficer, officer_with_key
from ivaz.services.roadside import LEAST_NOTE, LONGEST, Ground
from ivaz.signing import LONGEST as LONGEST_SQUARE
from ivaz.types import RoadsideReason


class RoadsideAPIView(APIView):
    """A view for programs of officers of the road: `self.officer` is set before the method."""

    officer: RoadsideOfficer

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        """Recognise the key, then the officer and the right; a wrong method is told first."""
        super().initial(request, *args, **kwargs)
        if not hasattr(self, (request.method or "").lower()):
            raise MethodNotAllowed(request.method or "")
        self.officer = officer_with_key(request.user, request.auth)


class RoadsideIn(serializers.Serializer[Any]):
    """One of `q` (a whole plate, number, RN or ARN) and `square` (what a square holds), and why."""

    q = serializers.CharField(max_length=LONGEST, required=False)
    square = serializers.CharField(max_length=LONGEST_SQUARE, required=False)
    reason = serializers.ChoiceField(list(RoadsideReason))
    note = serializers.CharField(
        min_length=LEAST_NOTE, max_length=200, help_text="Number of the inspection, or words."
    )

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        """Ask for exactly one of the two."""
        if ("q" in attrs) == ("square" in attrs):
            raise serializers.ValidationError({"q": ["q | square"]})
        return attrs


class RoadsideFoundOut(serializers.Serializer[Any]):
    """A waybill that was found, in brief."""

    rn = serializers.CharField()
    number = serializers.CharField()
    state = serializers.CharField()
    dispatch_at = serializers.DateTimeField()
    plates = serializers.ListField(child=serializers.CharField())


class RoadsideSearchOut(serializers.Serializer[Any]):
    """A search that was written down, and up to 50 waybills of those it found."""

    id = serializers.UUIDField()
    found = serializers.IntegerField()
    items = RoadsideFoundOut(many=True)


class RoadsideSearchesView(RoadsideAPIView):
    """Searches of officers of the road."""

    @extend_schema(
        operation_id="roadside_search",
        request=RoadsideIn,
        responses={201: RoadsideSearchOut},
    )
    def post(self, request: Request) -> Response:
        """Search waybills on the road, or lately there, by what is told to the letter.

        Every search is written down with its reason. Keys are issued by an administrator.
        """
        asked = RoadsideIn(data=request.data)
        asked.is_valid(raise_exception=True)
        made = self._made(asked.validated_data)
        _made, found = roadside.found_by(self.officer, made.pk)
        told = {"id": made.pk, "found": made.found, "items": found}
        return Response(RoadsideSearchOut(told).data, status=status.HTTP_201_CREATED)

    def _made(self, told: dict[str, Any]) -> RoadsideSearch:
        ground = Ground(RoadsideReason(told["reason"]), told["note"])
        if "square" in told:
            return roadside.search_by_square(self.officer, told["square"], ground)
        return roadside.search(self.officer, told["q"], ground)


class RoadsideWaybillView(RoadsideAPIView):
    """A waybill that a search has found."""

    @extend_schema(operation_id="roadside_waybill", responses=WaybillWholeOut)
    def get(self, _request: Request, roadside_search_id: UUID, rn: str) -> Response:
        """Show a whole waybill without its documents; that it was opened is written down."""
        waybill = roadside.open_waybill(self.officer, roadside_search_id, rn)
        events = list(selectors.events_for_officers(waybill))
        return Response(whole_out(waybill, frozenset(), events, []))

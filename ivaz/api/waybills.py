"""Web service: records taken at once, waybills looked for and read."""

from datetime import date

from django.http.response import HttpResponseBase
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, OpenApiResponse, extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from imas.web.exports import attached
from intake.idempotency import idempotent
from ivaz import selectors
from ivaz.api.documents import KEY
from ivaz.api.shapes import (
    RecordsIn,
    ReloadIn,
    VerdictOut,
    VerdictsOut,
    WaybillPageOut,
    WaybillWholeOut,
    verdict_out,
    waybill_out,
    whole_out,
)
from ivaz.exporting import file_of
from ivaz.listing import WaybillQuery, waybill_page
from ivaz.services import reloading, sending
from ivaz.services.reloading import Reload
from ivaz.states import allowed
from ivaz.types import ReloadReason, Role, State, View
from representation.api import TaxpayerAPIView
from representation.services import journal_view

MOST_ASKED = 100
"""So many letters of a search are looked at."""

_RECORDS = RecordsIn()
"""It keeps nothing of what it is asked; a new one for each request would copy all of its fields."""

_DRY_RUN = OpenApiParameter("dry_run", bool, description="Judge the records and do nothing.")


class RecordsView(TaxpayerAPIView):
    """Records of every section."""

    @extend_schema(
        operation_id="waybill_records_send",
        parameters=[_DRY_RUN, KEY],
        request=RecordsIn,
        responses=VerdictsOut,
    )
    @idempotent(sending.RIGHT)
    def post(self, request: Request) -> Response:
        """Take up to 500 records, each by itself: a wrong one is refused, the others are done.

        A waybill is known by the preparer and its LocalTransportDocumentUID: sent again with the
        same content it is answered with the RN it has.
        """
        dry_run = serializers.BooleanField().run_validation(
            request.query_params.get("dry_run", "false")
        )
        sent = request.data or {}
        asked = _RECORDS.run_validation(sent)
        unknown = dict.fromkeys(set(sent) - set(_RECORDS.fields), ())
        verdicts = sending.send(self.acting, {**asked, **unknown}, dry_run=dry_run)
        return Response({"items": [verdict_out(one) for one in verdicts], "next": None})


class WaybillsView(TaxpayerAPIView):
    """The waybills of a taxpayer."""

    @extend_schema(
        operation_id="waybills",
        parameters=[
            OpenApiParameter(
                "q",
                str,
                description=(
                    "Parts of numbers, RN or plates, beginnings of names and of words of addresses."
                ),
            ),
            OpenApiParameter(
                "state", str, enum=[*View, *State], description="A state, or a view of several."
            ),
            OpenApiParameter("since", date, description="First day of dispatch."),
            OpenApiParameter("until", date, description="Last day of dispatch."),
            OpenApiParameter("role", str, enum=list(Role)),
            OpenApiParameter("cursor", str, description="`next` of the page before."),
        ],
        responses=WaybillPageOut,
    )
    def get(self, request: Request) -> Response:
        """List the waybills the taxpayer is named in, the latest dispatch first."""
        asked = request.query_params
        days = serializers.DateField()
        query = WaybillQuery(
            text=asked.get("q", "")[:MOST_ASKED],
            state=asked.get("state", ""),
            role=asked.get("role", ""),
            since=days.run_validation(asked["since"]) if "since" in asked else None,
            until=days.run_validation(asked["until"]) if "until" in asked else None,
        )
        page = waybill_page(self.acting, query, asked.get("cursor", ""))
        items = [waybill_out(party) for party in page.rows]
        return Response({"items": items, "next": page.next or None})


class WaybillView(TaxpayerAPIView):
    """One waybill."""

    @extend_schema(operation_id="waybill", responses=WaybillWholeOut)
    def get(self, _request: Request, rn: str) -> Response:
        """Show a waybill: what it holds, what was done to it, what may be done now."""
        waybill, roles = selectors.find_waybill(self.acting, rn)
        journal_view(self.acting, "ivaz.waybill-seen", rn)
        events = list(selectors.events_of(waybill))
        return Response(whole_out(waybill, roles, events, allowed(State(waybill.state), roles)))


class WaybillReloadView(TaxpayerAPIView):
    """Another vehicle or driver on the road."""

    @extend_schema(
        operation_id="waybill_reload", parameters=[KEY], request=ReloadIn, responses=VerdictOut
    )
    @idempotent(sending.RIGHT)
    def post(self, request: Request, rn: str) -> Response:
        """Change vehicles or drivers and tell why, which the format has no element for.

        The verdict is that of an amendment; the reason stands in the events of the waybill.
        """
        asked = ReloadIn(data=request.data)
        asked.is_valid(raise_exception=True)
        told = asked.validated_data
        means = {name: told[name] for name in ("TransportMeans", "Drivers") if name in told}
        reload = Reload(means, ReloadReason(told["reason"]), told["explanation"])
        return Response(verdict_out(reloading.reload(self.acting, rn, reload)))


class WaybillXmlView(TaxpayerAPIView):
    """One waybill as a file."""

    @extend_schema(
        operation_id="waybill_xml",
        responses={(200, "application/xml"): OpenApiResponse(OpenApiTypes.BINARY)},
    )
    def get(self, _request: Request, rn: str) -> HttpResponseBase:
        """Give a waybill as it stands as a valid i.VAZ file."""
        waybill, _roles = selectors.find_waybill(self.acting, rn)
        journal_view(self.acting, "ivaz.waybill-seen", rn)
        return attached(file_of(waybill), f"{rn}.xml", "application/xml")

"""Web service: preliminary returns ordered, read box by box, decided on, confirmed."""

from typing import Any
from uuid import UUID

from django.http.response import HttpResponseBase
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, OpenApiResponse, extend_schema
from rest_framework import status
from rest_framework.request import Request
from rest_framework.response import Response

from imas.kernel.errors import ConflictError, UnprocessableError
from imas.web.exports import attached
from intake.idempotency import idempotent
from isaf import tasks
from isaf.api.return_shapes import (
    ConfirmIn,
    DecisionIn,
    FedPageOut,
    FiledIn,
    OrderIn,
    ReturnLineIn,
    ReturnLineOut,
    ReturnOut,
    SettingsIn,
    fed_out,
    return_out,
)
from isaf.models import ReturnVersion
from isaf.return_ffdata import ffdata_of
from isaf.returns.forms import FormName
from isaf.returns.standing import Counted
from isaf.selectors import returns as selectors
from isaf.selectors.contributions import fed_page
from isaf.services import filed, return_decisions, return_lines
from isaf.services import returns as services
from isaf.services.periods import asked_period
from representation.api import TaxpayerAPIView
from representation.services import journal_view

RIGHT = selectors.RIGHT


class ReturnsView(TaxpayerAPIView):
    """The returns of a taxpayer."""

    @extend_schema(operation_id="returns", responses=ReturnOut(many=True))
    def get(self, _request: Request) -> Response:
        """List the returns, the latest period first, without their boxes' rules."""
        found = selectors.returns_of(self.acting)
        return Response([return_out(one, brief=True) for one in found])

    @extend_schema(
        operation_id="return_order", request=OrderIn, responses={202: ReturnOut(many=True)}
    )
    @idempotent(RIGHT)
    def post(self, request: Request) -> Response:
        """Order forms for ended periods; each is computed once its registers are submitted."""
        asked = OrderIn(data=request.data)
        asked.is_valid(raise_exception=True)
        periods = [asked_period(code) for code in asked.validated_data["periods"]]
        forms = [FormName(name) for name in asked.validated_data["forms"]]
        ordered = services.order_returns(self.acting, periods, forms)
        tasks.queue_returns(self.acting.taxpayer_id)
        answer = [return_out(one, brief=True) for one in ordered]
        return Response(answer, status.HTTP_202_ACCEPTED)


class ReturnView(TaxpayerAPIView):
    """One return."""

    @extend_schema(operation_id="return", responses=ReturnOut)
    def get(self, _request: Request, return_id: UUID) -> Response:
        """Show a return: its boxes, the rules that feed them, its checks, what is in no box."""
        found = selectors.find_return(self.acting, return_id)
        journal_view(self.acting, "isaf.return-seen", found.number)
        return Response(return_out(found))


class ReturnSettingsView(TaxpayerAPIView):
    """The data of one return."""

    @extend_schema(operation_id="return_settings", request=SettingsIn, responses=ReturnOut)
    @idempotent(RIGHT)
    def post(self, request: Request, return_id: UUID) -> Response:
        """Set boxes 28, 10 and 9; of a list, whether its correction gives changed lines alone."""
        asked = SettingsIn(data=request.data)
        asked.is_valid(raise_exception=True)
        services.set_up(self.acting, return_id, services.Settings(**asked.validated_data))
        return Response(return_out(selectors.find_return(self.acting, return_id)))


class ReturnRowsView(TaxpayerAPIView):
    """The rows of one return."""

    @extend_schema(
        operation_id="return_rows",
        parameters=[
            OpenApiParameter("rule", str, description="The name of a rule; empty for none."),
            OpenApiParameter("standing", str, enum=list(Counted), default=Counted.COUNTED),
            OpenApiParameter("cursor", str, description="`next` of the page before."),
        ],
        responses=FedPageOut,
    )
    def get(self, request: Request, return_id: UUID) -> Response:
        """Page through the rows under a rule, in the order of the registers."""
        version = self._computed(return_id)
        asked = request.query_params
        standing = asked.get("standing", Counted.COUNTED)
        if standing not in set(Counted):
            raise UnprocessableError("return-decision-wrong")
        cursor = asked.get("cursor", "")
        page = fed_page(version, Counted(standing), asked.get("rule", ""), cursor)
        journal_view(self.acting, "isaf.return-exported", version.of.number)
        items = [fed_out(fed) for fed in page.rows]
        return Response({"items": items, "next": page.next or None})

    def _computed(self, return_id: UUID) -> ReturnVersion:
        return computed(selectors.find_return(self.acting, return_id))


class ReturnDecisionsView(TaxpayerAPIView):
    """What is decided on invoices of a return."""

    @extend_schema(operation_id="return_decide", request=DecisionIn, responses=ReturnOut)
    @idempotent(RIGHT)
    def post(self, request: Request, return_id: UUID) -> Response:
        """Decide on up to 500 invoices at once; the boxes follow before the answer comes."""
        asked = DecisionIn(data=request.data)
        asked.is_valid(raise_exception=True)
        return_decisions.decide(self.acting, return_id, asked.places, asked.choice)
        tasks.queue_returns(self.acting.taxpayer_id)
        return Response(return_out(selectors.find_return(self.acting, return_id)))


class ReturnLinesView(TaxpayerAPIView):
    """Lines beside the registers."""

    @extend_schema(
        operation_id="return_line_add", request=ReturnLineIn, responses={201: ReturnLineOut}
    )
    @idempotent(RIGHT)
    def post(self, request: Request, return_id: UUID) -> Response:
        """Put a line into the draft."""
        asked = ReturnLineIn(data=request.data)
        asked.is_valid(raise_exception=True)
        line = return_lines.add_line(self.acting, return_id, asked.told)
        return Response(ReturnLineOut(line).data, status.HTTP_201_CREATED)


class ReturnLineView(TaxpayerAPIView):
    """One line beside the registers."""

    @extend_schema(operation_id="return_line_remove", request=None, responses={204: None})
    def post(self, _request: Request, return_id: UUID, line_id: int) -> Response:
        """Take a line out that was put in by hand."""
        return_lines.remove_line(self.acting, return_id, line_id)
        return Response(status=status.HTTP_204_NO_CONTENT)


class ReturnConfirmView(TaxpayerAPIView):
    """Confirming a return."""

    @extend_schema(operation_id="return_confirm", request=ConfirmIn, responses=ReturnOut)
    @idempotent(RIGHT)
    def post(self, request: Request, return_id: UUID) -> Response:
        """Confirm the version that was looked at; it never changes from then on."""
        asked = ConfirmIn(data=request.data)
        asked.is_valid(raise_exception=True)
        services.confirm(self.acting, return_id, asked.validated_data["version"])
        return Response(return_out(selectors.find_return(self.acting, return_id)))


class ReturnFiledView(TaxpayerAPIView):
    """What was filed in the end."""

    @extend_schema(operation_id="return_filed", request=FiledIn, responses=ReturnOut)
    @idempotent(RIGHT)
    def post(self, request: Request, return_id: UUID) -> Response:
        """Tell the boxes of FR0600 that were filed, to be held against what was drawn up."""
        asked = FiledIn(data=request.data)
        asked.is_valid(raise_exception=True)
        filed.tell_filed(self.acting, return_id, asked.validated_data["boxes"])
        return Response(return_out(selectors.find_return(self.acting, return_id)))


class ReturnFileView(TaxpayerAPIView):
    """A return as the file EDS takes."""

    @extend_schema(
        operation_id="return_ffdata",
        responses={(200, "application/xml"): OpenApiResponse(OpenApiTypes.BINARY)},
    )
    def get(self, _request: Request, return_id: UUID) -> HttpResponseBase:
        """Give the newest version as FFData."""
        version = computed(selectors.find_return(self.acting, return_id))
        journal_view(self.acting, "isaf.return-exported", version.of.number)
        content = ffdata_of(version)
        return attached(content, f"{version.of.number}.ffdata", "application/xml")


def computed(found: Any) -> ReturnVersion:
    """Return the newest version of a return; ConflictError("return-not-computed")."""
    version = selectors.newest_version(found)
    if version is None:
        raise ConflictError("return-not-computed", number=found.number)
    return version

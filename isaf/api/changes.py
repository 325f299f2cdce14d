"""Web service: what a revision of a register changed."""

from typing import Any

from drf_spectacular.utils import OpenApiParameter, extend_schema, extend_schema_field
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from imas.web.db import SUM_DIGITS
from isaf import selectors
from isaf.selectors import changes
from isaf.selectors.changes import COMPARED, Change, ChangeKind, Said
from representation.api import TaxpayerAPIView
from representation.services import journal_view


class SaidOut(serializers.Serializer[Said]):
    """A row as one revision says it; `lines` are its VAT rows, or the invoices it settles."""

    number = serializers.CharField()
    counterparty_vat = serializers.CharField()
    counterparty_code = serializers.CharField()
    country = serializers.CharField()
    counterparty_name = serializers.CharField()
    issued = serializers.DateField()
    type = serializers.CharField()
    special = serializers.BooleanField()
    vat_point = serializers.DateField(allow_null=True)
    registered = serializers.DateField(allow_null=True)
    taxable = serializers.DecimalField(SUM_DIGITS, 2)
    vat = serializers.DecimalField(SUM_DIGITS, 2)
    named = serializers.ListField(child=serializers.CharField())
    lines = serializers.ListField(child=serializers.CharField())


class RowChangeOut(serializers.Serializer[Change]):
    """A row that the revisions say differently; a side is null where it is not there."""

    kind = serializers.ChoiceField([kind.value for kind in ChangeKind])
    fields_differ = serializers.SerializerMethodField()
    before = SaidOut(allow_null=True)
    after = SaidOut(allow_null=True)

    @extend_schema_field(serializers.ListField(child=serializers.ChoiceField(COMPARED)))
    def get_fields_differ(self, change: Change) -> list[str]:
        """Name the fields that differ."""
        return list(change.fields)


class ChangesOut(serializers.Serializer[Any]):
    """A page of changes since a revision; `since` is null for a first revision, with no items."""

    since = serializers.CharField(allow_null=True)
    added = serializers.IntegerField()
    removed = serializers.IntegerField()
    changed = serializers.IntegerField()
    taxable = serializers.DecimalField(SUM_DIGITS, 2)
    vat = serializers.DecimalField(SUM_DIGITS, 2)
    items = RowChangeOut(many=True)
    next = serializers.CharField(allow_null=True)


class ChangesView(TaxpayerAPIView):
    """What a revision says otherwise than another."""

    @extend_schema(
        operation_id="register_changes",
        parameters=[
            OpenApiParameter("since", str, description="Another revision; else the one before."),
            OpenApiParameter("cursor", str, description="`next` of the page before."),
        ],
        responses=ChangesOut,
    )
    def get(self, request: Request, number: str) -> Response:
        """Page through the rows that two revisions of a register say differently."""
        found = selectors.find_register(self.acting, number)
        before = changes.revision_before(self.acting, found, request.query_params.get("since", ""))
        journal_view(self.acting, "isaf.register-exported", number)
        if before is None:
            return Response(ChangesOut(_NONE).data)
        totals = changes.change_totals(before, found)
        cursor = request.query_params.get("cursor", "")
        page = changes.change_page(before, found, cursor=cursor)
        told = {
            "since": before.number,
            **{kind.value: count for kind, count in totals.counts.items()},
            "taxable": totals.taxable,
            "vat": totals.vat,
            "items": page.rows,
            "next": page.next or None,
        }
        return Response(ChangesOut(told).data)


_NONE = {
    "since": None,
    "added": 0,
    "removed": 0,
    "changed": 0,
    "taxable": 0,
    "vat": 0,
    "items": (),
    "next": None,
}

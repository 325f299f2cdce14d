"""Web service: the official tables that programs need, as they are and were."""

from collections.abc import Mapping
from datetime import date
from hashlib import sha256
from typing import Any, cast

from django.utils.decorators import method_decorator
from django.views.decorators.http import condition
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from imas.kernel.classifiers import Entry, classifier
from imas.kernel.errors import NotFoundError

_TABLES: Mapping[str, tuple[str, tuple[str, ...]]] = {
    "vat-codes": ("isaf/vat_codes.csv", ("rates", "purchases", "sales", "meaning_en", "law")),
    "fault-codes": ("isaf/fault_codes.csv", ("reason", "system_code", "stage", "severity")),
    "countries": ("countries.csv", ("name_lt", "name_en")),
}
"""What is published of each table, besides the code and its days."""

_ON = OpenApiParameter("on", date, description="Only what is in force on that day.")


class ClassifierOut(serializers.Serializer[Any]):
    """A table, row by row; an open end of the days is null."""

    items = serializers.ListField(
        child=serializers.DictField(child=serializers.CharField(allow_null=True))
    )


def _published(table: str, on: date | None) -> list[dict[str, str | None]]:
    if table not in _TABLES:
        raise NotFoundError("classifier-not-found", table=table)
    file, columns = _TABLES[table]
    held = classifier(file)
    return [
        _row(entry, columns)
        for code in held
        for entry in held.entries(code)
        if on is None or entry.holds_on(on)
    ]


def _row(entry: Entry, columns: tuple[str, ...]) -> dict[str, str | None]:
    days = {name: entry.row[name] or None for name in ("valid_from", "valid_to")}
    return {"code": entry.code, **days, **{name: entry.row[name] for name in columns}}


def _day(request: Request) -> date | None:
    given = request.query_params.get("on", "")
    return cast("date", serializers.DateField().run_validation(given)) if given else None


def _etag(request: Request, table: str) -> str:
    return f'"{sha256(repr(_published(table, _day(request))).encode()).hexdigest()[:32]}"'


class ClassifierView(APIView):
    """One table; any valid key may read it."""

    @extend_schema(operation_id="classifier", parameters=[_ON], responses=ClassifierOut)
    @method_decorator(condition(etag_func=_etag))
    def get(self, request: Request, table: str) -> Response:
        """Show a table; with `If-None-Match` and the same table the answer is 304 and empty."""
        return Response(ClassifierOut({"items": _published(table, _day(request))}).data)

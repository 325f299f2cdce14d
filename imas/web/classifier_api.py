"""Web service: the official tables that programs need, as they are and were.

A subsystem says which tables it publishes; tables are rows of schemas/*.csv with their days.
"""

from collections.abc import Mapping
from datetime import date
from hashlib import sha256
from typing import Any, ClassVar, cast

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.utils.cache import get_conditional_response
from drf_spectacular.utils import OpenApiParameter
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from imas.kernel.classifiers import Entry, classifier
from imas.kernel.errors import NotFoundError

ON = OpenApiParameter("on", date, description="Only what is in force on that day.")


class ClassifierOut(serializers.Serializer[Any]):
    """A table, row by row; an open end of the days is null."""

    items = serializers.ListField(
        child=serializers.DictField(child=serializers.CharField(allow_null=True))
    )


class ClassifierAPIView(APIView):
    """Tables of a subsystem; any valid key may read them."""

    tables: ClassVar[Mapping[str, tuple[str, tuple[str, ...]]]]
    """By its name in the address: the file, and what is published besides the code and its days."""

    def answer(self, request: Request, table: str) -> HttpResponseBase:
        """Answer a table, or 304 and nothing where the caller holds it (`If-None-Match`)."""
        items = self._published(table, _day(request))
        etag = f'"{sha256(repr(items).encode()).hexdigest()[:32]}"'
        whole = Response(ClassifierOut({"items": items}).data, headers={"ETag": etag})
        asked = cast("HttpRequest", request)
        return get_conditional_response(asked, etag=etag, response=whole) or whole

    def _published(self, table: str, on: date | None) -> list[dict[str, str | None]]:
        if table not in self.tables:
            known = ", ".join(sorted(self.tables))
            raise NotFoundError("classifier-not-found", table=table[:80], known=known)
        file, columns = self.tables[table]
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

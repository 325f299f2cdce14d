"""Web service of the authority's own programs: files of registers."""

from collections.abc import Mapping
from tempfile import SpooledTemporaryFile
from typing import IO, Any
from uuid import UUID

from django.conf import settings
from django.urls import reverse
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers, status
from rest_framework.parsers import BaseParser
from rest_framework.request import Request
from rest_framework.response import Response

from imas.kernel.errors import NotFoundError, RefusedDocumentError, UnprocessableError
from imas.web.exceptions import PROBLEM_JSON, refusal_of
from representation.models import ImportRun
from representation.officer_api import OfficerAPIView
from representation.registers.presenting import run_item
from representation.registers.selectors import find_import
from representation.registers.types import Deed, RegisterKind, RunSource, RunState
from representation.services.importing import (
    ImportOrder,
    apply_import,
    drop_import,
    import_register,
)
from representation.services.officers import IMPORT

_CHUNK = 64 * 1024
_IN_MEMORY = 1024 * 1024
_LONGEST_KEY = 255
_KEY = OpenApiParameter(
    "Idempotency-Key",
    str,
    OpenApiParameter.HEADER,
    description="The same key with the same file gets the first import again.",
)
_APPLY = OpenApiParameter(
    "apply", bool, description="Apply at once; else the file waits for a decision."
)
_SKIP = OpenApiParameter(
    "skip_refused", bool, description="Let the other rows count when some are refused."
)


class CsvParser(BaseParser):
    """A file as the body itself, copied out of memory; `request.data` is the open file."""

    media_type = "text/csv"

    def parse(
        self,
        stream: IO[Any],
        media_type: str | None = None,  # noqa: ARG002 - the framework's signature
        parser_context: Mapping[str, Any] | None = None,  # noqa: ARG002 - the same
    ) -> Any:
        """Copy the body, at most `settings.REGISTER_MAX_FILE_BYTES` of it."""
        limit = int(settings.REGISTER_MAX_FILE_BYTES)
        file = SpooledTemporaryFile(max_size=_IN_MEMORY)  # noqa: SIM115 - the view closes it
        while chunk := stream.read(_CHUNK):
            file.write(chunk)
            if file.tell() > limit:
                file.close()
                raise RefusedDocumentError("register-too-large", limit=str(limit))
        file.seek(0)
        return file


class JsonParser(CsvParser):
    """An array of flat objects."""

    media_type = "application/json"


class JsonLinesParser(CsvParser):
    """A flat object a line."""

    media_type = "application/x-ndjson"


class RowProblemOut(serializers.Serializer[Any]):
    """A refused row; the first after the heading is 1."""

    row = serializers.IntegerField()
    column = serializers.CharField()
    code = serializers.CharField()
    message = serializers.DictField(child=serializers.CharField())


class ChangeOut(serializers.Serializer[Any]):
    """One change; `row` is null where the file ends a fact it does not name."""

    deed = serializers.ChoiceField(list(Deed))
    row = serializers.IntegerField(allow_null=True)
    code = serializers.CharField()
    before = serializers.DictField(allow_null=True)
    after = serializers.DictField(allow_null=True)


class ImportOut(serializers.Serializer[Any]):
    """A file and what it changes, or changed."""

    id = serializers.UUIDField()
    kind = serializers.ChoiceField(list(RegisterKind))
    state = serializers.ChoiceField(list(RunState))
    filename = serializers.CharField()
    sha256 = serializers.CharField()
    created_at = serializers.DateTimeField()
    decided_at = serializers.DateTimeField(allow_null=True)
    rows = serializers.IntegerField()
    added = serializers.IntegerField()
    changed = serializers.IntegerField()
    ended = serializers.IntegerField()
    removed = serializers.IntegerField()
    unchanged = serializers.IntegerField()
    refused = serializers.IntegerField()
    examples = ChangeOut(many=True, help_text="At most fifty of each deed.")
    problems = RowProblemOut(many=True, help_text="At most a thousand.")


class _ImportAPIView(OfficerAPIView):
    right = IMPORT


class RegisterImportsView(_ImportAPIView):
    """Sending files of registers."""

    parser_classes = (CsvParser, JsonParser, JsonLinesParser)

    @extend_schema(
        operation_id="register_import",
        parameters=[_APPLY, _SKIP, _KEY],
        request={
            "text/csv": OpenApiTypes.BINARY,
            "application/json": OpenApiTypes.BINARY,
            "application/x-ndjson": OpenApiTypes.BINARY,
        },
        responses={201: ImportOut},
    )
    def post(self, request: Request, kind: str) -> Response:
        """Take a file in; 201 with what it changes, or 422 with the rows that are refused."""
        order = _order(request, kind)
        file: Any = request.data
        if not hasattr(file, "read"):
            raise RefusedDocumentError("register-empty")
        with file:
            return _answer(import_register(self.officer, order, file))


class RegisterImportView(_ImportAPIView):
    """One file."""

    @extend_schema(operation_id="register_import_show", responses=ImportOut)
    def get(self, _request: Request, run_id: UUID) -> Response:
        """Show what a file changes and what became of it."""
        return Response(run_item(find_import(run_id)))


class RegisterImportApplyView(_ImportAPIView):
    """Applying a file that waits."""

    @extend_schema(
        operation_id="register_import_apply",
        parameters=[_SKIP],
        request=None,
        responses=ImportOut,
    )
    def post(self, request: Request, run_id: UUID) -> Response:
        """Apply a file; 409 when the register has changed since its preview."""
        skips = _flag(request, "skip_refused")
        return Response(run_item(apply_import(self.officer, run_id, skips_refused=skips)))


class RegisterImportDropView(_ImportAPIView):
    """Dropping a file that waits."""

    @extend_schema(operation_id="register_import_drop", request=None, responses=ImportOut)
    def post(self, _request: Request, run_id: UUID) -> Response:
        """Let a file go; nothing of it is applied."""
        return Response(run_item(drop_import(self.officer, run_id)))


def _order(request: Request, kind: str) -> ImportOrder:
    if kind not in set(RegisterKind):
        raise NotFoundError
    key = request.headers.get("Idempotency-Key", "")
    if len(key) > _LONGEST_KEY:
        raise UnprocessableError("idempotency-key-too-long", limit=str(_LONGEST_KEY))
    return ImportOrder(
        RegisterKind(kind),
        RunSource.SERVICE,
        applies=_flag(request, "apply"),
        skips_refused=_flag(request, "skip_refused"),
        idempotency_key=key,
    )


def _flag(request: Request, name: str) -> bool:
    given = request.query_params.get(name, "false")
    return bool(serializers.BooleanField().run_validation(given))


def _answer(run: ImportRun) -> Response:
    headers = {"Location": reverse("api-register-import", args=[run.pk])}
    item = run_item(run)
    if run.state != RunState.REFUSED:
        return Response(item, status.HTTP_201_CREATED, headers=headers)
    refusal = refusal_of(UnprocessableError("register-refused-rows"))
    assert refusal is not None  # noqa: S101 - an UnprocessableError always is a refusal
    return Response(
        {**refusal.body(), "import": item["id"], "problems": item["problems"]},
        refusal.status,
        headers=headers,
        content_type=PROBLEM_JSON,
    )

"""The door of a SOAP service: a message in, a response or a fault out."""

import logging
from contextlib import ExitStack
from dataclasses import replace
from typing import Any, ClassVar, cast

from django.http import HttpResponse, HttpResponseNotAllowed
from drf_spectacular.utils import extend_schema
from lxml import etree
from rest_framework.exceptions import MethodNotAllowed
from rest_framework.permissions import AllowAny
from rest_framework.request import Request
from rest_framework.views import APIView

from accounts.api_auth import CertificateAuthentication
from accounts.models import Credential, User
from imas.kernel import xml
from imas.kernel.errors import DomainError, UnprocessableError
from imas.web.exceptions import BROKEN, Refusal, refusal_of
from intake.soap.answers import Nodes
from intake.soap.describing import description
from intake.soap.operations import Call, Operation, RefusedFileError, Service
from intake.soap.reading import Message, Stream, read_message, refused

CONTENT_TYPE = "text/xml; charset=utf-8"

logger = logging.getLogger(__name__)


class SoapView(APIView):
    """A service at an address; whoever shows no good certificate gets a fault."""

    authentication_classes = (CertificateAuthentication,)
    service: ClassVar[Service[Any]]
    broken: Refusal = BROKEN
    """What is answered when the house itself fails."""

    @extend_schema(exclude=True)
    def get(self, request: Request) -> HttpResponse:
        """Describe the service."""
        address = request.build_absolute_uri(request.path)
        return HttpResponse(description(self.service, address), content_type=CONTENT_TYPE)

    @extend_schema(exclude=True)
    def post(self, request: Request) -> HttpResponse:
        """Do what a message asks for."""
        service, kind = self.service, request.content_type or ""
        with ExitStack() as files:
            message = read_message(
                _stream(request), kind, service.carrier, files, service.largest()
            )
            name, operation = _operation(service, message)
            user, key = cast("User", request.user), cast("Credential", request.auth)
            call = Call(service.caller(user, key), _fields(message), message.document)
            self.broken = replace(BROKEN, code=operation.broken)
            content = service.writer.answer(name, _run(service, operation, call))
            return HttpResponse(content, content_type=CONTENT_TYPE)

    def get_permissions(self) -> Any:
        """Let anybody read the description, which says nothing of anyone."""
        return super().get_permissions() if self.request.method == "POST" else [AllowAny()]

    def handle_exception(self, exc: Exception) -> Any:
        """Answer a fault, with the status that SOAP 1.1 over HTTP (6.2) has for all of them."""
        refusal = refusal_of(exc)
        if refusal is None:
            logger.error("soap.broken", exc_info=exc)
            refusal = self.broken
        if isinstance(exc, MethodNotAllowed):
            return HttpResponseNotAllowed(self.allowed_methods)
        content = self.service.writer.fault(refusal)
        return HttpResponse(content, status=500, content_type=CONTENT_TYPE)


def _stream(request: Request) -> Stream:
    """Return the body; Django itself does not read one that comes in chunks."""
    plain = request._request  # noqa: SLF001  DRF's name for it
    if "chunked" in plain.headers.get("Transfer-Encoding", "").lower():
        return cast("Stream", plain.META["wsgi.input"])
    return plain


def _operation(service: Service[Any], message: Message) -> tuple[str, Operation[Any]]:
    """Return the operation asked for and its name, once the request is as the schema says."""
    asked = message.operation.removesuffix("Request")
    name = service.aliases.get(asked, asked)
    if name not in service.operations:
        raise UnprocessableError("soap-operation", operation=asked[:80])
    for element in message.request.iter(etree.Element):
        if not etree.QName(element).namespace:
            element.tag = f"{{{service.writer.namespace}}}{etree.QName(element).localname}"
    schema = xml.schema(service.schema)
    if not schema.validate(message.request):
        raise refused(schema.error_log[0].message[:300])
    return name, service.operations[name]


def _fields(message: Message) -> dict[str, str]:
    return {
        etree.QName(child).localname: (child.text or "").strip()
        for child in message.request.iter(etree.Element)
    }


def _run(service: Service[Any], operation: Operation[Any], call: Call[Any]) -> Nodes:
    try:
        return [("operationStatus", "SUCCESS"), *operation.run(call)]
    except RefusedFileError as error:
        return [("operationStatus", "ERROR"), *error.nodes]
    except DomainError as error:
        if not operation.errors:
            raise
        found: Nodes = service.writer.error_of(error)
        if operation.errors == "errors":
            found = [("error", found)]
        repeated = [(name, call.text(name)) for name in operation.repeats]
        told = [*repeated, *operation.says_beside, (operation.errors, found)]
        return [("operationStatus", "ERROR"), *told]

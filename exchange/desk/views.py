"""The desk: its SOAP door, and the pages on which a taxpayer confirms what was uploaded for him."""

from contextlib import ExitStack
from typing import cast

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_POST, require_safe
from lxml import etree

from exchange import eds_messages as eds
from exchange.desk import services
from exchange.desk.forms import CompletionForm
from exchange.desk.models import DeskFile
from exchange.desk.words import shown
from imas.kernel import xml
from imas.kernel.errors import DomainError
from intake.soap import Message, read_message
from representation.requests import PortalRequest
from representation.services import journal_view

_XML = "text/xml; charset=utf-8"
_MOST_BYTES = 4 * 1024 * 1024
_MOST_OF_A_MESSAGE = 2 * _MOST_BYTES
"""A file as base64, and the rest; nobody is known yet who sends it."""


@csrf_exempt
@require_http_methods(["GET", "POST"])
def upload(request: HttpRequest) -> HttpResponse:
    """Answer EDS's upload service; a program shows its name and password in each message."""
    if not settings.EDS_DESK:
        raise Http404
    if request.method == "GET":
        described = (xml.SCHEMAS / "exchange/eds.wsdl").read_bytes()
        address = request.build_absolute_uri(request.path).encode()
        return HttpResponse(described.replace(b"ADDRESS", address), content_type=_XML)
    if int(request.headers.get("Content-Length") or 0) > _MOST_OF_A_MESSAGE:
        return HttpResponse(eds.fault("soap-message"), status=500, content_type=_XML)
    try:
        with ExitStack() as files:
            message = read_message(request, request.content_type or "", "File", files)
            return HttpResponse(_answered(message), content_type=_XML)
    except DomainError as refusal:
        return HttpResponse(eds.fault(refusal.code), status=500, content_type=_XML)


@require_safe
def drafts(request: HttpRequest) -> HttpResponse:
    """List what was uploaded for the taxpayer."""
    acting = cast("PortalRequest", request).acting
    acting.require_wholly(services.RIGHT)
    rows = [shown(one) for one in DeskFile.objects.filter(person_code=acting.taxpayer_code)[:200]]
    return render(request, "exchange/desk/drafts.html", {"rows": rows})


@require_http_methods(["GET", "POST"])
def draft(request: HttpRequest, file_id: int) -> HttpResponse:
    """Show a file; a draft is completed and confirmed here."""
    portal = cast("PortalRequest", request)
    found = services.find(portal.acting, file_id)
    journal_view(portal.acting, "eds-desk.seen", found.file_name)
    pages = services.pages_of(found)
    given = request.POST if request.method == "POST" else None
    form = CompletionForm(given, pages[0][1] if pages else {})
    if request.method == "POST" and form.is_valid():
        services.confirm(portal.acting, file_id, form.cleaned_data, portal.user.full_name)
        messages.success(request, _("The declaration is filed."))
        return redirect("eds:draft", file_id)
    context = {"one": shown(found), "pages": pages, "form": form}
    return render(request, "exchange/desk/draft.html", context)


@require_POST
def draft_remove(request: HttpRequest, file_id: int) -> HttpResponse:
    """Remove a draft."""
    portal = cast("PortalRequest", request)
    services.remove(portal.acting, file_id, portal.user.full_name)
    messages.success(request, _("The draft is removed."))
    return redirect("eds:drafts")


def _answered(message: Message) -> bytes:
    asked = {
        etree.QName(one).localname: (one.text or "").strip()
        for one in message.request.iter(etree.Element)
    }
    known = services.knows(
        asked.get("AppName", ""), asked.get("UserName", ""), asked.get("Password", "")
    )
    if message.operation == "CheckFileState":
        return _where(asked.get("FileId", "") if known else "")
    if message.operation != "SubmitFile":
        return eds.fault("soap-operation")
    if not known:
        return _taken(error=eds.WRONG_LOGIN, said="Unknown program or password")
    content = message.document.read(_MOST_BYTES + 1) if message.document else b""
    if not content or len(content) > _MOST_BYTES:
        return _taken(error=eds.NO_FILE, said="No file, or too large a one")
    try:
        kept = services.take(
            asked["AppName"],
            asked.get("PersonCode", ""),
            asked.get("FileName", ""),
            asked.get("FileDescription", ""),
            content,
        )
    except DomainError as refusal:
        return _taken(error=eds.NO_FILE, said=refusal.code)
    return _taken(file_id=str(kept.pk))


def _taken(*, file_id: str = "", error: int = 0, said: str = "") -> bytes:
    told = {"Result": "false" if error else "true", "ErrorCode": str(error)}
    return eds.answer("SubmitFile", {**told, "Message": said, "FileId": file_id})


def _where(file_id: str) -> bytes:
    known = file_id.isdecimal() and len(file_id) < 10
    found = DeskFile.objects.filter(pk=int(file_id)).first() if known else None
    if found is None:
        return eds.fault("eds-file-not-found")
    one = shown(found)
    state = found.declaration_state
    return eds.answer(
        "CheckFileState",
        {
            "FileStateData": {
                "FileConfirmStateCode": str(found.file_state),
                "FileStateName": str(one.word),
                "UserConfirmedName": found.decided_by,
            },
            "DeclatationStateData": {
                "DeclarationStateCode": "" if state is None else str(state),
                "DeclarationStateName": "" if state is None else str(one.word),
                "DeclatationStateDate": f"{found.decided_at:%Y-%m-%d}" if found.decided_at else "",
            },
        },
    )

"""What the web services answer to a file that was sent."""

from rest_framework import status
from rest_framework.response import Response

from imas.kernel.errors import RefusedDocumentError
from imas.web.exceptions import PROBLEM_JSON, refusal_of
from intake.models import Document
from intake.presenting import receipt_item
from intake.types import DocumentState

RETRY_AFTER = "2"
"""Seconds after which asking for the verdict makes sense."""


def received(document: Document, address: str) -> Response:
    """Answer a receipt, with 422 when the file was refused at the door; `address` is the file's."""
    body = {
        "id": str(document.pk),
        "state": document.state,
        "receipt": receipt_item(document),
    }
    if document.state != DocumentState.UPLOAD_REJECTED:
        headers = {"Location": address, "Retry-After": RETRY_AFTER}
        return Response(body, status.HTTP_202_ACCEPTED, headers=headers)
    refusal = refusal_of(RefusedDocumentError(document.refusal_code))
    refused = refusal.body() if refusal else {}
    first = str(document.first_copy_id) if document.first_copy_id else None
    return Response(
        {**refused, **body, "first_copy": first},
        status.HTTP_422_UNPROCESSABLE_ENTITY,
        headers={"Location": address},
        content_type=PROBLEM_JSON,
    )

"""Sent files as people ask for them."""

from uuid import UUID

from django.db.models import QuerySet

from imas.kernel.errors import NotFoundError
from intake.models import Document
from intake.types import Source
from isaf.models import Register
from isaf.selectors.registers import registers_of
from representation.types import Acting

KIND = "isaf"


def recent_files(acting: Acting) -> QuerySet[Document]:
    """Return the i.SAF files the mandate shows, newest first."""
    acting.require("isaf.view")
    return Document.objects.visible_to(acting).of_kind(KIND)


def find_file(acting: Acting, document_id: UUID) -> Document:
    """Return one file; NotFoundError("file-not-found") to strangers too.

    Who may upload and not see finds what he has sent himself; a key of his, what programs sent.
    """
    shown = recent_files(acting) if acting.may("isaf.view") else _sent_by(acting)
    document = shown.select_related("first_copy").filter(pk=document_id).first()
    if document is None:
        raise NotFoundError("file-not-found")
    return document


def _sent_by(acting: Acting) -> QuerySet[Document]:
    acting.require("isaf.upload")
    own = Document.objects.of_kind(KIND).filter(
        taxpayer_id=acting.taxpayer_id, received_by=acting.user_id
    )
    return own.filter(source=Source.SERVICE_FILE) if acting.key_id else own


def registers_of_file(acting: Acting, document: Document) -> QuerySet[Register]:
    """Return the registers a file went to, with their sums."""
    return registers_of(acting).filter(number__in=document.registers).order_by("number")

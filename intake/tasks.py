"""Queue shells: the row is the queue, these only make it quick."""

from time import monotonic, sleep
from uuid import UUID

from celery import shared_task
from django.db import transaction

from intake import kinds, services
from intake.models import Document

SWEPT_EXPIRES = 60
"""Seconds after which a swept message is dropped: the next sweep has queued it again."""
_BETWEEN_LOOKS = 0.2
"""Seconds between two looks whether it is a document's turn."""


@shared_task(name="intake.process_document", acks_late=True)
def process_document(document_id: str) -> None:
    """Judge one document, then let its subsystem go on and the taxpayer's next one follow."""
    document = services.process(UUID(document_id))
    if document:
        kinds.get(document.kind).after(document)
        for next_id in Document.objects.following(document):
            process_document.delay(str(next_id))


@shared_task(name="intake.sweep_documents")
def sweep_documents() -> None:
    """Queue whatever is due, also what the queue has lost."""
    for document_id in services.sweep():
        process_document.apply_async((str(document_id),), expires=SWEPT_EXPIRES)


@shared_task(name="intake.clear_storage")
def clear_storage() -> None:
    """Remove what killed uploads left in the storage."""
    services.clear_storage()


def judge_now(document: Document, seconds: float) -> None:
    """Judge a received document before the answer, and read it anew; outside of any transaction.

    One that stands behind others of its taxpayer waits so long for its turn, and is then left to
    the queue as every other.
    """
    until = monotonic() + seconds
    while _is_waiting_still(document):
        if monotonic() >= until:
            queue(document)
            return
        sleep(_BETWEEN_LOOKS)


def _is_waiting_still(document: Document) -> bool:
    if document.is_waiting:
        process_document(str(document.pk))
        document.refresh_from_db()
    return document.is_waiting


def queue(document: Document) -> None:
    """Have a received document judged once the present transaction is committed.

    One that stands behind another of its taxpayer is left to that one, which queues it when it is
    done: messages about documents whose turn has not come would hold up everybody else's.
    """
    if document.is_waiting:
        transaction.on_commit(lambda: _queue_due(document))


def _queue_due(document: Document) -> None:
    # Whoever is before it now has yet to commit his verdict, and looks for what follows after that.
    if Document.objects.due().filter(pk=document.pk).exists():
        process_document.delay(str(document.pk))

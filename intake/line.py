"""The line of documents: how many are before one, and how long those before it waited."""

from dataclasses import dataclass
from datetime import timedelta

from intake.models import Document
from intake.types import DocumentState

_LATEST = 20


@dataclass(frozen=True, slots=True)
class Place:
    """Where a document waits: `ahead` of all taxpayers; `lately` in whole seconds, None unknown.

    `lately` is what the documents that came last and have been taken up waited on average: what
    happened, not a promise.
    """

    ahead: int
    lately: int | None


def place_of(document: Document) -> Place | None:
    """Return the place of a document that has not been taken up, in two short queries."""
    if document.state != DocumentState.UPLOADED:
        return None
    ahead = Document.objects.waiting().filter(arrival__lt=document.arrival).count()
    begun = Document.objects.filter(started_at__isnull=False).order_by("-arrival")
    waits = [
        started - received
        for received, started in begun.values_list("received_at", "started_at")[:_LATEST]
        if started
    ]
    lately = round(sum(waits, timedelta()).total_seconds() / len(waits)) if waits else None
    return Place(ahead, lately)

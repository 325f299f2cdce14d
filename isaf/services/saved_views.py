"""Keeping a filter under a name, and letting it go."""

from uuid import UUID

from django.db import transaction

from imas.kernel import clock
from imas.kernel.errors import ConflictError, NotFoundError, UnprocessableError
from isaf.models import SavedView
from isaf.types import ViewPage
from representation.types import Acting

LONGEST_NAME = 60
MOST = 30
"""So many views a person keeps of one page."""

_LONGEST_QUERY = 2_000
_RIGHTS = {ViewPage.PAIRS: "isaf.crosscheck"}


def save(acting: Acting, page: ViewPage, name: str, query: str) -> SavedView:
    """Keep a filter; a name that the person has for this page already gets the new filter.

    UnprocessableError("view-incomplete") without a name or a filter or when either is too long,
    ConflictError("views-full") when there are MOST.
    """
    acting.require(_RIGHTS.get(page, "isaf.view"))
    name = " ".join(name.split())
    if not name or len(name) > LONGEST_NAME or not query or len(query) > _LONGEST_QUERY:
        raise UnprocessableError("view-incomplete", limit=str(LONGEST_NAME))
    with transaction.atomic():
        others = SavedView.objects.of(acting).filter(page=page).exclude(name=name)
        if others.count() >= MOST:
            raise ConflictError("views-full", limit=str(MOST))
        kept, _ = SavedView.objects.update_or_create(
            person_id=acting.user_id,
            page=page,
            name=name,
            defaults={"query": query, "saved_at": clock.now()},
        )
    return kept


def forget(acting: Acting, view_id: UUID) -> None:
    """Let a view go; NotFoundError("view-not-found") when it is none of the person's."""
    gone, _ = SavedView.objects.of(acting).filter(pk=view_id).delete()
    if not gone:
        raise NotFoundError("view-not-found")

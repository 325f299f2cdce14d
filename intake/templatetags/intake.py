"""What a page asks about a document."""

from typing import TYPE_CHECKING

from django import template

from intake import standing
from intake.line import Place, place_of
from intake.models import Document

if TYPE_CHECKING:
    from django.utils.functional import _StrOrPromise

register = template.Library()


@register.filter
def state_word(document: Document) -> "_StrOrPromise":
    """The official word for the state."""
    return standing.state_word(document)


@register.filter
def place_in_line(document: Document) -> Place | None:
    """Where it waits; None once work has begun."""
    return place_of(document)


@register.filter
def progress_of(document: Document) -> standing.Progress:
    """How far the work on it is."""
    return standing.progress(document)


@register.filter
def history(document: Document) -> list[standing.Event]:
    """The states it has been in."""
    return standing.history(document)

"""Words for the refusals that every subsystem shares."""

from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _

if TYPE_CHECKING:
    from collections.abc import Mapping

    from django.utils.functional import _StrPromise

_WORDS: "dict[str, tuple[_StrPromise, _StrPromise]]" = {
    "bad-request": (
        _("The request cannot be understood"),
        _("The request is not built as this address expects."),
    ),
    "unauthenticated": (
        _("Sign-in is needed"),
        _("Sign in, or send a valid key in the Authorization header."),
    ),
    "forbidden": (
        _("You have no right to do this"),
        _("Nobody has given you the right this action needs for this taxpayer."),
    ),
    "not-found": (
        _("There is nothing at this address"),
        _("It was never here, or you have no right to see it."),
    ),
    "gone": (
        _("This is no longer here"),
        _("What you ask for is kept for a while only, and that while is over."),
    ),
    "method-not-allowed": (
        _("This address does not take that method"),
        _("The Allow header of this answer lists the methods it takes."),
    ),
    "not-acceptable": (
        _("The answer cannot be given in that form"),
        _("Ask for a media type that this address offers."),
    ),
    "conflict": (
        _("Someone has changed this meanwhile"),
        _("Open it again and repeat what you wanted to do."),
    ),
    "too-large": (
        _("The upload is too large"),
        _("The request holds more than this address takes."),
    ),
    "unsupported-media-type": (
        _("This address does not take that kind of content"),
        _("Send the content in a media type that this address takes."),
    ),
    "unprocessable": (
        _("The request cannot be carried out"),
        _("The request is well formed, but it asks for something that cannot be done."),
    ),
    "refused-document": (
        _("The document cannot be read"),
        _("The document is not what this address expects."),
    ),
    "xml.not-well-formed": (
        _("The file is no XML"),
        _("It is empty, cut off or of another kind. Take it anew from the program that made it."),
    ),
    "xml.doctype": (
        _("The file declares a document type"),
        _("XML with a DOCTYPE or entities of its own is not read."),
    ),
    "xml.too-deep": (
        _("The file is nested too deep"),
        _("Elements lie within each other more than %(limit)s times."),
    ),
    "invalid-fields": (
        _("Some fields are not filled in correctly"),
        _("The list of fields says what to correct."),
    ),
    "throttled": (
        _("Too many requests"),
        _("Wait a little and try again; the Retry-After header says how many seconds."),
    ),
    "unavailable": (
        _("Another system does not answer"),
        _("Without it this cannot be done. Try again in a while."),
    ),
    "bad-cursor": (
        _("This page is no longer there"),
        _("Start from the beginning of the list."),
    ),
    "broken": (
        _("Something broke on our side"),
        _("The error has been recorded. Try again; if it repeats, tell us the request id."),
    ),
    "csrf": (
        _("The page was open for too long"),
        _("Go back, reload the page and try again."),
    ),
    "refused": (_("The request is refused"), _("This cannot be done.")),
}


def register(words: "Mapping[str, tuple[_StrPromise, _StrPromise]]") -> None:
    """Let a subsystem add the title and the explanation of its own refusal codes."""
    if repeated := _WORDS.keys() & words.keys():
        raise ValueError(f"codes with words already: {sorted(repeated)}")
    _WORDS.update(words)


def words_for(code: str, shared_code: str, params: "Mapping[str, str]") -> tuple[str, str]:
    """Title and explanation in the reader's language; the shared code serves where none are."""
    title, detail = _WORDS.get(code) or _WORDS.get(shared_code) or _WORDS["refused"]
    return str(title), str(detail) % params

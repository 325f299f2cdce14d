"""Coming in through a provider: out by one door, back by another, then in by the one of all."""

from collections.abc import Mapping

from django.conf import settings
from django.core.cache import cache
from django.http import HttpRequest
from django.urls import reverse

from accounts import applicants
from accounts.journal import journal
from accounts.providers import door
from accounts.providers.configuring import OidcProvider, Provider
from accounts.providers.door import Departure, Ways
from accounts.providers.ending import ended_of
from accounts.services.entering import enter
from accounts.services.recognising import recognise_person
from accounts.services.sharing import ended_elsewhere, note_source
from accounts.services.visiting import begin_visit, end_visit, new_state
from accounts.throttling import address
from imas.kernel.errors import ForbiddenError, NotFoundError, ThrottledError

_WINDOW = 300
_IN_WINDOW = 60
_REFUSAL_NOTED_EVERY = 600


def leave(request: HttpRequest, key: str, wanted: str) -> Departure:
    """Return where the browser goes to prove who its owner is; `wanted`: the page after that."""
    provider = _provider(key)
    _count(request)
    state = new_state()
    departure = door.depart(provider, state, _ways(provider))
    begin_visit(request.session, key, state, departure.secrets, wanted)
    return departure


def arrive(request: HttpRequest, key: str, answer: Mapping[str, str]) -> str:
    """Let in whom the provider's answer proves; return the page that was wanted.

    What proves nobody is refused and written down, with the reason and without a person; a trip
    that is not this browser's once in a while only, so that a stranger cannot fill the journal.
    """
    provider = _provider(key)
    try:
        visit = end_visit(request.session, key, answer.get("state", ""))
    except ForbiddenError as error:
        if cache.add(f"visit-refused:{key}:{address(request)}", 1, _REFUSAL_NOTED_EVERY):
            _note_refusal(key, error)
        raise
    try:
        proof = door.proof(provider, answer, visit.secrets, _ways(provider))
    except ForbiddenError as error:
        _note_refusal(key, error)
        raise
    try:
        user = recognise_person(proof)
    except ForbiddenError as error:
        _note_refusal(key, error)
        if error.code == "foreigner-unknown":
            applicants.note(request.session, proof)
        raise
    enter(request, user, proof.means)
    if proof.subject:
        note_source(request.session, key, proof.subject, proof.session)
    return visit.wanted


def end_sessions(key: str, logout_token: str) -> list[int]:
    """End what came from a session the provider says it has ended; return the notices to send."""
    provider = _provider(key)
    if not isinstance(provider, OidcProvider):
        raise NotFoundError
    ended = ended_of(provider, logout_token)
    return ended_elsewhere(key, ended.subject, ended.session)


def _note_refusal(key: str, error: ForbiddenError) -> None:
    journal(None, "accounts.sign-in-refused", key, reason=error.code)


def _provider(key: str) -> Provider:
    found = next((one for one in settings.IDENTITY_PROVIDERS if one.key == key), None)
    if found is None:
        raise NotFoundError
    return found


def _ways(provider: Provider) -> Ways:
    back, posted = (
        settings.SITE_URL + reverse(f"accounts:{name}", args=[provider.key])
        for name in ("through-back", "through-posted")
    )
    return Ways(back, posted)


def _count(request: HttpRequest) -> None:
    """Bound how often one address sets out: each time costs a row and a question to a provider."""
    counted = f"provider-visits:{address(request)}"
    cache.add(counted, 0, _WINDOW)
    if cache.incr(counted) > _IN_WINDOW:
        raise ThrottledError("too-many-sign-ins", retry_after=str(_WINDOW))

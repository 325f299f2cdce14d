"""Shared sessions: begun when another system first knows of them, ended everywhere at once."""

import uuid
from datetime import UTC, datetime, timedelta
from importlib import import_module
from typing import Any

from django.conf import settings
from django.contrib.auth import HASH_SESSION_KEY
from django.contrib.sessions.backends.base import SessionBase
from django.db import transaction

from accounts import sessions
from accounts.encryption import lookup_hash
from accounts.journal import journal
from accounts.models import OpenSession, RelyingParty, SharedSession, Sharing, User
from imas.kernel import clock

SID = "shared_session"
SOURCE = "shared_source"
_TOUCHED = "shared_touched_at"
_TOUCHED_EVERY = 60
_GRACE = timedelta(seconds=2 * _TOUCHED_EVERY)


def share(session: SessionBase, user: User) -> SharedSession:
    """Return the shared session of this session, which becomes one when it is none yet."""
    known = SharedSession.objects.open().filter(pk=session.get(SID) or uuid.uuid4()).first()
    if known:
        return known
    source = session.get(SOURCE) or {}
    made = SharedSession.objects.create(
        user=user,
        session_key=_key_of(session),
        began_at=clock.now(),
        alive_until=_alive_until(session),
        **source,
    )
    session[SID] = str(made.pk)
    return made


def note_source(session: SessionBase, provider: str, subject: str, source_session: str) -> None:
    """Remember of which session at a provider this one comes, to end it when that one ends."""
    session[SOURCE] = {
        "source": provider,
        "source_subject_hash": source_hash(provider, subject),
        "source_session_hash": source_hash(provider, source_session),
    }


def source_hash(provider: str, name: str) -> str:
    """Return the fingerprint of what a provider calls a person or a session; "" for ""."""
    return lookup_hash(f"source:{provider}:{name}") if name else ""


@transaction.atomic
def let_in(shared: SharedSession, party: RelyingParty) -> Sharing:
    """Note that a party lets the person in by this session; it will be told of its end."""
    sharing, is_new = Sharing.objects.get_or_create(
        session=shared, party=party, defaults={"since": clock.now()}
    )
    if is_new:
        journal(shared.user, "accounts.shared-with", party.client_id)
    return sharing


def keep_alive(session: SessionBase, *, moved: bool) -> None:
    """Move the end of a shared session on while it is used; at once when its key has `moved`."""
    now = int(clock.now().timestamp())
    if not moved and now - session.get(_TOUCHED, 0) < _TOUCHED_EVERY:
        return
    session[_TOUCHED] = now
    SharedSession.objects.open().filter(pk=session[SID]).update(
        session_key=_key_of(session), alive_until=_alive_until(session)
    )


@transaction.atomic
def end_shared(session_id: str | uuid.UUID, *, by: str = "") -> list[int]:
    """End a shared session; return the notices to send, to each party but the one that ended it.

    Safe to call any number of times: only the first call ends it.
    """
    now = clock.now()
    if SharedSession.objects.open().filter(pk=session_id).update(ended_at=now) != 1:
        return []
    shared = SharedSession.objects.select_related("user").get(pk=session_id)
    _forget(shared.session_key, shared)
    journal(shared.user, "accounts.shared-session-ended", by)
    told = shared.sharings.exclude(party_id=by).exclude(party__logout_uri="")
    told.update(due_at=now)
    return list(told.values_list("pk", flat=True))


def ended_elsewhere(provider: str, subject: str, source_session: str) -> list[int]:
    """End every session that came from an ended session of a provider; return the notices.

    A provider may name the session, the person, or both; naming neither ends nothing.
    """
    found = SharedSession.objects.open().filter(source=provider)
    if source_session:
        found = found.filter(source_session_hash=source_hash(provider, source_session))
    if subject:
        found = found.filter(source_subject_hash=source_hash(provider, subject))
    if not (subject or source_session):
        return []
    ended = list(found.values_list("pk", flat=True))
    return [notice for one in ended for notice in end_shared(one, by=provider)]


def end_lapsed() -> list[int]:
    """End shared sessions that ended without a request: left idle, too old, closed, thrown out."""
    now, notices = clock.now(), list[int]()
    for shared in SharedSession.objects.open().select_related("user").iterator():
        if not _lasts(shared, now):
            notices += end_shared(shared.pk)
    return notices


def _lasts(shared: SharedSession, now: datetime) -> bool:
    """Tell whether the session is there, neither too old nor of an earlier password."""
    user = shared.user
    if not user.is_active or shared.alive_until < now:
        return False
    fitting = {user.get_session_auth_hash(), *user.get_session_auth_fallback_hash()}
    return _store(shared.session_key).get(HASH_SESSION_KEY) in fitting


def _forget(session_key: str, shared: SharedSession) -> None:
    """Delete the session itself, when it still is the one that was shared."""
    store = _store(session_key)
    if store.get(SID) != str(shared.pk):
        return
    store.delete()
    listed = OpenSession.objects.filter(session_key=session_key, ended_at__isnull=True)
    listed.update(ended_at=clock.now(), session_key="")


def _store(session_key: str) -> Any:
    return import_module(settings.SESSION_ENGINE).SessionStore(session_key)


def _key_of(session: SessionBase) -> str:
    if not session.session_key:
        session.save()
    return str(session.session_key)


def _alive_until(session: SessionBase) -> datetime:
    """Return when the session ends if nobody touches it again."""
    idle = clock.now() + timedelta(seconds=settings.SESSION_IDLE_SECONDS) + _GRACE
    began = datetime.fromtimestamp(sessions.began_at(session), UTC)
    return min(idle, began + timedelta(seconds=settings.SESSION_SECONDS))

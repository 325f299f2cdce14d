"""Sessions as their owner sees them: where, since when, by what; ended one by one or all."""

import hashlib
from importlib import import_module
from uuid import UUID

from django.conf import settings
from django.contrib.sessions.backends.base import SessionBase
from django.core.cache import cache
from django.db import transaction
from django.http import HttpRequest

from accounts import devices
from accounts.journal import journal
from accounts.models import KnownDevice, OpenSession, User
from accounts.models.sessions import DEVICE_LENGTH
from accounts.services.letters import write_letter
from accounts.throttling import address
from accounts.types import LetterKind, Means
from imas.kernel import clock

_RECORD = "record"


@transaction.atomic
def note_session(request: HttpRequest, user: User, means: Means) -> None:
    """Write the new session down; an unknown browser is named and its owner told by e-mail."""
    now = clock.now()
    record = OpenSession.objects.create(
        user=user,
        session_key=str(request.session.session_key),
        means=str(means),
        device=request.headers.get("User-Agent", "")[:DEVICE_LENGTH],
        address=address(request)[:45],
        began_at=now,
        seen_at=now,
    )
    request.session[_RECORD] = str(record.pk)
    _note_device(request, user, record)


def _note_device(request: HttpRequest, user: User, record: OpenSession) -> None:
    shown = devices.cookie_hash(request)
    now, known = clock.now(), KnownDevice.objects.filter(user=user)
    if shown and known.filter(cookie_hash=shown).update(last_at=now):
        return
    if known.exists():
        device = devices.in_plain_words(record.device)
        write_letter(user, LetterKind.NEW_DEVICE, device=device, address=record.address)
        journal(user, "accounts.new-device", device)
    shown = shown or devices.name_browser(request)
    KnownDevice.objects.create(user=user, cookie_hash=shown, first_at=now, last_at=now)


def note_use(session: SessionBase) -> bool:
    """Note that the session is in use, under the key it has now; False when it has been ended."""
    if _RECORD not in session:
        return True
    kept = OpenSession.objects.filter(pk=session[_RECORD], ended_at__isnull=True)
    return kept.update(seen_at=clock.now(), session_key=str(session.session_key)) == 1


def is_record_of(session: SessionBase, record: OpenSession) -> bool:
    """Tell whether this is the very session."""
    return session.get(_RECORD) == str(record.pk)


@transaction.atomic
def end_session(user: User, record_id: UUID) -> bool:
    """End one session of the person's own; False when there is none to end."""
    record = OpenSession.objects.filter(user=user, pk=record_id, ended_at__isnull=True).first()
    if record is None:
        return False
    _end([record])
    journal(user, "accounts.session-ended", devices.in_plain_words(record.device))
    return True


@transaction.atomic
def end_sessions(user: User, but: SessionBase | None = None) -> int:
    """End every session of the person, except perhaps this one; return how many there were."""
    open_ = OpenSession.objects.filter(user=user, ended_at__isnull=True)
    ended = _end([record for record in open_ if but is None or not is_record_of(but, record)])
    journal(user, "accounts.sessions-ended", str(ended))
    return ended


@transaction.atomic
def leave(session: SessionBase, user: User) -> None:
    """Note that the person signs out; the caller ends the session itself."""
    if _RECORD in session:
        here = OpenSession.objects.filter(pk=session[_RECORD], ended_at__isnull=True)
        here.update(ended_at=clock.now(), session_key="")
    _remember_ended(str(session.session_key), user.pk)
    journal(user, "accounts.signed-out")


def note_ended_use(request: HttpRequest) -> None:
    """Write down, once, that somebody shows the cookie of a session that was ended.

    It opens nothing. Only the hash of the cookie is remembered, as long as the session could have
    lasted; whose it was is told in the owner's journal, with the address it came from now.
    """
    shown = request.COOKIES.get(settings.SESSION_COOKIE_NAME, "")
    owner = cache.get(_ended(shown)) if shown else None
    if owner is None or not cache.add(f"{_ended(shown)}.noted", 1, settings.SESSION_SECONDS):
        return
    device = devices.in_plain_words(request.headers.get("User-Agent", "")[:DEVICE_LENGTH])
    user = User.objects.get(pk=owner)
    journal(user, "accounts.ended-session-used", device, address=address(request))


def _end(records: list[OpenSession]) -> int:
    store = import_module(settings.SESSION_ENGINE).SessionStore
    for record in records:
        store(session_key=record.session_key).delete()
        _remember_ended(record.session_key, record.user_id)
        record.ended_at, record.session_key = clock.now(), ""
        record.save(update_fields=["ended_at", "session_key"])
    return len(records)


def _remember_ended(session_key: str, user_id: int) -> None:
    cache.set(_ended(session_key), user_id, settings.SESSION_SECONDS)


def _ended(session_key: str) -> str:
    return f"accounts.ended-session.{hashlib.sha256(session_key.encode()).hexdigest()}"

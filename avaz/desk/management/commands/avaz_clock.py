"""`avaz_clock`: what the desk does by itself until it is told to stop."""

import logging
import signal
import threading
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand
from django.db import OperationalError

from avaz.desk.services import sending, texting, watching
from avaz.desk.services.sending import put
from avaz.desk.services.texting import Arrived
from avaz.desk.smpp import Account, Session

_TURN_SECONDS = 0.5

logger = logging.getLogger(__name__)


class Command(BaseCommand):
    """Sends what waits, watches the main system, and holds the session with the SMSC."""

    help = "Send what waits, watch the main system, hold the SMPP session; until SIGTERM."

    def handle(self, *_args: Any, **_options: Any) -> None:
        """Go round and round."""
        self._over = threading.Event()
        for name in (signal.SIGTERM, signal.SIGINT):
            signal.signal(name, self._stop)
        session = Session(_account(), _take) if settings.AVAZ_SMPP else None
        # By itself: a main system that hangs must not keep messages waiting.
        watcher = threading.Thread(target=self._watch, daemon=True)
        watcher.start()
        while not self._over.is_set():
            try:
                sending.send_due(session.send if session else sending.by_gateway)
                if session:
                    session.poll(_TURN_SECONDS)
                else:
                    self._over.wait(_TURN_SECONDS)
            except OperationalError:
                logger.exception("avaz.clock-busy")  # the file is locked or the disk full: go on
                self._over.wait(_TURN_SECONDS)
        if session:
            session.close()

    def _watch(self) -> None:
        while not self._over.is_set():
            try:
                watching.watch()
            except OperationalError:
                logger.exception("avaz.watch-busy")
            self._over.wait(settings.AVAZ_WATCH_SECONDS)

    def _stop(self, *_: object) -> None:
        self._over.set()


def _take(arrived: Arrived) -> None:
    """Answer a message by the outbox, so that an answer outlives a session that breaks."""
    if said := texting.answer(arrived):
        put(_to(arrived.sender), said, key=f"answer:{arrived.gateway}:{arrived.message_id}")


def _to(sender: str) -> str:
    return sender if sender.startswith("+") else f"+{sender}"


def _account() -> Account:
    host, _colon, port = settings.AVAZ_SMPP.rpartition(":")
    return Account(
        host,
        int(port),
        settings.AVAZ_SMPP_SYSTEM,
        settings.AVAZ_SMPP_PASSWORD,
        settings.AVAZ_SMS_NUMBER,
        settings.AVAZ_SMPP_TLS,
    )

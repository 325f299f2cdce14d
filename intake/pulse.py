"""The sign of life of a worker, and how far it is."""

import logging
import threading
from types import TracebackType
from typing import Self

from django.conf import settings
from django.db import Error, connection

from imas.kernel import clock
from intake.models import Document
from intake.types import Stage

logger = logging.getLogger(__name__)


class Pulse:
    """Tells the database, for as long as a document is judged, that its worker lives.

    A thread of its own writes one row each INTAKE_HEARTBEAT_SECONDS, so that neither a long step
    of the judge nor a busy one looks like death. `progress` only remembers; it costs nothing.
    """

    def __init__(self, document: Document) -> None:
        self._document = document
        self._done = threading.Event()
        self._thread = threading.Thread(target=self._beat, name="pulse", daemon=True)
        self._state = (Stage.UNPACKING, 0, 0)
        self.total_bytes = 0

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self,
        _kind: type[BaseException] | None,
        _error: BaseException | None,
        _trace: TracebackType | None,
    ) -> None:
        self._done.set()
        self._thread.join()

    def progress(self, stage: Stage, bytes_read: int, records: int) -> None:
        """Remember how far the work is."""
        self._state = (stage, bytes_read, records)

    def seen(self) -> dict[str, object]:
        """Return the columns that show how far the work is."""
        stage, bytes_read, records = self._state
        return {
            "stage": stage,
            "bytes_read": bytes_read,
            "records": records,
            "total_bytes": self.total_bytes,
        }

    def _beat(self) -> None:
        held = Document.objects.claimed(self._document.pk, self._document.attempts)
        try:
            while not self._done.wait(settings.INTAKE_HEARTBEAT_SECONDS):
                try:
                    held.update(heartbeat_at=clock.now(), **self.seen())
                except Error:
                    # The database may be back before the lease ends; the verdict is fenced anyway.
                    logger.warning("intake.pulse-missed", extra={"document": self._document.number})
                    connection.close()
        finally:
            connection.close()

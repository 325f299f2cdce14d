"""Taking a document in: bytes to storage while hashing, the gate, the row, the receipt."""

import hashlib
import unicodedata
import uuid
from contextlib import ExitStack
from dataclasses import dataclass
from typing import IO, Protocol, cast

from django.conf import settings
from django.core.files.base import File
from django.core.files.storage import default_storage
from django.db import connection, transaction

from imas.kernel import clock
from imas.kernel.errors import UnprocessableError
from imas.kernel.problems import Problem
from intake import kinds
from intake.models import Document
from intake.notices import record_state
from intake.services.findings import write_findings
from intake.sniffing import HEAD, container_of
from intake.types import Container, DocumentState, Findings, Source, Stage
from representation.limits import as_json
from representation.models import Taxpayer
from representation.services import journal
from representation.types import Acting

_CHUNK = 64 * 1024


class Readable(Protocol):
    """A stream of bytes, read once from its beginning."""

    def read(self, size: int = ..., /) -> bytes:
        """Return up to so many bytes, none at the end."""
        ...


def receive(  # noqa: PLR0913 - a delivery has this many parts, each by name
    acting: Acting,
    kind_name: str,
    stream: Readable,
    *,
    filename: str,
    content_type: str,
    source: Source,
    dry_run: bool = False,
    idempotency_key: str = "",
) -> Document:
    """Keep a document as it came and give its receipt; memory does not grow with its size.

    A document refused at the door (11001 type, 11002 size, 11003 identical, 11007 empty) is a
    row too, in state UPLOAD_REJECTED and without its bytes. The same key with the same bytes is
    the same document; with other bytes UnprocessableError("idempotency-key-reused").
    """
    kind = kinds.get(kind_name)
    acting.require(kind.right_to_upload)
    document = Document(
        id=uuid.uuid4(),
        taxpayer_id=acting.taxpayer_id,
        kind=kind.name,
        source=source,
        dry_run=dry_run,
        filename=_plain_name(filename),
        content_type=content_type[:100],
        idempotency_key=_scoped(idempotency_key, acting),
        limits=[as_json(one) for one in acting.limits_of(kind.right_to_upload)],
        received_by_id=acting.person_id,
    )
    with ExitStack() as undo:
        delivery = _take_in(document, stream)
        undo.callback(_forget, delivery.storage_name)
        kept = _register(acting, document, delivery)
        if kept == document and not kept.refusal_code:
            undo.pop_all()
    return kept


@dataclass(frozen=True, slots=True)
class _Delivery:
    """What came through the door; `refusal` is set when it may not stay."""

    container: Container
    size: int
    sha256: str
    storage_name: str = ""
    refusal: Problem | None = None


class _TooLargeError(Exception):
    """More bytes came than are taken."""


class _Hashed:
    """Counts and hashes what is read from a stream, and stops it at the limit."""

    def __init__(self, stream: Readable, limit: int) -> None:
        self._stream = stream
        self._limit = limit
        self._digest = hashlib.sha256()
        self._ahead = b""
        self.size = 0

    def head(self) -> bytes:
        """Return the first bytes without using them up."""
        while len(self._ahead) < HEAD and (more := self._take(HEAD - len(self._ahead))):
            self._ahead += more
        return self._ahead

    def read(self, size: int = _CHUNK) -> bytes:
        """Return the next bytes; _TooLargeError when there are too many."""
        if self._ahead:
            ahead, self._ahead = self._ahead[:size], self._ahead[size:]
            return ahead
        return self._take(size)

    def drain(self) -> None:
        """Read to the end, keeping nothing."""
        while self._take(_CHUNK):
            pass

    def hexdigest(self) -> str:
        """Return the SHA-256 of all that was read."""
        return self._digest.hexdigest()

    def _take(self, size: int) -> bytes:
        chunk = self._stream.read(size)
        self._digest.update(chunk)
        self.size += len(chunk)
        if self.size > self._limit:
            raise _TooLargeError
        return chunk


def _take_in(document: Document, stream: Readable) -> _Delivery:
    limit = settings.INTAKE_MAX_FILE_BYTES
    hashed = _Hashed(stream, limit)
    container = Container.UNKNOWN
    name = ""
    try:
        container = container_of(hashed.head())
        if container is Container.UNKNOWN:
            hashed.drain()
            refusal = Problem("11001") if hashed.size else Problem("11007")
        else:
            name = default_storage.save(_storage_name(document), File(cast("IO[bytes]", hashed)))
            refusal = None
    except _TooLargeError:
        too_large = Problem("11002", params={"limit": str(limit)})
        return _Delivery(container, hashed.size, "", refusal=too_large)
    return _Delivery(container, hashed.size, hashed.hexdigest(), name, refusal)


def _storage_name(document: Document) -> str:
    return f"{document.kind}/{clock.today():%Y/%m/%d}/{document.pk}"


def _forget(storage_name: str) -> None:
    if storage_name:
        default_storage.delete(storage_name)


@transaction.atomic
def _register(acting: Acting, document: Document, delivery: _Delivery) -> Document:
    """Write the row; the taxpayer's lock makes the order of numbers the order of arrival."""
    Taxpayer.objects.select_for_update(no_key=True).get(pk=acting.taxpayer_id)
    if earlier := _same_request(document):
        if (earlier.sha256, earlier.size) != (delivery.sha256, delivery.size):
            raise UnprocessableError("idempotency-key-reused")
        return earlier
    refusal = delivery.refusal or _repetition(document, delivery.sha256)
    _fill_in(document, delivery, refusal)
    document.save(force_insert=True)
    if refusal:
        findings = Findings()
        findings.add([refusal])
        write_findings(document, findings)
    record_state(document)
    journal(
        acting,
        "intake.document-received",
        document.number,
        state=document.state,
        sha256=document.sha256,
        dry_run=str(document.dry_run).lower(),
    )
    return document


def _same_request(document: Document) -> Document | None:
    if not document.idempotency_key:
        return None
    return Document.objects.filter(
        taxpayer_id=document.taxpayer_id,
        kind=document.kind,
        idempotency_key=document.idempotency_key,
    ).first()


def _repetition(document: Document, sha256: str) -> Problem | None:
    if document.dry_run:
        return None
    same = Document.objects.held().filter(
        taxpayer_id=document.taxpayer_id, kind=document.kind, sha256=sha256
    )
    document.first_copy = same.first()
    if document.first_copy is None:
        return None
    first = document.first_copy
    day = first.received_at.astimezone(clock.VILNIUS).date().isoformat()
    return Problem("11003", params={"number": first.number, "received": day})


def _fill_in(document: Document, delivery: _Delivery, refusal: Problem | None) -> None:
    now = clock.now()
    document.arrival = _next_arrival()
    document.number = f"{document.kind.upper()}-{clock.today().year}-{document.arrival:07d}"
    document.received_at = now
    document.container = delivery.container
    document.size = delivery.size
    document.sha256 = delivery.sha256
    document.state = DocumentState.UPLOADED
    document.storage_name = delivery.storage_name
    if refusal:
        document.state = DocumentState.UPLOAD_REJECTED
        document.stage = Stage.DONE
        document.storage_name = ""
        document.refusal_code = refusal.code
        document.finished_at = now


def _next_arrival() -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT nextval('intake_document_arrival')")
        number: int = cursor.fetchone()[0]
    return number


def _plain_name(filename: str) -> str:
    """Return the last part of a name, without characters that cannot be shown."""
    last = filename.replace("\\", "/").rpartition("/")[2]
    shown = "".join(sign for sign in last if unicodedata.category(sign)[0] != "C")
    return unicodedata.normalize("NFC", shown).strip()[-255:]


def _scoped(idempotency_key: str, acting: Acting) -> str:
    return f"{acting.key_id or acting.user_id}:{idempotency_key}" if idempotency_key else ""

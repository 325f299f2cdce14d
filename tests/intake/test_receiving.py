"""The door: what is taken in, what is refused, what the receipt says."""

import hashlib
import io
import threading
from pathlib import Path

import pytest
from django.db import connection
from pytest_django import Settings

from imas.kernel.errors import ForbiddenError, NotFoundError, UnprocessableError
from intake import services
from intake.models import Document
from intake.types import DocumentState, Source
from representation.models import JournalEntry
from tests.intake.conftest import files_in
from tests.intake.make import BAD, GOOD, TOY, gzipped, judged, send, zipped
from tests.make import make_acting

pytestmark = pytest.mark.django_db


def test_a_receipt_tells_number_digest_and_size() -> None:
    document = send(GOOD, filename="C:\\sales\\spalis.xml")
    document.refresh_from_db()
    assert document.number == f"TOY-{document.received_at.year}-{document.arrival:07d}"
    assert document.sha256 == hashlib.sha256(GOOD).hexdigest()
    assert (document.size, document.filename) == (len(GOOD), "spalis.xml")
    assert document.state == DocumentState.UPLOADED


def test_the_bytes_are_kept_as_they_came(documents_dir: Path) -> None:
    sent = gzipped(GOOD)
    send(sent)
    (kept,) = files_in(documents_dir)
    assert kept.read_bytes() == sent
    assert kept.stat().st_mode & 0o777 == 0o600


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "11007"),
        (b"x", "11001"),
        (b"%PDF-1.7 something", "11001"),
        (b"   \n", "11001"),
        (b"<" + b"x" * 2000, "11002"),
        (gzipped(b"") + b"x" * 2000, "11002"),
    ],
)
def test_what_is_refused_at_the_door_leaves_a_row_and_no_bytes(
    content: bytes, code: str, settings: Settings, documents_dir: Path
) -> None:
    settings.INTAKE_MAX_FILE_BYTES = 1500
    document = send(content)
    document.refresh_from_db()
    assert (document.state, document.refusal_code) == (DocumentState.UPLOAD_REJECTED, code)
    assert document.storage_name == ""
    assert document.problems.get().code == code
    assert document.totals.get().count == document.errors == 1
    assert files_in(documents_dir) == []
    assert services.process(document.pk) is None


@pytest.mark.parametrize(
    "content",
    [
        GOOD,
        b"\xef\xbb\xbf" + GOOD,
        b"  \r\n" + GOOD,
        GOOD.decode().encode("utf-16"),
        GOOD.decode().encode("utf-16-be"),
        GOOD.decode().encode("utf-16-le"),
        GOOD.decode().encode("utf-32"),
        gzipped(GOOD),
        zipped(("a.xml", GOOD)),
    ],
)
def test_xml_in_any_encoding_and_archives_are_taken_in(content: bytes) -> None:
    assert send(content).state == DocumentState.UPLOADED


def test_the_very_limit_is_not_too_large(settings: Settings) -> None:
    settings.INTAKE_MAX_FILE_BYTES = len(GOOD)
    assert send(GOOD).state == DocumentState.UPLOADED
    assert send(GOOD + b" ").refusal_code == "11002"


def test_the_same_file_twice_is_refused_with_a_link_to_the_first(documents_dir: Path) -> None:
    acting = make_acting()
    first, second = send(GOOD, acting), send(GOOD, acting)
    assert (second.state, second.refusal_code) == (DocumentState.UPLOAD_REJECTED, "11003")
    assert second.first_copy == first
    assert second.problems.get().params["number"] == first.number
    assert len(files_in(documents_dir)) == 1


def test_an_accepted_file_is_still_the_first_one() -> None:
    acting = make_acting()
    first = judged(GOOD, acting)
    assert send(GOOD, acting).first_copy == first


def test_a_file_that_was_not_accepted_may_be_sent_again() -> None:
    acting = make_acting()
    assert judged(BAD, acting).state == DocumentState.REJECTED
    assert send(BAD, acting).state == DocumentState.UPLOADED


def test_two_taxpayers_may_send_the_same_file() -> None:
    assert send(GOOD).state == send(GOOD).state == DocumentState.UPLOADED


def test_a_dry_run_is_nobodys_first_copy_and_has_none() -> None:
    acting = make_acting()
    dry = send(GOOD, acting, dry_run=True)
    assert send(GOOD, acting).state == DocumentState.UPLOADED
    assert send(GOOD, acting, dry_run=True).state == dry.state == DocumentState.UPLOADED


def test_the_same_key_and_bytes_are_one_document(documents_dir: Path) -> None:
    acting = make_acting()
    first = send(GOOD, acting, idempotency_key="k1")
    assert send(GOOD, acting, idempotency_key="k1") == first
    assert len(files_in(documents_dir)) == 1


def test_the_same_key_with_other_bytes_is_refused(documents_dir: Path) -> None:
    acting = make_acting()
    send(GOOD, acting, idempotency_key="k1")
    with pytest.raises(UnprocessableError, match="idempotency-key-reused"):
        send(BAD, acting, idempotency_key="k1")
    assert len(files_in(documents_dir)) == 1


def test_without_the_right_nothing_is_read_from_the_stream() -> None:
    stream = io.BytesIO(GOOD)
    with pytest.raises(ForbiddenError):
        services.receive(
            make_acting("isaf.view"),
            TOY,
            stream,
            filename="a.xml",
            content_type="",
            source=Source.PORTAL_FILE,
        )
    assert stream.tell() == 0
    assert not Document.objects.exists()


def test_an_unknown_kind_is_not_found() -> None:
    with pytest.raises(NotFoundError):
        services.receive(
            make_acting(),
            "nothing",
            io.BytesIO(GOOD),
            filename="a.xml",
            content_type="",
            source=Source.PORTAL_FILE,
        )


def test_receiving_leaves_a_journal_entry() -> None:
    document = send(GOOD)
    entry = JournalEntry.objects.get(action="intake.document-received")
    assert entry.subject == document.number
    assert entry.params["sha256"] == document.sha256


def test_a_broken_connection_leaves_nothing_behind(documents_dir: Path) -> None:
    class Broken(io.BytesIO):
        def read(self, size: int | None = -1, /) -> bytes:
            if self.tell() > 5000:
                raise ConnectionResetError
            return super().read(1000)

    with pytest.raises(ConnectionResetError):
        services.receive(
            make_acting(),
            TOY,
            Broken(b"<" * 10_000),
            filename="a.xml",
            content_type="",
            source=Source.SERVICE_FILE,
        )
    assert not Document.objects.exists()
    assert files_in(documents_dir) == []


def test_a_stranger_sees_no_document() -> None:
    document = send(GOOD)
    own = make_acting("isaf.view", taxpayer=document.taxpayer)
    blind = make_acting("isaf.upload", taxpayer=document.taxpayer)
    assert Document.objects.visible_to(own).get() == document
    assert not Document.objects.visible_to(blind).exists()
    assert not Document.objects.visible_to(make_acting()).exists()


@pytest.mark.django_db(transaction=True)
def test_of_two_identical_files_sent_at_once_one_is_the_copy() -> None:
    acting = make_acting()
    start = threading.Barrier(2)

    def deliver() -> None:
        start.wait()
        send(GOOD, acting)
        connection.close()

    threads = [threading.Thread(target=deliver) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    states = sorted(Document.objects.values_list("state", flat=True))
    assert states == [DocumentState.UPLOADED, DocumentState.UPLOAD_REJECTED]

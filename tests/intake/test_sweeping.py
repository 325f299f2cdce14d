"""What the sweep finds again, and when it gives up."""

import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from celery import Celery
from celery.signals import before_task_publish
from django.core import mail
from pytest_django import DjangoCaptureOnCommitCallbacks, Settings

from imas.kernel import clock
from intake import services, tasks
from intake.metrics import DocumentCollector
from intake.models import Document
from intake.types import DocumentState
from mailbox.models import Message
from tests.intake.make import BAD, GOOD, judged, send
from tests.intake.processes import environment
from tests.make import make_acting

pytestmark = pytest.mark.django_db


@pytest.fixture
def at_once(celery_app: Celery) -> Iterator[None]:
    """Whatever is queued is done on the spot."""
    celery_app.finalize(auto=True)
    celery_app.conf.task_always_eager = True
    yield
    celery_app.conf.task_always_eager = False


def lost_after(document: Document, attempts: int) -> None:
    Document.objects.filter(pk=document.pk).update(
        state=DocumentState.PROCESSING,
        attempts=attempts,
        heartbeat_at=clock.now() - timedelta(hours=1),
    )


def test_the_sweep_finds_what_waits_and_what_was_lost() -> None:
    waiting, lost, done = send(GOOD), send(GOOD), judged(GOOD)
    lost_after(lost, 1)
    assert services.sweep() == [waiting.pk, lost.pk]
    assert done.state == DocumentState.ACCEPTED


def test_the_sweep_leaves_a_living_worker_alone() -> None:
    document = send(GOOD)
    Document.objects.claim(document.pk)
    assert services.sweep() == []


def test_after_five_attempts_a_document_fails_and_everybody_is_told(
    settings: Settings, caplog: pytest.LogCaptureFixture
) -> None:
    settings.ADMINS = [("Operator", "operator@example.lt")]
    document = send(GOOD)
    lost_after(document, 5)
    assert services.sweep() == []
    document.refresh_from_db()
    assert (document.state, document.refusal_code) == (DocumentState.FAILED, "10000")
    assert document.problems.get().code == "10000"
    assert Message.objects.get().params["number"] == document.number
    assert [message.to for message in mail.outbox] == [["operator@example.lt"]]
    assert "intake.document-failed" in caplog.text


def test_a_document_fails_once() -> None:
    document = send(GOOD)
    lost_after(document, 5)
    services.sweep()
    services.sweep()
    assert Message.objects.count() == document.problems.count() == 1


def test_the_next_file_goes_on_after_a_failed_one() -> None:
    acting = make_acting()
    first, second = send(GOOD, acting), send(BAD, acting)
    lost_after(first, 5)
    assert services.sweep() == [second.pk]


def test_a_failed_file_may_be_sent_again() -> None:
    acting = make_acting()
    lost_after(send(GOOD, acting), 5)
    services.sweep()
    assert send(GOOD, acting).state == DocumentState.UPLOADED


@pytest.mark.usefixtures("at_once")
def test_the_task_queues_the_taxpayers_next_file() -> None:
    acting = make_acting()
    first = send(GOOD, acting)
    send(BAD, acting)
    tasks.process_document(str(first.pk))
    states = list(Document.objects.order_by("arrival").values_list("state", flat=True))
    assert states == [DocumentState.ACCEPTED, DocumentState.REJECTED]


@pytest.mark.usefixtures("celery_app")
def test_a_file_behind_another_is_queued_by_that_one(
    django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks,
) -> None:
    queued: list[str] = []

    def note(body: tuple[list[str], object, object], **_: object) -> None:
        queued.extend(body[0])

    acting = make_acting()
    first, second, others = send(GOOD, acting), send(BAD, acting), send(GOOD)
    before_task_publish.connect(note)
    try:
        with django_capture_on_commit_callbacks(execute=True):
            for document in (second, first, others):
                tasks.queue(document)
        assert queued == [str(first.pk), str(others.pk)]
        tasks.process_document(str(first.pk))
        assert queued[2:] == [str(second.pk)]
    finally:
        before_task_publish.disconnect(note)


@pytest.mark.usefixtures("at_once")
def test_with_the_queue_emptied_the_sweep_has_everything_judged() -> None:
    acting = make_acting()
    for number in range(3):
        send(GOOD + b" " * number, acting)
    send(GOOD)
    tasks.sweep_documents()
    assert set(Document.objects.values_list("state", flat=True)) == {DocumentState.ACCEPTED}


@pytest.mark.django_db(transaction=True)
def test_a_document_whose_worker_was_killed_is_judged_once_by_another(
    settings: Settings, documents_dir: Path, tmp_path: Path
) -> None:
    document = send(GOOD)
    worker = subprocess.Popen(
        [sys.executable, "-m", "tests.intake.sleepy_worker", str(document.pk)],
        env=environment(documents_dir, tmp_path / "work"),
    )
    try:
        _wait_until(lambda: any((tmp_path / "work").glob("*")))
        assert Document.objects.get().state == DocumentState.PROCESSING
        assert services.process(document.pk) is None
    finally:
        worker.send_signal(signal.SIGKILL)
        worker.wait(timeout=10)
    assert list((tmp_path / "work").iterdir())
    settings.INTAKE_LEASE_SECONDS = 0.2
    _wait_until(lambda: services.sweep() == [document.pk])
    assert services.process(document.pk) == document
    services.sweep()
    document.refresh_from_db()
    assert (document.state, document.attempts) == (DocumentState.ACCEPTED, 2)
    assert list((tmp_path / "work").iterdir()) == []


def _wait_until(condition: object, seconds: float = 20) -> None:
    deadline = time.monotonic() + seconds
    while not condition():  # type: ignore[operator]
        assert time.monotonic() < deadline
        time.sleep(0.05)


def test_the_operators_see_what_waits_and_what_failed() -> None:
    lost_after(send(GOOD), 5)
    services.sweep()
    waiting = send(GOOD)
    Document.objects.filter(pk=waiting.pk).update(received_at=clock.now() - timedelta(hours=2))
    states, oldest = DocumentCollector().collect()
    counts = {sample.labels["state"]: sample.value for sample in states.samples}
    assert counts == {"UPLOADED": 1, "PROCESSING": 0, "FAILED": 1}
    assert 7200 <= oldest.samples[0].value < 7300

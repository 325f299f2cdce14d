"""Workers that die, and two who want the same: no row twice, none missing."""

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import cast

import pytest
from django.conf import settings
from django.db import connection, connections

from imas.kernel import clock
from imas.kernel.errors import ConflictError
from imas.kernel.periods import Period
from intake import services as intake_services
from intake.models import Document
from intake.types import DocumentState
from isaf import services
from isaf.judging.sink import ChunkRows
from isaf.models import Invoice, Part, Register, TaxRow
from isaf.services.staging import discard_parts, store_address, sweep_parts
from isaf.storing import PartGoneError, StoreAddress
from isaf.types import RegisterState, RegisterType
from tests.isaf.files import IsafFile, Sold, judged, send
from tests.make import make_acting

pytestmark = pytest.mark.django_db(transaction=True)

MANY = 60_000


def worker(document: Document) -> subprocess.Popen[bytes]:
    """Start a process of its own that judges the document in this test's database."""
    script = (
        "import sys, django; from django.conf import settings; from django.db import connections;"
        "connections.settings['default']['NAME'] = sys.argv[1];"
        "settings.STORAGES['default']['OPTIONS']['location'] = sys.argv[2];"
        "django.setup(); from intake import services; services.process(sys.argv[3])"
    )
    name = connection.settings_dict["NAME"]
    storage = cast("dict[str, dict[str, str]]", settings.STORAGES["default"])
    location = storage["OPTIONS"]["location"]
    arguments = [sys.executable, "-c", script, str(name), str(location), str(document.pk)]
    environ = {**os.environ, "DJANGO_SETTINGS_MODULE": "imas.settings"}
    root = Path(__file__).resolve().parents[2]
    return subprocess.Popen(arguments, cwd=root, env=environ, start_new_session=True)


def wait_for_rows(process: subprocess.Popen[bytes]) -> int:
    for _ in range(600):
        if rows := Invoice.objects.count():
            return rows
        assert process.poll() is None
        time.sleep(0.02)
    raise AssertionError("The worker stored nothing.")


@pytest.mark.slow
def test_a_worker_killed_in_the_middle_leaves_nothing_seen_and_the_next_one_finishes() -> None:
    acting = make_acting()
    sales = [Sold(f"A {n}") for n in range(MANY)]
    document = send(acting, IsafFile(acting.taxpayer_code, sales=sales))
    process = worker(document)
    rows = wait_for_rows(process)
    os.killpg(process.pid, signal.SIGKILL)
    process.wait()
    assert 0 < rows < MANY
    assert not Register.objects.exists()

    lost = clock.now() - timedelta(hours=1)
    Document.objects.update(heartbeat_at=lost, claimed_at=lost)
    intake_services.process(document.pk)
    document.refresh_from_db()
    assert document.state == DocumentState.ACCEPTED
    register = Register.objects.get(type=RegisterType.SALES)
    part_id = register.shown.get().part_id
    assert Invoice.objects.count() == Invoice.objects.filter(part_id=part_id).count() == MANY
    assert TaxRow.objects.filter(part_id=part_id).count() == MANY
    assert Invoice.objects.filter(part_id=part_id).values("number").distinct().count() == MANY


def test_a_worker_believed_dead_can_add_nothing_any_more() -> None:
    acting = make_acting()
    judged(acting, IsafFile(acting.taxpayer_code, sales=[Sold()]))
    part = Part.objects.filter(type=RegisterType.SALES).get()
    sink = StoreAddress(_dsn(), (part.pk,), part.end).open()
    with sink, pytest.raises(PartGoneError):
        sink.write([_no_rows()])


def test_what_a_lost_attempt_left_is_swept_away() -> None:
    acting = make_acting()
    judged(acting, IsafFile(acting.taxpayer_code, sales=[Sold()]))
    register = Register.objects.get(type=RegisterType.SALES)
    part = register.shown.get().part
    register.shown.all().delete()
    Part.objects.filter(pk=part.pk).update(kept_at=None, created_at=clock.now() - timedelta(days=1))
    sweep_parts()
    assert not Part.objects.filter(pk=part.pk).exists()
    assert not Invoice.objects.exists()


def test_what_is_kept_cannot_be_discarded() -> None:
    acting = make_acting()
    judged(acting, IsafFile(acting.taxpayer_code, sales=[Sold()]))
    discard_parts(Part.objects.values_list("pk", flat=True))
    assert Invoice.objects.count() == 1


def test_of_two_who_submit_at_once_one_is_told_it_was_done() -> None:
    acting = make_acting()
    judged(acting, IsafFile(acting.taxpayer_code, sales=[Sold()]))
    number = Register.objects.get(type=RegisterType.SALES).number
    told: list[str] = []

    def submit() -> None:
        try:
            services.submit_register(acting, number)
            told.append("submitted")
        except ConflictError as refusal:
            told.append(refusal.code)
        finally:
            connections.close_all()

    _at_once(submit, submit)
    assert sorted(told) == ["register-not-preparing", "submitted"]


def test_of_two_who_decide_at_once_one_decides() -> None:
    acting = make_acting()
    judged(acting, IsafFile(acting.taxpayer_code, sales=[Sold()]))
    register = Register.objects.get(type=RegisterType.SALES)
    services.submit_register(acting, register.number)

    def decide() -> None:
        services.decide_register(register.pk)
        connections.close_all()

    _at_once(decide, decide)
    register.refresh_from_db()
    assert register.state == RegisterState.ACCEPTED


def _at_once(*deeds: Callable[[], None]) -> None:
    threads = [threading.Thread(target=deed) for deed in deeds]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
        assert not thread.is_alive()


def _dsn() -> str:
    return store_address((), Period.month(2026, 10)).dsn


def _no_rows() -> ChunkRows:
    return ChunkRows(b"", b"", b"", b"")

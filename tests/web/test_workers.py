"""Workers of the queue keep their connection to the database from task to task."""

from collections.abc import Callable, Iterator
from queue import Queue

import pytest
from celery.contrib.testing.worker import start_worker
from django.db import connection, connections

from imas.celery import app

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def server_process(monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[[], int]]:
    """Ask a worker, by a task, which process of the server serves it."""
    answers: Queue[int] = Queue()

    def ask() -> None:
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_backend_pid()")
            answers.put(cursor.fetchone()[0])

    def part() -> None:
        connection.close()
        answers.put(0)

    def asked() -> int:
        ask_task.delay()
        return answers.get(timeout=60)

    ask_task, part_task = app.task(ask, name="tests.ask"), app.task(part, name="tests.part")
    kept = {"CONN_MAX_AGE": 300, "CONN_HEALTH_CHECKS": True}
    monkeypatch.setitem(connections.settings, "default", connections.settings["default"] | kept)
    with start_worker(app, pool="solo", perform_ping_check=False, shutdown_timeout=60):
        yield asked
        part_task.delay()
        answers.get(timeout=60)
    for task in (ask_task, part_task):
        app.tasks.unregister(task.name)


def test_a_worker_keeps_its_connection_from_task_to_task(
    server_process: Callable[[], int],
) -> None:
    assert server_process() == server_process()


def test_a_worker_whose_connection_was_cut_opens_another(
    server_process: Callable[[], int],
) -> None:
    before = server_process()
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_terminate_backend(%s, 5000)", [before])
    assert server_process() != before

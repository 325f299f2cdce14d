import logging
from typing import Any

import pytest
from django.conf import settings

from imas.web.logging import RoutineFilter


def _said(name: str, level: int) -> bool:
    """Tell whether the house's own filter lets a record of Celery about a task through."""
    filters: Any = settings.LOGGING["filters"]
    record = logging.LogRecord("celery.app.trace", level, "", 0, "done", None, None)
    record.data = {"name": name}
    return bool(RoutineFilter(filters["routine"]["tasks"]).filter(record))


@pytest.mark.parametrize("name", ["intake.sweep_documents", "mailbox.sweep_webhooks"])
def test_sweeps_that_succeed_are_not_logged_and_those_that_fail_are(name: str) -> None:
    assert not _said(name, logging.INFO)
    assert _said(name, logging.ERROR)


@pytest.mark.parametrize("name", ["intake.process", "mailbox.remind", "mailbox.call_webhook"])
def test_work_that_was_asked_for_is_logged(name: str) -> None:
    assert _said(name, logging.INFO)

"""Logs as one JSON object per line, with the ids of `imas.web.trace`."""

import logging
from collections.abc import Collection
from typing import Any

from pythonjsonlogger.json import JsonFormatter as _JsonFormatter

from imas.web import trace


class TraceFilter(logging.Filter):
    """Gives every record the ids of the request or task at work."""

    def filter(self, record: logging.LogRecord) -> bool:
        """Add, never drop."""
        record.trace = trace.current()
        return True


class RoutineFilter(logging.Filter):
    """Keeps silent about tasks that beat starts all day long, as long as they succeed."""

    def __init__(self, tasks: Collection[str]) -> None:
        super().__init__()
        self._tasks = frozenset(tasks)

    def filter(self, record: logging.LogRecord) -> bool:
        """Drop what Celery says of their coming and of their success; failures stay."""
        of_task = getattr(record, "data", None)
        name = of_task.get("name") if isinstance(of_task, dict) else None
        return record.levelno > logging.INFO or name not in self._tasks


class JsonFormatter(_JsonFormatter):
    """Time (UTC, ISO 8601), level, logger, message, ids and what `extra` gave.

    Django puts the request itself into `extra`; it is dropped, since it holds personal data.
    """

    def __init__(self) -> None:
        super().__init__(
            "%(levelname)s %(name)s %(message)s",
            rename_fields={"levelname": "level", "name": "logger"},
            timestamp="at",
        )

    def process_log_record(self, log_data: dict[str, Any]) -> dict[str, Any]:
        """Lift the trace ids to the top and drop what may carry personal data."""
        ids = log_data.pop("trace", {})
        for name in ("request", "server_time", "taskName", "data"):
            log_data.pop(name, None)
        return {**log_data, **ids}

"""The queue: which queues exist and what happens at what time."""

import os
from typing import Any

from celery import Celery
from celery.schedules import crontab
from celery.signals import before_task_publish, task_postrun, task_prerun
from django.db import close_old_connections
from kombu.entity import Exchange, Queue

from imas.web import trace

QUEUES = tuple(
    Queue(name, Exchange(name, type="direct"), routing_key=name)  # type: ignore[no-untyped-call]
    for name in ("intake", "checks", "mail", "webhooks")
)

_SWEPT = {
    "intake.sweep_documents": "intake",
    "isaf.sweep": "checks",
    "accounts.send_confirmations": "mail",
    "accounts.send_safety_letters": "mail",
    "accounts.send_applicant_letters": "mail",
    "accounts.send_phone_codes": "mail",
    "accounts.forget_visits": "mail",
    "accounts.tell_parties": "mail",
    "mailbox.send_notices": "mail",
    "representation.send_letters": "mail",
    "exchange.look_at_stale": "mail",
    "exchange.deliver_due": "webhooks",
    "exchange.file_due": "webhooks",
    "representation.seal_journal": "mail",
    "avaz.order_codes": "mail",
    "avaz.send_codes": "mail",
    "avaz.push": "mail",
    "avaz.pull": "mail",
    "avaz.note_completed": "mail",
    "avaz.tell_outages": "mail",
}

_QUICK: dict[str, dict[str, Any]] = {
    "mailbox.sweep_webhooks": {
        "task": "mailbox.sweep_webhooks",
        "schedule": 5.0,
        "options": {"queue": "mail", "expires": 5},
    },
}

_NIGHTLY: dict[str, dict[str, Any]] = {
    "accounts.end_applications": {
        "task": "accounts.end_applications",
        "schedule": crontab(hour="3", minute="20"),
        "options": {"queue": "mail", "expires": 12 * 3600},
    },
    "representation.end_mandates": {
        "task": "representation.end_mandates",
        "schedule": crontab(hour="0", minute="10"),
        "options": {"queue": "mail", "expires": 12 * 3600},
    },
    "representation.warn_of_credentials": {
        "task": "representation.warn_of_credentials",
        "schedule": crontab(hour="6", minute="40"),
        "options": {"queue": "mail", "expires": 12 * 3600},
    },
    "representation.anchor_journal": {
        "task": "representation.anchor_journal",
        "schedule": crontab(hour="0", minute="5"),
        "options": {"queue": "mail", "expires": 12 * 3600},
    },
    "intake.clear_storage": {
        "task": "intake.clear_storage",
        "schedule": crontab(hour="3", minute="40"),
        "options": {"queue": "intake", "expires": 12 * 3600},
    },
    "isaf.make_sure": {
        "task": "isaf.make_sure",
        "schedule": crontab(hour="4", minute="10"),
        "options": {"queue": "checks", "expires": 12 * 3600},
    },
    "isaf.order_standing": {
        "task": "isaf.order_standing",
        "schedule": crontab(hour="5", minute="30"),
        "options": {"queue": "checks", "expires": 12 * 3600},
    },
    "ivaz.close_due": {
        "task": "ivaz.close_due",
        "schedule": crontab(hour="0", minute="20"),
        "options": {"queue": "checks", "expires": 12 * 3600},
    },
    "avaz.tell_overdue": {
        "task": "avaz.tell_overdue",
        "schedule": crontab(hour="0", minute="30"),
        "options": {"queue": "mail", "expires": 12 * 3600},
    },
    "mailbox.remind": {
        "task": "mailbox.remind",
        "schedule": crontab(hour="6", minute="30"),
        "options": {"queue": "checks", "expires": 12 * 3600},
    },
    "mailbox.drop_old_events": {
        "task": "mailbox.drop_old_events",
        "schedule": crontab(hour="3", minute="10"),
        "options": {"queue": "mail", "expires": 12 * 3600},
    },
}


def timetable(seconds: int) -> dict[str, dict[str, Any]]:
    """Return what beat does: whatever the queue has lost is found again in so many seconds."""
    swept: dict[str, dict[str, Any]] = {
        name: {
            "task": name,
            "schedule": float(seconds),
            "options": {"queue": queue, "expires": seconds},
        }
        for name, queue in _SWEPT.items()
    }
    return {**swept, **_QUICK, **_NIGHTLY}


os.environ.setdefault("DJANGO_SETTINGS_MODULE", "imas.settings")
app = Celery("imas")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.set_default()
app.autodiscover_tasks()


@before_task_publish.connect
def carry_request_id(headers: dict[str, Any], **_: Any) -> None:
    """A task logs under the id of the request that asked for it."""
    headers["request_id"] = trace.request_id()


@task_prerun.connect
def begin_trace(task: Any, task_id: str, **_: Any) -> None:
    """Every line a task logs says which task it is."""
    _let_spent_connections_go(task)
    trace.begin(task.request.get("request_id") or task_id)
    trace.note(task=task.name, task_id=task_id)


@task_postrun.connect
def end_trace(task: Any, **_: Any) -> None:
    """The next task starts with a clean sheet."""
    trace.end()
    _let_spent_connections_go(task)


def _let_spent_connections_go(task: Any) -> None:
    """Close what is broken or kept long enough, as Django does around requests.

    A task that is called in place leaves its caller's connection alone.
    """
    if not task.request.is_eager:
        close_old_connections()

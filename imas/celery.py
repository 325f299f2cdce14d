"""The queue: which queues exist and what happens at what time."""

import os
from typing import Any

from celery import Celery
from kombu import Queue

QUEUES = (Queue("intake"), Queue("checks"), Queue("mail"))

# A task that is not installed yet is left out of the timetable by nobody: every name here exists,
# tests/house/test_tasks.py says so.
TIMETABLE: dict[str, dict[str, Any]] = {
    name: {"task": name, "schedule": 60.0, "options": {"queue": queue, "expires": 55}}
    for name, queue in (
        ("intake.sweep_documents", "intake"),
        ("isaf.sweep", "checks"),
        ("accounts.send_confirmations", "mail"),
        ("mailbox.send_notices", "mail"),
    )
}

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "imas.settings")
app = Celery("imas")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.set_default()
app.autodiscover_tasks()

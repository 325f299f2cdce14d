"""The whole house at once: contracts between modules, migrations, tasks."""

import subprocess
import sys
from pathlib import Path

import pytest
from django.core.management import call_command

from imas.celery import app as celery
from imas.celery import timetable

ROOT = Path(__file__).resolve().parents[2]
APPS = ["imas", "accounts", "representation", "mailbox", "intake", "isaf", "exchange", "demo"]
QUEUES = {"intake", "checks", "mail", "webhooks"}


def test_import_contracts_hold() -> None:
    program = Path(sys.executable).with_name("lint-imports")
    outcome = subprocess.run(
        [program, "--no-cache"], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert outcome.returncode == 0, outcome.stdout


@pytest.mark.django_db
def test_no_migration_is_missing() -> None:
    call_command("makemigrations", "--check", "--dry-run", "--verbosity", "0")


def _tasks() -> list[str]:
    celery.loader.import_default_modules()
    celery.autodiscover_tasks(force=True)
    return sorted(name for name in celery.tasks if not name.startswith("celery."))


def test_every_task_is_named_after_its_app_and_has_a_queue() -> None:
    for name in _tasks():
        task = celery.tasks[name]
        home = task.__module__.partition(".")[0]
        queue = celery.amqp.router.route({}, name)["queue"].name
        assert name.startswith(f"{home}."), name
        assert queue in QUEUES, name


def test_a_task_is_acknowledged_when_done_and_keeps_no_result() -> None:
    for name in _tasks():
        assert celery.tasks[name].acks_late, name
        assert celery.tasks[name].ignore_result, name


def test_the_timetable_names_tasks_that_exist() -> None:
    assert {entry["task"] for entry in timetable(60).values()} <= set(_tasks())


@pytest.mark.parametrize("app", APPS)
def test_no_module_is_longer_than_400_lines(app: str) -> None:
    long = {
        str(module.relative_to(ROOT)): lines
        for module in (ROOT / app).rglob("*.py")
        if (lines := len(module.read_text().splitlines())) > 400
    }
    assert not long

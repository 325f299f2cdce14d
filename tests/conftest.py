"""Every test runs on real servers: the embedded ones, or those of DATABASE_URL and REDIS_URL."""

import os
import uuid
from collections.abc import Iterator
from contextlib import AbstractContextManager, closing
from typing import Any

import dj_database_url
import psutil
import psycopg2
import pytest
from celery import Celery
from django.conf import settings
from django.core.cache import cache
from django.core.management import call_command
from django.db import connections
from django.test import override_settings
from hypothesis import settings as hypothesis

from imas import embedded
from imas.celery import app
from imas.embedded import servers
from tests.emptying import empty_quickly
from tests.foundation import foundation

hypothesis.register_profile("house", deadline=None)
hypothesis.load_profile("house")
"""A law is no stopwatch: on a busy machine an example takes as long as it takes."""

_servers = pytest.StashKey[AbstractContextManager[None]]()


def pytest_configure(config: pytest.Config) -> None:
    """The controller brings the servers up; its workers find them there."""
    if not hasattr(config, "workerinput"):
        os.environ["TEST_RUN"] = str(os.getpid())
        if settings.EMBEDDED:
            config.stash[_servers] = servers.running()
            config.stash[_servers].__enter__()
            _find_the_servers()
            _drop_databases_of_dead_runs()
    _prepare_settings(os.environ["TEST_RUN"])


def pytest_make_parametrize_id(config: pytest.Config, val: object) -> str | None:
    """Bytes in a test's name would differ between workers: gzip writes the time into them."""
    return f"{len(val)}-bytes" if isinstance(val, bytes) else None


def pytest_unconfigure(config: pytest.Config) -> None:
    """The last run that uses the servers stops them."""
    if held := config.stash.get(_servers, None):
        connections.close_all()
        held.__exit__(None, None, None)


def _find_the_servers() -> None:
    """A start may have moved a port; settings were read before it, workers come after it."""
    os.environ.update(embedded.environment())
    connections.settings["default"].update(dj_database_url.parse(os.environ["DATABASE_URL"]))
    cache_settings: Any = settings.CACHES["default"]
    cache_settings["LOCATION"] = os.environ["REDIS_URL"]


def _drop_databases_of_dead_runs() -> None:
    connection = psycopg2.connect(os.environ["DATABASE_URL"])
    connection.autocommit = True
    with closing(connection), connection.cursor() as cursor:
        cursor.execute(r"SELECT datname FROM pg_database WHERE datname ~ '^test_imas_\d+'")
        for (name,) in cursor.fetchall():
            if not psutil.pid_exists(int(name.split("_")[2])):
                cursor.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')


def _prepare_settings(run: str) -> None:
    database = connections.settings["default"]
    database["TEST"]["NAME"] = f"test_imas_{run}"
    database["CONN_MAX_AGE"] = 0
    database["OPTIONS"] = {"options": "-c synchronous_commit=off"}
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    settings.STORAGES["staticfiles"] = {
        "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
    }
    settings.WHITENOISE_AUTOREFRESH = settings.WHITENOISE_USE_FINDERS = True
    app.conf.broker_url = "memory://"


@pytest.fixture(scope="session", autouse=True)
def _authority(tmp_path_factory: pytest.TempPathFactory) -> None:
    """An authority of client certificates of this run's own, its key in a file."""
    folder = tmp_path_factory.mktemp("ca")
    settings.CA_CERTIFICATE, settings.CA_KEY = str(folder / "root.crt"), str(folder / "root.key")
    call_command("make_ca")


@pytest.fixture(scope="session")
def django_db_modify_db_settings(django_db_modify_db_settings: None) -> None:
    """A test database begins as a copy of a migrated one."""
    connections.settings["default"]["TEST"]["TEMPLATE"] = foundation(os.environ["DATABASE_URL"])


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None) -> None:
    """Tests that commit are swept away."""
    empty_quickly()


@pytest.fixture(autouse=True)
def _own_cache() -> None:
    """No test sees what another has put into Redis."""
    cache.key_prefix = uuid.uuid4().hex


@pytest.fixture(scope="session", autouse=True)
def _own_documents(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Sent documents and scans go to folders that pytest clears."""
    own: dict[str, Any] = {**settings.STORAGES}
    for alias, folder in (("default", ""), ("scans", "scans")):
        location = str(tmp_path_factory.getbasetemp() / folder)
        own[alias] = {**own[alias], "OPTIONS": {**own[alias]["OPTIONS"], "location": location}}
    # Overridden, not changed in place: a storage that exists already would stay where it was.
    with override_settings(STORAGES=own):
        yield


@pytest.fixture
def celery_app() -> Celery:
    """The house's queue, kept in memory."""
    return app

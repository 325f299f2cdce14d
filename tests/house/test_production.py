"""What cannot be run here is at least read by its parser."""

import re
from pathlib import Path
from typing import Any

import yaml

ROOT = Path(__file__).resolve().parents[2]


PLAIN_ADDRESSES = {"SITE_URL", "AVAZ_URL", "AVAZ_DESK_URL", "AVAZ_WATCHED_URL"}


def _compose() -> dict[str, Any]:
    parsed: dict[str, Any] = yaml.safe_load((ROOT / "docker-compose.yml").read_text())
    return parsed


def test_compose_holds_the_production_shape() -> None:
    assert set(_compose()["services"]) == {
        "postgres", "redis", "migrate", "web", "worker", "mailer", "caller", "beat", "avaz",
        "avaz-clock",
    }  # fmt: skip


def test_every_queue_has_a_worker() -> None:
    services = _compose()["services"]
    served = ",".join(
        services[name]["command"][services[name]["command"].index("--queues") + 1]
        for name in ("worker", "mailer", "caller")
    )
    assert set(served.split(",")) == {"intake", "checks", "mail", "webhooks"}


def test_no_secret_stands_in_the_compose_file() -> None:
    compose = _compose()
    for service in compose["services"].values():
        for name, value in service.get("environment", {}).items():
            secret = (
                re.search(r"PASSWORD|SECRET|KEY|TOKEN|_URL$", name) and name not in PLAIN_ADDRESSES
            )
            assert not secret or name.endswith("_FILE"), (name, value)
        assert set(service.get("secrets", [])) <= set(compose["secrets"])


def test_what_must_be_alive_is_watched() -> None:
    services = _compose()["services"]
    for name in ("postgres", "redis", "web", "worker", "mailer"):
        assert services[name]["healthcheck"]["test"], name


def test_the_image_runs_as_nobody_special_and_holds_no_development_tools() -> None:
    lines = (ROOT / "Dockerfile").read_text().splitlines()
    last = lines[max(i for i, line in enumerate(lines) if line.startswith("FROM")) :]
    assert "USER imas" in last
    assert not any("dev.txt" in line for line in last)


def test_the_procfile_serves_every_queue() -> None:
    procfile = (ROOT / "Procfile").read_text()
    assert {line.partition(":")[0] for line in procfile.splitlines()} == {
        "web", "programs", "worker", "beat", "mail", "bank", "systems", "sms", "avaz", "avaz-clock",
    }  # fmt: skip
    assert "--queues intake,checks,mail" in procfile

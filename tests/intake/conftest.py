"""Every test of this folder has a toy kind of document and folders of its own."""

from pathlib import Path

import pytest
from pytest_django import Settings

from intake import kinds
from intake.types import Kind
from tests.intake.make import TOY, toy_kind


@pytest.fixture(autouse=True)
def toy(monkeypatch: pytest.MonkeyPatch) -> Kind:
    kind = toy_kind()
    monkeypatch.setitem(kinds._KINDS, TOY, kind)
    return kind


@pytest.fixture(autouse=True)
def documents_dir(settings: Settings, tmp_path: Path) -> Path:
    folder = tmp_path / "documents"
    settings.STORAGES = {
        **settings.STORAGES,
        "default": {
            "BACKEND": "intake.storage.DurableStorage",
            "OPTIONS": {"location": str(folder)},
        },
    }
    settings.INTAKE_WORK_DIR = tmp_path / "work"
    return folder


def files_in(folder: Path) -> list[Path]:
    return [path for path in folder.rglob("*") if path.is_file()]

"""What the nightly clearing removes, and what it never touches."""

import os
import time
import uuid
from pathlib import Path

import pytest

from imas.kernel import clock
from intake import services
from tests.intake.conftest import files_in
from tests.intake.make import GOOD, judged, send

pytestmark = pytest.mark.django_db
HOUR = 3600


def left(folder: Path, name: str, *, hours: float = 25) -> Path:
    path = folder / "toy" / f"{clock.today():%Y/%m/%d}" / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(GOOD)
    os.utime(path, times=(time.time() - hours * HOUR,) * 2)
    return path


@pytest.mark.parametrize("name", ["{}", ".{}.part"])
def test_old_bytes_without_a_row_go_and_young_ones_stay(name: str, documents_dir: Path) -> None:
    left(documents_dir, name.format(uuid.uuid4()))
    young = left(documents_dir, name.format(uuid.uuid4()), hours=23)
    assert services.clear_storage() == 1
    assert files_in(documents_dir) == [young]
    assert services.clear_storage() == 0


def test_bytes_of_a_document_stay_however_old(documents_dir: Path) -> None:
    waiting, done = send(GOOD), judged(GOOD)
    for document in (waiting, done):
        left(documents_dir, str(document.pk))
    assert services.clear_storage() == 0
    assert len(files_in(documents_dir)) == 2


def test_a_second_try_at_a_documents_bytes_goes_alone(documents_dir: Path) -> None:
    document = send(GOOD)
    left(documents_dir, f".{document.pk}.part")
    assert services.clear_storage() == 1
    assert [path.name for path in files_in(documents_dir)] == [str(document.pk)]


def test_bytes_of_a_dry_run_whose_removal_failed_go(documents_dir: Path) -> None:
    document = judged(GOOD, dry_run=True)
    left(documents_dir, str(document.pk))
    assert services.clear_storage() == 1


def test_a_file_that_is_no_upload_is_not_touched(documents_dir: Path) -> None:
    kept = [left(documents_dir, name) for name in ("README", f"{uuid.uuid4()}.bak")]
    assert services.clear_storage() == 0
    assert sorted(files_in(documents_dir)) == sorted(kept)


def test_an_empty_storage_has_nothing_to_clear() -> None:
    assert services.clear_storage() == 0

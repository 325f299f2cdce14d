"""Where documents are unpacked: one folder for each attempt, gone when the attempt ends."""

import shutil
import tempfile
from contextlib import suppress
from pathlib import Path
from uuid import UUID

from django.conf import settings

from intake.models import Document


def workplace(document: Document) -> tempfile.TemporaryDirectory[str]:
    """Return a new folder for this attempt; it removes itself when left."""
    root = Path(settings.INTAKE_WORK_DIR)
    root.mkdir(parents=True, exist_ok=True, mode=0o700)
    return tempfile.TemporaryDirectory(
        prefix=f"{document.pk}.{document.attempts}.", dir=root, ignore_cleanup_errors=True
    )


def clear_leftovers() -> None:
    """Remove the folders on this machine whose worker died or lost its document."""
    for folder in Path(settings.INTAKE_WORK_DIR).glob("*.*.*"):
        with suppress(ValueError):
            document_id, attempt, _ = folder.name.split(".")
            if not Document.objects.claimed(UUID(document_id), int(attempt)).exists():
                shutil.rmtree(folder, ignore_errors=True)

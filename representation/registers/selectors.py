"""Reads about imports."""

from uuid import UUID

from django.db.models import QuerySet

from imas.kernel.errors import NotFoundError
from representation.models import ImportRun


def imports() -> QuerySet[ImportRun]:
    """Return every file that came, the newest first, with who sent and who decided."""
    return ImportRun.objects.select_related("created_by", "decided_by")


def find_import(run_id: UUID) -> ImportRun:
    """Return one file; no such file: `NotFoundError`."""
    run = imports().filter(pk=run_id).first()
    if run is None:
        raise NotFoundError("import-not-found")
    return run

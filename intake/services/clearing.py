"""Clearing away the bytes of uploads whose process died: no row owns them, and none ever will."""

import logging
import re
from collections.abc import Iterator
from datetime import datetime, timedelta
from itertools import islice

from django.conf import settings
from django.core.files.storage import default_storage

from imas.kernel import clock
from intake.models import Document

logger = logging.getLogger(__name__)

DAYS_LOOKED_BACK = 31
"""Older days were looked at on each of the days before; not all of all years every night."""
_BATCH = 1000
_OF_UPLOAD = re.compile(r"\.?([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})(?:\.part)?")
"""The name of a document's bytes, or of those not yet whole; nothing else is ever touched."""


def clear_storage() -> int:
    """Remove what uploads left without a row a safe age ago; return how many files.

    Safe is an age no upload reaches between its first byte and its row. Any number of sweeps
    may run at once.
    """
    before = clock.now() - timedelta(hours=settings.INTAKE_LEFTOVER_HOURS)
    names = _looked_at()
    removed = 0
    while batch := list(islice(names, _BATCH)):
        for name in sorted(_without_row(batch)):
            removed += _remove(name, before)
    if removed:
        logger.warning("intake.leftovers-removed", extra={"files": removed})
    return removed


def _looked_at() -> Iterator[str]:
    """Names under `<kind>/<year>/<month>/<day>`, a folder for each day uploads began on."""
    kinds = _list("")[0]
    for back in range(DAYS_LOOKED_BACK):
        day = clock.today() - timedelta(days=back)
        for kind in kinds:
            folder = f"{kind}/{day:%Y/%m/%d}"
            yield from (
                f"{folder}/{file}" for file in _list(folder)[1] if _OF_UPLOAD.fullmatch(file)
            )


def _list(folder: str) -> tuple[list[str], list[str]]:
    try:
        return default_storage.listdir(folder)
    except FileNotFoundError:
        return [], []


def _without_row(names: list[str]) -> set[str]:
    ids = [found[1] for name in names if (found := _OF_UPLOAD.search(name))]
    owned = Document.objects.filter(pk__in=ids).exclude(storage_name="")
    return set(names) - set(owned.values_list("storage_name", flat=True))


def _remove(name: str, before: datetime) -> bool:
    try:
        if default_storage.get_modified_time(name) >= before:
            return False
    except FileNotFoundError:
        return False
    default_storage.delete(name)
    return True

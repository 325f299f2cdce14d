"""Other processes on the database and in the folders of the running test."""

import os
from pathlib import Path
from urllib.parse import quote

from django.db import connection


def environment(documents: Path, work: Path) -> dict[str, str]:
    """Return what a process needs to see what the test sees."""
    parts = connection.settings_dict
    user = quote(str(parts["USER"]))
    password = f":{quote(str(parts['PASSWORD']))}" if parts["PASSWORD"] else ""
    address = f"{parts['HOST']}:{parts['PORT']}/{parts['NAME']}"
    return {
        **os.environ,
        "DATABASE_URL": f"postgres://{user}{password}@{address}",
        "DOCUMENTS_DIR": str(documents),
        "INTAKE_WORK_DIR": str(work),
        "DJANGO_SETTINGS_MODULE": os.environ.get("DJANGO_SETTINGS_MODULE", "imas.settings"),
    }

"""What happens at the desk: files taken in, drafts completed, confirmed, removed."""

from collections.abc import Mapping

from django.conf import settings
from django.db import transaction
from django.utils.crypto import constant_time_compare

from exchange import eds_messages as eds
from exchange.desk.models import DeskFile
from imas.kernel import clock
from imas.kernel.errors import ConflictError, DomainError, NotFoundError
from imas.kernel.ffdata import Fields, read, write
from representation.services import journal
from representation.types import Acting

RIGHT = "isaf.returns"
COMPLETED = ("B_MM_Adresas", "B_MM_Epastas", "B_MM_Tel", "E10")
"""What the taxpayer may complete: where he is reached, and his activity."""


def knows(program: str, user: str, password: str) -> bool:
    """Tell whether a program may upload here."""
    asked = (program, user, password)
    held = (settings.EDS_PROGRAM, settings.EDS_USER, settings.EDS_PASSWORD)
    agree = [constant_time_compare(*pair) for pair in zip(asked, held, strict=True)]
    return all(agree)


def take(program: str, code: str, file_name: str, description: str, content: bytes) -> DeskFile:
    """Keep a file as a draft; RefusedDocumentError when it is no FFData."""
    read(content)
    return DeskFile.objects.create(
        person_code=code[:11],
        program=program,
        file_name=file_name[:260],
        description=description[: eds.DESCRIPTION],
        content=content,
    )


def find(acting: Acting, file_id: int) -> DeskFile:
    """Return a file of the taxpayer; NotFoundError("eds-file-not-found")."""
    acting.require_wholly(RIGHT)
    found = DeskFile.objects.filter(pk=file_id, person_code=acting.taxpayer_code).first()
    if found is None:
        raise NotFoundError("eds-file-not-found")
    return found


def confirm(acting: Acting, file_id: int, completed: Mapping[str, str], person: str) -> DeskFile:
    """Complete a draft and file it: the declaration is accepted at once, for here nobody checks.

    ConflictError("eds-file-decided") when it is no draft any more.
    """
    with transaction.atomic():
        found = _draft(acting, file_id)
        definition, pages = read(bytes(found.content))
        told = {name: value for name, value in completed.items() if name in COMPLETED}
        filled = [
            (name, {field: told.get(field, value) for field, value in fields.items()})
            for name, fields in pages
        ]
        found.content = write(definition, filled, clock.today())
        found.file_state, found.declaration_state = eds.FILE_CONFIRMED, eds.ACCEPTED
        _decide(found, person)
        journal(acting, "eds-desk.confirmed", found.file_name)
    return found


def remove(acting: Acting, file_id: int, person: str) -> None:
    """Remove a draft; refused as `confirm` is."""
    with transaction.atomic():
        found = _draft(acting, file_id)
        found.file_state = eds.FILE_REMOVED
        _decide(found, person)
        journal(acting, "eds-desk.removed", found.file_name)


def pages_of(found: DeskFile) -> list[tuple[str, Fields]]:
    """Return the pages of a file with their fields; none of a file that cannot be read."""
    try:
        return read(bytes(found.content))[1]
    except DomainError:
        return []


def _draft(acting: Acting, file_id: int) -> DeskFile:
    find(acting, file_id)
    found = DeskFile.objects.select_for_update().get(pk=file_id)
    if found.file_state != eds.FILE_UNCONFIRMED:
        raise ConflictError("eds-file-decided")
    return found


def _decide(found: DeskFile, person: str) -> None:
    found.decided_at, found.decided_by = clock.now(), person
    found.save()

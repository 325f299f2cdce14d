"""Saying that a tax period had no invoices, without writing a file."""

from imas.kernel import clock
from imas.kernel.errors import ConflictError, UnprocessableError
from imas.kernel.periods import Period
from intake.models import Document
from isaf.building import document, own_header
from isaf.models import Register
from isaf.services import uploading
from representation.types import Acting

_PART = "1"
"""The number that a file of one part has, so that a file sent later takes its place."""


def require_empty(acting: Acting, period: Period) -> None:
    """Refuse a nil register of a period that is not over or of which something was sent.

    UnprocessableError("period-not-over"), ConflictError("period-not-empty"), and
    ConflictError("files-waiting") while a file, of whatever period, has no verdict yet: an empty
    one judged after it would take its place. ForbiddenError where the right to upload is limited,
    because the file speaks for every register.
    """
    acting.require_wholly("isaf.upload")
    if period.end >= clock.today():
        raise UnprocessableError("period-not-over", period=period.code)
    if Register.objects.of_taxpayer(acting.taxpayer_id).of_period(period).exists():
        raise ConflictError("period-not-empty", period=period.code)
    sent = Document.objects.of_kind(uploading.KIND).filter(taxpayer_id=acting.taxpayer_id)
    if sent.waiting().filter(dry_run=False).exists():
        raise ConflictError("files-waiting")


def send_nil(acting: Acting, period: Period) -> Document:
    """Send a file without invoices for a period; it is judged like any other (VA-119, 17.4).

    It makes both invoice registers of the period, empty, to be submitted.
    """
    require_empty(acting, period)
    content = document(own_header(acting.taxpayer_code, period, _PART))
    return uploading.send_written(acting, f"nil-{period.start}-{period.end}.xml", content)

"""Handing confirmed returns over to EDS, and asking there what became of them.

The row is the queue: it is written in the transaction that confirms, so a dead EDS loses nothing.
No transaction is open while EDS is called. A file whose answer is lost is uploaded again; both then
lie in EDS unconfirmed, and the taxpayer confirms one.
"""

import logging
from datetime import timedelta
from uuid import UUID

from django.conf import settings
from django.db import transaction

from exchange import eds_messages as messages
from exchange.eds_messages import BrokenAnswerError, Credentials, Stands, Taken
from exchange.filing_notices import tell_of
from exchange.filing_states import FINAL, state_of
from exchange.models import Filing
from imas.kernel import clock
from isaf.filing import Filed, Handed
from mailbox import outgoing
from representation.services import journal
from representation.types import Acting, system_acting

PAUSES = tuple(timedelta(seconds=seconds) for seconds in (10, 30, 60, 300, 900, 3600))
"""Between questions and tries, the last one for ever."""

_AT_ONCE = 200
_KEPT = 64 * 1024
_SAID = 300

logger = logging.getLogger(__name__)


class Office:
    """The way of confirmed returns to EDS (`isaf.filing.FilingOffice`)."""

    def hand_over(self, acting: Acting, handed: Handed) -> None:
        """Put a file into the outbox, once for each version of a return."""
        now = clock.now()
        Filing.objects.get_or_create(
            taxpayer_id=acting.taxpayer_id,
            subject=handed.subject,
            defaults={
                "form": handed.form,
                "file_name": handed.file_name,
                "content": handed.content,
                "created_at": now,
                "due_at": now,
            },
        )

    def filed(self, taxpayer_id: int, subject: str) -> Filed | None:
        """Return where a file stands."""
        found = Filing.objects.filter(taxpayer_id=taxpayer_id, subject=subject).first()
        if found is None:
            return None
        at = found.told_at or found.created_at
        return Filed(state_of(found), at, found.said, settings.EDS_ADDRESS if found.file_id else "")


def due() -> list[UUID]:
    """Return the filings whose turn has come."""
    rows = Filing.objects.due(clock.now()).order_by("due_at")
    return list(rows.values_list("pk", flat=True)[:_AT_ONCE])


def carry_on(filing_id: UUID) -> None:
    """Upload a file, or ask what became of it, if that is due. Safe to call any number of times."""
    if not Filing.objects.claim(filing_id, clock.now()):
        return
    filing = Filing.objects.select_related("taxpayer").get(pk=filing_id)
    try:
        told = _asked(filing) if filing.file_id else _uploaded(filing)
    except BrokenAnswerError:
        told = None
        logger.warning("exchange.eds_silent", extra={"filing": str(filing_id)})
    _write_down(filing_id, told)


def _uploaded(filing: Filing) -> Taken:
    message = messages.submit(
        _credentials(),
        bytes(filing.content),
        filing.file_name,
        f"{filing.form} {filing.subject}",
        filing.taxpayer.code,
    )
    return messages.taken(_call("SubmitFile", message))


def _asked(filing: Filing) -> Stands:
    return messages.stands(_call("CheckFileState", messages.check(_credentials(), filing.file_id)))


def _call(operation: str, message: bytes) -> str:
    headers = {
        "Content-Type": "text/xml; charset=utf-8",
        "SOAPAction": f'"{messages.NAMESPACE}/{operation}"',
        "User-Agent": "i.MAS-exchange/1",
    }
    answer = outgoing.post(
        settings.EDS_UPLOAD_URL, message, headers, named_by_operator=True, keep=_KEPT
    )
    if not answer.is_taken:
        raise BrokenAnswerError
    return answer.excerpt


def _credentials() -> Credentials:
    return Credentials(settings.EDS_PROGRAM, settings.EDS_USER, settings.EDS_PASSWORD)


@transaction.atomic
def _write_down(filing_id: UUID, told: Taken | Stands | None) -> None:
    filing = Filing.objects.select_for_update().select_related("taxpayer").get(pk=filing_id)
    before, now = state_of(filing), clock.now()
    if isinstance(told, Taken):
        filing.file_id, filing.error, filing.attempts = told.file_id, told.error, 0
    elif isinstance(told, Stands):
        filing.file_state, filing.declaration_state = told.file_state, told.declaration_state
    if told is not None:
        filing.said, filing.told_at = told.said[:_SAID], now
    state = state_of(filing)
    if state != before:
        filing.attempts = 0
        acting = system_acting(filing.taxpayer, ())
        journal(acting, "exchange.filing-told", filing.subject, state=state)
        tell_of(filing, state)
    filing.claimed_at = None
    filing.due_at = now + PAUSES[min(max(filing.attempts, 1), len(PAUSES)) - 1]
    filing.finished_at = now if state in FINAL else None
    filing.save()

"""Looking after what was lost: what is due again, what has failed for good."""

import logging
from uuid import UUID

from django.core.mail import mail_admins
from django.db import transaction

from imas.kernel import clock
from imas.kernel.problems import Problem
from intake import kinds
from intake.models import Document
from intake.notices import announce_failure, record_state
from intake.services.findings import write_findings
from intake.services.workplace import clear_leftovers
from intake.types import DocumentState, Findings, Stage
from representation.services import journal
from representation.types import system_acting

logger = logging.getLogger(__name__)

SYSTEM_ERROR = "10000"


def sweep() -> list[UUID]:
    """Give up what has failed too often, clear up after dead workers, return all that is due."""
    for document_id in Document.objects.given_up().values_list("pk", flat=True):
        _give_up(document_id)
    clear_leftovers()
    return list(Document.objects.due().order_by("arrival").values_list("pk", flat=True))


def _give_up(document_id: UUID) -> None:
    """End a document as FAILED; the taxpayer is told in the mailbox, the operators by mail."""
    with transaction.atomic():
        lost = Document.objects.given_up().filter(pk=document_id)
        document = lost.select_for_update(skip_locked=True, of=("self",)).first()
        if document is None:
            return
        document.state = DocumentState.FAILED
        document.stage = Stage.DONE
        document.refusal_code = SYSTEM_ERROR
        document.finished_at = clock.now()
        document.save()
        findings = Findings()
        findings.add([Problem(SYSTEM_ERROR)])
        write_findings(document, findings)
        record_state(document)
        announce_failure(document)
        kinds.get(document.kind).announce(document)
        journal(system_acting(document.taxpayer, ()), "intake.document-failed", document.number)
    logger.error(
        "intake.document-failed",
        extra={"document": document.number, "kind": document.kind, "attempts": document.attempts},
    )
    mail_admins(
        f"Document {document.number} failed",
        f"It was taken up {document.attempts} times and no worker finished it. "
        "The log has every attempt under its number; docs/intake.md says what can be done.",
        # The log has told already; a mail server that is down must not stop the sweep.
        fail_silently=True,
    )

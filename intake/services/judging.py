"""Having a document judged: claim, unpack, judge, one transaction for the verdict."""

import logging
from contextlib import ExitStack, suppress
from pathlib import Path
from typing import IO, cast
from uuid import UUID

from django.conf import settings
from django.core.files.storage import default_storage
from django.db import transaction

from imas.kernel import clock
from imas.kernel.problems import Problem, Severity
from intake import kinds
from intake.models import Document
from intake.notices import record_state
from intake.pulse import Pulse
from intake.services.findings import write_findings
from intake.services.workplace import workplace
from intake.types import (
    Container,
    DocumentState,
    Findings,
    Job,
    Judgement,
    Kind,
    Source,
    Stage,
)
from intake.unpacking import Limits, unpack
from representation.services import journal
from representation.types import NOBODY, system_acting

logger = logging.getLogger(__name__)


def process(document_id: UUID) -> Document | None:
    """Judge a due document; return it with its verdict, or None when there was nothing to do.

    Safe to call any number of times, from anywhere: of two calls one judges. What the judge
    raises is not caught here; the document is due again when the lease ends.
    """
    if not Document.objects.claim(document_id):
        return None
    document = Document.objects.select_related("taxpayer").get(pk=document_id)
    kind = kinds.get(document.kind)
    findings = Findings()
    with Pulse(document) as pulse, workplace(document) as place:
        judgement = _judge(kind, document, findings, pulse, Path(place))
    return _conclude(kind, document, findings, judgement, pulse)


def _judge(
    kind: Kind, document: Document, findings: Findings, pulse: Pulse, place: Path
) -> Judgement:
    path, problem = _unpacked(document, pulse, place)
    if problem:
        findings.add([problem])
        return Judgement(accepted=False)
    pulse.total_bytes = path.stat().st_size
    pulse.progress(Stage.READING, 0, 0)
    return kind.judge(
        Job(
            document_id=document.pk,
            taxpayer_id=document.taxpayer_id,
            user_id=document.received_by_id or NOBODY,
            source=Source(document.source),
            dry_run=document.dry_run,
            attempt=document.attempts,
            filename=document.filename,
            sha256=document.sha256,
            path=path,
            room=place,
            size=pulse.total_bytes,
            limits=document.limits,
            findings=findings,
            progress=pulse.progress,
        )
    )


def _unpacked(document: Document, pulse: Pulse, place: Path) -> tuple[Path, Problem | None]:
    """Return where the plain XML lies: in the storage itself when that is a plain local file."""
    container = Container(document.container)
    if container is Container.XML:
        with suppress(NotImplementedError):
            return Path(default_storage.path(document.storage_name)), None
    target = place / "document.xml"
    limits = Limits(settings.INTAKE_MAX_UNPACKED_BYTES, settings.INTAKE_MAX_RATIO)
    with default_storage.open(document.storage_name) as stored:
        problem = unpack(
            container,
            cast("IO[bytes]", stored),
            target,
            limits,
            lambda written: pulse.progress(Stage.UNPACKING, written, 0),
        )
    return target, problem


def _conclude(
    kind: Kind, document: Document, findings: Findings, judgement: Judgement, pulse: Pulse
) -> Document | None:
    """Write the verdict and all it brings in one transaction, unless the claim was lost."""
    with ExitStack() as undo:
        undo.callback(judgement.discard)
        with transaction.atomic():
            held = Document.objects.claimed(document.pk, document.attempts)
            mine = held.select_for_update().first()
            if mine is None:
                logger.warning("intake.claim-lost", extra={"document": document.number})
                return None
            keeps = judgement.accepted and not mine.dry_run
            if keeps:
                mine.registers = list(judgement.keep())
            _write_verdict(mine, findings, judgement, pulse)
            kind.announce(mine)
        if keeps:
            undo.pop_all()
    return mine


def _write_verdict(
    document: Document, findings: Findings, judgement: Judgement, pulse: Pulse
) -> None:
    state = DocumentState.ACCEPTED if judgement.accepted else DocumentState.REJECTED
    now = clock.now()
    for column, value in pulse.seen().items():
        setattr(document, column, value)
    document.state = state
    document.stage = Stage.DONE
    document.counts = dict(judgement.counts)
    document.is_partial = judgement.accepted and judgement.is_partial
    document.finished_at = document.heartbeat_at = now
    if not judgement.accepted:
        first = next((found for found in findings.kept if found.severity is Severity.ERROR), None)
        document.refusal_code = first.code if first else ""
    if document.dry_run:
        _forget_bytes(document)
    document.save()
    write_findings(document, findings)
    record_state(document)
    journal(
        system_acting(document.taxpayer, ()),
        "intake.document-judged",
        document.number,
        state=state,
        attempt=str(document.attempts),
    )


def _forget_bytes(document: Document) -> None:
    """Keep nothing of a dry run but its verdict."""
    name, document.storage_name = document.storage_name, ""
    transaction.on_commit(lambda: default_storage.delete(name))

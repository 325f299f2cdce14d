"""What the front desk itself writes to a taxpayer's mailbox, and tells programs."""

from intake import kinds
from intake.models import Document
from mailbox.services import post_message, record_event


def record_state(document: Document) -> None:
    """Let programs that follow events know how a document stands; a dry run is nobody's event."""
    if not document.dry_run:
        record_event(
            document.taxpayer_id,
            f"{document.kind}.file",
            kinds.get(document.kind).right_to_view,
            document.number,
            id=str(document.pk),
            state=document.state,
        )


def announce_failure(document: Document) -> None:
    """Say that we could not judge a document, through no fault of the taxpayer."""
    url_name = kinds.get(document.kind).url_name
    post_message(
        taxpayer_id=document.taxpayer_id,
        subsystem=document.kind,
        key=f"intake.failed.{document.pk}",
        code="intake.failed",
        params={"number": document.number, "filename": document.filename},
        url_name=url_name,
        url_args=(str(document.pk),) if url_name else (),
    )

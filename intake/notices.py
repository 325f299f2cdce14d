"""What the front desk itself writes to a taxpayer's mailbox."""

from intake import kinds
from intake.models import Document
from mailbox.services import post_message


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

"""Work of this app that nobody waits for."""

from uuid import UUID

from celery import shared_task

from representation import letters, services


@shared_task(name="representation.send_letter", acks_late=True, ignore_result=True)
def send_letter(letter_id: str) -> None:
    """Send one letter about a mandate."""
    letters.send_mandate_letter(UUID(letter_id))


@shared_task(name="representation.send_letters", acks_late=True, ignore_result=True)
def send_letters() -> None:
    """Send the letters about mandates that are due."""
    letters.send_due_letters()


@shared_task(name="representation.end_mandates", acks_late=True, ignore_result=True)
def end_mandates() -> None:
    """Note what has ended and warn of what will."""
    services.expire_mandates()
    services.expire_proposals()
    services.warn_of_endings()


@shared_task(name="representation.warn_of_credentials", acks_late=True, ignore_result=True)
def warn_of_credentials() -> None:
    """Say which keys and certificates are about to end."""
    services.warn_of_credentials()


@shared_task(name="representation.seal_journal", acks_late=True, ignore_result=True)
def seal_journal() -> None:
    """Seal what has been committed to the journal."""
    services.seal_journal()


@shared_task(name="representation.anchor_journal", acks_late=True, ignore_result=True)
def anchor_journal() -> None:
    """Write the head of the chain of seals into the log."""
    services.anchor_journal()

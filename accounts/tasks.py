"""Work of this app that nobody waits for."""

from uuid import UUID

from celery import shared_task

from accounts import letters


@shared_task(name="accounts.send_confirmation", acks_late=True, ignore_result=True)
def send_confirmation(confirmation_id: str) -> None:
    """Send one confirmation letter."""
    letters.send_confirmation(UUID(confirmation_id))


@shared_task(name="accounts.send_confirmations", acks_late=True, ignore_result=True)
def send_confirmations() -> None:
    """Send confirmation letters that were left waiting."""
    letters.send_due_confirmations()

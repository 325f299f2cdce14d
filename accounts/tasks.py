"""Work of this app that nobody waits for."""

from uuid import UUID

from celery import shared_task

from accounts import letters, services


@shared_task(name="accounts.send_confirmation", acks_late=True, ignore_result=True)
def send_confirmation(confirmation_id: str) -> None:
    """Send one confirmation letter."""
    letters.send_confirmation(UUID(confirmation_id))


@shared_task(name="accounts.send_confirmations", acks_late=True, ignore_result=True)
def send_confirmations() -> None:
    """Send confirmation letters that were left waiting."""
    letters.send_due_confirmations()


@shared_task(name="accounts.forget_visits", acks_late=True, ignore_result=True)
def forget_visits() -> None:
    """Drop trips to providers that ended long ago."""
    services.forget_visits()


@shared_task(name="accounts.send_safety_letters", acks_late=True, ignore_result=True)
def send_safety_letters() -> None:
    """Send the letters about the safety of accounts that wait."""
    letters.send_due_safety_letters()

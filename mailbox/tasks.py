"""Work of this app that nobody waits for."""

from celery import shared_task

from mailbox import letters


@shared_task(name="mailbox.send_notices", acks_late=True, ignore_result=True)
def send_notices() -> None:
    """Send the letters that are due."""
    letters.send_due_notices()

"""Work of this app that nobody waits for."""

from uuid import UUID

from celery import shared_task

from imas.kernel import clock
from mailbox import letters, selectors, services

SWEPT_EXPIRES = 30
"""Seconds after which a queued endpoint is dropped: the next sweep has queued it again."""


@shared_task(name="mailbox.send_notices", acks_late=True, ignore_result=True)
def send_notices() -> None:
    """Send the letters that are due."""
    letters.send_due_notices()


@shared_task(name="mailbox.sweep_webhooks", ignore_result=True)
def sweep_webhooks() -> None:
    """Queue every endpoint that there is something to tell."""
    for endpoint_id in selectors.endpoints_due(clock.now()):
        call_webhook.apply_async((str(endpoint_id),), expires=SWEPT_EXPIRES)


@shared_task(name="mailbox.call_webhook", acks_late=True, ignore_result=True)
def call_webhook(endpoint_id: str) -> None:
    """Tell one endpoint what is due to it; the first failure ends the round."""
    services.spread_events(UUID(endpoint_id))
    for delivery_id in selectors.deliveries_due(UUID(endpoint_id), clock.now()):
        if not services.deliver(delivery_id):
            break


@shared_task(name="mailbox.remind", ignore_result=True)
def remind() -> None:
    """Remind of deadlines that are near."""
    services.remind(clock.today())


@shared_task(name="mailbox.drop_old_events", ignore_result=True)
def drop_old_events() -> None:
    """Forget events that are kept no longer."""
    services.drop_old_events()

"""Queue shells: one service called each."""

from celery import shared_task

from ivaz.services import closing


@shared_task(name="ivaz.close_due", acks_late=True)
def close_due() -> None:
    """Close waybills nobody spoke of in time."""
    closing.close_due()

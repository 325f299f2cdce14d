"""Work of this app that nobody waits for."""

from uuid import UUID

from celery import shared_task

from exchange import selectors, services
from exchange.services import filing


@shared_task(name="exchange.deliver", acks_late=True, ignore_result=True)
def deliver(assignment_id: str) -> None:
    """Tell the other system of what somebody has just saved."""
    services.deliver(UUID(assignment_id))


@shared_task(name="exchange.deliver_due", acks_late=True, ignore_result=True)
def deliver_due() -> None:
    """Tell every system what is due to it."""
    for system in selectors.systems_taking_roles():
        services.deliver_due(system)


@shared_task(name="exchange.look_at_stale", acks_late=True, ignore_result=True)
def look_at_stale() -> None:
    """End roles whose mandates have ended."""
    services.look_at_stale()


@shared_task(name="exchange.file_due", acks_late=True, ignore_result=True)
def file_due() -> None:
    """Hand over to EDS what is due, and ask there what became of what was handed over."""
    for filing_id in filing.due():
        filing.carry_on(filing_id)

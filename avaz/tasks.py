"""Queue shells: one service called each. Without a desk there is nothing to do."""

from celery import shared_task
from django.conf import settings

from avaz import letters
from avaz.services import linking, minding, ordering, telling
from imas.kernel.errors import UnavailableError


@shared_task(name="avaz.order_codes", acks_late=True, ignore_result=True)
def order_codes() -> None:
    """Compare codes with mandates and contacts."""
    if settings.AVAZ_DESK_URL:
        ordering.look_at_people()


@shared_task(name="avaz.send_codes", acks_late=True, ignore_result=True)
def send_codes() -> None:
    """Send letters with codes."""
    letters.send_codes()


@shared_task(name="avaz.push", acks_late=True, ignore_result=True, throws=(UnavailableError,))
def push() -> None:
    """Tell the desk what has changed; the next sweep tries again what it does not take."""
    if settings.AVAZ_DESK_URL:
        linking.push()


@shared_task(name="avaz.pull", acks_late=True, ignore_result=True, throws=(UnavailableError,))
def pull() -> None:
    """Take over what was announced."""
    if settings.AVAZ_DESK_URL:
        linking.pull()


@shared_task(name="avaz.note_completed", acks_late=True, ignore_result=True)
def note_completed() -> None:
    """Note what i.VAZ has by now."""
    minding.note_completed()


@shared_task(name="avaz.tell_outages", acks_late=True, ignore_result=True)
def tell_outages() -> None:
    """Tell some mailboxes of outages, and come back for the next after others had their turn."""
    if telling.tell_outages():
        tell_outages.delay()


@shared_task(name="avaz.tell_overdue", acks_late=True, ignore_result=True)
def tell_overdue() -> None:
    """Tell whose days are over."""
    minding.tell_overdue()

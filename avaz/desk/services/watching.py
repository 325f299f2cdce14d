"""Is the main system well? An outage begins and ends after so many answers in a row."""

import logging
from datetime import timedelta

import requests
from django.conf import settings
from django.db import transaction

from avaz.desk.models import Observed
from avaz.desk.services.registering import the_desk
from imas.kernel import clock

_SECONDS = (3.05, 10)

logger = logging.getLogger(__name__)


def watch() -> None:
    """Ask the main system once whether it is well, and note what follows."""
    note(is_well=_is_well())


def note(*, is_well: bool) -> None:
    """Count an answer; AVAZ_WATCH_TIMES alike in a row begin or end an outage.

    It began with the first missing answer, and ended with the first good one.
    """
    with transaction.atomic():
        desk = the_desk()
        desk.good = desk.good + 1 if is_well else 0
        desk.bad = 0 if is_well else desk.bad + 1
        desk.save(update_fields=["good", "bad"])
        lasting = Observed.objects.filter(end__isnull=True).first()
        times = settings.AVAZ_WATCH_TIMES
        first = clock.now() - timedelta(seconds=settings.AVAZ_WATCH_SECONDS) * (times - 1)
        if lasting is None and desk.bad == times:
            Observed.objects.create(start=first)
            logger.warning("avaz.outage-began")
        elif lasting is not None and desk.good == times:
            lasting.end = max(first, lasting.start)
            lasting.save(update_fields=["end"])
            logger.warning("avaz.outage-ended")


def outage_now() -> Observed | None:
    """Return the outage that lasts."""
    return Observed.objects.filter(end__isnull=True).first()


def _is_well() -> bool:
    with requests.Session() as asked:
        asked.trust_env = False
        try:
            return asked.get(settings.AVAZ_WATCHED_URL, timeout=_SECONDS).ok
        except requests.RequestException:
            return False

"""What waits in registers and mandates for a person who is not a user yet."""

from django.utils.translation import gettext

from imas.kernel import clock
from representation.models import Accountant, Headship, Mandate

_MOST = 20


def held_by_fingerprint(fingerprint: str) -> list[str]:
    """Return in words whom the person with this fingerprint may act for by becoming a user."""
    today = clock.today()
    held = {"person": fingerprint}
    found = [
        (gettext("head of %(name)s (%(code)s)"), Headship.objects.on(today).filter(**held)),
        (gettext("accountant of %(name)s (%(code)s)"), Accountant.objects.on(today).filter(**held)),
        (
            gettext("representative of %(name)s (%(code)s)"),
            Mandate.objects.in_force(today).filter(**held),
        ),
        (
            gettext("offered to represent %(name)s (%(code)s)"),
            Mandate.objects.unanswered(clock.now()).filter(**held),
        ),
    ]
    return [
        words % {"name": row.taxpayer.name, "code": row.taxpayer.code}
        for words, rows in found
        for row in rows.select_related("taxpayer")[:_MOST]
    ]

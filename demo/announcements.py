"""What went through a.VAZ in the demo economy: codes, outages of before, ARNs of every standing."""

from collections.abc import Mapping, Sequence
from datetime import datetime, time, timedelta
from uuid import uuid4

from accounts.models import User
from avaz import arn
from avaz.deadlines import last_day
from avaz.models import Access, CodeLetter, Fallback, OutageNotice
from avaz.services import declaring, minding, observing, ordering, taking_over
from avaz.services.declaring import Declaration
from avaz.services.taking_over import Told
from avaz.types import Channel, Effect, Reason, Subsystem
from demo.people import Company
from demo.waybills import issue_late
from imas.kernel import clock
from ivaz.models import Disturbance, Reservation
from representation.models import Taxpayer
from representation.services.officers import OPERATOR

PHONE = "+37060000001"
COMPLETED = "MIL 2026-20"
_ANNOUNCED: tuple[tuple[str, Reason, str, int], ...] = (
    ("MIL 2026-14", Reason.OUTAGE, "Neatsidaro i.VAZ puslapis", 12),
    ("", Reason.OWN_TROUBLE, "Sugedo sandėlio serveris", 9),
    (COMPLETED, Reason.OUTAGE, "", 0),
    ("MIL 2026-21", Reason.INCOMPLETE, "Dar nežinoma, koks vilkikas veš", 0),
    ("", Reason.OWN_TROUBLE, "Apskaitos programa nesiunčia važtaraščių", 0),
)
"""Number, why, in which words, and how many days ago."""


def write_announcements(
    user: User, companies: Sequence[Company], taxpayers: Mapping[str, Taxpayer]
) -> list[tuple[str, str, str]]:
    """Let one person announce, and return the ways in: e-mail address, code, taxpayer."""
    user.phone, user.phone_confirmed_at = PHONE, clock.now()
    user.save(update_fields=["phone", "phone_confirmed_at"])
    ordering.look_at(user.pk)
    ways = _ways_in(user)
    _write_outages()
    grain = taxpayers[companies[1].code]
    access = Access.objects.get(user=user, taxpayer=grain)
    for place, announced in enumerate(_ANNOUNCED, start=1):
        _announce(access, place, *announced)
    issue_late(companies, taxpayers, COMPLETED)
    minding.note_completed()
    # Nobody waits for letters about invented outages.
    OutageNotice.objects.update(told_at=clock.now())
    return [(user.email, code, name) for name, code in ways if name == grain.name]


def _ways_in(user: User) -> list[tuple[str, str]]:
    """Take the codes out of the letters that would bring them; nobody waits for these either."""
    letters = CodeLetter.objects.filter(access__user=user).select_related("access__taxpayer")
    found = [(letter.access.taxpayer.name, letter.code) for letter in letters]
    letters.update(sent_at=clock.now(), code="")
    return found


def _write_outages() -> None:
    now = clock.now()
    began = now - timedelta(days=40, hours=2)
    declaring.declare(
        OPERATOR,
        Declaration(
            Subsystem.IVAZ,
            began,
            began + timedelta(hours=3, minutes=25),
            Effect.LATE_WAYBILLS,
            "Sutriko duomenų bazės diskas.",
            "A disk of the database failed.",
        ),
    )
    began = now - timedelta(days=12, hours=5)
    ended = began + timedelta(minutes=21)
    told = {"id": 1, "start": began.isoformat(), "end": ended.isoformat()}
    observing.observe(uuid4(), told)
    mistaken = declaring.declare(
        OPERATOR,
        Declaration(Subsystem.ALL, now - timedelta(days=6), None, Effect.LATE_WAYBILLS),
    )
    declaring.withdraw(OPERATOR, mistaken.pk, why="Sutriko tik vienos įstaigos tinklas")
    night = datetime.combine(clock.today() + timedelta(days=5), time(22), clock.VILNIUS)
    declaring.declare(
        OPERATOR,
        Declaration(
            Subsystem.IVAZ,
            night,
            night + timedelta(hours=4),
            Effect.LATE_WAYBILLS,
            "Keičiama duomenų saugykla.",
            "The storage is replaced.",
        ),
    )


def _announce(
    access: Access, place: int, number: str, reason: Reason, description: str, days_ago: int
) -> None:
    """Announce a waybill or several; of those of before the days have gone by."""
    at = clock.now() - timedelta(hours=3)
    made = arn.make(clock.today().year, place)
    taking_over.take_over(
        Told(
            desk=uuid4(),
            desk_id=place,
            arn=made,
            access=access.pk,
            number=number,
            reason=reason,
            description=description,
            channel=Channel.WEB,
            trouble_from=at - timedelta(hours=1),
            trouble_to=None,
            at=at,
        )
    )
    if days_ago:
        then = at - timedelta(days=days_ago)
        until = last_day(then)
        Fallback.objects.filter(arn=made).update(
            at=then,
            trouble_from=then - timedelta(hours=1),
            taken_at=then + timedelta(minutes=10),
            complete_until=until,
        )
        Reservation.objects.filter(arn=made).update(given_at=then, complete_until=until)
        Disturbance.objects.filter(source=made).update(
            start=then - timedelta(hours=1), end=then, complete_until=until
        )

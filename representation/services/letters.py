"""Letters about mandates: put into the outbox here, sent by `representation.letters`."""

import hashlib
from datetime import timedelta

from django.db.models import F, QuerySet
from django.utils.crypto import salted_hmac

from accounts.models import User
from imas.kernel import clock
from representation import selectors
from representation.models import Mandate, MandateLetter
from representation.services.telling import tell_of_ending
from representation.types import WARNED_DAYS_BEFORE, LetterKind


def post_offer(mandate: Mandate, language: str) -> MandateLetter:
    """Write the letter whose link confirms an offer; the link itself is nowhere kept."""
    letter = MandateLetter(
        mandate=mandate,
        kind=LetterKind.OFFER,
        email=mandate.email,
        language=language,
        reader=mandate.person,
        due_at=clock.now(),
    )
    letter.token_hash = hash_of(token_of(letter))
    letter.save(force_insert=True)
    return letter


def token_of(letter: MandateLetter) -> str:
    """Return the secret of the link: computed anew for the letter, never kept."""
    what = f"{letter.pk}:{letter.mandate_id}:{letter.reader}"
    return salted_hmac("representation.offer", what, algorithm="sha256").hexdigest()


def hash_of(token: str) -> str:
    """Return what the table keeps of a link."""
    return hashlib.sha256(token.encode()).hexdigest()


def warn_of_endings() -> None:
    """Write both sides of every mandate that ends within 30, 7 and 1 days, once for each term.

    A night that was missed is made up for the next one, unless the next term has come by then; a
    mandate given for fewer days than a term is not warned of by it.
    """
    today, after = clock.today(), 0
    for days, kind in sorted(WARNED_DAYS_BEFORE.items()):
        nearest, farthest = today + timedelta(days=after + 1), today + timedelta(days=days)
        ending = Mandate.objects.in_force(today).filter(
            until__range=(nearest, farthest), since__lte=F("until") - timedelta(days=days)
        )
        for mandate in ending.select_related("taxpayer", "firm", "user", "via__firm").iterator():
            _warn_of(mandate, days, kind)
        after = days


def _warn_of(mandate: Mandate, days: int, kind: LetterKind) -> None:
    tell_of_ending(mandate, days)
    now = clock.now()
    MandateLetter.objects.bulk_create(
        [
            MandateLetter(
                mandate=mandate,
                kind=kind,
                email=reader.email,
                language=reader.language,
                reader=reader.personal_code_hash or f"account {reader.pk}",
                ends_on=mandate.until,
                due_at=now,
            )
            for reader in _both_sides(mandate)
        ],
        ignore_conflicts=True,
    )


def _both_sides(mandate: Mandate) -> QuerySet[User]:
    """The administrators of the taxpayer (or of the firm that passed it on) and the holder."""
    today = clock.today()
    giver = mandate.via.firm_id if mandate.via and mandate.via.firm_id else mandate.taxpayer_id
    givers = selectors.people_with(giver, "representation.manage", today)
    if mandate.firm_id:
        holders = selectors.people_with(mandate.firm_id, "representation.manage", today)
    else:
        holders = User.objects.filter(personal_code_hash=mandate.person, is_active=True)
    both = User.objects.filter(pk__in=[*givers.values_list("pk", flat=True)])
    both |= User.objects.filter(pk__in=[*holders.values_list("pk", flat=True)])
    return both.filter(email_confirmed_at__isnull=False)

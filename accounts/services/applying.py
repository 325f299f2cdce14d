"""Foreign nationals apply for means of access (VA-119, 9.1 p.)."""

import hashlib
from dataclasses import dataclass
from datetime import date, timedelta

from django.conf import settings
from django.db import transaction
from django.utils.crypto import salted_hmac

from accounts import scans
from accounts.journal import journal
from accounts.models import ApplicationLetter, ForeignApplication
from accounts.models.identities import foreign_hash
from accounts.providers.types import Code
from accounts.types import APPLICATION_MOVES, ApplicantLetter, ApplicationState, IdentifierKind
from imas.kernel import clock
from imas.kernel.errors import ConflictError

LETTERS_PER_DAY = 3
"""How many applications a day one address is written to about."""
_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Applicant:
    """What somebody tells of himself; `proved_by` names the means that has proved the code."""

    first_name: str
    last_name: str
    code: Code
    kind: IdentifierKind
    email: str
    language: str
    purpose: str
    born_on: date | None = None
    proved_by: str = ""


def apply_for_access(applicant: Applicant, scan: bytes = b"") -> ApplicationLetter | None:
    """Take an application in; no officer sees it before its address is confirmed by a link.

    None: the address has had its letters of the day, and nothing is kept. The applicant is told
    the same either way, and whoever i.MAS knows already is taken in like everybody.
    """
    name = scans.keep(scan) if scan else ""
    letter = _take_in(applicant, name, scans.type_of(scan))
    if letter is None:
        scans.remove(name)
    return letter


@transaction.atomic
def _take_in(applicant: Applicant, scan_name: str, scan_type: str) -> ApplicationLetter | None:
    now, email = clock.now(), applicant.email.lower()
    alike = ForeignApplication.objects.filter(email=email, created_at__gt=now - _DAY)
    if alike.count() >= LETTERS_PER_DAY:
        return None
    application = ForeignApplication.objects.create(
        first_name=applicant.first_name,
        last_name=applicant.last_name,
        country=applicant.code.country,
        kind=applicant.kind,
        code=applicant.code.number,
        code_hash=foreign_hash(applicant.code.country, applicant.code.number),
        born_on=applicant.born_on,
        email=email,
        language=applicant.language,
        purpose=applicant.purpose,
        proved_by=applicant.proved_by,
        scan_name=scan_name,
        scan_type=scan_type,
        created_at=now,
    )
    lasts = timedelta(hours=settings.EMAIL_LINK_HOURS)
    return write_to_applicant(application, ApplicantLetter.CONFIRM, lasts)


def write_to_applicant(
    application: ForeignApplication, kind: ApplicantLetter, lasts: timedelta
) -> ApplicationLetter:
    """Put a letter to the applicant in the outbox, in the transaction that gives the reason."""
    now = clock.now()
    letter = ApplicationLetter(application=application, kind=kind, created_at=now, due_at=now)
    letter.expires_at = now + lasts
    letter.token_hash = _hash(applicant_secret(letter))
    letter.save(force_insert=True)
    return letter


def applicant_secret(letter: ApplicationLetter) -> str:
    """Return the secret of the letter's link: computed anew for the letter, never kept."""
    what = f"{letter.pk}:{letter.application_id}:{letter.kind}"
    return salted_hmac("accounts.application", what, algorithm="sha256").hexdigest()


@transaction.atomic
def confirm_application(token: str) -> ForeignApplication | None:
    """Let officers see the application whose link this is; used, expired or unknown: None.

    Of two uses at once exactly one succeeds.
    """
    now = clock.now()
    named = ApplicationLetter.objects.filter(token_hash=_hash(token), kind=ApplicantLetter.CONFIRM)
    open_ones = named.filter(used_at__isnull=True, expires_at__gt=now)
    if open_ones.update(used_at=now) != 1:
        return None
    application = named.select_related("application").get().application
    move_application(application, ApplicationState.WAITING)
    application.confirmed_at = now
    application.save(update_fields=["state", "confirmed_at"])
    journal(None, "accounts.application-confirmed", application.reference)
    return application


def move_application(application: ForeignApplication, state: ApplicationState) -> None:
    """Make one move of the table; another one: `ConflictError`. The caller saves what else is new.

    The row is locked till the end of the transaction, so of two decisions one is taken.
    """
    held = ForeignApplication.objects.select_for_update().values_list("state", flat=True)
    if state not in APPLICATION_MOVES[ApplicationState(held.get(pk=application.pk))]:
        raise ConflictError("application-decided")
    application.state = state


@transaction.atomic
def end_applications() -> None:
    """Let unconfirmed applications expire and then go; remove scans some days after decisions."""
    now = clock.now()
    late = now - timedelta(hours=settings.EMAIL_LINK_HOURS)
    unconfirmed = ForeignApplication.objects.filter(state=ApplicationState.UNCONFIRMED)
    unconfirmed.filter(created_at__lt=late).update(state=ApplicationState.EXPIRED)
    kept_since = now - timedelta(days=settings.APPLICATION_SCAN_DAYS)
    expired = ForeignApplication.objects.filter(state=ApplicationState.EXPIRED)
    decided = ForeignApplication.objects.filter(decided_at__lt=kept_since)
    (expired | decided).exclude(scan_name="").update(scan_name="", scan_type="")
    expired.filter(created_at__lt=kept_since).delete()


def remove_needless_scans() -> int:
    """Remove the scans that belong to no application any more; return how many."""
    owned = set(
        ForeignApplication.objects.exclude(scan_name="").values_list("scan_name", flat=True)
    )
    needless = scans.leftovers(owned)
    for name in needless:
        scans.remove(name)
    return len(needless)


def _hash(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()

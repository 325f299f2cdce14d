"""Officers decide about applications of foreign nationals; the decision makes the user."""

import re
import unicodedata
from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from django.conf import settings
from django.db import IntegrityError, transaction

from accounts import scans
from accounts.journal import journal
from accounts.models import ForeignApplication, ForeignIdentifier, SafetyLetter, User
from accounts.officers import require_officer
from accounts.services.applying import move_application, write_to_applicant
from accounts.services.letters import letter_of, use_link, write_letter
from accounts.types import ApplicantLetter, ApplicationState, LetterKind
from imas.kernel import clock
from imas.kernel.errors import ConflictError, ForbiddenError, NotFoundError

_DECLINE_LASTS = timedelta(days=7)
_NOT_IN_NAMES = re.compile(r"[^a-z0-9]+")
_PLAIN = str.maketrans({"ł": "l", "ø": "o", "đ": "d", "ß": "ss", "æ": "ae", "œ": "oe", "þ": "th"})


@dataclass(frozen=True, slots=True)
class Likenesses:
    """What an officer should know before deciding: who else has this identifier."""

    person: User | None
    applications: list[ForeignApplication]


def find_application(officer: User, application_id: UUID) -> ForeignApplication:
    """Return an application whose address is confirmed; others are not found."""
    require_officer(officer)
    seen = ForeignApplication.objects.seen_by_officers().select_related("user", "decided_by")
    application = seen.filter(pk=application_id).first()
    if application is None:
        raise NotFoundError("application-not-found")
    return application


def likenesses_of(application: ForeignApplication) -> Likenesses:
    """Return the person and the other applications with the same country and identifier."""
    known = ForeignIdentifier.objects.filter(code_hash=application.code_hash)
    found = known.exclude(user=application.user_id).select_related("user").first()
    others = ForeignApplication.objects.of_same_person(application)[:5]
    return Likenesses(found.user if found else None, list(others))


def propose_login_name(application: ForeignApplication) -> str:
    """Return a free login name out of the applicant's names; a number follows where it is taken."""
    whole = f"{application.first_name}.{application.last_name}".lower().translate(_PLAIN)
    plain = unicodedata.normalize("NFKD", whole).encode("ascii", "ignore").decode()
    body = ".".join(_NOT_IN_NAMES.sub("-", part).strip("-") for part in plain.split(".", 1))
    body = body.strip(".")[:56] or "foreigner"
    taken = set(
        User.objects.filter(login_name__startswith=body).values_list("login_name", flat=True)
    )
    names = (body if number == 1 else f"{body}{number}" for number in range(1, len(taken) + 2))
    return next(name for name in names if name not in taken)


@transaction.atomic
def approve_application(officer: User, application_id: UUID, login_name: str) -> User:
    """Make the applicant a user; a link to set the password goes to the confirmed address.

    Nobody approves his own; a person who is known already is `foreigner-known`.
    """
    application = _to_decide(officer, application_id, ApplicationState.APPROVED)
    if ForeignIdentifier.objects.filter(code_hash=application.code_hash).exists():
        raise ConflictError("foreigner-known")
    if User.objects.filter(login_name=login_name).exists():
        raise ConflictError("login-name-taken")
    user = _make_user(application, login_name)
    application.user = user
    application.save()
    journal(officer, "accounts.application-approved", application.reference, login=login_name)
    journal(user, "accounts.made-by-officer", application.reference)
    _write_welcome(user, application.email)
    return user


@transaction.atomic
def decline_application(officer: User, application_id: UUID, reason: str) -> None:
    """Refuse an application; the reason goes to the applicant."""
    application = _to_decide(officer, application_id, ApplicationState.DECLINED)
    application.reason = reason
    application.save()
    write_to_applicant(application, ApplicantLetter.DECLINED, _DECLINE_LASTS)
    journal(officer, "accounts.application-declined", application.reference)


@transaction.atomic
def send_welcome_again(officer: User, application_id: UUID) -> None:
    """Send another link to somebody who has not set a password yet; earlier links open nothing."""
    application = find_application(officer, application_id)
    user = application.user
    if user is None or user.has_usable_password() or not user.is_active:
        raise ConflictError("password-is-set")
    now = clock.now()
    user.safety_letters.open(LetterKind.WELCOME, now).update(expires_at=now)
    _write_welcome(user, application.email)
    journal(officer, "accounts.application-link-sent", application.reference)


def scan_of(officer: User, application_id: UUID) -> tuple[str, bytes]:
    """Return the kind and the bytes of the scan; that an officer has looked is written down."""
    application = find_application(officer, application_id)
    if not application.scan_name:
        raise NotFoundError("scan-not-found")
    content = scans.read(application.scan_name)
    journal(officer, "accounts.application-scan-seen", application.reference)
    return application.scan_type, content


def welcomed(token: str) -> SafetyLetter | None:
    """Return the letter with this link while a first password may be set by it."""
    letter = letter_of(token, LetterKind.WELCOME)
    is_open = letter and letter.user.is_active and not letter.user.has_usable_password()
    return letter if is_open else None


@transaction.atomic
def set_first_password(token: str, password: str) -> bool:
    """Set the first password by the link; the address it came to is confirmed thereby.

    False: the link has been used, has expired or is unknown. Nobody is signed in by it.
    """
    if welcomed(token) is None:
        return False
    letter = use_link(token, LetterKind.WELCOME)
    if letter is None:
        return False
    user = letter.user
    user.set_password(password)
    user.email, user.email_confirmed_at = letter.email, clock.now()
    user.save(update_fields=["password", "email", "email_confirmed_at"])
    journal(user, "accounts.first-password-set")
    return True


def _to_decide(officer: User, application_id: UUID, state: ApplicationState) -> ForeignApplication:
    """Return the application moved to the state, not saved yet; one's own: `ForbiddenError`."""
    application = find_application(officer, application_id)
    is_own = officer.personal_code_hash == application.code_hash
    if is_own or officer.email.lower() == application.email:
        raise ForbiddenError("application-your-own")
    move_application(application, state)
    application.decided_by, application.decided_at = officer, clock.now()
    return application


def _make_user(application: ForeignApplication, login_name: str) -> User:
    try:
        with transaction.atomic():
            user = User.objects.create_user(
                login_name,
                first_name=application.first_name,
                last_name=application.last_name,
                personal_code_hash=application.code_hash,
                email=application.email,
                language=application.language,
            )
            ForeignIdentifier.objects.create(
                user=user,
                country=application.country,
                code=application.code,
                code_hash=application.code_hash,
                created_at=clock.now(),
            )
    except IntegrityError:  # somebody else was quicker with the name or with the person
        raise ConflictError("login-name-taken") from None
    return user


def _write_welcome(user: User, email: str) -> None:
    lasts = timedelta(days=settings.APPLICATION_LINK_DAYS)
    write_letter(user, LetterKind.WELCOME, to=email, lasts=lasts)

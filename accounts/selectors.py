"""What is asked about people's second factors."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import Q

from accounts.models import ForeignApplication, ForeignIdentifier, Passkey, TotpDevice, User
from accounts.models.applications import ApplicationQuerySet


@dataclass(frozen=True, slots=True)
class Factors:
    """With what a person can prove a second factor."""

    totp: TotpDevice | None
    passkeys: Sequence[Passkey]
    codes_left: int

    def __bool__(self) -> bool:
        """Tell whether there is any; recovery codes alone are none."""
        return self.totp is not None or bool(self.passkeys)


def factors_of(user: User) -> Factors:
    """Return the person's second factors."""
    return Factors(
        TotpDevice.objects.filter(user=user, confirmed=True).first(),
        list(Passkey.objects.filter(user=user)),
        user.recovery_codes.filter(used_at__isnull=True).count(),
    )


def applications(state: str = "", country: str = "", text: str = "") -> ApplicationQuerySet:
    """Return the applications that officers see, narrowed by what is not empty."""
    found = ForeignApplication.objects.seen_by_officers()
    if state:
        found = found.filter(state=state)
    if country:
        found = found.filter(country=country)
    if text := text.strip():
        found = found.filter(Q(last_name__istartswith=text) | Q(email__istartswith=text.lower()))
    return found


def owes_second_factor(user: User) -> bool:
    """Tell whether the person must have a second factor and has none yet.

    Officers must, and so must people from abroad who have a password of the authority.
    """
    must = user.is_staff or (user.has_usable_password() and is_foreigner(user))
    return must and not has_second_factor(user)


def is_foreigner(user: User) -> bool:
    """Tell whether another country's code is what the person is known by."""
    if user.personal_code or not user.personal_code_hash:
        return False
    return ForeignIdentifier.objects.filter(user=user).exists()


def has_second_factor(user: User) -> bool:
    """Tell whether the person can be asked for a second factor at all."""
    return (
        TotpDevice.objects.filter(user=user, confirmed=True).exists()
        or Passkey.objects.filter(user=user).exists()
    )

"""What is asked about people's second factors."""

from collections.abc import Sequence
from dataclasses import dataclass

from accounts.models import Passkey, TotpDevice, User


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


def has_second_factor(user: User) -> bool:
    """Tell whether the person can be asked for a second factor at all."""
    return (
        TotpDevice.objects.filter(user=user, confirmed=True).exists()
        or Passkey.objects.filter(user=user).exists()
    )

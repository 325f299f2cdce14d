"""Second factors: taken on, proved, given up."""

import secrets
from base64 import b32encode
from urllib.parse import quote, urlencode

from django.contrib.auth.hashers import check_password, make_password
from django.db import transaction

from accounts.journal import journal
from accounts.models import Passkey, RecoveryCode, TotpDevice, User
from accounts.selectors import has_second_factor
from accounts.services.letters import write_letter
from accounts.services.sessions import end_sessions
from accounts.types import LetterKind
from imas.kernel import clock

ISSUER = "i.MAS"
_SECRET_BYTES = 20
_CODES = 10
_LETTERS = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"
"""Thirty-two characters that are not taken for one another."""
_MARK, _LENGTH = 2, 12


@transaction.atomic
def begin_totp(user: User) -> TotpDevice:
    """Return the app the person is about to take on, the same until its first code is seen."""
    User.objects.select_for_update().get(pk=user.pk)
    device, _ = TotpDevice.objects.get_or_create(
        user=user,
        confirmed=False,
        defaults={
            "name": "totp",
            "secret": b32encode(secrets.token_bytes(_SECRET_BYTES)).decode(),
            "created_at": clock.now(),
        },
    )
    return device


def totp_address(device: TotpDevice) -> str:
    """Return the address that an app reads from the picture (Key URI)."""
    label = quote(f"{ISSUER}:{device.user.login_name}")
    return f"otpauth://totp/{label}?{urlencode({'secret': device.secret, 'issuer': ISSUER})}"


@transaction.atomic
def confirm_totp(user: User, code: str) -> bool:
    """Take the app on once it shows a right code; it replaces the one there was."""
    device = TotpDevice.objects.select_for_update().filter(user=user, confirmed=False).first()
    if device is None or not _take(device, code):
        return False
    TotpDevice.objects.filter(user=user, confirmed=True).delete()
    device.confirmed = True
    device.save(update_fields=["confirmed"])
    journal(user, "accounts.totp-added")
    write_letter(user, LetterKind.FACTOR_CHANGED)
    return True


@transaction.atomic
def prove_by_totp(user: User, code: str) -> bool:
    """Tell whether this is a code the person's app shows now; each is taken once.

    After a wrong one a pause is asked for, longer each time.
    """
    device = TotpDevice.objects.select_for_update().filter(user=user, confirmed=True).first()
    if device is not None and _take(device, code):
        return True
    journal(user, "accounts.second-factor-refused", "totp")
    return False


def _take(device: TotpDevice, code: str) -> bool:
    allowed, _ = device.verify_is_allowed()
    step = device.step_of(code, clock.now()) if allowed else None
    if step is None:
        if allowed:
            device.throttle_increment()
        return False
    device.last_step, device.last_used_at = step, clock.now()
    device.throttle_reset(commit=False)
    device.save()
    return True


@transaction.atomic
def remove_totp(user: User) -> None:
    """Give up the app."""
    if TotpDevice.objects.filter(user=user).delete()[0]:
        journal(user, "accounts.totp-removed")
        write_letter(user, LetterKind.FACTOR_CHANGED)
    _forget_codes_of_nothing(user)


@transaction.atomic
def remove_passkey(user: User, passkey_id: int) -> bool:
    """Give up one passkey of the person's own; False when there is none."""
    passkey = Passkey.objects.filter(user=user, pk=passkey_id).first()
    if passkey is None:
        return False
    journal(user, "accounts.passkey-removed", passkey.name)
    write_letter(user, LetterKind.FACTOR_CHANGED)
    passkey.delete()
    _forget_codes_of_nothing(user)
    return True


@transaction.atomic
def reset_factors(user: User, officer: User, reason: str) -> None:
    """Take every second factor away from somebody who has lost them all: an officer's act."""
    TotpDevice.objects.filter(user=user).delete()
    Passkey.objects.filter(user=user).delete()
    user.recovery_codes.all().delete()
    end_sessions(user)
    journal(user, "accounts.factors-reset", officer.login_name, reason=reason)
    write_letter(user, LetterKind.FACTOR_CHANGED)


@transaction.atomic
def new_recovery_codes(user: User) -> list[str]:
    """Make ten recovery codes; the earlier ones prove nothing now. They are shown this once."""
    User.objects.select_for_update().get(pk=user.pk)
    user.recovery_codes.all().delete()
    now, codes = clock.now(), _codes()
    RecoveryCode.objects.bulk_create(
        RecoveryCode(user=user, mark=code[:_MARK], hash=make_password(code[_MARK:]), created_at=now)
        for code in codes
    )
    journal(user, "accounts.recovery-codes-made")
    return [f"{code[:4]}-{code[4:8]}-{code[8:]}" for code in codes]


@transaction.atomic
def prove_by_recovery_code(user: User, typed: str) -> bool:
    """Tell whether this is an unused recovery code of the person; from now on it is used."""
    code = "".join(sign for sign in typed.upper() if sign.isalnum())
    unused = user.recovery_codes.select_for_update().filter(used_at__isnull=True)
    row = unused.filter(mark=code[:_MARK]).first()
    fits = check_password(code[_MARK:], row.hash if row else make_password(None))
    if row is None or not fits:
        journal(user, "accounts.second-factor-refused", "recovery-code")
        return False
    row.used_at = clock.now()
    row.save(update_fields=["used_at"])
    journal(user, "accounts.recovery-code-used", row.mark)
    write_letter(user, LetterKind.RECOVERY_CODE_USED)
    return True


def _codes() -> list[str]:
    """Draw codes whose first characters differ."""
    found: dict[str, str] = {}
    while len(found) < _CODES:
        code = "".join(secrets.choice(_LETTERS) for _ in range(_LENGTH))
        found.setdefault(code[:_MARK], code)
    return list(found.values())


def _forget_codes_of_nothing(user: User) -> None:
    """Recovery codes without a second factor to recover from would be passwords."""
    if not has_second_factor(user):
        user.recovery_codes.all().delete()

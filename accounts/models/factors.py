"""Second factors: an app that shows codes, passkeys, and recovery codes for when both are lost."""

from base64 import b32decode
from datetime import datetime

from django.db import models
from django_otp.models import Device, ThrottlingMixin
from django_otp.oath import TOTP

from accounts.encryption import EncryptedTextField
from accounts.models.people import User

STEP_SECONDS = 30
TOLERANCE = 1
"""Steps by which the person's clock may be fast or slow."""


class TotpDevice(ThrottlingMixin, Device):  # type: ignore[misc]  # django-otp has no types
    """An app that shows six digits (RFC 6238); its secret is kept encrypted.

    Unconfirmed: shown to the person, but no code of it has been seen yet. `last_step` is the time
    step of the last code taken: neither it nor an earlier one is taken again.
    """

    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    secret = EncryptedTextField()
    last_step = models.BigIntegerField(default=-1)
    created_at = models.DateTimeField()
    last_used_at = models.DateTimeField(null=True, blank=True)

    objects = models.Manager["TotpDevice"]()

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["user", "confirmed"], name="accounts_totpdevice_one_of_each"
            ),
        ]

    def get_throttle_factor(self) -> int:
        """Ask for a pause of 1, 2, 4… seconds after each wrong code."""
        return 1

    def step_of(self, code: str, at: datetime) -> int | None:
        """Return the time step whose code this is, not taken before; None when there is none."""
        totp = TOTP(b32decode(self.secret), step=STEP_SECONDS)
        totp.time = at.timestamp()
        fits = code.isdigit() and totp.verify(
            int(code), tolerance=TOLERANCE, min_t=self.last_step + 1
        )
        return int(totp.t()) if fits else None


class Passkey(Device):  # type: ignore[misc]
    """A key that a browser, a phone or a token keeps for the person (WebAuthn).

    `credential` is what the authenticator gave away of itself: its id and the public key.
    """

    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    credential_id = models.BinaryField(max_length=1023)
    credential = models.BinaryField()
    sign_count = models.BigIntegerField(default=0)
    is_synced = models.BooleanField(default=False)
    created_at = models.DateTimeField()
    last_used_at = models.DateTimeField(null=True, blank=True)

    objects = models.Manager["Passkey"]()

    class Meta:
        ordering = ["created_at", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["credential_id"], name="accounts_passkey_one_of_each"),
        ]


class RecoveryCode(models.Model):
    """A code that proves the second factor once; its first characters find the row, the rest is
    kept as a hash only.
    """

    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="recovery_codes")
    mark = models.CharField(max_length=4)
    hash = models.CharField(max_length=128)
    created_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["user", "mark"], name="accounts_recoverycode_mark"),
        ]

    def __str__(self) -> str:
        return f"{self.user_id} {self.mark}"

"""Certificates of people's programs."""

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.models.credentials import Credential, CredentialQuerySet


class RevocationReason(models.TextChoices):
    """Why a certificate was revoked, by the names of RFC 5280, 5.3.1."""

    UNSPECIFIED = "unspecified", _("Another reason")
    KEY_COMPROMISE = "keyCompromise", _("Somebody else may have the private key")
    SUPERSEDED = "superseded", _("Another certificate has taken its place")
    CESSATION = "cessationOfOperation", _("The program is not used any more")


class Certificate(Credential):
    """A client certificate issued here for a key that only the owner's program has.

    `pem` is the certificate itself; `serial` and `fingerprint` (SHA-256 of its DER) are in
    lower-case hexadecimal. The public key serves one certificate only.
    """

    serial = models.CharField(max_length=40, unique=True)
    fingerprint = models.CharField(max_length=64, unique=True)
    public_key_hash = models.CharField(max_length=64, unique=True)
    pem = models.TextField()
    reason = models.CharField(
        max_length=24, choices=RevocationReason.choices, blank=True, default=""
    )

    objects: ClassVar[CredentialQuerySet] = CredentialQuerySet.as_manager()  # type: ignore[assignment]

    @property
    def label(self) -> str:
        """The serial number."""
        return self.serial

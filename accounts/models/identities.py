"""By what people are recognised who come through a provider: codes, never names."""

import uuid
from typing import Self

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.encryption import EncryptedTextField, lookup_hash
from accounts.models.people import User
from imas.kernel.identifiers import normalise_foreign_code


class ForeignIdentifierQuerySet(models.QuerySet["ForeignIdentifier"]):
    """Questions about people without a Lithuanian personal code."""

    def of(self, country: str, code: str) -> Self:
        """The person (at most one) whom this country knows under this code."""
        return self.filter(code_hash=foreign_hash(country, code))


class ForeignIdentifier(models.Model):
    """The code another country gives a person: what eIDAS brings, or an officer has checked."""

    user = models.OneToOneField(
        User, on_delete=models.PROTECT, related_name="foreign_identifier", primary_key=True
    )
    country = models.CharField(_("country"), max_length=2)
    code = EncryptedTextField(_("code given by the country"))
    code_hash = models.CharField(max_length=64, unique=True, editable=False)
    created_at = models.DateTimeField()

    objects = ForeignIdentifierQuerySet.as_manager()

    class Meta:
        ordering = ["user"]
        constraints = [
            models.CheckConstraint(
                condition=Q(country__regex="^[A-Z]{2}$") & ~Q(country="LT"),
                name="accounts_foreignidentifier_country",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user_id} {self.country}"


class Identity(models.Model):
    """A way a person has come in through a provider; the same person may have many.

    `provider` is the means as the journal writes it ("viisp:auth.lt.bank"). `evidence` is what the
    provider said besides the person, at the last time: `proxySource`, the kind of source data.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="identities")
    provider = models.CharField(max_length=80)
    subject_hash = models.CharField(max_length=64)
    evidence = models.JSONField(default=dict)
    first_used_at = models.DateTimeField()
    last_used_at = models.DateTimeField()

    class Meta:
        ordering = ["provider", "id"]
        verbose_name_plural = "identities"
        constraints = [
            models.UniqueConstraint(
                fields=["provider", "subject_hash"], name="accounts_identity_one_subject"
            ),
            models.CheckConstraint(
                condition=~Q(subject_hash=""), name="accounts_identity_has_subject"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user_id} {self.provider}"


def foreign_hash(country: str, code: str) -> str:
    """Return the keyed fingerprint of a code of another country; it is no personal code's.

    Capitals and blanks make no difference, so a code is the same however it was typed.
    """
    return lookup_hash(f"{country.strip().upper()}:{normalise_foreign_code(code)}")

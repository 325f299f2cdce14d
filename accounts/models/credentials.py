"""What keys and certificates of programs have in common."""

import uuid
from datetime import datetime
from ipaddress import ip_address, ip_network
from typing import Self

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from accounts.models.people import User


class CredentialQuerySet(models.QuerySet):  # type: ignore[type-arg]
    """Questions about credentials."""

    def usable(self, at: datetime) -> Self:
        """Those that open something at this instant."""
        return self.filter(revoked_at__isnull=True, expires_at__gt=at)

    def ending(self, after: datetime, before: datetime) -> Self:
        """Those that nobody revoked and that end between the two instants."""
        return self.filter(revoked_at__isnull=True, expires_at__gt=after, expires_at__lte=before)


class Credential(models.Model):
    """What a program proves itself with: fewer rights than its owner, named taxpayers only.

    The taxpayers are named by their codes, which never change. `networks` are the addresses it may
    come from; with none it may come from anywhere.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="%(class)ss")
    name = models.CharField(_("name"), max_length=80)
    rights = ArrayField(models.CharField(max_length=64))
    taxpayer_codes = ArrayField(models.CharField(max_length=32))
    networks = ArrayField(models.CharField(max_length=43), default=list, blank=True)
    created_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    last_used_at = models.DateTimeField(null=True, blank=True)
    revoked_at = models.DateTimeField(null=True, blank=True)

    objects = CredentialQuerySet.as_manager()

    class Meta:
        abstract = True
        ordering = ["-created_at", "id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(expires_at__gt=F("created_at")),
                name="accounts_%(class)s_ends_after_start",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.name} ({self.label})"

    @property
    def label(self) -> str:
        """What tells it from others, without a secret."""
        raise NotImplementedError

    def is_usable(self, at: datetime) -> bool:
        """Tell whether it opens something at this instant."""
        return self.revoked_at is None and self.expires_at > at

    def takes(self, address: str) -> bool:
        """Tell whether it may be used from this address."""
        if not self.networks:
            return True
        try:
            here = ip_address(address)
        except ValueError:
            return False
        return any(here in ip_network(network) for network in self.networks)

"""Keys of people's programs."""

from typing import ClassVar

from django.db import models

from accounts.models.credentials import Credential, CredentialQuerySet


class ApiKey(Credential):
    """A secret a program sends with every request. Only its hash is kept."""

    prefix = models.CharField(max_length=16, unique=True)
    hash = models.CharField(max_length=64)
    successor = models.OneToOneField(
        "self", null=True, blank=True, on_delete=models.PROTECT, related_name="predecessor"
    )

    objects: ClassVar[CredentialQuerySet] = CredentialQuerySet.as_manager()  # type: ignore[assignment]

    @property
    def label(self) -> str:
        """The part of the key that is no secret."""
        return self.prefix

"""Ways in to a.VAZ: one for each user and represented taxpayer (VA-119, 11 p.)."""

import uuid

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from accounts.encryption import EncryptedTextField
from accounts.models.outbox import OutboxQuerySet, Outgoing
from representation.models import Taxpayer


class Person(models.Model):
    """A user who may have a way in, and when the mandates were compared with it last."""

    user = models.OneToOneField(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", primary_key=True
    )
    looked_at = models.DateTimeField()

    class Meta:
        ordering = ["looked_at"]
        indexes = [models.Index(fields=["looked_at"], name="avaz_person_looked")]

    def __str__(self) -> str:
        return str(self.user_id)


class Access(models.Model):
    """A way in, with the contacts it opens by and the hash of its code.

    Every change raises `version`; the desk has been told all up to `pushed_version`.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    taxpayer = models.ForeignKey(Taxpayer, on_delete=models.PROTECT, related_name="+")
    version = models.PositiveIntegerField(default=1)
    pushed_version = models.PositiveIntegerField(default=0)
    code = models.CharField(max_length=200)
    drawer = models.PositiveSmallIntegerField()
    email = models.EmailField()
    phone = models.CharField(max_length=20)
    language = models.CharField(max_length=2)
    ordered_at = models.DateTimeField()
    renewed_at = models.DateTimeField(null=True, blank=True)
    closed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["taxpayer__name", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["user", "taxpayer"], name="avaz_access_once"),
        ]
        indexes = [
            models.Index(
                fields=["id"], condition=Q(pushed_version__lt=F("version")), name="avaz_access_new"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user_id} {self.taxpayer_id}"


class CodeLetter(Outgoing):
    """A letter that brings a code. It holds the code, encrypted, until it has left."""

    access = models.ForeignKey(Access, on_delete=models.PROTECT, related_name="letters")
    code = EncryptedTextField(blank=True, default="")

    objects = OutboxQuerySet["CodeLetter"].as_manager()

    class Meta(Outgoing.Meta):
        indexes = [
            models.Index(
                fields=["due_at"], condition=Q(sent_at__isnull=True), name="avaz_codeletter_unsent"
            ),
        ]

    def __str__(self) -> str:
        return str(self.access_id)

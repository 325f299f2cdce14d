"""Waybills being made on pages, templates of them, and what a taxpayer's book remembers."""

import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q

from imas.kernel import clock
from ivaz.types import WAYBILLS, BookKind
from representation.models import Taxpayer


class WaybillDraft(models.Model):
    """A waybill on its way, or, where it has a name, a template to begin others from.

    Its id becomes the preparer's own id of the waybill, so that a draft is submitted once. What it
    holds may still be unfinished.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    taxpayer = models.ForeignKey(Taxpayer, on_delete=models.PROTECT, related_name="+")
    name = models.CharField(max_length=100, blank=True)
    kind = models.CharField(max_length=24, choices=[(kind, kind) for kind in WAYBILLS])
    content = models.JSONField(default=dict)
    version = models.PositiveIntegerField(default=1)
    changed_at = models.DateTimeField(default=clock.now)
    changed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, related_name="+", null=True, blank=True
    )

    class Meta:
        ordering = ["-changed_at"]
        constraints = [
            models.UniqueConstraint(
                fields=["taxpayer", "name"], condition=~Q(name=""), name="ivaz_waybilldraft_name"
            ),
        ]
        indexes = [
            models.Index(fields=["taxpayer", "-changed_at"], name="ivaz_waybilldraft_list"),
        ]

    def __str__(self) -> str:
        return self.name or str(self.pk)


class BookEntry(models.Model):
    """A party, a place or a vehicle a taxpayer has written before; `key` tells it from others."""

    id = models.BigAutoField(primary_key=True)
    taxpayer = models.ForeignKey(Taxpayer, on_delete=models.CASCADE, related_name="+")
    kind = models.CharField(max_length=7, choices=[(kind, kind) for kind in BookKind])
    key = models.CharField(max_length=300)
    content = models.JSONField()
    used_at = models.DateTimeField(default=clock.now)

    class Meta:
        ordering = ["-used_at"]
        constraints = [
            models.UniqueConstraint(fields=["taxpayer", "kind", "key"], name="ivaz_bookentry_once"),
        ]
        indexes = [
            models.Index(fields=["taxpayer", "kind", "-used_at"], name="ivaz_bookentry_newest"),
        ]

    def __str__(self) -> str:
        return self.key

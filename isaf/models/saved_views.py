"""Filters that a person has kept under a name."""

from typing import Self
from uuid import uuid4

from django.conf import settings
from django.db import models
from django.db.models import Q

from imas.kernel import clock
from isaf.types import ViewPage
from representation.types import Acting


class SavedViewQuerySet(models.QuerySet["SavedView"]):
    """The questions asked of saved views."""

    def of(self, acting: Acting) -> Self:
        """Return those of the person acting, for whomever he acts."""
        return self.filter(person_id=acting.user_id)


class SavedView(models.Model):
    """What a person asks of a list again and again; `query` is the address behind the ?.

    It belongs to the person, not to a taxpayer: an accountant asks the same of every client.
    """

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    page = models.CharField(max_length=16, choices=[(page.value, page.value) for page in ViewPage])
    name = models.CharField(max_length=60)
    query = models.TextField()
    saved_at = models.DateTimeField(default=clock.now)

    objects = SavedViewQuerySet.as_manager()

    class Meta:
        ordering = ["name"]
        constraints = [
            models.CheckConstraint(
                condition=Q(page__in=[page.value for page in ViewPage]), name="isaf_savedview_page"
            ),
            models.UniqueConstraint(
                fields=["person", "page", "name"], name="isaf_savedview_name_once"
            ),
        ]

    def __str__(self) -> str:
        return self.name

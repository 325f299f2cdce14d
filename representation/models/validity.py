"""Facts that hold for a run of days."""

from datetime import date
from typing import Self

from django.db import models
from django.db.models import Q


class ValidOn(models.QuerySet):  # type: ignore[type-arg]
    """Questions about rows that hold for a run of days."""

    def on(self, day: date) -> Self:
        """Rows in force on this day."""
        return self.filter(Q(valid_to__isnull=True) | Q(valid_to__gte=day), valid_from__lte=day)


class Validity(models.Model):
    """A fact of the register that holds from one day to another, both included."""

    id = models.BigAutoField(primary_key=True)
    valid_from = models.DateField()
    valid_to = models.DateField(null=True, blank=True)

    objects = ValidOn.as_manager()

    class Meta:
        abstract = True
        ordering = ["-valid_from", "pk"]

"""Files that were uploaded to the desk."""

from django.db import models

from exchange.eds_messages import FILE_UNCONFIRMED
from imas.kernel import clock


class DeskFile(models.Model):
    """A file for a person; a declaration once somebody has confirmed it. States are EDS's codes."""

    person_code = models.CharField(max_length=11)
    program = models.CharField(max_length=100)
    file_name = models.CharField(max_length=260)
    description = models.CharField(max_length=150, blank=True)
    content = models.BinaryField()
    received_at = models.DateTimeField(default=clock.now)
    file_state = models.PositiveSmallIntegerField(default=FILE_UNCONFIRMED)
    declaration_state = models.PositiveSmallIntegerField(null=True)
    decided_at = models.DateTimeField(null=True)
    decided_by = models.CharField(max_length=150, blank=True, default="")

    class Meta:
        ordering = ["-received_at", "-pk"]
        indexes = [
            models.Index(fields=["person_code", "-received_at"], name="eds_desk_file_person")
        ]

    def __str__(self) -> str:
        return self.file_name

"""What became of each record of a file."""

from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

from django.db import models

from imas.kernel.problems import Place, Problem, Severity
from intake.models import Document
from ivaz.types import Section


class RecordVerdict(models.Model):
    """A record of a file, taken or refused, in the file's order.

    Written with what the record did, in one transaction: a file taken up again goes on after the
    last one. `problems` are what was found in it (`imas.kernel.problems.Problem` as JSON).
    """

    id = models.BigAutoField(primary_key=True)
    document = models.ForeignKey(
        Document, on_delete=models.CASCADE, related_name="+", db_index=False
    )
    position = models.PositiveIntegerField()
    section = models.CharField(max_length=32, choices=[(one, one) for one in Section])
    local_uid = models.CharField(max_length=40, blank=True)
    number = models.CharField(max_length=35, blank=True)
    rn = models.CharField(max_length=40, blank=True)
    is_taken = models.BooleanField()
    problems = models.JSONField(default=list)

    class Meta:
        ordering = ["position"]
        constraints = [
            models.UniqueConstraint(
                fields=["document", "position"], name="ivaz_recordverdict_once"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.document_id} {self.position}"

    @property
    def found(self) -> list[Problem]:
        """What was found in it."""
        return [problem_of(told) for told in self.problems]


def as_json(problem: Problem) -> dict[str, Any]:
    """Return a problem as a verdict keeps it."""
    return asdict(problem)


def problem_of(told: Mapping[str, Any]) -> Problem:
    """Return a problem that a verdict kept."""
    return Problem(
        code=told["code"],
        severity=Severity(told["severity"]),
        place=Place(**told["place"]),
        value=told["value"],
        params=told["params"],
        reason=told["reason"],
    )

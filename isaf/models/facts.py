"""What the cross-check compares of a part's invoices, packed for whoever reads a whole month."""

from django.contrib.postgres.fields import ArrayField
from django.db import models

from isaf.models.registers import Part


class PartFacts(models.Model):
    """Facts of the invoices of one part, written once: rows of a part never change.

    `packed` holds `isaf.survey.FACTS` of each in the order of their keys, and `bounds` how many of
    them lie before each sixteenth of all keys, and before the end.
    """

    part = models.OneToOneField(
        Part, on_delete=models.CASCADE, primary_key=True, related_name="facts"
    )
    bounds = ArrayField(models.IntegerField())
    packed = models.BinaryField()

    def __str__(self) -> str:
        return str(self.part_id)

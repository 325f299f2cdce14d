"""The chain of seals over the journal, and what waits to be sealed."""

from django.db import models


class JournalSeal(models.Model):
    """One entry of the journal in its place in the chain; rows are only added (trigger).

    `digest` is of the entry alone, `seal` of the seal before and of this row, so that nothing can
    be changed, taken out, put in or moved without every later seal being another. No foreign key:
    an entry that was taken away by force must leave its seal behind.
    """

    number = models.BigIntegerField(primary_key=True)
    entry_id = models.BigIntegerField(unique=True)
    digest = models.BinaryField(max_length=32)
    seal = models.BinaryField(max_length=32)
    sealed_at = models.DateTimeField()

    class Meta:
        ordering = ["number"]

    def __str__(self) -> str:
        return f"{self.number} {bytes(self.seal).hex()}"


class UnsealedEntry(models.Model):
    """An entry of the journal that waits for its seal; a trigger of the journal adds it."""

    entry_id = models.BigIntegerField(primary_key=True)

    class Meta:
        ordering = ["entry_id"]

    def __str__(self) -> str:
        return str(self.entry_id)

"""The shape of a file that is kept for somebody, whatever it belongs to."""

from django.db import models


class StoredFile(models.Model):
    """What is known of a file; its bytes lie in the storage under `storage_name`.

    Made of a `mailbox.attachments.KeptFile`, whose fields it has.
    """

    name = models.CharField(max_length=200)
    content_type = models.CharField(max_length=100)
    size = models.PositiveBigIntegerField()
    sha256 = models.CharField(max_length=64)
    storage_name = models.CharField(max_length=200, unique=True)

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return self.name

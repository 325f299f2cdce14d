"""Documents that a party has put beside a waybill."""

from django.conf import settings
from django.db import models

from imas.kernel import clock
from ivaz.models.waybills import Waybill
from mailbox.models import StoredFile
from representation.models import Taxpayer


class WaybillFile(StoredFile):
    """An additional document of a waybill (VMI KD-8776), by whom it was added."""

    id = models.BigAutoField(primary_key=True)
    waybill = models.ForeignKey(Waybill, on_delete=models.CASCADE, related_name="files")
    taxpayer = models.ForeignKey(Taxpayer, on_delete=models.PROTECT, related_name="+")
    added_at = models.DateTimeField(default=clock.now)
    added_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, related_name="+", null=True, blank=True
    )

    class Meta:
        ordering = ["pk"]
        indexes = [models.Index(fields=["waybill", "id"], name="ivaz_waybillfile_list")]

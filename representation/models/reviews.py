"""On which day mandates were last used, by whom, and when the taxpayer last looked them through."""

from django.conf import settings
from django.db import models

from representation.models.mandates import Mandate


class MandateUse(models.Model):
    """The last day on which a person acted by a mandate, be it as a link of a longer chain."""

    id = models.BigAutoField(primary_key=True)
    mandate = models.ForeignKey(Mandate, on_delete=models.PROTECT, related_name="uses")
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="mandate_uses"
    )
    last_on = models.DateField()

    class Meta:
        ordering = ["mandate", "-last_on", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["mandate", "user"], name="representation_mandateuse_once"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user_id}: {self.mandate_id} {self.last_on}"


class MandateReview(models.Model):
    """One time an administrator has decided that a mandate is still needed; rows are only added."""

    id = models.BigAutoField(primary_key=True)
    mandate = models.ForeignKey(Mandate, on_delete=models.PROTECT, related_name="reviews")
    at = models.DateTimeField()
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="mandate_reviews"
    )

    class Meta:
        ordering = ["mandate", "-at", "pk"]
        indexes = [
            models.Index(fields=["mandate", "-at"], name="representation_review_latest"),
        ]

    def __str__(self) -> str:
        return f"{self.mandate_id}: {self.at:%Y-%m-%d}"

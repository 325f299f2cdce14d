"""Which version of the rules of use somebody accepted, and when."""

from django.db import models

from accounts.models.people import User


class RulesAcceptance(models.Model):
    """One acceptance; `User` keeps the latest of them."""

    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="rules_acceptances")
    version = models.CharField(max_length=20)
    at = models.DateTimeField()

    class Meta:
        ordering = ["-at", "-pk"]

    def __str__(self) -> str:
        return f"{self.user_id} {self.version} {self.at:%Y-%m-%d}"

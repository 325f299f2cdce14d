"""Who heads a taxpayer, keeps its books or works for it, as the registers tell.

The registers know people by personal code, often before they have an account, so a post is held
by a fingerprint (`accounts.encryption.lookup_hash` of the personal code, or of "COUNTRY:identifier"
of a foreigner); `User.personal_code_hash` is the other side of the join.
"""

from datetime import date
from typing import Self

from django.db import models
from django.db.models import F, Q

from representation.models.taxpayers import Taxpayer
from representation.ranges import Only, OnlyText, no_overlap
from representation.types import AccountantKind

FINGERPRINT = 64


class PostQuerySet(models.QuerySet):  # type: ignore[type-arg]
    """Questions about posts."""

    def on(self, day: date) -> Self:
        """Posts held on this day."""
        return self.filter(Q(until__isnull=True) | Q(until__gte=day), since__lte=day)


class Post(models.Model):
    """A person's place at a taxpayer from one day to another, both included."""

    id = models.BigAutoField(primary_key=True)
    person = models.CharField(max_length=FINGERPRINT, db_index=True)
    person_name = models.CharField(max_length=200, blank=True, default="")
    since = models.DateField()
    until = models.DateField(null=True, blank=True)

    objects = PostQuerySet.as_manager()

    class Meta:
        abstract = True
        ordering = ["-since", "pk"]

    def __str__(self) -> str:
        return f"{self.person_name}: {self.since}/{self.until or ''}"


def _kept_true(model: str) -> list[models.BaseConstraint]:
    """What holds for every post: somebody holds it, once at a time, and it ends after it began."""
    return [
        models.CheckConstraint(
            condition=Q(until__isnull=True) | Q(until__gte=F("since")),
            name=f"representation_{model}_ends_after_start",
        ),
        models.CheckConstraint(condition=~Q(person=""), name=f"representation_{model}_somebody"),
        no_overlap(
            f"representation_{model}_once",
            OnlyText("person"),
            Only("taxpayer"),
            days=("since", "until"),
        ),
    ]


class Headship(Post):
    """A person at the head of a legal person, or equal to the head (VA-119, 6.1 p.)."""

    taxpayer = models.ForeignKey(Taxpayer, on_delete=models.PROTECT, related_name="headships")

    class Meta(Post.Meta):
        constraints = _kept_true("headship")


class Accountant(Post):
    """Who keeps a taxpayer's books: the sole accountant or the accounting firm's head (FR0791)."""

    taxpayer = models.ForeignKey(Taxpayer, on_delete=models.PROTECT, related_name="accountants")
    kind = models.CharField(max_length=10, choices=[(kind, kind) for kind in AccountantKind])

    class Meta(Post.Meta):
        constraints = [
            *_kept_true("accountant"),
            models.CheckConstraint(
                condition=Q(kind__in=list(AccountantKind)), name="representation_accountant_kind"
            ),
        ]


class Employment(Post):
    """A person's work for an employer; when it ends, so does representing it (VA-119, 12.1 p.)."""

    taxpayer = models.ForeignKey(Taxpayer, on_delete=models.PROTECT, related_name="employments")

    class Meta(Post.Meta):
        constraints = _kept_true("employment")


class OutsideGrant(Post):
    """What another system says a taxpayer has granted a person there; it gives nothing here."""

    role = models.CharField(max_length=120)

    class Meta(Post.Meta):
        abstract = True


class EdsGrant(OutsideGrant):
    """A grant in EDS, the electronic declaration system."""

    taxpayer = models.ForeignKey(Taxpayer, on_delete=models.PROTECT, related_name="eds_grants")

    class Meta(OutsideGrant.Meta):
        abstract = False
        constraints = _kept_true("edsgrant")


class ManoVmiGrant(OutsideGrant):
    """A grant in Mano VMI, the portal of the authority."""

    taxpayer = models.ForeignKey(Taxpayer, on_delete=models.PROTECT, related_name="mano_vmi_grants")

    class Meta(OutsideGrant.Meta):
        abstract = False
        constraints = _kept_true("manovmigrant")

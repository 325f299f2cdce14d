"""Who may act for whom: mandates, every change of them, and the choice a person made last."""

import uuid
from datetime import date, datetime, timedelta
from typing import Self

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q

from accounts.encryption import EncryptedTextField
from accounts.models import User
from representation.models.taxpayers import Taxpayer
from representation.rights import VIEWING_RIGHTS
from representation.types import WAITING, HeldTerms, MandateSource, MandateState, Narrowing

DEEPEST = 5
"""How many times a mandate can be passed on at the most."""


class MandateQuerySet(models.QuerySet["Mandate"]):
    """Questions about mandates."""

    def in_force(self, day: date) -> Self:
        """Accepted, not ended, and of this day; what stands above is not asked."""
        return self.filter(state=MandateState.ACTIVE, since__lte=day, until__gte=day)

    def unanswered(self, at: datetime) -> Self:
        """Offers and requests that may still be answered."""
        asked = at - timedelta(days=settings.MANDATE_ANSWER_DAYS)
        return self.filter(state__in=WAITING, created_at__gt=asked)

    def of_bundle(self, mandate: "Mandate") -> Self:
        """Offered by the same act to the same person, the mandate itself among them."""
        if mandate.bundle is None:
            return self.filter(pk=mandate.pk)
        return self.filter(bundle=mandate.bundle, person=mandate.person)

    def of_person(self, person: User) -> Self:
        """Given to this very person, whoever offered them."""
        fingerprint = person.personal_code_hash
        return self.filter(person=fingerprint) if fingerprint else self.none()


class Mandate(models.Model):
    """Rights that a taxpayer has given to a person, or to a firm whose head has them by it.

    `via` is the mandate this one was passed on from: it lives no longer, no wider and no deeper
    than that (VA-119, 6.3 p.); without it the mandate is the taxpayer's own act. A person is known
    by the fingerprint of the personal code, so he may be named before he has signed in. `limits`
    are the values allowed by kind (`representation.limits`); none is no limit. Mandates of one
    `bundle` were offered to one person by one act: one letter, one answer.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    taxpayer = models.ForeignKey(Taxpayer, on_delete=models.PROTECT, related_name="mandates")
    person = models.CharField(max_length=64, blank=True, default="")
    person_name = models.CharField(max_length=201, blank=True, default="")
    email = EncryptedTextField(blank=True, default="")
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="mandates",
    )
    firm = models.ForeignKey(
        Taxpayer, null=True, blank=True, on_delete=models.PROTECT, related_name="mandates_held"
    )
    via = models.ForeignKey(
        "self", null=True, blank=True, on_delete=models.PROTECT, related_name="passed_on"
    )
    rights = ArrayField(models.CharField(max_length=64))
    since = models.DateField()
    until = models.DateField()
    passing_on = models.PositiveSmallIntegerField(default=0)
    limits = models.JSONField(default=dict, blank=True)
    read_only = models.BooleanField(default=False)
    bundle = models.UUIDField(null=True, blank=True, editable=False)
    source = models.CharField(max_length=10, choices=[(one, one) for one in MandateSource])
    state = models.CharField(max_length=20, choices=[(one, one) for one in MandateState])
    created_at = models.DateTimeField()

    objects = MandateQuerySet.as_manager()

    class Meta:
        ordering = ["taxpayer", "created_at", "id"]
        indexes = [
            # The clients of a person and of a firm, the representatives of a taxpayer.
            models.Index(
                fields=["person", "taxpayer"],
                condition=Q(state=MandateState.ACTIVE) & ~Q(person=""),
                name="representation_mandate_person",
            ),
            models.Index(
                fields=["firm", "taxpayer"],
                condition=Q(state=MandateState.ACTIVE, firm__isnull=False),
                name="representation_mandate_firm",
            ),
            models.Index(fields=["taxpayer", "state"], name="representation_mandate_given"),
            models.Index(
                fields=["bundle"],
                condition=Q(bundle__isnull=False),
                name="representation_mandate_bundle",
            ),
        ]
        constraints = [
            models.CheckConstraint(
                condition=(~Q(person="") & Q(firm__isnull=True))
                | (Q(person="") & Q(firm__isnull=False)),
                name="representation_mandate_person_or_firm",
            ),
            models.CheckConstraint(
                condition=Q(until__gte=F("since")), name="representation_mandate_ends_after_start"
            ),
            models.CheckConstraint(
                condition=Q(read_only=False) | Q(rights__contained_by=sorted(VIEWING_RIGHTS)),
                name="representation_mandate_read_only",
            ),
            models.CheckConstraint(
                condition=Q(passing_on__lte=DEEPEST), name="representation_mandate_depth"
            ),
            models.CheckConstraint(
                condition=Q(firm__isnull=True) | ~Q(firm=F("taxpayer")),
                name="representation_mandate_not_to_itself",
            ),
            models.CheckConstraint(
                condition=Q(source__in=list(MandateSource)), name="representation_mandate_source"
            ),
            models.CheckConstraint(
                condition=Q(state__in=list(MandateState)), name="representation_mandate_state"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.holder_name} → {self.taxpayer_id}"

    def is_answerable(self, at: datetime) -> bool:
        """Tell whether an offer or a request may still be answered."""
        answered_by = self.created_at + timedelta(days=settings.MANDATE_ANSWER_DAYS)
        return self.state in WAITING and at < answered_by and self.until >= at.date()

    @property
    def narrowing(self) -> Narrowing:
        """The limits of the mandate, and whether it is read only."""
        limits = {name: frozenset(values) for name, values in self.limits.items()}
        return Narrowing(limits, self.read_only)

    @property
    def terms(self) -> HeldTerms:
        """What the mandate gives, in one value."""
        return HeldTerms(self.rights, self.until, self.narrowing)

    def narrow(self, narrowing: Narrowing) -> None:
        """Make these the limits of the mandate; what is read only keeps no right but to look."""
        self.limits = {name: sorted(values) for name, values in narrowing.limits.items()}
        self.read_only = narrowing.read_only

    @property
    def holder_name(self) -> str:
        """The representative as shown: the firm, the user, or the name that was typed."""
        if self.firm:
            return self.firm.name
        return self.user.full_name if self.user else self.person_name


class MandateMove(models.Model):
    """A mandate as it stood after one act, and whose act it was; rows are only added (trigger)."""

    id = models.BigAutoField(primary_key=True)
    mandate = models.ForeignKey(Mandate, on_delete=models.PROTECT, related_name="moves")
    at = models.DateTimeField()
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="mandate_moves",
    )
    state = models.CharField(max_length=20)
    rights = ArrayField(models.CharField(max_length=64))
    until = models.DateField()
    passing_on = models.PositiveSmallIntegerField()
    limits = models.JSONField(default=dict, blank=True)
    read_only = models.BooleanField(default=False)

    class Meta:
        ordering = ["mandate", "pk"]

    def __str__(self) -> str:
        return f"{self.mandate_id}: {self.state}"


class Choice(models.Model):
    """When a person last chose to act for a taxpayer: recent ones are offered first."""

    id = models.BigAutoField(primary_key=True)
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="choices"
    )
    taxpayer = models.ForeignKey(Taxpayer, on_delete=models.CASCADE, related_name="choices")
    at = models.DateTimeField()

    class Meta:
        ordering = ["-at", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["user", "taxpayer"], name="representation_choice_once"),
        ]

    def __str__(self) -> str:
        return f"{self.user_id} → {self.taxpayer_id}"

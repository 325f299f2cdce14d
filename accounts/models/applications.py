"""Applications of foreign nationals for means of access, and the letters to the applicants."""

import uuid
from typing import Self

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.encryption import EncryptedTextField
from accounts.models.outbox import OutboxQuerySet, Outgoing
from accounts.models.people import NAME_LENGTH, User
from accounts.types import ApplicantLetter, ApplicationState, IdentifierKind

DECIDED = (ApplicationState.APPROVED, ApplicationState.DECLINED)


class ApplicationQuerySet(models.QuerySet["ForeignApplication"]):
    """Questions about applications."""

    def seen_by_officers(self) -> Self:
        """Those whose address the applicant has confirmed; the others are nobody's business."""
        return self.filter(state__in=[ApplicationState.WAITING, *DECIDED])

    def of_same_person(self, application: "ForeignApplication") -> Self:
        """Other applications seen by officers with the same country and identifier."""
        same = self.seen_by_officers().filter(code_hash=application.code_hash)
        return same.exclude(pk=application.pk)


class ForeignApplication(models.Model):
    """What somebody without a Lithuanian personal code tells of himself (VA-119, 9.1 p.).

    `proved_by` is the means by which a provider has proved the identifier, "" where it was typed.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    state = models.CharField(
        max_length=20,
        choices=[(state, state) for state in ApplicationState],
        default=ApplicationState.UNCONFIRMED,
    )
    first_name = models.CharField(_("first name"), max_length=NAME_LENGTH)
    last_name = models.CharField(_("last name"), max_length=NAME_LENGTH)
    country = models.CharField(_("country"), max_length=2)
    kind = models.CharField(max_length=20, choices=[(kind, kind) for kind in IdentifierKind])
    code = EncryptedTextField(_("identifier"))
    code_hash = models.CharField(max_length=64, editable=False)
    born_on = models.DateField(_("date of birth"), null=True, blank=True)
    email = models.EmailField(_("e-mail address"))
    language = models.CharField(max_length=2, default="en")
    purpose = models.TextField(_("what for"), max_length=1000)
    proved_by = models.CharField(max_length=80, blank=True, default="")
    scan_name = models.CharField(max_length=120, blank=True, default="")
    scan_type = models.CharField(max_length=20, blank=True, default="")
    created_at = models.DateTimeField()
    confirmed_at = models.DateTimeField(null=True, blank=True)
    decided_at = models.DateTimeField(null=True, blank=True)
    decided_by = models.ForeignKey(
        User, on_delete=models.PROTECT, null=True, blank=True, related_name="decided_applications"
    )
    reason = models.TextField(blank=True, default="")
    user = models.OneToOneField(
        User, on_delete=models.PROTECT, null=True, blank=True, related_name="application"
    )

    objects = ApplicationQuerySet.as_manager()

    class Meta:
        ordering = ["-created_at", "id"]
        indexes = [
            models.Index(fields=["state", "created_at", "id"], name="accounts_application_state"),
            models.Index(fields=["code_hash"], name="accounts_application_code"),
            models.Index(fields=["email", "created_at"], name="accounts_application_email"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(state__in=list(ApplicationState)),
                name="accounts_foreignapplication_state",
            ),
            models.CheckConstraint(
                condition=Q(state__in=DECIDED, decided_at__isnull=False, decided_by__isnull=False)
                | (~Q(state__in=DECIDED) & Q(decided_at__isnull=True, decided_by__isnull=True)),
                name="accounts_foreignapplication_decided",
            ),
            models.CheckConstraint(
                condition=Q(state=ApplicationState.APPROVED, user__isnull=False)
                | (~Q(state=ApplicationState.APPROVED) & Q(user__isnull=True)),
                name="accounts_foreignapplication_user",
            ),
            models.CheckConstraint(
                condition=Q(country__regex="^[A-Z]{2}$") & ~Q(country="LT"),
                name="accounts_foreignapplication_country",
            ),
            models.CheckConstraint(
                condition=Q(language__in=["lt", "en"]),
                name="accounts_foreignapplication_language",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.reference} {self.state}"

    @property
    def reference(self) -> str:
        """By which the applicant and the officer speak of it."""
        return str(self.pk)[:8].upper()

    @property
    def full_name(self) -> str:
        """The applicant's name as it is shown."""
        return f"{self.first_name} {self.last_name}"


class ApplicationLetter(Outgoing):
    """A letter to an applicant, who has no account yet; the link of one kind is used once."""

    application = models.ForeignKey(
        ForeignApplication, on_delete=models.CASCADE, related_name="letters"
    )
    kind = models.CharField(max_length=20, choices=[(kind, kind) for kind in ApplicantLetter])
    token_hash = models.CharField(max_length=64, unique=True)

    objects = OutboxQuerySet.as_manager()

    class Meta(Outgoing.Meta):
        indexes = [
            models.Index(
                fields=["due_at"],
                condition=Q(sent_at__isnull=True),
                name="accounts_applicant_unsent",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.application_id} {self.kind}"

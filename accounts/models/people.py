"""People who sign in."""

from datetime import date, datetime, timedelta
from typing import ClassVar

from django.conf import settings
from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.encryption import EncryptedTextField, lookup_hash

NAME_LENGTH = 100


class UserManager(BaseUserManager["User"]):
    """Makes users and finds them by what they type."""

    def create_user(self, login_name: str, password: str | None = None, **fields: object) -> "User":
        """Make a user; without a password nobody can sign in by one.

        `personal_code_hash` may be given for a foreigner, who has no personal code: the
        fingerprint of the foreign one.
        """
        user = self.model(login_name=login_name, **fields)
        user.set_password(password)
        user.personal_code_hash = lookup_hash(user.personal_code) or user.personal_code_hash
        user.save(using=self._db)
        return user

    def with_personal_code(self, code: str) -> models.QuerySet["User"]:
        """Users (at most one) whose personal code this is; an empty code is nobody's."""
        return self.exclude(personal_code_hash="").filter(personal_code_hash=lookup_hash(code))


class User(AbstractBaseUser):
    """A natural person who signs in; what the person may do is told by `representation`."""

    login_name = models.CharField(_("login name"), max_length=64, unique=True)
    first_name = models.CharField(_("first name"), max_length=NAME_LENGTH)
    last_name = models.CharField(_("last name"), max_length=NAME_LENGTH)
    personal_code = EncryptedTextField(_("personal code"), blank=True, default="")
    personal_code_hash = models.CharField(max_length=64, blank=True, default="", editable=False)
    email = models.EmailField(_("e-mail address"), blank=True, default="")
    email_confirmed_at = models.DateTimeField(null=True, blank=True)
    phone = models.CharField(_("mobile phone"), max_length=20, blank=True, default="")
    phone_confirmed_at = models.DateTimeField(null=True, blank=True)
    language = models.CharField(max_length=2, default="lt")
    rules_version = models.CharField(max_length=20, blank=True, default="")
    rules_accepted_at = models.DateTimeField(null=True, blank=True)
    is_active = models.BooleanField(default=True)
    is_staff = models.BooleanField(default=False)
    created_at = models.DateTimeField(auto_now_add=True)
    duties = models.JSONField(default=dict, blank=True)
    """What the person does for an institution, by name, each with its last day.

    It shows the way in the menu without a query a page, and gives no right: that is asked of
    whoever keeps it, who keeps this too.
    """

    objects: ClassVar[UserManager] = UserManager()

    USERNAME_FIELD = "login_name"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = ["first_name", "last_name"]

    class Meta:
        ordering = ["last_name", "first_name", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["personal_code_hash"],
                condition=~Q(personal_code_hash=""),
                name="accounts_user_one_per_person",
            ),
            models.CheckConstraint(
                condition=Q(language__in=["lt", "en"]), name="accounts_user_language"
            ),
        ]

    def __str__(self) -> str:
        return self.full_name

    @property
    def full_name(self) -> str:
        """The person's name as it is shown."""
        return f"{self.first_name} {self.last_name}".strip()

    def duties_on(self, day: date) -> frozenset[str]:
        """Return the names of the duties whose last day is not over."""
        return frozenset(name for name, last in self.duties.items() if day.isoformat() <= last)

    def rules_are_accepted(self) -> bool:
        """Tell whether the rules in force were accepted (VA-119, 3 p.)."""
        return self.rules_accepted_at is not None and self.rules_version == settings.RULES_VERSION

    def email_is_confirmed(self, at: datetime) -> bool:
        """Tell whether the address was confirmed and has not lapsed by then (VA-119, 4 p.)."""
        if not self.email or self.email_confirmed_at is None:
            return False
        return at < self.email_confirmed_at + timedelta(days=settings.EMAIL_CONFIRMATION_DAYS)

    def is_ready(self, at: datetime) -> bool:
        """Tell whether any function may be reached at all (VA-119, 3 and 4 p.)."""
        return self.is_active and self.rules_are_accepted() and self.email_is_confirmed(at)

"""Sessions that other systems of the authority share (VA-119, 10 p.), and who shares them."""

import hashlib
import hmac
import uuid
from datetime import datetime, timedelta
from typing import Self

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from accounts.models.people import User

CLAIM_LASTS = timedelta(minutes=5)


class RelyingParty(models.Model):
    """A system of the same authority that lets people in by our word: Mano VMI, EDS, AIS.

    Registered by an operator; of its secret only SHA-256 of 256 random bits is kept. The methods
    are those Authlib asks of a client.
    """

    client_id = models.SlugField(primary_key=True, max_length=31)
    name = models.CharField(_("name"), max_length=80)
    secret_hash = models.CharField(max_length=64)
    redirect_uris = ArrayField(models.CharField(max_length=300))
    after_logout_uris = ArrayField(models.CharField(max_length=300), default=list)
    logout_uri = models.CharField(max_length=300, blank=True, default="")
    scopes = ArrayField(models.CharField(max_length=40))
    is_active = models.BooleanField(default=True)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["client_id"]
        verbose_name_plural = "relying parties"

    def __str__(self) -> str:
        return self.client_id

    def get_client_id(self) -> str:
        """Return the name the party gives in its requests."""
        return self.client_id

    def get_allowed_scope(self, scope: str) -> str:
        """Return those of the scopes asked for that the party may have."""
        return " ".join(one for one in (scope or "").split() if one in self.scopes)

    def check_redirect_uri(self, redirect_uri: str) -> bool:
        """Tell whether people may be sent there: one of the addresses, to the letter."""
        return redirect_uri in self.redirect_uris

    def check_client_secret(self, client_secret: str) -> bool:
        """Tell whether this is the secret."""
        return hmac.compare_digest(self.secret_hash, token_hash(client_secret))

    def check_endpoint_auth_method(self, method: str, endpoint: str) -> bool:
        """Take the secret in the header or the form, never go without."""
        return endpoint == "token" and method in {"client_secret_basic", "client_secret_post"}

    def check_response_type(self, response_type: str) -> bool:
        """Know the authorization code only."""
        return response_type == "code"

    def check_grant_type(self, grant_type: str) -> bool:
        """Know the authorization code only: there is nothing to refresh, the session lives here."""
        return grant_type == "authorization_code"


class SharedSessionQuerySet(models.QuerySet["SharedSession"]):
    """Questions about shared sessions."""

    def open(self) -> Self:
        """Sessions nobody has ended."""
        return self.filter(ended_at__isnull=True)


class SharedSession(models.Model):
    """A session of ours that others know of: those it lets people into, or the one it came from.

    `id` is the `sid` others get; the session's own key is never told. `alive_until` moves while the
    session is used. `source_*` name the session at the provider the person came in through.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="shared_sessions")
    session_key = models.CharField(max_length=40)
    began_at = models.DateTimeField()
    alive_until = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)
    source = models.CharField(max_length=31, blank=True, default="")
    source_subject_hash = models.CharField(max_length=64, blank=True, default="")
    source_session_hash = models.CharField(max_length=64, blank=True, default="")

    objects = SharedSessionQuerySet.as_manager()

    class Meta:
        ordering = ["-began_at", "id"]
        indexes = [
            models.Index(
                fields=["alive_until"],
                condition=Q(ended_at__isnull=True),
                name="accounts_sharedsession_open",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user_id} {self.began_at:%Y-%m-%d %H:%M}"


class SharingQuerySet(models.QuerySet["Sharing"]):
    """Questions about who is to be told of an end."""

    def due(self, at: datetime) -> Self:
        """Ends not told yet, whose turn has come, and in nobody's hands."""
        free = Q(claimed_at__isnull=True) | Q(claimed_at__lt=at - CLAIM_LASTS)
        return self.filter(free, due_at__lte=at, told_at__isnull=True, given_up_at__isnull=True)

    def claim(self, sharing_id: int, at: datetime) -> bool:
        """Take one; of two workers exactly one gets True."""
        taken = self.due(at).filter(pk=sharing_id)
        return taken.update(claimed_at=at, attempts=F("attempts") + 1) == 1


class Sharing(models.Model):
    """A party that let somebody in by a shared session; also the outbox of telling it of the end.

    `due_at` is empty while the session lasts.
    """

    session = models.ForeignKey(SharedSession, on_delete=models.PROTECT, related_name="sharings")
    party = models.ForeignKey(RelyingParty, on_delete=models.PROTECT, related_name="sharings")
    since = models.DateTimeField()
    due_at = models.DateTimeField(null=True, blank=True)
    claimed_at = models.DateTimeField(null=True, blank=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    told_at = models.DateTimeField(null=True, blank=True)
    given_up_at = models.DateTimeField(null=True, blank=True)

    objects = SharingQuerySet.as_manager()

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["session", "party"], name="accounts_sharing_once"),
        ]
        indexes = [
            models.Index(
                fields=["due_at"],
                condition=Q(told_at__isnull=True, given_up_at__isnull=True),
                name="accounts_sharing_untold",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.session_id} {self.party_id}"


class AuthorizationCode(models.Model):
    """A code a party gives for a token, once, within a minute; the token lives in the same row.

    The `get_*` are those Authlib asks of a code.
    """

    sharing = models.ForeignKey(Sharing, on_delete=models.PROTECT, related_name="codes")
    code_hash = models.CharField(max_length=64, unique=True)
    access_hash = models.CharField(max_length=64, blank=True, default="", db_index=True)
    redirect_uri = models.CharField(max_length=300)
    scope = models.CharField(max_length=200)
    nonce = models.CharField(max_length=200)
    code_challenge = models.CharField(max_length=128)
    code_challenge_method = models.CharField(max_length=8, default="S256")
    acr = models.CharField(max_length=20)
    created_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-created_at", "pk"]

    def __str__(self) -> str:
        return f"{self.sharing_id} {self.created_at:%Y-%m-%d %H:%M}"

    def get_redirect_uri(self) -> str:
        """Return where the code was sent."""
        return self.redirect_uri

    def get_scope(self) -> str:
        """Return what was allowed."""
        return self.scope

    def get_nonce(self) -> str:
        """Return what ties the token to the party's own request."""
        return self.nonce

    def get_auth_time(self) -> int:
        """Return when the person signed in."""
        return int(self.sharing.session.began_at.timestamp())

    def get_acr(self) -> str:
        """Return how sure the person's means was."""
        return self.acr

    def get_amr(self) -> list[str]:
        """Say nothing of single methods."""
        return []


def token_hash(token: str) -> str:
    """Return the fingerprint under which a random secret is kept."""
    return hashlib.sha256(token.encode()).hexdigest()

"""What people do with keys and certificates of their own."""

from datetime import datetime
from uuid import UUID

from accounts.keys import new_key
from accounts.models import ApiKey, Certificate, Credential, RevocationReason
from accounts.types import Scope
from imas.kernel import clock


def revoke_credential(credential: Credential) -> bool:
    """End a key or a certificate at once; False when it has ended by revocation already."""
    now = clock.now()
    usable = type(credential).objects.filter(pk=credential.pk, revoked_at__isnull=True)
    return bool(usable.update(revoked_at=now) == 1)


def note_reason(certificate_id: UUID, reason: RevocationReason) -> None:
    """Keep why a certificate was revoked: the list of revoked ones tells it."""
    Certificate.objects.filter(pk=certificate_id).update(reason=reason)


def rotate_key(key: ApiKey, expires_at: datetime, old_until: datetime) -> tuple[ApiKey, str]:
    """Issue a key that opens the same; the old one goes on opening it until then, not longer."""
    scope = Scope(key.rights, key.taxpayer_codes, expires_at, key.networks)
    successor, plain = new_key(key.user, key.name, scope)
    key.successor, key.expires_at = successor, min(key.expires_at, old_until)
    key.save(update_fields=["successor", "expires_at"])
    return successor, plain

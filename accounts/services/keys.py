"""What people do with keys of their own."""

from uuid import UUID

from accounts.models import ApiKey, User
from imas.kernel import clock


def revoke_key(user: User, key_id: UUID) -> bool:
    """End a key of the person's own at once; False when there is none to end."""
    usable = ApiKey.objects.filter(pk=key_id, user=user, revoked_at__isnull=True)
    return usable.update(revoked_at=clock.now()) == 1

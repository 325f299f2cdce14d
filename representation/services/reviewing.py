"""The review of mandates: each is kept, which is written down, or ended at once."""

from collections.abc import Collection
from uuid import UUID

from django.db import transaction

from imas.kernel import clock
from imas.kernel.errors import NotFoundError
from representation.models import Mandate, MandateReview
from representation.services.granting import MANAGE, given_by, lock, refuse_own, revoke, tell
from representation.types import Acting


@transaction.atomic
def keep_mandates(acting: Acting, mandate_ids: Collection[UUID]) -> None:
    """Write down that these mandates of the taxpayer are still needed.

    Nobody decides so about his own (`ForbiddenError`).
    """
    acting.require(MANAGE)
    lock(acting)
    for mandate in _chosen(acting, mandate_ids):
        refuse_own(acting, mandate)
        MandateReview.objects.create(mandate=mandate, at=clock.now(), by_id=acting.user_id)
        tell(acting, "representation.kept", mandate)


@transaction.atomic
def end_mandates(acting: Acting, mandate_ids: Collection[UUID]) -> None:
    """Revoke these mandates of the taxpayer: all of them, or none where one is not found."""
    acting.require(MANAGE)
    lock(acting)
    for mandate in _chosen(acting, mandate_ids):
        revoke(acting, mandate.pk)


def _chosen(acting: Acting, mandate_ids: Collection[UUID]) -> list[Mandate]:
    if not mandate_ids:
        raise NotFoundError("mandate-not-found")
    return [given_by(acting, mandate_id) for mandate_id in sorted(set(mandate_ids))]

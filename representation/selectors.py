"""Reads about mandates."""

from datetime import date

from django.db.models import Exists, OuterRef, Q, QuerySet

from accounts.models import User
from representation.models import Grant, Headship, Taxpayer
from representation.types import TaxpayerKind


def taxpayers_of(user: User, day: date) -> QuerySet[Taxpayer]:
    """Return the taxpayers this person may act for on this day (VA-119, 13 p.), by name."""
    headed = Headship.objects.on(day).filter(user=user, taxpayer=OuterRef("pk"))
    granted = Grant.objects.in_force(day).filter(user=user, taxpayer=OuterRef("pk"))
    return Taxpayer.objects.filter(_is(user) | Q(Exists(headed)) | Q(Exists(granted)))


def _is(user: User) -> Q:
    """The taxpayer who is this very person; nobody without a personal code."""
    if not user.personal_code:
        return Q(pk__in=[])
    return Q(kind=TaxpayerKind.NATURAL, code=user.personal_code)


def people_with(taxpayer_id: int, right: str, day: date) -> QuerySet[User]:
    """Return the active people who have this right for this taxpayer on this day."""
    headed = Headship.objects.on(day).filter(taxpayer_id=taxpayer_id, user=OuterRef("pk"))
    granted = Grant.objects.in_force(day).filter(
        taxpayer_id=taxpayer_id, user=OuterRef("pk"), right=right
    )
    holders = Q(Exists(headed)) | Q(Exists(granted))
    natural = Taxpayer.objects.filter(pk=taxpayer_id, kind=TaxpayerKind.NATURAL).first()
    if natural:
        holders |= Q(pk__in=User.objects.with_personal_code(natural.code).values("pk"))
    return User.objects.filter(holders, is_active=True)

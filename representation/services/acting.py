"""May this person act for this taxpayer now, and why."""

from collections.abc import Sequence
from datetime import date, datetime

from accounts.models import User
from imas.kernel.clock import VILNIUS
from representation.models import Accountant, Grant, Headship, Taxpayer
from representation.rights import ACCOUNTANT_RIGHTS, EVERY_RIGHT
from representation.types import Acting, TaxpayerKind, Why, WhyKind


def acting_of(user: User, taxpayer: Taxpayer, at: datetime) -> Acting | None:
    """Return the person acting for the taxpayer at this instant, or None without any mandate.

    Everything is read anew: a mandate revoked a moment ago gives nothing. Whoever acts for
    himself or heads the company has every right (VA-119, 6.1 p.), others what was granted, and
    the accountant of form FR0791 besides that i.SAF.
    """
    day = at.astimezone(VILNIUS).date()
    why, rights = _mandate(user, taxpayer, day)
    if why is None or not user.is_active:
        return None
    return Acting(
        user_id=user.pk,
        taxpayer_id=taxpayer.pk,
        taxpayer_code=taxpayer.code,
        taxpayer_vat=taxpayer.vat_code_on(day),
        taxpayer_name=taxpayer.name,
        rights=rights,
        why=why,
    )


def _mandate(user: User, taxpayer: Taxpayer, day: date) -> tuple[Why | None, frozenset[str]]:
    if is_self(user, taxpayer):
        return Why(WhyKind.SELF), EVERY_RIGHT
    person = {"person": user.personal_code_hash, "taxpayer": taxpayer}
    headship = Headship.objects.on(day).filter(**person).first()
    if headship:
        return Why(WhyKind.HEAD, headship.since, headship.until), EVERY_RIGHT
    accountant = Accountant.objects.on(day).filter(**person).first()
    automatic = ACCOUNTANT_RIGHTS if accountant else frozenset()
    grants = list(Grant.objects.in_force(day).filter(user=user, taxpayer=taxpayer))
    if grants:
        granted = frozenset(grant.right for grant in grants) & EVERY_RIGHT
        return _why_granted(grants), granted | automatic
    if accountant:
        return Why(WhyKind.ACCOUNTANT, accountant.since, accountant.until), automatic
    return None, automatic


def is_self(user: User, taxpayer: Taxpayer) -> bool:
    """Tell whether the taxpayer is this very person (VA-119, 13.1 p.)."""
    return (
        taxpayer.kind == TaxpayerKind.NATURAL
        and user.personal_code != ""
        and taxpayer.code == user.personal_code
    )


def _why_granted(grants: Sequence[Grant]) -> Why:
    """Since the first of the grants, until the last of them ends."""
    ends = [grant.until for grant in grants]
    until = None if None in ends else max(end for end in ends if end)
    return Why(WhyKind.GRANT, min(grant.since for grant in grants), until)

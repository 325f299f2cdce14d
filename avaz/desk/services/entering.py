"""Knowing somebody by a code, and by the address or phone the code belongs to."""

from uuid import UUID

from django.contrib.auth.hashers import check_password, make_password

from avaz import codes
from avaz.desk.models import Access, AccessQuerySet
from avaz.desk.throttling import at_the_door, note_failure, refuse_locked
from imas.kernel.errors import UnauthenticatedError


def sign_in(email: str, typed: str, address: str) -> Access:
    """Return the access an e-mail address and a code open.

    UnauthenticatedError("avaz-wrong") the same for an unknown address and a wrong code,
    ThrottledError("avaz-locked") after too many of them; they are counted for the e-mail address
    and for the network address.
    """
    limits = at_the_door(email, address)
    refuse_locked(limits)
    found = opened(Access.objects.of_email(email), codes.normalise(typed))
    if found is None:
        note_failure(limits)
        raise UnauthenticatedError("avaz-wrong")
    return found


def opened(candidates: AccessQuerySet, code: str) -> Access | None:
    """Return the one of somebody's accesses that a code opens; None when it opens none.

    A stranger's code takes as long as a wrong one of somebody known.
    """
    users = candidates.order_by("user").values_list("user", flat=True).distinct()
    drawers = {user: codes.drawer_of(user, code) for user in users}
    compared = 0
    found = None
    for access in candidates.filter(drawer__in=set(drawers.values())):
        if access.drawer != drawers[access.user]:
            continue
        compared += 1
        if code and check_password(code, access.code):
            found = access
    if not compared:
        make_password(code or "-")  # as slow as a comparison
    return found


def entered(access_id: str, version: int) -> Access | None:
    """Return the access of a session if nothing of it has changed since the sign-in."""
    try:
        key = UUID(access_id)
    except ValueError:
        return None
    return Access.objects.filter(pk=key, version=version, is_open=True).first()

"""What single sign-on tells other systems of roles: a scope for each system that has any."""

from collections.abc import Callable
from typing import Any

from accounts.models import User
from exchange.selectors import roles_of
from imas.kernel import clock


def teller(system: str) -> Callable[[User], dict[str, Any]]:
    """Return what tells the roles of a person in a system, as they hold at that moment.

    Only the taxpayers for whom the person has roles there are named; none: an empty list.
    """

    def told(person: User) -> dict[str, Any]:
        found = roles_of(person, system, clock.now())
        taxpayers = [
            {"code": taxpayer.code, "name": taxpayer.name, "roles": roles}
            for taxpayer, roles in found
        ]
        return {f"{system}_taxpayers": taxpayers}

    return told

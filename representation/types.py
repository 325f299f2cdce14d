"""Who acts for whom and why, as values."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from typing import Protocol
from uuid import UUID

from imas.kernel.errors import ForbiddenError

NOBODY = 0
"""The user id of work that no person asked for."""


class TaxpayerKind(StrEnum):
    """What a taxpayer is."""

    NATURAL = "natural"
    LEGAL = "legal"
    FOREIGN = "foreign"


class AccountantKind(StrEnum):
    """Who an accountant of form FR0791 is."""

    SOLE = "sole"
    """The person who alone keeps the books."""
    FIRM = "firm"
    """The head of the accounting firm that keeps them."""


class WhyKind(StrEnum):
    """The capacity somebody acts in (VA-119, 13 p.); SYSTEM is the house's own work."""

    SELF = "self"
    HEAD = "head"
    ACCOUNTANT = "accountant"
    GRANT = "grant"
    KEY = "key"
    SYSTEM = "system"


@dataclass(frozen=True, slots=True)
class Why:
    """The reason a right exists: what gives it and from which day till which (both included).

    `until` None has no end yet; `detail` names the key when one acts for the person.
    """

    kind: WhyKind
    since: date | None = None
    until: date | None = None
    detail: str = ""

    def as_params(self) -> dict[str, str]:
        """Return the reason as the journal keeps it."""
        return {
            "kind": self.kind,
            "since": self.since.isoformat() if self.since else "",
            "until": self.until.isoformat() if self.until else "",
            "detail": self.detail,
        }


class TaxpayerLike(Protocol):
    """What `system_acting` needs to know of a taxpayer."""

    @property
    def pk(self) -> int:
        """Its id."""

    code: str
    name: str


@dataclass(frozen=True, slots=True)
class Acting:
    """A person acting for a taxpayer, with the rights the mandate gives at this moment."""

    user_id: int
    taxpayer_id: int
    taxpayer_code: str
    taxpayer_vat: str
    taxpayer_name: str
    rights: frozenset[str]
    why: Why = field(default_factory=lambda: Why(WhyKind.SYSTEM))
    key_id: UUID | None = None

    def may(self, right: str) -> bool:
        """Tell whether the mandate gives this right."""
        return right in self.rights

    def require(self, right: str) -> None:
        """Refuse unless the mandate gives this right: `ForbiddenError`."""
        if right not in self.rights:
            raise ForbiddenError("right-missing", right=right)


def system_acting(taxpayer: TaxpayerLike, rights: Iterable[str], *, vat: str = "") -> Acting:
    """Return the house itself acting for a taxpayer in background work, with these rights."""
    return Acting(
        user_id=NOBODY,
        taxpayer_id=taxpayer.pk,
        taxpayer_code=taxpayer.code,
        taxpayer_vat=vat,
        taxpayer_name=taxpayer.name,
        rights=frozenset(rights),
        why=Why(WhyKind.SYSTEM),
    )

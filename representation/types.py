"""Who acts for whom and why, as values."""

from collections.abc import Iterable, Mapping, Sequence
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
    """The capacity somebody acts in (VA-119, 13 p.).

    GRANT is a mandate of the person's own, FIRM one of the firm the person heads (VA-119, 6.3 p.),
    ACCOUNTANT an entry of the register (i.SAF only); SYSTEM is the house's own work.
    """

    SELF = "self"
    HEAD = "head"
    ACCOUNTANT = "accountant"
    GRANT = "grant"
    FIRM = "firm"
    KEY = "key"
    SYSTEM = "system"


Limits = Mapping[str, frozenset[str]]
"""What a right holds for only: the values allowed, by the name of the limit's kind.

A kind that is not named allows every value. The kinds are in `representation.limits`.
"""


@dataclass(frozen=True, slots=True)
class Narrowing:
    """How much less than its rights a mandate gives: limits, and nothing but looking."""

    limits: Limits = field(default_factory=dict)
    read_only: bool = False


@dataclass(frozen=True, slots=True)
class HeldTerms:
    """What a mandate gives, in one value: these rights, till this day, narrowed so."""

    rights: Sequence[str]
    until: date
    narrowing: Narrowing


WHOLE = Narrowing()
"""A mandate gives all of its rights."""


@dataclass(frozen=True, slots=True)
class Why:
    """The reason a right exists: what gives it and from which day till which (both included).

    `until` None has no end yet; `detail` names the key when one acts for the person; `chain` are
    the codes of the firms the mandate has passed through, the nearest to the taxpayer first.
    `limits` narrow what one chain gives; where there are several, each right has its own.
    """

    kind: WhyKind
    since: date | None = None
    until: date | None = None
    detail: str = ""
    chain: tuple[str, ...] = ()
    limits: Limits = field(default_factory=dict, hash=False)

    def as_params(self) -> dict[str, str]:
        """Return the reason as the journal keeps it."""
        return {
            "kind": self.kind,
            "since": self.since.isoformat() if self.since else "",
            "until": self.until.isoformat() if self.until else "",
            "detail": self.detail,
            **({"chain": ",".join(self.chain)} if self.chain else {}),
        }


class MandateState(StrEnum):
    """Where a mandate is between being offered or asked for and its end."""

    OFFERED = "offered"
    REQUESTED = "requested"
    AWAITING_SECOND = "awaiting_second"
    ACTIVE = "active"
    DECLINED = "declined"
    WITHDRAWN = "withdrawn"
    EXPIRED = "expired"
    REVOKED = "revoked"
    RENOUNCED = "renounced"


_UNANSWERED = frozenset(
    {
        MandateState.ACTIVE,
        MandateState.DECLINED,
        MandateState.WITHDRAWN,
        MandateState.EXPIRED,
    }
)
MOVES: Mapping[MandateState, frozenset[MandateState]] = {
    MandateState.OFFERED: _UNANSWERED,
    MandateState.REQUESTED: _UNANSWERED | {MandateState.AWAITING_SECOND},
    MandateState.AWAITING_SECOND: _UNANSWERED | {MandateState.OFFERED, MandateState.REQUESTED},
    MandateState.ACTIVE: frozenset(
        {MandateState.EXPIRED, MandateState.REVOKED, MandateState.RENOUNCED}
    ),
}
"""What may follow what; a state that is not named here is the last one."""


WAITING = (MandateState.OFFERED, MandateState.REQUESTED, MandateState.AWAITING_SECOND)
"""The states in which somebody has yet to answer."""


class ProposalKind(StrEnum):
    """What waits for a second administrator."""

    OFFER = "offer"
    """A mandate of the taxpayer's own."""
    PASSED_ON = "pass-on"
    """A client's mandate, passed on by the firm."""
    REQUEST = "request"
    """A request that the first administrator has accepted."""
    CHANGE = "change"
    """More rights of a mandate in force, or a later last day."""
    OFF = "off"
    """That weighty rights need no second administrator any more."""


class ProposalState(StrEnum):
    """What has become of a proposal."""

    OPEN = "open"
    APPROVED = "approved"
    DECLINED = "declined"
    WITHDRAWN = "withdrawn"
    EXPIRED = "expired"


class MandateSource(StrEnum):
    """How a mandate came to be."""

    OFFER = "offer"
    REQUEST = "request"
    BULK = "bulk"
    IMPORT = "import"


class LetterKind(StrEnum):
    """What a letter about a mandate says."""

    OFFER = "offer"
    ENDING_30 = "ending-30"
    ENDING_7 = "ending-7"
    ENDING_1 = "ending-1"


WARNED_DAYS_BEFORE: Mapping[int, LetterKind] = {
    30: LetterKind.ENDING_30,
    7: LetterKind.ENDING_7,
    1: LetterKind.ENDING_1,
}
"""How many days before the last one both sides are warned."""


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
    limits: Mapping[str, tuple[Limits, ...]] = field(default_factory=dict, hash=False)
    """Of the rights that are limited, the ways in which: any one of them suffices."""
    mandates: tuple[UUID, ...] = ()
    """The mandates by which the person acts, every link of every chain."""

    @property
    def person_id(self) -> int | None:
        """The user id of who acts; None when it is the house itself."""
        return None if self.user_id == NOBODY else self.user_id

    def may(self, right: str) -> bool:
        """Tell whether the mandate gives this right."""
        return right in self.rights

    def require(self, right: str) -> None:
        """Refuse unless the mandate gives this right: `ForbiddenError`."""
        if right not in self.rights:
            raise ForbiddenError("right-missing", right=right)

    def require_wholly(self, right: str) -> None:
        """Refuse unless the mandate gives this right without any limit: `ForbiddenError`."""
        self.require(right)
        if self.limits_of(right):
            raise ForbiddenError("right-limited", right=right)

    def limits_of(self, right: str) -> tuple[Limits, ...]:
        """Return the ways in which a right is limited, any of which suffices; none: it is whole."""
        return self.limits.get(right, ())

    def may_wholly(self, right: str) -> bool:
        """Tell whether the mandate gives this right without any limit."""
        return right in self.whole_rights

    @property
    def whole_rights(self) -> frozenset[str]:
        """The rights that are not limited."""
        return self.rights - self.limits.keys()


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

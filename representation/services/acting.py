"""May this person act for this taxpayer now, and why."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any
from uuid import UUID

from accounts.models import User
from imas.kernel.clock import VILNIUS
from imas.web.prepared import Prepared
from representation import acting_sql
from representation.chains import chains_of, limits_of, why_of
from representation.models import Taxpayer
from representation.rights import ACCOUNTANT_RIGHTS, EVERY_RIGHT
from representation.types import Acting, Limits, TaxpayerKind, Why, WhyKind

_TOLD = Prepared(
    "representation_told",
    acting_sql.TOLD,
    {"person": "text", "code": "text", "taxpayer": "bigint", "day": "date"},
)


def acting_of(user: User, taxpayer: Taxpayer, at: datetime) -> Acting | None:
    """Return the person acting for the taxpayer at this instant, or None without any mandate.

    Everything is read anew: a link of a chain that broke a moment ago gives nothing. Whoever acts
    for himself or heads the company has every right (VA-119, 6.1 p.), others what every link of
    their chain gives, and the accountant of form FR0791 besides that i.SAF.
    """
    day = at.astimezone(VILNIUS).date()
    if not user.is_active or not taxpayer.exists_on(day):
        return None
    told = _told(user, taxpayer, day)
    given = None if told.has_died else _mandate(user, taxpayer, day, told)
    if given is None:
        return None
    return Acting(
        user_id=user.pk,
        taxpayer_id=taxpayer.pk,
        taxpayer_code=taxpayer.code,
        taxpayer_vat=told.vat_code,
        taxpayer_name=taxpayer.name,
        rights=given.rights,
        why=given.why,
        limits=given.limits,
        mandates=given.mandates,
    )


@dataclass(frozen=True, slots=True)
class _Given:
    """What a person has for a taxpayer, why, and how it is limited."""

    why: Why
    rights: frozenset[str]
    limits: Mapping[str, tuple[Limits, ...]] = field(default_factory=dict)
    mandates: tuple[UUID, ...] = ()


@dataclass(frozen=True, slots=True)
class _Told:
    """What the registers tell of a person and a taxpayer on a day; posts by their days."""

    has_died: bool
    head: tuple[date, date | None] | None
    accountant: tuple[date, date | None] | None
    vat_code: str


def _told(user: User, taxpayer: Taxpayer, day: date) -> _Told:
    """Ask the registers everything in one statement: it is asked at every request."""
    asked: dict[str, Any] = {
        "person": user.personal_code_hash,
        "code": user.personal_code,
        "taxpayer": taxpayer.pk,
        "day": day,
    }
    ((died, head_since, head_until, since, until, vat_code),) = _TOLD.rows(asked)
    return _Told(
        has_died=died,
        head=(head_since, head_until) if head_since else None,
        accountant=(since, until) if since else None,
        vat_code=vat_code or "",
    )


def _mandate(user: User, taxpayer: Taxpayer, day: date, told: _Told) -> _Given | None:
    if is_self(user, taxpayer):
        return _Given(Why(WhyKind.SELF), EVERY_RIGHT)
    if told.head:
        return _Given(Why(WhyKind.HEAD, *told.head), EVERY_RIGHT)
    whole = ACCOUNTANT_RIGHTS if told.accountant else frozenset()
    chains = chains_of(user, [taxpayer.pk], day)
    if chains:
        given = frozenset[str]().union(*(chain.rights for chain in chains))
        limited = {right: limits_of(chains, right) for right in given - whole}
        ways = {right: found for right, found in limited.items() if found}
        links = sorted({link for chain in chains for link in chain.links})
        return _Given(why_of(chains), whole | given, ways, tuple(links))
    if told.accountant:
        return _Given(Why(WhyKind.ACCOUNTANT, *told.accountant), whole)
    return None


def has_died(user: User, day: date) -> bool:
    """Tell whether the register says that this person is dead: he acts for nobody any more."""
    if not user.personal_code:
        return False
    own = Taxpayer.objects.by_code(user.personal_code).filter(kind=TaxpayerKind.NATURAL)
    return own.filter(ended_on__lt=day).exists()


def is_self(user: User, taxpayer: Taxpayer) -> bool:
    """Tell whether the taxpayer is this very person (VA-119, 13.1 p.)."""
    return (
        taxpayer.kind == TaxpayerKind.NATURAL
        and user.personal_code != ""
        and taxpayer.code == user.personal_code
    )

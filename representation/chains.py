"""Chains of mandates as they are on a day: who may what for whom, and by which way."""

import json
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from django.db import connection
from django.db.models.expressions import RawSQL

from accounts.models import User
from imas.web.prepared import Prepared
from representation import chains_sql, limits
from representation.rights import EVERY_RIGHT
from representation.types import Limits, Narrowing, Why, WhyKind

_ROOTS = Prepared(
    "representation_chains_of",
    chains_sql.ROOTS,
    {"person": "text", "day": "date", "taxpayers": "bigint[]"},
)


@dataclass(frozen=True, slots=True)
class Chain:
    """One unbroken way from a taxpayer to a person, and what is left of the rights at its end.

    `links` are the mandates, the taxpayer's own act first, the person's own last; `firms` the
    codes of the firms it passes through. The days are those on which every link holds.
    """

    person: str
    taxpayer_id: int
    rights: frozenset[str]
    since: date
    until: date
    links: tuple[UUID, ...]
    firms: tuple[str, ...]
    is_personal: bool
    """Whether the last mandate names the person himself, not a firm the person heads."""
    limits: Limits
    """What every link allows; of the rights those are left of which anything is."""

    @property
    def why(self) -> Why:
        """The chain as the reason of an `Acting`."""
        kind = WhyKind.GRANT if self.is_personal else WhyKind.FIRM
        return Why(kind, self.since, self.until, chain=self.firms, limits=self.limits)


def chains_of(user: User, taxpayer_ids: Collection[int], day: date) -> list[Chain]:
    """Return every way in which mandates let a person act for these taxpayers on this day."""
    person = user.personal_code_hash
    if not person:
        return []
    params = {"person": person, "day": day, "taxpayers": list(taxpayer_ids)}
    return [_chain(row) for row in _ROOTS.rows(params)]


def chains_from(taxpayer_id: int, day: date) -> list[Chain]:
    """Return every way in which mandates of a taxpayer reach somebody on this day."""
    return _chains(chains_sql.REACHED, {"taxpayer": taxpayer_id, "day": day})


def chains_up_from(mandate_ids: Collection[UUID], day: date) -> dict[UUID, Chain]:
    """Return what is left of these mandates on this day; of a broken chain there is nothing."""
    params = {"person": "", "day": day, "mandates": list(mandate_ids)}
    return {chain.links[-1]: chain for chain in _chains(chains_sql.UP_FROM, params)}


def clients_of(user: User, day: date) -> RawSQL:
    """Return the subquery of the ids of the taxpayers a person may act for on this day."""
    params = {"person": user.personal_code_hash, "code": user.personal_code, "day": day}
    return _subquery(chains_sql.CLIENTS, params)


def people_with(taxpayer_id: int, right: str, day: date) -> RawSQL:
    """Return the subquery of the fingerprints of those whom mandates or headship give a right."""
    params = {"taxpayer": taxpayer_id, "right": right, "day": day}
    return _subquery(chains_sql.PEOPLE_WITH, params)


def why_of(chains: Collection[Chain]) -> Why:
    """Return several ways as one reason: from the first day of any to the last of all.

    The firms are those of the widest way, so that one chain can be named.
    """
    widest = max(chains, key=lambda chain: (len(chain.rights), chain.is_personal))
    return Why(
        widest.why.kind,
        min(chain.since for chain in chains),
        max(chain.until for chain in chains),
        chain=widest.firms,
        limits=widest.limits if len(chains) == 1 else {},
    )


def limits_of(chains: Collection[Chain], right: str) -> tuple[Limits, ...]:
    """Return the ways in which these chains limit a right that they give; none: it is whole."""
    return limits.joined(
        limits.of_right(chain.limits, right) for chain in chains if right in chain.rights
    )


def _chains(sql: str, params: dict[str, Any]) -> list[Chain]:
    with connection.cursor() as cursor:
        cursor.execute(sql, params)
        return [_chain(row) for row in cursor]


def _chain(row: tuple[Any, ...]) -> Chain:
    person, taxpayer_id, rights, gathered, since, until, links, firms, is_personal = row
    every_link = json.loads(gathered)
    left = limits.narrowed(map(limits.of_json, every_link)) if every_link else {}
    return Chain(
        person=person,
        taxpayer_id=taxpayer_id,
        rights=limits.rights_left(EVERY_RIGHT.intersection(rights), Narrowing(left)),
        since=since,
        until=until,
        links=tuple(links),
        firms=tuple(firms),
        is_personal=is_personal,
        limits=left,
    )


def _subquery(sql: str, params: dict[str, object]) -> RawSQL:
    """Django numbers the parameters of a raw expression; ours are named, each used many times."""
    names: list[str] = []

    class Named(dict[str, str]):
        def __getitem__(self, name: str) -> str:
            names.append(name)
            return "%s"

    return RawSQL(sql % Named(), [params[name] for name in names])  # noqa: S611 - bound values

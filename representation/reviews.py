"""A taxpayer's mandates as they are looked through: used, unused, ending, broken."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db.models import DateTimeField, F, Min, OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce

from accounts.models import ApiKey, Certificate, User
from imas.kernel import clock
from imas.kernel.clock import VILNIUS
from representation import selectors
from representation.chains import chains_from
from representation.models import Mandate, MandateReview, MandateUse

ENDING_DAYS = 30
REVIEW_DAYS = 365
"""A mandate is looked through this many days after it was given or looked through."""


class Mark(StrEnum):
    """What there is to notice about a mandate."""

    NEVER = "never"
    UNUSED = "unused"
    ENDING = "ending"
    BROKEN = "broken"


@dataclass(frozen=True, slots=True)
class Reviewed:
    """A mandate with its last use, its last review, and what there is to notice."""

    mandate: Mandate
    last_on: date | None
    last_by: User | None
    reviewed_on: date | None
    reviewed_by: User | None
    marks: tuple[Mark, ...]


@dataclass(frozen=True, slots=True)
class Program:
    """A key or certificate that opens the taxpayer, and whether it lies unused."""

    credential: ApiKey | Certificate
    mark: Mark | None


def reviewed(taxpayer_id: int, day: date) -> list[Reviewed]:
    """Return the mandates in force that the taxpayer itself has given, by whom they name."""
    given = list(_given(day).filter(taxpayer_id=taxpayer_id).select_related("firm", "user"))
    live = _live_links(taxpayer_id, day)
    uses = {use.mandate_id: use for use in _latest(MandateUse.objects.order_by("last_on"), given)}
    kept = {one.mandate_id: one for one in _latest(MandateReview.objects.order_by("at"), given)}
    rows = []
    for mandate in given:
        use, review = uses.get(mandate.pk), kept.get(mandate.pk)
        last_on = use.last_on if use else None
        rows.append(
            Reviewed(
                mandate=mandate,
                last_on=last_on,
                last_by=use.user if use else None,
                reviewed_on=review.at.astimezone(VILNIUS).date() if review else None,
                reviewed_by=review.by if review else None,
                marks=_marks(mandate, last_on, day, is_live=mandate.pk in live),
            )
        )
    return sorted(rows, key=lambda row: (row.mandate.holder_name, row.mandate.created_at))


def programs(taxpayer_code: str, day: date) -> list[Program]:
    """Return the keys and certificates that open the taxpayer now."""
    usable: dict[str, Any] = {"revoked_at__isnull": True, "expires_at__gt": clock.now()}
    found: list[ApiKey | Certificate] = [
        *selectors.keys_of(taxpayer_code).filter(**usable).select_related("user"),
        *selectors.certificates_of(taxpayer_code).filter(**usable).select_related("user"),
    ]
    return [
        Program(one, _unused(one.last_used_at and one.last_used_at.astimezone(VILNIUS).date(), day))
        for one in found
    ]


def due_from(taxpayer_ids: Sequence[int], day: date) -> Mapping[int, date]:
    """Return by taxpayer since when the mandate that waits the longest was not looked through."""
    latest = MandateReview.objects.filter(mandate=OuterRef("pk")).order_by("-at").values("at")[:1]
    seen = Coalesce(Subquery(latest, output_field=DateTimeField()), F("created_at"))
    given = _given(day).filter(taxpayer_id__in=taxpayer_ids).annotate(seen=seen)
    found = given.order_by().values("taxpayer_id").annotate(first=Min("seen"))
    return {one["taxpayer_id"]: one["first"].astimezone(VILNIUS).date() for one in found}


def _live_links(taxpayer_id: int, day: date) -> set[UUID]:
    """The mandates by which somebody can act who is not known as dead."""
    ways = chains_from(taxpayer_id, day)
    known = User.objects.filter(personal_code_hash__in={way.person for way in ways})
    living = {user.pk for user in selectors.living(known, day)}
    dead = {user.personal_code_hash for user in known if user.pk not in living}
    return {link for way in ways if way.person not in dead for link in way.links}


def _given(day: date) -> QuerySet[Mandate]:
    return Mandate.objects.in_force(day).filter(via__isnull=True)


def _latest(rows: QuerySet, given: Sequence[Mandate]) -> QuerySet:  # type: ignore[type-arg]
    """Rows of these mandates with their person, the latest of each mandate last."""
    person = "user" if rows.model is MandateUse else "by"
    return rows.filter(mandate__in=given).select_related(person)


def _marks(mandate: Mandate, last_on: date | None, day: date, *, is_live: bool) -> tuple[Mark, ...]:
    found = {_unused(last_on, day)}
    if mandate.until <= day + timedelta(days=ENDING_DAYS):
        found.add(Mark.ENDING)
    if not is_live:
        found.add(Mark.BROKEN)
    return tuple(mark for mark in Mark if mark in found)


def _unused(last_on: date | None, day: date) -> Mark | None:
    if last_on is None:
        return Mark.NEVER
    is_old = last_on < day - timedelta(days=settings.MANDATE_UNUSED_DAYS)
    return Mark.UNUSED if is_old else None

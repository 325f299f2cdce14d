"""The consent of carriers and consignees to e-waybills: given, withdrawn, asked for.

An e-waybill is issued and confirmed in i.VAZ alone, so it needs the prior consent of both
(docs/ivaz/waybills.md, "Consent").
"""

from collections.abc import Collection, Iterable, Iterator, Mapping
from datetime import date

from django.conf import settings
from django.db import transaction

from imas.kernel import clock
from imas.kernel.errors import ConflictError, NotFoundError, UnprocessableError
from imas.kernel.problems import Place, Problem
from ivaz.models import EwaybillConsent
from ivaz.selectors import SETTINGS
from ivaz.types import CONSENTING, Content, Record, Role
from representation.models import Taxpayer
from representation.services import journal
from representation.types import Acting

RIGHT = SETTINGS
CODE = "ivaz.no-consent"
UNREGISTERED = "unregistered"
"""The reason of the problem where the party is in no register and so cannot consent."""

Given = Collection[tuple[str, Role]]
"""Who has consented: codes and roles."""


def give(acting: Acting, role: Role, since: date) -> EwaybillConsent:
    """Consent to e-waybills in a role from a day on, today at the earliest.

    UnprocessableError("consent-role") for another role, "consent-day" for a day that is over,
    ConflictError("consent-given") where a consent stands: it is withdrawn first.
    """
    acting.require_wholly(RIGHT)
    _refuse_role(role)
    if since < clock.today():
        raise UnprocessableError("consent-day")
    with transaction.atomic():
        if _standing(acting, role) is not None:
            raise ConflictError("consent-given")
        made = EwaybillConsent.objects.create(
            taxpayer_id=acting.taxpayer_id, role=role, since=since, given_by_id=acting.person_id
        )
        journal(acting, "ivaz.consent-given", role, since=since.isoformat())
    return made


def withdraw(acting: Acting, role: Role) -> EwaybillConsent:
    """Withdraw a consent at once; e-waybills that name the taxpayer already stay as they are.

    NotFoundError("consent-not-found") where none stands.
    """
    acting.require_wholly(RIGHT)
    _refuse_role(role)
    with transaction.atomic():
        found = _standing(acting, role)
        if found is None:
            raise NotFoundError("consent-not-found")
        found.ended_on, found.withdrawn_at = clock.today(), clock.now()
        found.withdrawn_by_id = acting.person_id
        found.save(update_fields=["ended_on", "withdrawn_at", "withdrawn_by"])
        journal(acting, "ivaz.consent-withdrawn", role, since=found.since.isoformat())
    return found


def takes(code: str, role: Role, day: date) -> bool:
    """Tell whether a taxpayer takes e-waybills in a role on a day; False for unknown codes."""
    holding = EwaybillConsent.objects.holding_on(day)
    return holding.filter(taxpayer__code=code, role=role).exists()


def is_asked() -> bool:
    """Tell whether e-waybills need consent today (`EWAYBILL_CONSENT_FROM`)."""
    return clock.today() >= settings.EWAYBILL_CONSENT_FROM


def given_by(known: Mapping[str, int]) -> Given:
    """Return who of registered taxpayers (ids by code) has consented today; one query."""
    codes = {taxpayer_id: code for code, taxpayer_id in known.items()}
    holding = EwaybillConsent.objects.holding_on(clock.today()).filter(taxpayer_id__in=codes)
    told = holding.values_list("taxpayer_id", "role")
    return {(codes[taxpayer_id], Role(role)) for taxpayer_id, role in told}


def parties_asked(content: Content, before: Content | None = None) -> Iterator[tuple[Role, str]]:
    """Yield roles and codes of those whose consent a waybill needs.

    With what it was before: of those it names anew. A consignee who is not known yet is asked
    when he is named.
    """
    for role, name in CONSENTING.items():
        party = content.get(name)
        code = (party or {}).get("RegistrationNumber")
        if code and code != ((before or {}).get(name) or {}).get("RegistrationNumber"):
            yield role, code


def missing(
    record: Record, known: Mapping[str, int], given: Given, before: Content | None = None
) -> tuple[Problem, ...]:
    """Return a problem for each party that has not consented, placed at it in the waybill."""
    number = record.number or record.uid or record.rn
    return tuple(
        Problem(
            CODE,
            place=Place(line=record.line or None, path=CONSENTING[role], invoice_no=number),
            value=code[:100],
            params={"name": str(record.content[CONSENTING[role]].get("Name", ""))[:100]},
            reason=role.value if code in known else UNREGISTERED,
        )
        for role, code in parties_asked(record.content, before)
        if (code, role) not in given
    )


def codes_asked(contents: Iterable[Content], before: Content | None = None) -> set[str]:
    """Return the codes of all whose consent these waybills need."""
    return {code for content in contents for _role, code in parties_asked(content, before)}


def _standing(acting: Acting, role: Role) -> EwaybillConsent | None:
    """Return the consent that stands; of two who change it at once the second waits."""
    Taxpayer.objects.select_for_update(no_key=True).get(pk=acting.taxpayer_id)
    mine = EwaybillConsent.objects.filter(taxpayer_id=acting.taxpayer_id, role=role)
    return mine.filter(ended_on__isnull=True).first()


def _refuse_role(role: Role) -> None:
    if role not in CONSENTING:
        raise UnprocessableError("consent-role")

"""Requests to represent a taxpayer, which the taxpayer accepts or declines."""

from datetime import timedelta

from django.conf import settings
from django.db import transaction

from accounts.encryption import lookup_hash
from accounts.models import User
from imas.kernel import clock
from imas.kernel.errors import ForbiddenError, UnprocessableError
from representation.attempts import spend_attempt
from representation.models import Mandate, Taxpayer
from representation.services.granting import MANAGE
from representation.services.journal import journal_mandate
from representation.services.moving import record
from representation.services.offering import Terms
from representation.types import WAITING, Acting, MandateSource, MandateState

REFUSALS_COUNT_FOR = timedelta(days=182)


@transaction.atomic
def request_mandate(user: User, firm: Acting | None, code: str, terms: Terms) -> None:
    """Ask a taxpayer for a mandate, in one's own name or for the firm acted for.

    Whether there is such a taxpayer, or one that does not want to be asked any more, is not told:
    nothing happens then, nor when too many requests are open. Asking often is `ThrottledError`.
    """
    if firm is not None:
        firm.require(MANAGE)
    _refuse_terms(terms)
    spend_attempt(user.pk)
    User.objects.select_for_update().get(pk=user.pk)
    asked = Mandate(
        source=MandateSource.REQUEST,
        state=MandateState.REQUESTED,
        rights=terms.given,
        since=clock.today(),
        until=terms.until,
        passing_on=terms.passing_on,
        created_at=clock.now(),
    )
    asked.narrow(terms.narrowing)
    if firm is not None:
        asked.firm_id = firm.taxpayer_id
    else:
        asked.user, asked.person = user, user.personal_code_hash
        asked.person_name = user.full_name
    if firm is None and not user.personal_code_hash:
        raise ForbiddenError("grant-to-oneself")
    taxpayer = Taxpayer.objects.existing_on(clock.today()).by_code(code.strip()).first()
    if taxpayer is None or _may_not_be_asked(asked, taxpayer):
        return
    asked.taxpayer = taxpayer
    asked.save(force_insert=True)
    record(asked, user.pk)
    journal_mandate(user, "representation.requested", asked)


def _refuse_terms(terms: Terms) -> None:
    today = clock.today()
    if terms.until < today:
        raise UnprocessableError("grant-ends-in-the-past")
    last = today + timedelta(days=settings.MANDATE_MAX_DAYS)
    if terms.until > last:
        raise UnprocessableError("grant-too-long", last=last.isoformat())
    if not terms.given:
        raise UnprocessableError("mandate-without-rights")


def _may_not_be_asked(asked: Mandate, taxpayer: Taxpayer) -> bool:
    """Itself, somebody who has not answered or has given already, or has refused repeatedly."""
    if taxpayer.pk == asked.firm_id or asked.person == lookup_hash(taxpayer.code):
        return True
    own = Mandate.objects.filter(person=asked.person, firm_id=asked.firm_id)
    if own.filter(state=MandateState.REQUESTED).count() >= settings.MANDATE_OPEN_REQUESTS:
        return True
    alike = own.filter(taxpayer=taxpayer)
    declined = alike.filter(
        source=MandateSource.REQUEST,
        state=MandateState.DECLINED,
        created_at__gt=clock.now() - REFUSALS_COUNT_FOR,
    )
    held = alike.filter(
        state__in=[MandateState.ACTIVE, *WAITING], rights__overlap=asked.rights
    ).filter(until__gte=clock.today())
    return held.exists() or declined.count() >= settings.MANDATE_REFUSALS

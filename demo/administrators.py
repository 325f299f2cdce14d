"""Two administrators of the accounting firm, what waits for the second, and unused mandates."""

from datetime import timedelta

from django.conf import settings

from accounts.models import User
from demo.mandates import ACCOUNTANT, ASSISTANT, DEPUTY, give
from imas.kernel import clock
from representation import services
from representation.models import Mandate, MandateLetter, MandateUse, Taxpayer
from representation.services import NewPerson, Terms, acting_of
from representation.types import Acting

_LONG_AGO = 30
"""By how many days more than counts as unused the auditor's mandate lies unused."""


def write_administrators(users: dict[str, User], firm: Taxpayer) -> None:
    """Let the firm need two administrators, its deputy propose, and the head have it to approve."""
    head, deputy = users[ACCOUNTANT.name], users[DEPUTY.name]
    managed = give(deputy, firm, "representation.manage", "keys.manage", "isaf.view")
    auditor = _auditor()
    read = give(auditor, firm, "isaf.view")
    give(users[ASSISTANT.name], firm, "mailbox.view")  # never used
    services.switch_on(_acting(head, firm))
    helper = users[ASSISTANT.name]
    named = NewPerson(helper.full_name, helper.personal_code, f"{helper.login_name}@demo.invalid")
    until = clock.today() + timedelta(days=settings.MANDATE_DAYS // 2)
    services.offer(_acting(deputy, firm), named, Terms(["keys.manage"], until))
    _use(managed, deputy, days=1)
    _use(read, auditor, days=settings.MANDATE_UNUSED_DAYS + _LONG_AGO)
    # Nobody reads letters to invented addresses.
    MandateLetter.objects.filter(sent_at=None).update(sent_at=clock.now())


def _auditor() -> User:
    """Somebody who was here once; without a password nobody signs in as her."""
    names = {"first_name": "Vida", "last_name": "Auditorė", "personal_code": "98206140084"}
    return User.objects.create_user("vida.auditore", None, **names)


def _acting(user: User, taxpayer: Taxpayer) -> Acting:
    acting = acting_of(user, taxpayer, clock.now())
    assert acting is not None  # noqa: S101 - the demo has just made it so
    return acting


def _use(mandate: Mandate, user: User, *, days: int) -> None:
    day = clock.today() - timedelta(days=days)
    MandateUse.objects.create(mandate=mandate, user=user, last_on=day)

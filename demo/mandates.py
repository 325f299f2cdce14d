"""Writes the demo economy's taxpayers, people and mandates."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from django.conf import settings

from accounts.models import User
from demo.people import ACCOUNTING_FIRM, Company
from imas.kernel import clock
from imas.kernel.periods import PeriodKind
from representation.models import (
    Accountant,
    CashAccounting,
    Employment,
    Headship,
    Mandate,
    Taxpayer,
    TaxPeriodKind,
    VatRegistration,
)
from representation.services import (
    Addressee,
    NewPerson,
    Order,
    Terms,
    acting_of,
    held_to_pass_on,
    pass_on_together,
)
from representation.services.moving import record
from representation.types import (
    WHOLE,
    AccountantKind,
    MandateSource,
    MandateState,
    Narrowing,
    TaxpayerKind,
)

SINCE = date(2019, 7, 1)
CLIENTS = 26
"""How many companies the accounting firm keeps the books of."""
ASSISTED = 8
"""For how many of them its employee works."""
PURCHASES = Narrowing({"isaf.register": frozenset("P")})
"""What the employee has of the last of them."""
NEWCOMER = NewPerson("Ieva Naujokė", "99405120127", "ieva.naujoke@demo.invalid")
"""A new employee who has yet to accept, by one link, what was passed on in one go."""

_ASSISTED = ("isaf.view", "isaf.upload")
_ACCOUNTANT_RIGHTS = (
    "isaf.view",
    "isaf.upload",
    "isaf.submit",
    "isaf.crosscheck",
    "isaf.returns",
    "ivaz.view",
    "ivaz.submit",
    "mailbox.view",
    "keys.manage",
)
_MAIL = "{login}@demo.invalid"


@dataclass(frozen=True, slots=True)
class Login:
    """A demo login and what it shows; codes that begin with 9 are nobody's."""

    name: str
    first_name: str
    last_name: str
    personal_code: str
    shows: str
    ready: bool
    is_staff: bool = False


HEAD = Login(
    "jonas.vadovas",
    "Jonas",
    "Vadovas",
    "97804120413",
    "head of one company, first visit",
    ready=False,
)
ACCOUNTANT = Login(
    "rasa.buhaltere",
    "Rasa",
    "Buhalterė",
    "98509231175",
    "head of the accounting firm of twenty-six companies",
    ready=True,
)
READER = Login(
    "tomas.ziuretojas",
    "Tomas",
    "Žiūrėtojas",
    "99206172083",
    "representative with one right, and roles in AIS",
    ready=True,
)
ASSISTANT = Login(
    "greta.padejeja",
    "Greta",
    "Padėjėja",
    "99307140061",
    "employee of the accounting firm for eight of its clients",
    ready=True,
)
OFFICER = Login(
    "ina.pareigune",
    "Ina",
    "Pareigūnė",
    "98811250039",
    "officer; takes on a second factor first",
    ready=True,
    is_staff=True,
)
DEPUTY = Login(
    "algis.pavaduotojas",
    "Algis",
    "Pavaduotojas",
    "98107190153",
    "second administrator of the accounting firm",
    ready=True,
)
FORMER = Login(
    "irena.isejusi",
    "Irena",
    "Išėjusi",
    "98403150223",
    "left the accounting firm: her mandate stands, its chain is broken",
    ready=True,
)
LOGINS = (HEAD, ACCOUNTANT, ASSISTANT, DEPUTY, READER, FORMER, OFFICER)


def write_taxpayers(companies: Iterable[Company]) -> dict[str, Taxpayer]:
    """Store the companies as the Register of Taxpayers would give them; return them by code."""
    return {company.code: _taxpayer(company) for company in companies}


def _taxpayer(company: Company) -> Taxpayer:
    taxpayer = Taxpayer.objects.create(
        kind=TaxpayerKind.NATURAL if company.natural else TaxpayerKind.LEGAL,
        code=company.code,
        name=company.name,
        address=company.street,
        city=company.city,
    )
    VatRegistration.objects.create(taxpayer=taxpayer, vat_code=company.vat, valid_from=SINCE)
    TaxPeriodKind.objects.create(
        taxpayer=taxpayer,
        kind=PeriodKind.HALF_YEAR if company.half_yearly else PeriodKind.MONTH,
        valid_from=SINCE,
    )
    if company.cash_accounting:
        CashAccounting.objects.create(taxpayer=taxpayer, valid_from=SINCE)
    return taxpayer


def write_people(
    companies: tuple[Company, ...], taxpayers: dict[str, Taxpayer], password: str
) -> dict[str, User]:
    """Store the demo logins with their mandates; return the users by login name."""
    users = {login.name: _user(login, password) for login in LOGINS}
    first = taxpayers[companies[0].code]
    firm = next(taxpayers[c.code] for c in companies if ACCOUNTING_FIRM in c.name)
    _head(users[HEAD.name], first)
    _head(users[ACCOUNTANT.name], firm)
    clients = [taxpayers[c.code] for c in companies if taxpayers[c.code] != firm][:CLIENTS]
    _keep_books(users[ACCOUNTANT.name], clients.pop())
    for client in reversed(clients):
        held = give(firm, client, *_ACCOUNTANT_RIGHTS)
        if client in clients[:ASSISTED]:
            narrowing = PURCHASES if client == clients[ASSISTED - 1] else WHOLE
            give(users[ASSISTANT.name], client, *_ASSISTED, via=held, narrowing=narrowing)
    give(users[FORMER.name], client, *_ASSISTED, via=held)
    give(users[READER.name], first, "isaf.view")
    _work(users[FORMER.name], firm, until=clock.today() - timedelta(days=20))
    _work(users[ACCOUNTANT.name], firm)
    _work(users[ASSISTANT.name], firm)
    _offer_together(users[ACCOUNTANT.name], firm)
    return users


def _offer_together(head: User, firm: Taxpayer) -> None:
    """Let the head of the firm pass the mandates of some clients on to the new employee."""
    acting = acting_of(head, firm, clock.now())
    if acting is None:
        return
    terms = Terms(_ASSISTED, clock.today() + timedelta(days=180))
    orders = [
        Order(held.pk, Addressee.of(NEWCOMER), terms)
        for held in held_to_pass_on(acting)[ASSISTED : ASSISTED + 6]
    ]
    pass_on_together(acting, orders, MandateSource.BULK)


def give(
    holder: User | Taxpayer,
    taxpayer: Taxpayer,
    *rights: str,
    via: Mandate | None = None,
    narrowing: Narrowing = WHOLE,
) -> Mandate:
    """Let a taxpayer give rights to a person, or to a firm that may pass them on once."""
    whose: dict[str, object] = {"firm": holder, "passing_on": 1}
    if isinstance(holder, User):
        whose = {
            "user": holder,
            "person": holder.personal_code_hash,
            "person_name": holder.full_name,
        }
    mandate = Mandate(
        **whose,
        taxpayer=taxpayer,
        via=via,
        rights=sorted(rights),
        since=SINCE,
        until=clock.today() + timedelta(days=settings.MANDATE_DAYS),
        source=MandateSource.OFFER,
        state=MandateState.ACTIVE,
        created_at=clock.now(),
    )
    mandate.narrow(narrowing)
    mandate.save(force_insert=True)
    record(mandate, None, MandateState.OFFERED)
    return mandate


def _user(login: Login, password: str) -> User:
    user = User.objects.create_user(
        login.name,
        password,
        first_name=login.first_name,
        last_name=login.last_name,
        personal_code=login.personal_code,
        is_staff=login.is_staff,
    )
    if login.ready:
        now = clock.now()
        user.email, user.email_confirmed_at = _MAIL.format(login=login.name), now
        user.rules_version, user.rules_accepted_at = settings.RULES_VERSION, now
        user.save()
    return user


def _keep_books(user: User, taxpayer: Taxpayer) -> None:
    """Name the head of the accounting firm in form FR0791: i.SAF without any mandate."""
    Accountant.objects.create(
        person=user.personal_code_hash,
        person_name=user.full_name,
        taxpayer=taxpayer,
        kind=AccountantKind.FIRM,
        since=SINCE,
    )


def _work(user: User, firm: Taxpayer, *, until: date | None = None) -> None:
    Employment.objects.create(
        person=user.personal_code_hash,
        person_name=user.full_name,
        taxpayer=firm,
        since=SINCE,
        until=until,
    )


def _head(user: User, taxpayer: Taxpayer) -> None:
    Headship.objects.create(
        person=user.personal_code_hash, person_name=user.full_name, taxpayer=taxpayer, since=SINCE
    )

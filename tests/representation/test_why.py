"""Why somebody may do something on a day, and which link broke, told as the rules have it."""

import random
from collections.abc import Callable
from datetime import date, datetime, timedelta

import pytest
from django.test import Client

from accounts.models import User
from imas.kernel import clock
from representation import services
from representation.models import JournalEntry, Mandate, MandateMove, Taxpayer
from representation.rights import RIGHTS
from representation.services import acting_of
from representation.types import MandateState, TaxpayerKind, WhyKind
from representation.ways import Break, BreakKind, Way, broken_now, ways_to
from tests.make import (
    LONG_AGO,
    PASSWORD,
    fingerprint_of,
    make_accountant,
    make_acting,
    make_employment,
    make_grant,
    make_headship,
    make_taxpayer,
    make_user,
    personal_code,
    prove_second_factor,
)

pytestmark = pytest.mark.django_db
TODAY = clock.today()
DAY = timedelta(days=1)
YESTERDAY = TODAY - DAY
VIEW = "isaf.view"


def _ways(taxpayer: Taxpayer, user: User, right: str = VIEW, day: date = TODAY) -> list[Way]:
    return ways_to(taxpayer, fingerprint_of(user), right, day)


def signed_in(user: User) -> Client:
    client = Client()
    client.post("/sign-in/", {"username": user.login_name, "password": PASSWORD})
    prove_second_factor(client)
    return client


def _broken(taxpayer: Taxpayer, user: User, right: str = VIEW) -> list[Break]:
    (way,) = _ways(taxpayer, user, right)
    return [*way.breaks, *(one for link in way.links for one in link.breaks)]


class Case:
    """Company → firm → employee, all in force."""

    def __init__(self) -> None:
        self.company, self.firm = make_taxpayer(), make_taxpayer()
        self.boss, self.employee = make_user(), make_user()
        self.headship = make_headship(self.boss, self.firm)
        self.employment = make_employment(self.employee, self.firm)
        self.held = make_grant(self.firm, self.company, VIEW, "isaf.upload", passing_on=1)
        self.passed = make_grant(self.employee, self.company, VIEW, "isaf.submit", via=self.held)


@pytest.fixture
def case() -> Case:
    return Case()


def test_a_whole_chain_is_told_link_by_link(case: Case) -> None:
    (way,) = _ways(case.company, case.employee)
    assert way.holds
    assert way.kind == WhyKind.GRANT
    assert [link.standing.mandate for link in way.links] == [case.held, case.passed]
    assert [set(link.rights) for link in way.links] == [{VIEW, "isaf.upload"}, {VIEW}]
    (way,) = _ways(case.company, case.boss)
    assert (way.holds, way.kind, len(way.links)) == (True, WhyKind.FIRM, 1)


def _end_mandate(case: Case) -> None:
    Mandate.objects.filter(pk=case.held.pk).update(until=YESTERDAY)


def _leave(case: Case) -> None:
    case.employment.until = YESTERDAY
    case.employment.save()


def _close_firm(case: Case) -> None:
    Taxpayer.objects.filter(pk=case.firm.pk).update(ended_on=YESTERDAY)


def _close_company(case: Case) -> None:
    Taxpayer.objects.filter(pk=case.company.pk).update(ended_on=YESTERDAY)


def _revoke(case: Case) -> None:
    services.revoke(make_acting(taxpayer=case.company), case.held.pk)


def _forbid_passing_on(case: Case) -> None:
    Mandate.objects.filter(pk=case.held.pk).update(passing_on=0)


def _not_accepted(case: Case) -> None:
    Mandate.objects.filter(pk=case.passed.pk).update(state=MandateState.OFFERED)


@pytest.mark.parametrize(
    ("deed", "kind", "day", "place"),
    [
        (_end_mandate, BreakKind.EXPIRED, YESTERDAY, 0),
        (_leave, BreakKind.EMPLOYMENT_ENDED, YESTERDAY, 1),
        (_close_firm, BreakKind.FIRM_ENDED, YESTERDAY, 1),
        (_close_company, BreakKind.TAXPAYER_ENDED, YESTERDAY, None),
        (_revoke, BreakKind.REVOKED, TODAY, 0),
        (_forbid_passing_on, BreakKind.NOT_TO_BE_PASSED_ON, None, 1),
        (_not_accepted, BreakKind.NOT_ACCEPTED, TODAY, 1),
    ],
)
def test_the_link_that_broke_is_told_with_its_day(
    case: Case,
    deed: Callable[[Case], None],
    kind: BreakKind,
    day: date | None,
    place: int | None,
) -> None:
    deed(case)
    case.company.refresh_from_db()
    (way,) = _ways(case.company, case.employee)
    assert not way.holds
    told = way.breaks if place is None else way.links[place].breaks
    assert told == (Break(kind, day),)
    assert acting_of(case.employee, case.company, clock.now()) is None


def test_a_head_who_left_the_firm_is_told_since_when(case: Case) -> None:
    case.headship.until = YESTERDAY
    case.headship.save()
    assert _broken(case.company, case.boss) == [Break(BreakKind.HEAD_CHANGED, YESTERDAY)]


def test_a_right_is_lost_at_the_link_that_does_not_give_it(case: Case) -> None:
    (way,) = _ways(case.company, case.employee, "isaf.upload")
    assert [link.breaks for link in way.links] == [(), (Break(BreakKind.RIGHT_MISSING),)]
    (way,) = _ways(case.company, case.employee, "mailbox.view")
    assert [link.breaks for link in way.links] == [(Break(BreakKind.RIGHT_MISSING),), ()]


def test_registers_are_told_too() -> None:
    company, head, bookkeeper = make_taxpayer(), make_user(), make_user()
    make_headship(head, company, until=YESTERDAY)
    make_accountant(bookkeeper, company)
    assert _broken(company, head) == [Break(BreakKind.POST_ENDED, YESTERDAY)]
    assert _ways(company, head, day=YESTERDAY)[0].holds
    assert _ways(company, bookkeeper)[0].holds
    assert _broken(company, bookkeeper, "mailbox.view") == [Break(BreakKind.RIGHT_MISSING)]
    code = personal_code()
    person = make_taxpayer(code, kind=TaxpayerKind.NATURAL)
    own = _ways(person, make_user(personal_code=code))
    assert own == [] or own[0].kind == WhyKind.SELF
    assert _ways(company, make_user()) == []


def test_the_past_is_told_as_it_was(case: Case) -> None:
    at = {
        days: datetime.combine(TODAY - timedelta(days=days), datetime.min.time(), clock.VILNIUS)
        for days in (30, 20, 10)
    }
    Mandate.objects.update(created_at=at[30])
    kept = {"mandate": case.held, "until": case.held.until, "passing_on": 1}
    MandateMove.objects.create(**kept, at=at[30], state="offered", rights=[VIEW])
    MandateMove.objects.create(**kept, at=at[20], state="active", rights=[VIEW])
    MandateMove.objects.create(**kept, at=at[10], state="revoked", rights=[VIEW])
    Mandate.objects.filter(pk=case.held.pk).update(state="revoked", rights=["mailbox.view"])
    told = {
        days: [
            [one.kind for one in link.breaks]
            for way in _ways(case.company, case.boss, day=TODAY - timedelta(days=days))
            for link in way.links
        ]
        for days in (31, 30, 21, 20, 11, 10, 0)
    }
    assert told == {
        31: [],
        30: [[BreakKind.NOT_ACCEPTED]],
        21: [[BreakKind.NOT_ACCEPTED]],
        20: [[]],
        11: [[]],
        10: [[BreakKind.REVOKED]],
        0: [[BreakKind.REVOKED]],
    }


def _economy(chance: random.Random) -> tuple[Taxpayer, list[User]]:
    """A company, firms and people with everything that can be wrong with a link, by chance."""
    users, firms = (
        [make_user(is_active=chance.random() < 0.9) for _ in range(4)],
        [make_taxpayer() for _ in range(3)],
    )
    holders: list[User | Taxpayer] = [*users, *firms]
    company, ends = make_taxpayer(), [None, None, YESTERDAY, TODAY]
    for firm in firms:
        Taxpayer.objects.filter(pk=firm.pk).update(ended_on=chance.choice([None, None, YESTERDAY]))
        for user in chance.sample(users, 2):
            make_headship(user, firm, until=chance.choice(ends))
        for user in chance.sample(users, chance.randrange(3)):
            make_employment(user, firm, until=chance.choice(ends))
    for user in chance.sample(users, 2):
        make_employment(user, company, until=chance.choice(ends))
    dead = chance.choice([*users, None, None, None, None])
    if dead:
        own = make_taxpayer(dead.personal_code or personal_code(), kind=TaxpayerKind.NATURAL)
        Taxpayer.objects.filter(pk=own.pk).update(ended_on=YESTERDAY)
    given: list[Mandate | None] = [None, None]
    for _ in range(14):
        above = chance.choice(given)
        since, until = chance.choice(
            [
                (LONG_AGO, None),
                (LONG_AGO, TODAY),
                (LONG_AGO, YESTERDAY),
                (TODAY + timedelta(1), None),
            ]
        )
        mandate = make_grant(
            chance.choice(holders),
            company,
            *chance.sample(sorted(RIGHTS), 5),
            since=chance.choice([LONG_AGO, since]),
            until=until,
            state=chance.choice([MandateState.ACTIVE] * 5 + [MandateState.REVOKED]),
            via=above,
            passing_on=max(0, (above.passing_on if above else 4) - chance.choice([0, 1, 1, 1])),
        )
        given.append(mandate)
    return company, users


@pytest.mark.parametrize("seed", range(16))
def test_the_page_and_the_rules_are_of_one_mind(seed: int) -> None:
    company, users = _economy(random.Random(seed))  # noqa: S311 - which economy to try
    for user in users:
        acting = acting_of(user, company, clock.now())
        for right in RIGHTS:
            told = any(way.holds for way in _ways(company, user, right))
            assert told == bool(acting and acting.may(right)), (user, right)


def test_what_broke_is_told_of_mandates_nobody_has_ended(case: Case) -> None:
    assert broken_now([case.held, case.passed], TODAY) == {}
    _leave(case)
    broken = broken_now([case.held, case.passed], TODAY)
    assert {pk: link.breaks for pk, link in broken.items()} == {
        case.passed.pk: (Break(BreakKind.EMPLOYMENT_ENDED, YESTERDAY),)
    }
    _close_firm(case)
    case.held.refresh_from_db()
    assert set(broken_now([case.held, case.passed], TODAY)) == {case.held.pk, case.passed.pk}


@pytest.fixture
def head(case: Case) -> Client:
    user = make_user()
    make_headship(user, case.company)
    return signed_in(user)


def test_the_page_answers_and_leaves_a_line_in_the_journal(case: Case, head: Client) -> None:
    asked = {"person": case.employee.personal_code_hash, "right": VIEW, "day": TODAY.isoformat()}
    page = head.get("/representatives/why/", asked).content.decode()
    assert "Yes: " in page
    _leave(case)
    page = head.get("/representatives/why/", asked).content.decode()
    assert "No: " in page
    assert "does not work for the firm any more" in page
    seen = JournalEntry.objects.filter(action="representation.why-seen")
    assert seen.get().subject == case.employee.full_name


def test_a_stranger_is_answered_for_without_telling_who_he_is(head: Client) -> None:
    code = personal_code()
    known = make_user(personal_code=code, first_name="Slapukas")
    answer = head.post("/representatives/why/person/", {"personal_code": code, "right": VIEW})
    assert code not in answer["Location"]
    page = head.get(answer["Location"]).content.decode()
    assert "Nothing leads from the taxpayer to this person" in page
    assert known.first_name not in page


def test_the_pages_say_which_link_broke(case: Case, head: Client) -> None:
    _leave(case)
    page = head.get("/representatives/").content.decode()
    assert "does not work for the firm any more" in page
    assert f"person={case.boss.personal_code_hash}&amp;right=isaf.view" in page
    boss = signed_in(case.boss)
    boss.post("/taxpayers/act-for/", {"taxpayer": case.firm.code})
    page = boss.get("/clients/").content.decode()
    assert "does not work for the firm any more" in page

"""The journal as a taxpayer reads it: who did and saw what, by which chain."""

import csv
from datetime import timedelta
from io import StringIO
from typing import Any

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from accounts.models import User
from imas.kernel import clock
from representation.models import JournalEntry, Taxpayer
from representation.services import journal, journal_view
from representation.types import Why, WhyKind
from tests.make import (
    PASSWORD,
    make_acting,
    make_api_key,
    make_grant,
    make_headship,
    make_taxpayer,
    make_user,
    prove_second_factor,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def company() -> Taxpayer:
    return make_taxpayer(name="UAB Girios kelias")


@pytest.fixture
def head(company: Taxpayer) -> Client:
    user = make_user(first_name="Vaida", last_name="Vadovė")
    make_headship(user, company)
    return signed_in(user)


def signed_in(user: User) -> Client:
    client = Client()
    client.post("/sign-in/", {"username": user.login_name, "password": PASSWORD})
    prove_second_factor(client)
    return client


def _written(company: Taxpayer, count: int = 3) -> User:
    """What an employee of a firm did by a chain, with a key."""
    firm, clerk = make_taxpayer(name="UAB Sąskaitos"), make_user(first_name="Greta")
    key, _plain = make_api_key(clerk, company)
    for number in range(count):
        acting = make_acting(user=clerk, taxpayer=company)
        object.__setattr__(acting, "why", Why(WhyKind.GRANT, chain=(firm.code,)))
        object.__setattr__(acting, "key_id", key.pk)
        journal(acting, "isaf.register-submitted", f"S-{number}")
    return clerk


def test_the_chain_and_the_program_of_each_entry_are_shown(company: Taxpayer, head: Client) -> None:
    _written(company)
    page = head.get("/journal/").content.decode()
    assert "→ UAB Sąskaitos" in page
    assert "Apskaita" in page
    assert "S-2" in page


def test_entries_are_filtered_by_person_action_and_days(company: Taxpayer, head: Client) -> None:
    clerk = _written(company)
    head.get("/representatives/")
    today = clock.today()
    cases: list[tuple[dict[str, Any], bool]] = [
        ({}, True),
        ({"person": clerk.pk}, True),
        ({"person": 0}, True),  # there is no such choice, so nothing is asked
        ({"action": "representation.representatives-seen"}, False),
        ({"action": "isaf.register-submitted", "person": clerk.pk}, True),
        ({"since": today, "until": today}, True),
        ({"since": today + timedelta(days=1)}, False),
        ({"until": today - timedelta(days=1)}, False),
    ]
    for asked, shown in cases:
        assert ("S-1" in head.get("/journal/", asked).content.decode()) is shown, asked


def test_people_and_actions_to_choose_are_those_of_this_taxpayer(
    company: Taxpayer, head: Client
) -> None:
    _written(company)
    journal(make_acting(user=make_user(first_name="Svetimas")), "keys.issued", "x")
    page = head.get("/journal/").content.decode()
    assert "Svetimas" not in page
    assert "Greta" in page
    assert "Key of web services issued" not in page


def test_the_journal_is_taken_away_as_it_is_filtered(company: Taxpayer, head: Client) -> None:
    clerk = _written(company)
    answer = head.get("/journal.csv", {"person": clerk.pk})
    text = answer.getvalue().decode("utf-8-sig")
    rows = list(csv.reader(StringIO(text), delimiter=";"))
    assert [row[2] for row in rows[1:]] == ["S-2", "S-1", "S-0"]
    assert rows[1][4:] == [clerk.full_name, "i.MAS representative", "UAB Sąskaitos", "Apskaita"]
    assert head.get("/journal.xlsx").status_code == 200
    taken = JournalEntry.objects.filter(action="representation.journal-exported")
    assert taken.count() == 1


def test_who_saw_a_thing_is_written_once_a_day(company: Taxpayer, head: Client) -> None:
    for _ in range(3):
        head.get("/representatives/")
        head.get("/journal/")
    assert sorted(
        JournalEntry.objects.filter(taxpayer=company).values_list("action", flat=True)
    ) == [
        "representation.journal-seen",
        "representation.representatives-seen",
    ]
    acting = make_acting(taxpayer=company)
    journal_view(acting, "isaf.register-seen", "S-1")
    journal_view(acting, "isaf.register-seen", "S-2")
    journal_view(acting, "isaf.register-seen", "S-2")
    assert JournalEntry.objects.filter(action="isaf.register-seen").count() == 2


def test_a_page_of_the_journal_asks_no_more_for_more_entries(
    company: Taxpayer, head: Client, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    _written(company, 60)
    head.get("/journal/")
    with django_assert_max_num_queries(16):
        page = head.get("/journal/")
    assert page.content.decode().count("UAB Sąskaitos") >= 49


def test_nobody_reads_the_journal_without_the_right(company: Taxpayer) -> None:
    clerk = make_user()
    make_grant(clerk, company, "mailbox.view")
    client = signed_in(clerk)
    for address in ("/journal/", "/journal.csv", "/journal.xlsx", "/representatives/why/"):
        assert client.get(address).status_code == 403

"""Grants of EDS and Mano VMI: shown beside ours, giving nothing."""

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse

from accounts import sessions
from accounts.models import User
from imas.kernel import clock
from representation.models import EdsGrant, ManoVmiGrant, Taxpayer
from representation.outside import name_in, outside_grants_of
from representation.registers.types import RunState
from representation.services import acting_of
from tests.make import (
    fingerprint_of,
    make_grant,
    make_headship,
    make_taxpayer,
    make_user,
    personal_code,
    prove_second_factor,
)
from tests.representation.test_importing import codes, counts, take

pytestmark = pytest.mark.django_db


@pytest.fixture
def taxpayer() -> Taxpayer:
    return make_taxpayer()


@pytest.fixture
def head(taxpayer: Taxpayer) -> User:
    user = make_user()
    make_headship(user, taxpayer)
    return user


@pytest.fixture
def browser(head: User) -> Client:
    client = Client()
    client.force_login(head, backend="django.contrib.auth.backends.ModelBackend")
    session = client.session
    sessions.begin(session)
    session.save()
    prove_second_factor(client)
    return client


def _eds(taxpayer: Taxpayer, user: User, name: str = "Jonas Deklaruotojas") -> EdsGrant:
    return EdsGrant.objects.create(
        taxpayer=taxpayer,
        person=fingerprint_of(user),
        person_name=name,
        role="Deklaracijų teikimas",
        since=clock.today(),
    )


def test_a_file_of_grants_is_taken_in_and_ended(taxpayer: Taxpayer) -> None:
    person, today = personal_code(), clock.today()
    heading = "code,personal_code,person_name,role,since,until"
    begins = f"{taxpayer.code},{person},Ieva,Teikimas,{today},"
    take("eds_grants", f"{heading}\n{begins}")
    take("mano_vmi_grants", f"{heading}\n{begins}")
    assert counts(take("eds_grants", f"{heading}\n{begins}{today}")) == (0, 0, 1, 0, 0, 0)
    assert EdsGrant.objects.get().until == today
    assert ManoVmiGrant.objects.get().role == "Teikimas"
    assert person not in str(EdsGrant.objects.values().get())


def test_a_grant_without_a_role_is_refused(taxpayer: Taxpayer) -> None:
    text = f"code,personal_code,role,since\n{taxpayer.code},{personal_code()},,2026-01-01"
    run = take("eds_grants", text)
    assert (run.state, codes(run)) == (RunState.REFUSED, [(1, "role", "registers.required")])


def test_a_grant_elsewhere_gives_no_right_here(taxpayer: Taxpayer) -> None:
    person = make_user()
    _eds(taxpayer, person)
    assert acting_of(person, taxpayer, clock.now()) is None


def test_grants_are_shown_as_not_carried_over_with_a_way_to_give_rights(
    browser: Client, taxpayer: Taxpayer
) -> None:
    grant, here = _eds(taxpayer, make_user()), make_user()
    make_grant(here, taxpayer, "mailbox.view")
    _eds(taxpayer, here, "Rasa Jau Čia")
    page = browser.get(
        reverse("representation:representatives"), headers={"Accept-Language": "en"}
    ).content.decode()
    assert "not carried over to i.MAS" in page
    new = reverse("representation:representative-new")
    assert page.count(f"{new}?outside=") == 1
    form = browser.get(f"{new}?outside=eds-{grant.pk}").content.decode()
    assert 'value="Jonas Deklaruotojas"' in form
    assert grant.person not in form


@pytest.mark.parametrize("mark", ["", "eds-", "eds-0", "vmi-1", "x", "eds-1' OR 1=1"])
def test_a_senseless_mark_names_nobody(taxpayer: Taxpayer, mark: str) -> None:
    assert name_in(taxpayer.pk, mark, clock.today()) == ""


def test_a_stranger_learns_no_name_by_a_mark(browser: Client) -> None:
    grant = _eds(make_taxpayer(), make_user(), "Slapta Pavardė")
    address = f"{reverse('representation:representative-new')}?outside=eds-{grant.pk}"
    assert "Slapta" not in browser.get(address).content.decode()


def test_an_ended_grant_is_not_shown(taxpayer: Taxpayer) -> None:
    grant = _eds(taxpayer, make_user())
    EdsGrant.objects.filter(pk=grant.pk).update(
        since=clock.today() - timedelta(days=9), until=clock.today() - timedelta(days=1)
    )
    assert outside_grants_of(taxpayer.pk, clock.today()) == []

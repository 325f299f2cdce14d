from datetime import timedelta

import pytest
from django.test import Client
from django.utils import translation

from accounts.models import ApiKey, User
from imas.kernel import clock
from representation.messages import rights_words
from representation.models import Headship, JournalEntry, Mandate, Taxpayer
from representation.rights import RIGHTS
from representation.services.letters import token_of
from representation.types import MandateState
from tests.make import (
    PASSWORD,
    make_api_key,
    make_employment,
    make_grant,
    make_headship,
    make_taxpayer,
    make_user,
    personal_code,
    prove_second_factor,
)

pytestmark = pytest.mark.django_db


def _signed_in(user: User) -> Client:
    client = Client()
    client.post("/sign-in/", {"username": user.login_name, "password": PASSWORD})
    prove_second_factor(client)
    return client


@pytest.fixture
def taxpayer() -> Taxpayer:
    return make_taxpayer(name="UAB Pavyzdys")


@pytest.fixture
def head(taxpayer: Taxpayer) -> Client:
    user = make_user("vadovas")
    make_headship(user, taxpayer)
    return _signed_in(user)


def test_the_only_taxpayer_is_chosen_by_itself(head: Client) -> None:
    assert "UAB Pavyzdys" in head.get("/").content.decode()


def test_of_several_taxpayers_one_must_be_chosen(taxpayer: Taxpayer) -> None:
    user = make_user()
    make_grant(user, taxpayer, "isaf.view")
    make_grant(user, make_taxpayer(name="UAB Antra"), "isaf.view")
    client = _signed_in(user)
    assert client.get("/").headers["Location"] == "/taxpayers/"
    page = client.get("/taxpayers/").content.decode()
    assert "UAB Pavyzdys" in page
    assert "UAB Antra" in page
    client.post("/taxpayers/act-for/", {"taxpayer": taxpayer.code})
    assert client.get("/").context["acting"].taxpayer_id == taxpayer.pk


def test_somebody_without_a_mandate_sees_an_empty_chooser() -> None:
    client = _signed_in(make_user())
    assert client.get("/", follow=True).status_code == 200
    assert client.get("/representatives/").headers["Location"] == "/taxpayers/"


def test_choosing_is_done_by_post_only(head: Client, taxpayer: Taxpayer) -> None:
    assert head.get("/taxpayers/act-for/", {"taxpayer": taxpayer.code}).status_code == 405


def test_a_stranger_s_taxpayer_cannot_be_chosen(head: Client) -> None:
    stranger = make_taxpayer()
    assert head.post("/taxpayers/act-for/", {"taxpayer": stranger.code}).status_code == 404
    assert head.get("/").context["acting"].taxpayer_code != stranger.code


def test_a_stranger_s_taxpayer_put_into_the_session_gives_nothing(head: Client) -> None:
    session = head.session
    session["taxpayer"] = make_taxpayer().pk
    session.save()
    answer = head.get("/", follow=True)
    assert answer.context["acting"].taxpayer_name == "UAB Pavyzdys"


def test_a_revoked_mandate_is_gone_at_the_next_request(taxpayer: Taxpayer) -> None:
    user = make_user()
    make_grant(user, taxpayer, "mailbox.view")
    client = _signed_in(user)
    assert client.get("/mailbox/").status_code == 200
    Mandate.objects.update(state=MandateState.REVOKED)
    assert client.get("/mailbox/").headers["Location"] == "/taxpayers/"


def test_one_right_revoked_is_gone_while_the_others_stay(taxpayer: Taxpayer) -> None:
    user = make_user()
    make_grant(user, taxpayer, "mailbox.view", "isaf.view")
    client = _signed_in(user)
    Mandate.objects.update(rights=["isaf.view"])
    assert client.get("/mailbox/").status_code == 403
    assert client.get("/").status_code == 200


def test_a_headship_that_ended_yesterday_gives_nothing_today(head: Client) -> None:
    Headship.objects.update(until=clock.today() - timedelta(days=1))
    assert head.get("/").headers["Location"] == "/taxpayers/"


@pytest.mark.parametrize(
    "page", ["/representatives/", "/representatives/new/", "/journal/", "/settings/keys/"]
)
def test_pages_of_managers_are_closed_to_others(page: str, taxpayer: Taxpayer) -> None:
    user = make_user()
    make_grant(user, taxpayer, "isaf.view")
    assert _signed_in(user).get(page).status_code == 403


def test_a_page_leaves_the_list_of_taxpayers_to_the_switcher_that_is_opened(
    head: Client, taxpayer: Taxpayer
) -> None:
    button = f'value="{taxpayer.code}"'
    assert button not in head.get("/mailbox/").content.decode()
    opened = head.get("/taxpayers/", headers={"HX-Target": "switcher-choices"})
    assert button in opened.content.decode()


def test_the_switcher_finds_by_letters(head: Client) -> None:
    answer = head.get("/taxpayers/?q=pav", headers={"HX-Target": "switcher-choices"})
    assert "UAB Pavyzdys" in answer.content.decode()
    assert "<html" not in answer.content.decode()


def _named(person: User, *rights: str) -> dict[str, object]:
    return {
        "holder": "person",
        "name": person.full_name,
        "personal_code": person.personal_code,
        "email": person.email,
        "rights": rights,
        "until": clock.today() + timedelta(days=30),
        "passing_on": 0,
    }


def _link_of(mandate: Mandate) -> str:
    return f"/offers/{token_of(mandate.letters.get())}/"


def test_a_representative_is_named_listed_changed_and_revoked(head: Client) -> None:
    person = make_user("buhalteris", personal_code=personal_code())
    form = _named(person, "isaf.view")
    assert head.post("/representatives/new/", form).status_code == 302
    mandate = Mandate.objects.get()
    assert person.full_name in head.get("/representatives/").content.decode()
    client = _signed_in(person)
    assert client.get("/").headers["Location"] == "/taxpayers/"
    client.post(_link_of(mandate), {"accept": "yes"})
    assert client.get("/").status_code == 200
    assert "buhalteris" in head.get("/representatives/").content.decode()
    address, until = f"/representatives/{mandate.pk}/", form["until"]
    assert head.get(address).status_code == 200
    head.post(address, {"rights": ["isaf.submit"], "until": until})
    assert Mandate.objects.in_force(clock.today()).get().rights == ["isaf.submit"]
    head.post(address, {"end": "yes"})
    assert client.get("/").headers["Location"] == "/taxpayers/"
    assert head.post(address, {"end": "yes"}).status_code == 404
    journal = head.get("/journal/").content.decode()
    assert all(
        words in journal for words in ("Mandate offered", "Rights changed", "Rights revoked")
    )


def test_whoever_is_left_no_right_has_no_mandate(head: Client) -> None:
    person = make_user("buhalteris", personal_code=personal_code())
    form = _named(person, "isaf.view")
    head.post("/representatives/new/", form)
    mandate = Mandate.objects.get()
    _signed_in(person).post(_link_of(mandate), {"accept": "yes"})
    head.post(f"/representatives/{mandate.pk}/", {"rights": [], "until": form["until"]})
    assert not Mandate.objects.in_force(clock.today()).exists()


def test_another_person_s_link_opens_nothing_and_tells_nothing(head: Client) -> None:
    head.post(
        "/representatives/new/", _named(make_user(personal_code=personal_code()), "isaf.view")
    )
    link = _link_of(Mandate.objects.get())
    other = _signed_in(make_user(personal_code=personal_code()))
    pages = [other.get(address) for address in (link, "/offers/unknown/")]
    assert [page.status_code for page in pages] == [410, 410]
    assert "UAB Pavyzdys" not in pages[0].content.decode()
    assert other.post(link, {"accept": "yes"}).status_code == 410
    assert Client().get(link).status_code == 302


def test_a_link_works_once_and_not_after_it_was_taken_back(head: Client) -> None:
    person = make_user(personal_code=personal_code())
    head.post("/representatives/new/", _named(person, "isaf.view"))
    mandate, client = Mandate.objects.get(), _signed_in(person)
    link = _link_of(mandate)
    assert "UAB Pavyzdys" in client.get(link).content.decode()
    head.post(f"/representatives/{mandate.pk}/withdraw/")
    assert client.post(link, {"accept": "yes"}).status_code == 410
    head.post("/representatives/new/", _named(person, "isaf.view"))
    link = _link_of(Mandate.objects.exclude(pk=mandate.pk).get())
    client.post(link, {"decline": "yes"})
    assert client.get(link).status_code == 410
    assert not Mandate.objects.in_force(clock.today()).exists()


def test_a_firm_accepts_passes_on_and_gives_up(head: Client, taxpayer: Taxpayer) -> None:
    firm, boss, employee = make_taxpayer(), make_user(), make_user(personal_code=personal_code())
    make_headship(boss, firm)
    make_employment(employee, firm)
    form = {**_named(employee, "isaf.view", "isaf.submit"), "holder": "firm", "passing_on": 1}
    head.post("/representatives/new/", {**form, "firm_code": firm.code})
    given = Mandate.objects.get()
    client = _signed_in(boss)
    assert "UAB Pavyzdys" in client.get("/clients/").content.decode()
    client.post(f"/clients/{given.pk}/accept/")
    page = client.get(f"/clients/{given.pk}/pass-on/").content.decode()
    assert "UAB Pavyzdys" in page
    client.post(f"/clients/{given.pk}/pass-on/", _named(employee, "isaf.view"))
    hand = _signed_in(employee)
    hand.post(_link_of(Mandate.objects.get(via=given)), {"accept": "yes"})
    assert hand.get("/").context["acting"].why.chain == (firm.code,)
    assert firm.name in head.get("/representatives/").content.decode()
    client.post("/taxpayers/act-for/", {"taxpayer": firm.code})
    client.post(f"/clients/{given.pk}/renounce/")
    assert hand.get("/").headers["Location"] == "/taxpayers/"


def test_a_request_is_accepted_by_the_taxpayer(head: Client, taxpayer: Taxpayer) -> None:
    accountant = make_user(personal_code=personal_code())
    client = _signed_in(accountant)
    form = {**_named(accountant, "isaf.view"), "code": taxpayer.code}
    assert client.post("/taxpayers/ask/", form).status_code == 302
    assert client.get("/").headers["Location"] == "/taxpayers/"
    asked = Mandate.objects.get()
    assert accountant.full_name in head.get("/representatives/").content.decode()
    head.post(f"/representatives/{asked.pk}/accept/")
    assert client.get("/").context["acting"].rights == {"isaf.view"}


def test_asking_nobody_looks_like_asking_somebody(taxpayer: Taxpayer) -> None:
    accountant = make_user(personal_code=personal_code())
    client = _signed_in(accountant)
    answers = []
    for code in (taxpayer.code, "no such code", accountant.personal_code):
        form = {**_named(accountant, "isaf.view"), "code": code}
        answer = client.post("/taxpayers/ask/", form, follow=True)
        answers.append((answer.status_code, str(next(iter(answer.context["messages"])))))
    assert len(set(answers)) == 1
    assert Mandate.objects.count() == 1


def test_giving_rights_needs_the_second_factor(taxpayer: Taxpayer) -> None:
    user = make_user()
    make_headship(user, taxpayer)
    client = Client()
    client.post("/sign-in/", {"username": user.login_name, "password": PASSWORD})
    assert client.get("/representatives/new/").status_code == 302
    person = make_user(personal_code=personal_code())
    assert client.post("/representatives/new/", _named(person, "isaf.view")).status_code == 302
    assert not Mandate.objects.exists()


def test_a_stranger_s_representative_is_not_found(head: Client) -> None:
    stranger = make_user()
    mandate = make_grant(stranger, make_taxpayer(), "isaf.view")
    assert head.get(f"/representatives/{mandate.pk}/").status_code == 404


def test_the_head_is_shown_but_not_changed(head: Client) -> None:
    page = head.get("/representatives/").content.decode()
    assert "vadovas" in page
    assert "Change" not in page


def test_a_representative_gives_up_from_his_settings(taxpayer: Taxpayer) -> None:
    user = make_user()
    make_grant(user, taxpayer, "isaf.view")
    client = _signed_in(user)
    assert "/representatives/give-up/" in client.get("/settings/").content.decode()
    client.post("/representatives/give-up/")
    assert client.get("/").headers["Location"] == "/taxpayers/"


def _key_form() -> dict[str, object]:
    until = (clock.today() + timedelta(days=30)).isoformat()
    return {"name": "Apskaita", "rights": ["isaf.view"], "until": until}


def test_a_key_is_shown_once_and_works(head: Client, taxpayer: Taxpayer) -> None:
    page = head.post("/settings/keys/new/", _key_form()).content.decode()
    plain = page[page.index("imas_") :].split("<")[0].strip()
    assert plain not in head.get("/settings/keys/").content.decode()
    answer = Client().get("/api/v1/taxpayers", headers={"Authorization": f"Bearer {plain}"})
    assert [one["code"] for one in answer.json()] == [taxpayer.code]
    assert JournalEntry.objects.get(action="keys.issued").subject in plain
    assert plain not in str(list(JournalEntry.objects.values_list()))


def test_a_key_needs_a_second_factor_just_proved(taxpayer: Taxpayer) -> None:
    user = make_user()
    make_headship(user, taxpayer)
    client = Client()
    client.post("/sign-in/", {"username": user.login_name, "password": PASSWORD})
    answer = client.post("/settings/keys/new/", _key_form())
    assert (answer.status_code, answer.headers["Location"]) == (302, "/second-factor/choose/")
    assert not ApiKey.objects.exists()


def test_a_key_gets_no_right_its_owner_lacks(taxpayer: Taxpayer) -> None:
    user = make_user()
    make_grant(user, taxpayer, "keys.manage", "isaf.view")
    form = {**_key_form(), "rights": ["isaf.submit"]}
    assert _signed_in(user).post("/settings/keys/new/", form).status_code == 200
    assert not ApiKey.objects.exists()


def test_a_key_does_not_outlast_the_limit(head: Client) -> None:
    form = {**_key_form(), "until": (clock.today() + timedelta(days=9999)).isoformat()}
    assert head.post("/settings/keys/new/", form).status_code == 200
    assert not ApiKey.objects.exists()


def test_a_key_for_every_client_covers_those_whose_keys_one_manages(taxpayer: Taxpayer) -> None:
    user = make_user()
    make_headship(user, taxpayer)
    managed, seen = make_taxpayer(), make_taxpayer()
    make_grant(user, managed, "keys.manage")
    make_grant(user, seen, "isaf.view")
    client = _signed_in(user)
    client.post("/taxpayers/act-for/", {"taxpayer": taxpayer.code})
    client.post("/settings/keys/new/", {**_key_form(), "for_all": "on"})
    assert set(ApiKey.objects.get().taxpayer_codes) == {taxpayer.code, managed.code}


def test_one_s_own_key_is_revoked(head: Client, taxpayer: Taxpayer) -> None:
    key, _ = make_api_key(User.objects.get(login_name="vadovas"), taxpayer)
    head.post(f"/settings/keys/{key.pk}/revoke/")
    key.refresh_from_db()
    assert key.revoked_at is not None


def test_somebody_else_s_key_is_closed_for_this_taxpayer_only(
    head: Client, taxpayer: Taxpayer
) -> None:
    other = make_taxpayer()
    key, _ = make_api_key(make_user(), taxpayer, other)
    head.post(f"/settings/keys/{key.pk}/revoke/")
    key.refresh_from_db()
    assert (key.taxpayer_codes, key.revoked_at) == ([other.code], None)


def test_a_stranger_s_key_is_not_found(head: Client) -> None:
    key, _ = make_api_key(make_user(), make_taxpayer())
    assert head.post(f"/settings/keys/{key.pk}/revoke/").status_code == 404


def test_every_right_has_a_column(head: Client) -> None:
    page = head.get("/representatives/").content.decode()
    assert all(str(label) in page for label in RIGHTS.values())


def test_a_strange_cursor_of_the_journal_is_refused(head: Client) -> None:
    assert head.get("/journal/?at=drop").status_code == 422


def test_rights_are_told_a_line_for_each_subsystem_in_their_own_order() -> None:
    with translation.override("en"):
        told = rights_words(["keys.manage", "isaf.submit", "isaf.view", "other.right"])
    assert told == [
        "i.SAF: see registers and files, submit registers",
        "Web services: issue and revoke keys and certificates",
        "other.right",
    ]

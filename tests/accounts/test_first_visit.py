import re
from datetime import timedelta
from threading import Barrier, Thread

import pytest
from django.conf import settings
from django.core import mail
from django.db import connection
from django.test import Client
from pytest_django import Settings

from accounts import letters, services
from accounts.models import EmailConfirmation, User
from imas.kernel import clock
from imas.kernel.errors import ThrottledError
from tests.make import PASSWORD, make_headship, make_taxpayer, make_user

PAGES = ["/", "/taxpayers/", "/representatives/", "/mailbox/", "/settings/", "/settings/keys/"]
pytestmark = pytest.mark.django_db


def _signed_in(user: User) -> Client:
    client = Client()
    client.post("/sign-in/", {"username": user.login_name, "password": PASSWORD})
    return client


def _link(confirmation: EmailConfirmation) -> str:
    return f"/email/confirm/{services.token_of(confirmation)}/"


@pytest.mark.parametrize("page", PAGES)
def test_a_stranger_is_led_to_sign_in(client: Client, page: str) -> None:
    assert client.get(page).headers["Location"].startswith("/sign-in/")


@pytest.mark.parametrize("page", PAGES)
def test_nobody_reaches_a_function_before_accepting_the_rules(page: str) -> None:
    client = _signed_in(make_user(ready=False))
    assert client.get(page).headers["Location"] == "/rules/"


@pytest.mark.parametrize("page", PAGES)
def test_nobody_reaches_a_function_before_confirming_an_address(page: str) -> None:
    user = make_user(ready=False)
    services.accept_rules(user, settings.RULES_VERSION)
    assert _signed_in(user).get(page).headers["Location"] == "/email/"


def test_a_piece_of_a_page_leads_the_whole_page_away() -> None:
    answer = _signed_in(make_user(ready=False)).get("/mailbox/", headers={"HX-Request": "true"})
    assert (answer.status_code, answer.headers["HX-Redirect"]) == (204, "/rules/")


@pytest.mark.parametrize(("language", "words"), [("lt", "Kam skirta"), ("en", "What i.MAS is for")])
def test_the_rules_are_shown_in_the_language_of_the_person(language: str, words: str) -> None:
    client = _signed_in(make_user(ready=False, language=language))
    assert words in client.get("/rules/").content.decode()


def test_acceptance_keeps_the_version_and_the_instant() -> None:
    user = make_user(ready=False)
    form = {"accept": "on", "version": settings.RULES_VERSION}
    _signed_in(user).post("/rules/", form)
    user.refresh_from_db()
    assert user.rules_version == settings.RULES_VERSION
    assert user.rules_accepted_at is not None


def test_rules_not_ticked_or_of_an_old_version_are_not_accepted() -> None:
    user = make_user(ready=False)
    client = _signed_in(user)
    client.post("/rules/", {"version": settings.RULES_VERSION})
    client.post("/rules/", {"accept": "on", "version": "0"})
    user.refresh_from_db()
    assert user.rules_accepted_at is None


def test_a_new_version_of_the_rules_asks_again(settings: Settings) -> None:
    client = _signed_in(make_user())
    settings.RULES_VERSION = "2"
    assert client.get("/settings/").headers["Location"] == "/rules/"


def test_a_confirmation_lapses_after_the_set_days(settings: Settings) -> None:
    user = make_user(email_confirmed_at=clock.now() - timedelta(days=30))
    client = _signed_in(user)
    settings.EMAIL_CONFIRMATION_DAYS = 31
    assert client.get("/settings/").status_code == 200
    settings.EMAIL_CONFIRMATION_DAYS = 30
    assert client.get("/settings/").headers["Location"] == "/email/"


def test_the_whole_first_visit(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("accounts.tasks.send_confirmation.delay_on_commit", lambda _pk: None)
    user = make_user("jonas", ready=False)
    make_headship(user, make_taxpayer())
    client = _signed_in(user)
    client.post("/rules/", {"accept": "on", "version": settings.RULES_VERSION})
    client.post("/email/", {"email": "jonas@example.lt"})
    letters.send_due_confirmations()
    (letter,) = mail.outbox
    assert letter.to == ["jonas@example.lt"]
    found = re.search(rf"{re.escape(settings.SITE_URL)}(/email/confirm/\w+/)", str(letter.body))
    assert found
    client.get(found[1])
    client.post(found[1])
    assert client.get("/").status_code == 200


def test_opening_the_link_uses_nothing_up() -> None:
    user = make_user(ready=False)
    link = _link(services.request_email_confirmation(user, "a@example.lt"))
    for _ in range(3):
        assert Client().get(link).status_code == 200
        assert Client().head(link).status_code == 200
    user.refresh_from_db()
    assert user.email_confirmed_at is None
    assert Client().post(link).status_code == 302


def test_a_link_works_in_a_browser_where_nobody_has_signed_in() -> None:
    user = make_user(ready=False)
    link = _link(services.request_email_confirmation(user, "a@example.lt"))
    answer = Client().post(link)
    user.refresh_from_db()
    assert answer.headers["Location"] == "/sign-in/"
    assert (user.email, user.email_confirmed_at is None) == ("a@example.lt", False)


def test_a_link_tells_a_stranger_nothing_about_the_person() -> None:
    user = make_user(ready=False)
    link = _link(services.request_email_confirmation(user, "a@example.lt"))
    page = Client().get(link).content.decode()
    assert "a@example.lt" not in page
    assert user.last_name not in page


def test_a_link_works_once() -> None:
    link = _link(services.request_email_confirmation(make_user(ready=False), "a@example.lt"))
    assert [Client().post(link).status_code for _ in range(2)] == [302, 410]


def test_an_expired_link_confirms_nothing(settings: Settings) -> None:
    settings.EMAIL_LINK_HOURS = 0
    link = _link(services.request_email_confirmation(make_user(ready=False), "a@example.lt"))
    assert Client().post(link).status_code == 410


def test_an_unknown_link_confirms_nothing() -> None:
    assert Client().post(f"/email/confirm/{'0' * 64}/").status_code == 410


def test_a_newer_letter_replaces_the_earlier_one() -> None:
    user = make_user(ready=False)
    first = services.request_email_confirmation(user, "old@example.lt")
    second = services.request_email_confirmation(user, "new@example.lt")
    assert services.confirm_email(services.token_of(first)) is None
    assert services.confirm_email(services.token_of(second)) == user


def test_the_old_address_stays_until_the_new_one_is_confirmed() -> None:
    user = make_user(email="old@example.lt")
    services.request_email_confirmation(user, "new@example.lt")
    user.refresh_from_db()
    assert user.email == "old@example.lt"
    assert user.is_ready(clock.now())


def test_the_secret_of_the_link_is_not_kept() -> None:
    confirmation = services.request_email_confirmation(make_user(), "a@example.lt")
    with connection.cursor() as cursor:
        cursor.execute("SELECT row_to_json(c)::text FROM accounts_emailconfirmation c")
        assert services.token_of(confirmation) not in cursor.fetchone()[0]


def test_letters_within_an_hour_are_limited() -> None:
    user = make_user()
    for _ in range(services.LETTERS_PER_HOUR):
        services.request_email_confirmation(user, "a@example.lt")
    with pytest.raises(ThrottledError):
        services.request_email_confirmation(user, "a@example.lt")


@pytest.mark.django_db(transaction=True)
def test_of_two_uses_of_a_link_at_once_one_succeeds() -> None:
    token = services.token_of(services.request_email_confirmation(make_user(), "a@example.lt"))
    barrier, results = Barrier(2), []

    def use() -> None:
        barrier.wait()
        results.append(services.confirm_email(token))
        connection.close()

    threads = [Thread(target=use) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(result is None for result in results) == [False, True]


def test_a_personal_code_is_not_readable_in_the_database() -> None:
    make_user(personal_code="38001010012")
    with connection.cursor() as cursor:
        cursor.execute("SELECT row_to_json(u)::text FROM accounts_user u")
        assert "38001010012" not in cursor.fetchone()[0]
    found = User.objects.with_personal_code("38001010012").get()
    assert found.personal_code == "38001010012"
    assert not User.objects.with_personal_code("").exists()


def test_personal_codes_survive_a_change_of_keys(settings: Settings) -> None:
    user = make_user(personal_code="38001010012")
    settings.PERSONAL_DATA_KEYS = ["a new key", *settings.PERSONAL_DATA_KEYS]
    user.refresh_from_db()
    assert user.personal_code == "38001010012"
    user.save()
    settings.PERSONAL_DATA_KEYS = settings.PERSONAL_DATA_KEYS[:1]
    user.refresh_from_db()
    assert user.personal_code == "38001010012"


def test_the_language_is_kept_on_the_person_and_in_a_cookie_for_strangers(client: Client) -> None:
    client.post("/language/", {"language": "en", "next": "/sign-in/"})
    assert "Sign in to i.MAS" in client.get("/sign-in/").content.decode()
    user = make_user(language="lt")
    signed_in = _signed_in(user)
    signed_in.post("/language/", {"language": "en", "next": "/settings/"})
    user.refresh_from_db()
    assert user.language == "en"


def test_contact_data_are_kept() -> None:
    user = make_user()
    _signed_in(user).post("/settings/", {"language": "lt"})
    user.refresh_from_db()
    assert user.language == "lt"

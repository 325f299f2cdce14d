"""Pages of people and mandates where nothing is, nothing is found or something is amiss."""

import pytest
from django.urls import reverse
from playwright.sync_api import Page, expect
from pytest_django.live_server_helper import LiveServer

from accounts import services
from tests import make
from tests.browser.conftest import Axe, Look, SignIn


@pytest.mark.parametrize("path", ["/mailbox/?q=nothing-like-it", "/taxpayers/?q=nothing-like-it"])
def test_a_search_without_a_find_says_so(look: Look, signed_in: SignIn, path: str) -> None:
    head = make.make_user(language="lt")
    taxpayer = make.make_taxpayer()
    make.make_headship(head, taxpayer)
    signed_in(head, taxpayer)
    look(path)


def test_lists_with_nothing_in_them_say_what_will_be_there(look: Look, signed_in: SignIn) -> None:
    head = make.make_user(language="lt")
    taxpayer = make.make_taxpayer()
    make.make_headship(head, taxpayer)
    signed_in(head, taxpayer)
    for name in ("mailbox:messages", "representation:keys", "representation:journal"):
        look(reverse(name))


def test_a_person_without_a_taxpayer_is_told_so(look: Look, signed_in: SignIn) -> None:
    signed_in(make.make_user(language="lt"))
    look(reverse("representation:choose"))


def test_an_address_is_changed_and_confirmed_on_pages_for_everybody(
    look: Look, signed_in: SignIn
) -> None:
    person = make.make_user(language="lt")
    signed_in(person)
    look(reverse("accounts:email"))
    confirmation = services.request_email_confirmation(person, "nauja@imones.example")
    look(reverse("accounts:email"))
    look(reverse("accounts:confirm-email", args=[services.token_of(confirmation)]))


def test_a_form_that_lost_its_cookie_is_refused_in_plain_words(
    page: Page, live_server: LiveServer, axe: Axe
) -> None:
    page.goto(f"{live_server.url}/sign-in/")
    page.context.clear_cookies()
    page.locator("main form button[type=submit]").last.click()
    expect(page.locator("h1")).to_contain_text("per ilgai")
    axe(page)


def test_a_box_left_unticked_is_told_so_that_everybody_can_read_it(
    page: Page, live_server: LiveServer, axe: Axe, signed_in: SignIn
) -> None:
    signed_in(make.make_user(ready=False, language="lt"))
    page.goto(live_server.url + reverse("accounts:rules"))
    page.locator("main form button[type=submit]").click()
    expect(page.locator(".error-summary")).to_be_focused()
    axe(page)

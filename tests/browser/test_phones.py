"""A mobile number in a browser: written down, confirmed by the code the catcher has kept."""

import re
from collections.abc import Iterator
from pathlib import Path
from threading import Thread

import pytest
from django.urls import reverse
from playwright.sync_api import Page, expect
from pytest_django import Settings
from pytest_django.live_server_helper import LiveServer

from accounts import services, texts
from accounts.models import PhoneConfirmation, User
from imas.embedded.notes import free_port
from imas.kernel import clock
from imas.local.sms import Catcher
from tests import make
from tests.browser import chromium
from tests.browser.conftest import See, SignIn

TOKEN = "token-of-the-catcher"


@pytest.fixture
def folder(settings: Settings, tmp_path: Path) -> Iterator[Path]:
    """Where the catcher of a local run keeps the messages."""
    port = free_port()
    catcher = Catcher(port, tmp_path / "sms", TOKEN)
    thread = Thread(target=catcher.serve_forever)
    thread.start()
    settings.SMS_GATEWAY_URL = f"http://localhost:{port}/messages"
    settings.SMS_GATEWAY_TOKEN = TOKEN
    yield catcher.folder
    catcher.shutdown()
    thread.join()
    catcher.server_close()


@pytest.mark.parametrize("language", chromium.LOCALES)
def test_a_number_is_confirmed_by_the_code_of_the_message(
    page: Page,
    live_server: LiveServer,
    signed_in: SignIn,
    see: See,
    folder: Path,
    language: str,
) -> None:
    user = make.make_user(first_name="Rūta", last_name="Kazlauskaitė", language=language)
    make.make_headship(user, make.make_taxpayer(name="UAB „Girios kelias“"))
    signed_in(user)
    page.goto(live_server.url + reverse("accounts:profile"))
    see(f"{language}-profile-without-phone")
    page.goto(live_server.url + reverse("accounts:phone"))
    see(f"{language}-phone")
    page.locator("#id_phone").fill("8 600 12345")
    page.locator("main form .btn-primary").click()
    expect(page.locator("#id_code")).to_be_visible()
    see(f"{language}-phone-on-its-way")
    texts.send_due_phone_codes()
    kept = [file for file in folder.iterdir() if "+37060012345" in file.name]
    code = re.findall(r"\d{6}", kept[0].read_text(encoding="utf-8"))[0]
    page.reload()
    page.locator("#id_code").fill(f"{(int(code) + 1) % 1_000_000:06}")
    page.locator("main form .btn-primary").click()
    expect(page.locator("main [role=alert]")).to_be_visible()
    see(f"{language}-phone-wrong-code")
    page.locator("#id_code").fill(code)
    page.locator("main form .btn-primary").click()
    expect(page.locator("main")).to_contain_text("+37060012345")
    see(f"{language}-profile-with-phone")
    assert User.objects.get(pk=user.pk).phone_confirmed_at is not None


@pytest.mark.parametrize("language", chromium.LOCALES)
def test_a_message_that_failed_is_told(
    page: Page,
    live_server: LiveServer,
    signed_in: SignIn,
    see: See,
    folder: Path,
    language: str,
) -> None:
    user = make.make_user(language=language, phone="+37060054321", phone_confirmed_at=clock.now())
    row = services.request_phone_code(user, "+37060012345")
    now = clock.now()
    PhoneConfirmation.objects.filter(pk=row.pk).update(failed_at=now, expires_at=now)
    signed_in(user)
    page.goto(live_server.url + reverse("accounts:phone"))
    see(f"{language}-phone-failed")

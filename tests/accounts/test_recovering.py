import re
from collections.abc import Callable
from datetime import timedelta

import pytest
from django.conf import settings
from django.core import mail
from django.test import Client

from accounts import letters, services
from accounts.models import RulesAcceptance, SafetyLetter, User
from accounts.types import LetterKind
from imas.kernel import clock
from tests.make import PASSWORD, make_totp, make_user

pytestmark = pytest.mark.django_db
NEW = "Kitas-geras-slaptažodis-9"


@pytest.fixture
def move_clock(monkeypatch: pytest.MonkeyPatch) -> Callable[[timedelta], None]:
    real = clock.now

    def move(step: timedelta) -> None:
        monkeypatch.setattr(clock, "now", lambda: real() + step)

    return move


def _ask(name: str, client: Client | None = None) -> bytes:
    return (client or Client()).post("/recovery/", {"username": name}).content


def _link() -> str:
    letters.send_due_safety_letters()
    found = re.search(rf"{re.escape(settings.SITE_URL)}(/\w+/[\w/]+/)", str(mail.outbox[-1].body))
    assert found
    return found[1]


def _sign_in(name: str, password: str) -> Client:
    client = Client()
    client.post("/sign-in/", {"username": name, "password": password})
    return client


def _is_in(client: Client) -> bool:
    return client.get("/settings/").status_code == 200


def _without_tokens(page: bytes) -> str:
    return re.sub(r'(name="csrfmiddlewaretoken" value|content)="[^"]+"', "", page.decode())


def test_the_answer_is_the_same_for_every_name() -> None:
    make_user("ona")
    make_user("jonas", email_confirmed_at=None)
    pages = {_without_tokens(_ask(name)) for name in ("ona", "jonas", "nobody")}
    assert len(pages) == 1
    assert SafetyLetter.objects.count() == 1


def test_the_link_sets_a_new_password_once_and_ends_every_session() -> None:
    make_user("ona")
    old = _sign_in("ona", PASSWORD)
    _ask(" ONA ")
    link = _link()
    assert mail.outbox[-1].to == ["ona@example.lt"]
    assert Client().get(link).status_code == 200
    assert Client().post(link, {"new": NEW}).headers["Location"] == "/sign-in/"
    assert not _is_in(old)
    assert not _is_in(_sign_in("ona", PASSWORD))
    assert _is_in(_sign_in("ona", NEW))
    assert Client().post(link, {"new": "Trečias-slaptažodis-8"}).status_code == 410


def test_the_link_lets_nobody_in_and_keeps_the_second_factor() -> None:
    make_totp(make_user("ona"))
    _ask("ona")
    client = Client()
    client.post(_link(), {"new": NEW})
    assert not _is_in(client)
    assert not _is_in(_sign_in("ona", NEW))


def test_a_weak_password_does_not_use_the_link_up() -> None:
    make_user("ona")
    _ask("ona")
    link = _link()
    assert Client().post(link, {"new": "trumpas"}).status_code == 200
    assert Client().post(link, {"new": NEW}).status_code == 302


def test_an_old_link_opens_nothing(move_clock: Callable[[timedelta], None]) -> None:
    make_user("ona")
    _ask("ona")
    link = _link()
    move_clock(timedelta(minutes=settings.RECOVERY_LINK_MINUTES))
    assert Client().get(link).status_code == 410
    assert Client().post(link, {"new": NEW}).status_code == 410


def test_a_newer_link_replaces_the_earlier_one() -> None:
    make_user("ona")
    _ask("ona")
    first = _link()
    _ask("ona")
    assert _link() != first
    assert Client().get(first).status_code == 410


def test_only_a_few_links_an_hour_are_sent_to_anybody() -> None:
    make_user("ona")
    for _ in range(5):
        _ask("ona")
    assert SafetyLetter.objects.count() == 3


def test_an_address_that_asks_for_many_names_is_closed() -> None:
    client = Client()
    answers = [client.post("/recovery/", {"username": f"name{i}"}).status_code for i in range(21)]
    assert answers[-2:] == [200, 429]


def test_a_closed_account_is_not_recovered() -> None:
    user = make_user("ona")
    _ask("ona")
    link = _link()
    User.objects.update(is_active=False)
    assert Client().post(link, {"new": NEW}).status_code == 410
    user.refresh_from_db()
    assert user.check_password(PASSWORD)


@pytest.mark.parametrize("kind", ["/recovery/{}/", "/email/undo/{}/"])
def test_a_link_of_one_kind_opens_nothing_of_another(kind: str) -> None:
    user = make_user("ona")
    for made in (LetterKind.NEW_DEVICE, LetterKind.PASSWORD_CHANGED):
        letter = services.write_letter(user, made)
        assert letter
        address = kind.format(services.secret_of(letter))
        assert Client().post(address, {"new": NEW}).status_code == 410


def test_the_former_address_is_told_of_a_new_one_and_may_undo_it() -> None:
    user = make_user("ona")
    thief = _sign_in("ona", PASSWORD)
    confirmation = services.request_email_confirmation(user, "thief@example.com")
    services.confirm_email(services.token_of(confirmation))
    link = _link()
    assert mail.outbox[-1].to == ["ona@example.lt"]
    assert "thief@example.com" not in str(mail.outbox[-1].body)
    assert Client().get(link).status_code == 200
    assert Client().post(link).status_code == 302
    user.refresh_from_db()
    assert (user.email, user.email_is_confirmed(clock.now())) == ("ona@example.lt", True)
    assert not _is_in(thief)
    assert Client().post(link).status_code == 410


def test_confirming_the_same_address_again_sends_no_letter_about_it() -> None:
    user = make_user("ona")
    confirmation = services.request_email_confirmation(user, user.email)
    services.confirm_email(services.token_of(confirmation))
    assert not SafetyLetter.objects.exists()


def test_an_address_is_changed_in_an_old_session_only_with_the_password(
    move_clock: Callable[[timedelta], None],
) -> None:
    make_user("ona")
    client = _sign_in("ona", PASSWORD)
    move_clock(timedelta(seconds=settings.STEP_UP_SECONDS + 1))
    answer = client.post("/email/", {"email": "thief@example.com"})
    assert answer.headers["Location"] == "/identity/"


def test_every_accepted_version_of_the_rules_is_kept() -> None:
    user = make_user(ready=False)
    for version in ("1", "2"):
        services.accept_rules(user, version)
    kept = RulesAcceptance.objects.filter(user=user).values_list("version", flat=True)
    assert list(kept) == ["2", "1"]

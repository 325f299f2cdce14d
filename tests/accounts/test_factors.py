import re
from collections.abc import Callable
from datetime import timedelta
from threading import Barrier, Thread

import pytest
from django.conf import settings
from django.core.management import CommandError, call_command
from django.db import connection
from django.test import Client

from accounts import services
from accounts.models import RecoveryCode, TotpDevice, User
from accounts.selectors import factors_of
from imas.kernel import clock
from representation.models import JournalEntry
from tests.make import PASSWORD, code_of, make_totp, make_user

pytestmark = pytest.mark.django_db
SECOND, RECOVERY = "/second-factor/", "/second-factor/recovery/"
APP = "/settings/security/app/"


@pytest.fixture
def move_clock(monkeypatch: pytest.MonkeyPatch) -> Callable[[timedelta], None]:
    real = clock.now

    def move(step: timedelta) -> None:
        monkeypatch.setattr(clock, "now", lambda: real() + step)

    return move


def _at_the_door(user: User, wanted: str = "") -> Client:
    client = Client()
    form = {"username": user.login_name, "password": PASSWORD, "next": wanted}
    assert client.post("/sign-in/", form).headers["Location"] == SECOND
    return client


def _is_in(client: Client) -> bool:
    return client.get("/settings/").status_code == 200


def _acts(user: User) -> list[str]:
    return list(JournalEntry.objects.filter(user=user).values_list("action", flat=True))


def test_a_password_alone_does_not_open_an_account_with_a_second_factor() -> None:
    user = make_user()
    make_totp(user)
    client = _at_the_door(user)
    assert not _is_in(client)
    assert "accounts.signed-in" not in _acts(user)


def test_the_code_of_the_app_opens_it_and_leads_to_the_page_that_was_wanted() -> None:
    user = make_user()
    device = make_totp(user)
    client = _at_the_door(user, "/settings/security/")
    answer = client.post(SECOND, {"code": code_of(device.secret)})
    assert answer.headers["Location"] == "/settings/security/"
    assert _is_in(client)


def test_the_session_key_changes_with_each_factor() -> None:
    user = make_user()
    device = make_totp(user)
    client = _at_the_door(user)
    waiting = client.session.session_key
    client.post(SECOND, {"code": code_of(device.secret)})
    assert client.session.session_key != waiting
    assert not Client().session.exists(str(waiting))


def test_a_code_is_taken_once() -> None:
    user = make_user()
    code = code_of(make_totp(user).secret)
    assert services.prove_by_totp(user, code)
    assert not services.prove_by_totp(user, code)


@pytest.mark.parametrize(("steps", "fits"), [(-2, False), (-1, True), (1, True), (2, False)])
def test_a_clock_may_be_wrong_by_half_a_minute(steps: int, *, fits: bool) -> None:
    user = make_user()
    code = code_of(make_totp(user).secret, steps)
    assert services.prove_by_totp(user, code) is fits


def test_after_a_wrong_code_a_pause_is_asked_for(
    move_clock: Callable[[timedelta], None],
) -> None:
    user = make_user()
    device = make_totp(user)
    wrong = f"{(int(code_of(device.secret)) + 1) % 1_000_000:06}"
    assert not services.prove_by_totp(user, wrong)
    assert not services.prove_by_totp(user, code_of(device.secret))
    TotpDevice.objects.update(throttling_failure_timestamp=clock.now() - timedelta(seconds=2))
    assert services.prove_by_totp(user, code_of(device.secret))


def test_the_second_factor_is_closed_after_five_failures_the_password_is_not() -> None:
    user = make_user()
    device = make_totp(user)
    client = _at_the_door(user)
    answers = [client.post(SECOND, {"code": "000000"}).status_code for _ in range(6)]
    assert answers == [200, 200, 200, 200, 429, 429]
    TotpDevice.objects.update(throttling_failure_count=0)
    again = _at_the_door(user)
    assert again.post(SECOND, {"code": code_of(device.secret)}).status_code == 429


def test_wrong_passwords_do_not_close_the_second_factor() -> None:
    user = make_user("ona")
    device = make_totp(user)
    client = _at_the_door(user)
    for _ in range(6):
        Client().post("/sign-in/", {"username": "ona", "password": "wrong"})
    assert client.post(SECOND, {"code": code_of(device.secret)}).status_code == 302


def test_signing_in_by_password_again_does_not_forgive_wrong_codes() -> None:
    user = make_user()
    make_totp(user)
    seen = [_at_the_door(user).post(SECOND, {"code": "000000"}).status_code for _ in range(5)]
    assert seen[-1] == 429


def test_whoever_waits_too_long_at_the_door_begins_anew(
    move_clock: Callable[[timedelta], None],
) -> None:
    user = make_user()
    device = make_totp(user)
    client = _at_the_door(user)
    move_clock(timedelta(minutes=11))
    answer = client.post(SECOND, {"code": code_of(device.secret)})
    assert answer.headers["Location"] == "/sign-in/"


def test_a_new_password_ends_the_waiting_of_whoever_knew_the_old_one() -> None:
    user = make_user()
    device = make_totp(user)
    client = _at_the_door(user)
    services.change_password(user, "Kitas-geras-slaptažodis-9")
    answer = client.post(SECOND, {"code": code_of(device.secret)})
    assert answer.headers["Location"] == "/sign-in/"


@pytest.mark.parametrize("path", [SECOND, RECOVERY])
def test_a_stranger_proves_no_second_factor(path: str) -> None:
    for answer in (Client().get(path), Client().post(path, {"code": "000000"})):
        assert answer.headers["Location"] == "/sign-in/"


def test_the_secret_of_an_app_is_not_readable_in_the_database() -> None:
    device = make_totp(make_user())
    with connection.cursor() as cursor:
        cursor.execute("SELECT row_to_json(d)::text FROM accounts_totpdevice d")
        assert device.secret not in cursor.fetchone()[0]


def _signed_in(user: User) -> Client:
    client = Client()
    client.post("/sign-in/", {"username": user.login_name, "password": PASSWORD})
    return client


def test_an_app_is_taken_on_only_after_its_first_code() -> None:
    user = make_user()
    client = _signed_in(user)
    page = client.get(APP).content.decode()
    found = re.search(r"<code[^>]*>([A-Z2-7 ]+)<", page)
    assert found
    assert not factors_of(user)
    shown = client.post(APP, {"code": code_of(found[1])}).content.decode()
    assert factors_of(user).totp
    assert len(re.findall(r"[2-9A-Z]{4}-[2-9A-Z]{4}-[2-9A-Z]{4}", shown)) == 10
    assert {"accounts.totp-added", "accounts.recovery-codes-made"} <= set(_acts(user))


def test_nobody_takes_on_a_factor_in_an_old_session_without_the_password(
    move_clock: Callable[[timedelta], None],
) -> None:
    user = make_user()
    client = _signed_in(user)
    move_clock(timedelta(seconds=settings.STEP_UP_SECONDS + 1))
    assert client.get(APP).headers["Location"] == "/identity/"
    assert client.post("/identity/", {"password": "wrong"}).status_code == 200
    assert client.get(APP).status_code == 302
    answer = client.post("/identity/", {"password": PASSWORD})
    assert answer.headers["Location"] == APP
    assert client.get(APP).status_code == 200


def test_a_recovery_code_opens_the_account_once() -> None:
    user = make_user()
    make_totp(user)
    code = services.new_recovery_codes(user)[3]
    typed = f" {code.lower().replace('-', ' ')} "
    client = _at_the_door(user)
    assert client.post(RECOVERY, {"code": typed}).status_code == 302
    assert _is_in(client)
    assert _at_the_door(user).post(RECOVERY, {"code": code}).status_code == 200
    assert factors_of(user).codes_left == 9


def test_recovery_codes_are_kept_as_hashes_only() -> None:
    codes = services.new_recovery_codes(make_user())
    with connection.cursor() as cursor:
        cursor.execute("SELECT string_agg(row_to_json(c)::text, '') FROM accounts_recoverycode c")
        kept = cursor.fetchone()[0]
    assert not any(code.replace("-", "")[2:] in kept for code in codes)


def test_new_recovery_codes_end_the_earlier_ones() -> None:
    user = make_user()
    (earlier, *_) = services.new_recovery_codes(user)
    services.new_recovery_codes(user)
    assert not services.prove_by_recovery_code(user, earlier)
    assert RecoveryCode.objects.filter(user=user).count() == 10


def test_a_recovery_code_of_another_person_proves_nothing() -> None:
    (code, *_) = services.new_recovery_codes(make_user())
    assert not services.prove_by_recovery_code(make_user(), code)


def test_recovery_codes_go_with_the_last_factor() -> None:
    user = make_user()
    make_totp(user)
    services.new_recovery_codes(user)
    services.remove_totp(user)
    assert not RecoveryCode.objects.filter(user=user).exists()


def test_an_officer_is_led_to_taking_on_a_second_factor_and_nowhere_else() -> None:
    client = _signed_in(make_user(is_staff=True))
    for page in ("/", "/settings/", "/settings/password/", "/taxpayers/"):
        assert client.get(page).headers["Location"] == "/second-factor/choose/"
    assert client.get("/second-factor/choose/").status_code == 200
    assert client.get(APP).status_code == 200


def test_an_officer_takes_the_factors_of_somebody_else_away_and_the_journal_says_so() -> None:
    person, officer = make_user("ona"), make_user("vyr", is_staff=True)
    make_totp(person)
    call_command("reset_factors", "ona", "vyr", "pasas LT1, Vilnius")
    assert not factors_of(person)
    entry = JournalEntry.objects.get(action="accounts.factors-reset")
    assert (entry.user, entry.subject) == (person, officer.login_name)
    assert entry.params == {"reason": "pasas LT1, Vilnius"}


@pytest.mark.parametrize("officer", ["ona", "jonas", "nobody"])
def test_only_an_officer_and_not_the_person_takes_factors_away(officer: str) -> None:
    person = make_user("ona", is_staff=True)
    make_user("jonas")
    make_totp(person)
    with pytest.raises(CommandError):
        call_command("reset_factors", "ona", officer, "be priežasties")
    assert factors_of(person)


@pytest.mark.django_db(transaction=True)
def test_of_two_uses_of_a_code_at_once_one_succeeds() -> None:
    user = make_user()
    code = code_of(make_totp(user).secret)
    barrier, results = Barrier(2), []

    def use() -> None:
        barrier.wait()
        results.append(services.prove_by_totp(user, code))
        connection.close()

    threads = [Thread(target=use) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(results) == [False, True]

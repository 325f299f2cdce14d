"""Mobile numbers are confirmed by a code, through a gateway that runs as a process of its own."""

import json
import logging
import re
import urllib.request
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection, connections
from django.test import Client
from pytest_django.fixtures import Settings

from accounts import services, sessions, texts
from accounts.models import PhoneConfirmation, SafetyLetter, User
from accounts.models.phones import TRIES
from accounts.services.phones import CODE_LASTS, CODES_PER_DAY, CODES_PER_HOUR
from accounts.types import LetterKind, PhoneAnswer
from imas.kernel import clock
from imas.kernel.errors import ThrottledError, UnavailableError, UnprocessableError
from representation.models import JournalEntry
from tests.gateways.running import gateway, tell
from tests.gateways.sms import TOKEN
from tests.make import make_user

pytestmark = pytest.mark.django_db
PHONE = "+37060012345"


@pytest.fixture(scope="module")
def operator() -> Iterator[str]:
    with gateway("tests.gateways.sms") as url:
        yield url


@pytest.fixture(autouse=True)
def _gateway(operator: str, settings: Settings) -> None:
    settings.SMS_GATEWAY_URL, settings.SMS_GATEWAY_TOKEN = f"{operator}/messages", TOKEN
    tell(operator, forget=True)


@pytest.fixture
def move_clock(monkeypatch: pytest.MonkeyPatch) -> Callable[[timedelta], None]:
    real = clock.now

    def move(step: timedelta) -> None:
        monkeypatch.setattr(clock, "now", lambda: real() + step)

    return move


def _told(operator: str) -> dict[str, Any]:
    with urllib.request.urlopen(f"{operator}/") as answer:
        told: dict[str, Any] = json.loads(answer.read())
        return told


def _code(operator: str) -> str:
    texts.send_due_phone_codes()
    return str(re.findall(r"\d{6}", _told(operator)["sent"][-1]["text"])[0])


def _wrong(code: str) -> str:
    return f"{(int(code) + 1) % 1_000_000:06}"


def _signed_in(user: User) -> Client:
    client = Client()
    client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    session = client.session
    sessions.begin(session)
    session.save()
    return client


def test_a_number_is_confirmed_by_the_code_that_came_to_it(operator: str) -> None:
    user = make_user(language="lt")
    client = _signed_in(user)
    client.post("/settings/phone/", {"phone": "8 600 12345"})
    code = _code(operator)
    message = _told(operator)["sent"][-1]
    assert message["to"] == PHONE
    assert "kodas" in message["text"]
    user.refresh_from_db()
    assert user.phone == ""
    answer = client.post("/settings/phone/confirm/", {"code": f"{code[:3]} {code[3:]}"})
    assert answer.headers["Location"] == "/settings/"
    user.refresh_from_db()
    assert (user.phone, user.phone_confirmed_at is not None) == (PHONE, True)
    assert PHONE in client.get("/settings/").content.decode()


def test_the_former_number_stays_until_the_new_one_is_confirmed_and_a_letter_tells(
    operator: str,
) -> None:
    user = make_user(phone="+37060099999", phone_confirmed_at=clock.now())
    services.request_phone_code(user, PHONE)
    user.refresh_from_db()
    assert user.phone == "+37060099999"
    assert services.confirm_phone(user, _code(operator)) == PhoneAnswer.CONFIRMED
    letter = SafetyLetter.objects.get(user=user, kind=LetterKind.PHONE_CHANGED)
    assert letter.params == {"ending": "45"}


def test_a_code_is_used_once(operator: str) -> None:
    user = make_user()
    services.request_phone_code(user, PHONE)
    code = _code(operator)
    assert services.confirm_phone(user, code) == PhoneAnswer.CONFIRMED
    assert services.confirm_phone(user, code) == PhoneAnswer.OVER


def test_a_code_is_guessed_five_times_and_then_worth_nothing(operator: str) -> None:
    user = make_user()
    services.request_phone_code(user, PHONE)
    code = _code(operator)
    answers = [services.confirm_phone(user, _wrong(code)) for _ in range(TRIES)]
    assert answers == [PhoneAnswer.WRONG] * (TRIES - 1) + [PhoneAnswer.OVER]
    assert services.confirm_phone(user, code) == PhoneAnswer.OVER


@pytest.mark.django_db(transaction=True)
def test_guesses_at_once_are_all_counted(operator: str) -> None:
    user = make_user()
    row = services.request_phone_code(user, PHONE)
    wrong = _wrong(_code(operator))

    def guess(_: int) -> PhoneAnswer:
        try:
            return services.confirm_phone(user, wrong)
        finally:
            connections.close_all()

    with ThreadPoolExecutor(4) as many:
        answers = list(many.map(guess, range(12)))
    row.refresh_from_db()
    assert row.tries == TRIES
    assert answers.count(PhoneAnswer.WRONG) == TRIES - 1


def test_a_code_lives_ten_minutes_from_the_sending(
    operator: str, move_clock: Callable[[timedelta], None]
) -> None:
    user = make_user()
    services.request_phone_code(user, PHONE)
    move_clock(CODE_LASTS / 2)
    code = _code(operator)
    move_clock(CODE_LASTS * 1.4)
    assert services.confirm_phone(user, _wrong(code)) == PhoneAnswer.WRONG
    move_clock(CODE_LASTS * 1.6)
    assert services.confirm_phone(user, code) == PhoneAnswer.OVER


def test_another_code_makes_the_earlier_one_worthless(operator: str) -> None:
    user = make_user()
    services.request_phone_code(user, PHONE)
    first = _code(operator)
    services.request_phone_code(user, "+37060054321")
    assert services.confirm_phone(user, first) == PhoneAnswer.WRONG
    assert services.confirm_phone(user, _code(operator)) == PhoneAnswer.CONFIRMED
    user.refresh_from_db()
    assert user.phone == "+37060054321"


def test_a_code_is_its_owner_s_only(operator: str) -> None:
    services.request_phone_code(make_user(), PHONE)
    code = _code(operator)
    assert services.confirm_phone(make_user(), code) == PhoneAnswer.OVER


def test_a_person_asks_for_so_many_codes(move_clock: Callable[[timedelta], None]) -> None:
    user = make_user()
    for hour in range(CODES_PER_DAY // CODES_PER_HOUR + 1):
        move_clock(timedelta(hours=hour, minutes=hour))
        for number in range(CODES_PER_HOUR):
            if hour * CODES_PER_HOUR + number < CODES_PER_DAY:
                services.request_phone_code(user, f"+3706001{hour}{number:03}")
        with pytest.raises(ThrottledError):
            services.request_phone_code(user, "+37060055555")


def test_a_number_gets_so_many_codes_whoever_asks() -> None:
    for _ in range(CODES_PER_HOUR):
        services.request_phone_code(make_user(), PHONE)
    client = _signed_in(make_user())
    answer = client.post("/settings/phone/", {"phone": PHONE})
    assert answer.context["form"].errors.keys() == {"phone"}
    assert PhoneConfirmation.objects.count() == CODES_PER_HOUR


@pytest.mark.parametrize("typed", ["", "8 5 2123456", "112", "+370 600 1234"])
def test_what_is_no_mobile_number_is_refused(typed: str) -> None:
    with pytest.raises(UnprocessableError, match="phone-not-mobile"):
        services.request_phone_code(make_user(), typed)
    answer = _signed_in(make_user()).post("/settings/phone/", {"phone": typed})
    assert answer.context["form"].errors.keys() == {"phone"}


def test_without_a_gateway_nothing_is_asked_for(settings: Settings) -> None:
    settings.SMS_GATEWAY_URL = ""
    with pytest.raises(UnavailableError, match="texts-not-sent"):
        services.request_phone_code(make_user(), PHONE)
    page = _signed_in(make_user()).get("/settings/phone/").content.decode()
    assert 'name="phone"' not in page


def test_a_number_is_changed_in_an_old_session_only_with_the_password() -> None:
    user = make_user(phone=PHONE)
    client = _signed_in(user)
    session = client.session
    session["began_at"] -= 3600
    session.save()
    for address in ("/settings/phone/", "/settings/phone/remove/"):
        answer = client.post(address, {"phone": "+37060054321"})
        assert answer.headers["Location"] == "/identity/"
    user.refresh_from_db()
    assert user.phone == PHONE
    assert not PhoneConfirmation.objects.exists()


def test_a_number_is_removed_and_a_letter_tells() -> None:
    user = make_user(phone=PHONE, phone_confirmed_at=clock.now())
    assert _signed_in(user).post("/settings/phone/remove/").status_code == 302
    user.refresh_from_db()
    assert (user.phone, user.phone_confirmed_at) == ("", None)
    assert SafetyLetter.objects.filter(user=user, kind=LetterKind.PHONE_CHANGED).exists()
    services.remove_phone(user)
    assert SafetyLetter.objects.filter(user=user).count() == 1


@pytest.mark.parametrize("status", [500, 503, 429, 401, 302])
def test_what_may_pass_is_tried_again_and_the_message_comes_once(
    operator: str, status: int, move_clock: Callable[[timedelta], None]
) -> None:
    user = make_user()
    row = services.request_phone_code(user, PHONE)
    tell(operator, status=status)
    texts.send_due_phone_codes()
    texts.send_due_phone_codes()
    assert (_told(operator)["asked"], _told(operator)["sent"]) == (1, [])
    tell(operator)
    move_clock(timedelta(minutes=2))
    code = _code(operator)
    row.refresh_from_db()
    assert (row.attempts, row.failed_at) == (2, None)
    assert services.confirm_phone(user, code) == PhoneAnswer.CONFIRMED


def test_an_answer_that_is_lost_sends_no_second_message(
    operator: str, move_clock: Callable[[timedelta], None]
) -> None:
    services.request_phone_code(make_user(), PHONE)
    tell(operator, loses_answer=True)
    texts.send_due_phone_codes()
    tell(operator)
    move_clock(timedelta(minutes=2))
    texts.send_due_phone_codes()
    assert (_told(operator)["asked"], len(_told(operator)["sent"])) == (2, 1)


def test_what_the_gateway_refuses_has_failed_and_the_page_says_so(operator: str) -> None:
    user = make_user()
    row = services.request_phone_code(user, PHONE)
    tell(operator, status=422)
    texts.send_due_phone_codes()
    row.refresh_from_db()
    assert row.failed_at is not None
    page = _signed_in(user).get("/settings/phone/").content.decode()
    assert "could not be sent" in page


def test_what_never_gets_through_has_failed_in_the_end(
    settings: Settings, move_clock: Callable[[timedelta], None]
) -> None:
    settings.SMS_GATEWAY_URL = "http://localhost:9/"
    row = services.request_phone_code(make_user(), PHONE)
    for minute in range(12):
        move_clock(timedelta(minutes=minute))
        texts.send_due_phone_codes()
    row.refresh_from_db()
    assert row.failed_at is not None
    assert row.attempts >= 3


def test_nothing_of_number_or_code_is_kept_or_logged(
    operator: str, caplog: pytest.LogCaptureFixture, settings: Settings
) -> None:
    user = make_user()
    with caplog.at_level(logging.DEBUG):
        row = services.request_phone_code(user, PHONE)
        tell(operator, status=500)
        texts.send_due_phone_codes()
    code = services.phone_code(row)
    said = " ".join(str(record.__dict__) for record in caplog.records if record.name != "django")
    ours = " ".join(
        str(r.__dict__) for r in caplog.records if r.name.startswith(("imas", "urllib"))
    )
    assert "sms.failed" in ours
    assert PHONE not in ours
    assert code not in said
    with connection.cursor() as cursor:
        cursor.execute("SELECT row_to_json(p)::text FROM accounts_phoneconfirmation p")
        assert code not in str(cursor.fetchall())
    assert PHONE not in str(list(JournalEntry.objects.values_list("subject", "params")))

import pytest
from django.conf import settings
from django.contrib.sessions.backends.base import UpdateError
from django.core import mail
from django.test import Client

from accounts import letters, services
from accounts.devices import in_plain_words
from accounts.models import OpenSession, SafetyLetter, User
from accounts.types import LetterKind
from representation.models import JournalEntry
from tests.make import PASSWORD, make_user

pytestmark = pytest.mark.django_db
FIREFOX = "Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:130.0) Gecko/20100101 Firefox/130.0"
PHONE = (
    "Mozilla/5.0 (iPhone; CPU iPhone OS 17_0 like Mac OS X) AppleWebKit/605.1.15 "
    "(KHTML, like Gecko) Version/17.0 Mobile/15E148 Safari/604.1"
)
SESSIONS = "/settings/sessions/"


def _sign_in(user: User, client: Client | None = None) -> Client:
    client = client or Client(headers={"User-Agent": FIREFOX})
    client.post("/sign-in/", {"username": user.login_name, "password": PASSWORD})
    return client


def _is_in(client: Client) -> bool:
    return client.get("/settings/").status_code == 200


@pytest.mark.parametrize(
    ("user_agent", "words"),
    [
        (FIREFOX, "Firefox, Windows"),
        (PHONE, "Safari, iPhone"),
        ("Mozilla/5.0 (X11; Linux x86_64) Chrome/130.0 Safari/537.36 Edg/130.0", "Edge, Linux"),
        ("curl/8.0", ""),
    ],
)
def test_a_device_is_told_in_plain_words(user_agent: str, words: str) -> None:
    assert in_plain_words(user_agent) == words


def test_the_list_tells_device_address_and_means() -> None:
    page = _sign_in(make_user()).get(SESSIONS).content.decode()
    assert "Firefox, Windows" in page
    assert "127.0.0.1" in page
    assert "Login name and password" in page


def test_a_session_is_ended_from_another_one_at_once() -> None:
    user = make_user()
    here, there = _sign_in(user), _sign_in(user)
    stolen = Client(headers={"Cookie": f"session={there.session.session_key}"})
    (record,) = [r for r in user.sessions.all() if r.session_key == there.session.session_key]
    here.post(f"{SESSIONS}{record.pk}/end/")
    assert [_is_in(client) for client in (here, there, stolen)] == [True, False, False]


def test_all_other_sessions_are_ended_together() -> None:
    user = make_user()
    here, *others = [_sign_in(user) for _ in range(4)]
    here.post(f"{SESSIONS}end/")
    assert _is_in(here)
    assert not any(_is_in(other) for other in others)


def test_nobody_ends_a_session_of_somebody_else() -> None:
    victim = _sign_in(make_user())
    record = OpenSession.objects.get()
    assert _sign_in(make_user()).post(f"{SESSIONS}{record.pk}/end/").status_code == 404
    assert _is_in(victim)


def test_a_cookie_stolen_before_signing_out_opens_nothing_afterwards() -> None:
    user = make_user()
    client = _sign_in(user)
    thief = Client()
    thief.cookies[settings.SESSION_COOKIE_NAME] = str(client.session.session_key)
    assert _is_in(thief)
    stolen = thief.cookies[settings.SESSION_COOKIE_NAME].value
    client.post("/sign-out/")
    for _ in range(2):
        thief.cookies[settings.SESSION_COOKIE_NAME] = stolen
        assert not _is_in(thief)
    assert OpenSession.objects.get().ended_at is not None
    tried = JournalEntry.objects.get(action="accounts.ended-session-used")
    assert (tried.user, tried.params) == (user, {"address": "127.0.0.1"})


def test_a_session_ended_from_elsewhere_is_journalled_when_it_is_tried_again() -> None:
    user = make_user()
    client = _sign_in(user)
    services.end_sessions(user)
    assert not _is_in(client)
    assert JournalEntry.objects.filter(action="accounts.ended-session-used", user=user).exists()


def test_a_cookie_that_was_never_ours_is_not_journalled() -> None:
    stranger = Client()
    stranger.cookies[settings.SESSION_COOKIE_NAME] = "x" * 32
    assert not _is_in(stranger)
    assert not JournalEntry.objects.filter(action="accounts.ended-session-used").exists()


def test_a_record_ended_behind_the_sessions_back_ends_it_within_a_minute() -> None:
    client = _sign_in(make_user())
    OpenSession.objects.update(ended_at="2026-01-01T00:00Z")
    session = client.session
    session["seen_at"] -= 60
    session.save()
    assert not _is_in(client)


def test_an_ended_session_does_not_come_back_by_a_request_under_way() -> None:
    client = _sign_in(make_user())
    under_way = client.session
    services.end_sessions(User.objects.get())
    with pytest.raises(UpdateError):
        under_way.save()


def test_a_new_password_leaves_the_record_of_this_session_only() -> None:
    user = make_user()
    here, _there = _sign_in(user), _sign_in(user)
    here.post("/settings/password/", {"current": PASSWORD, "new": "Kitas-geras-slaptažodis-9"})
    (left,) = OpenSession.objects.filter(ended_at__isnull=True)
    assert left.session_key == here.session.session_key
    assert _is_in(here)


def test_a_browser_not_seen_before_is_told_of_by_e_mail() -> None:
    user = make_user()
    known = _sign_in(user)
    _sign_in(user, known)
    assert not SafetyLetter.objects.exists()
    _sign_in(user, Client(headers={"User-Agent": PHONE}))
    letters.send_due_safety_letters()
    letters.send_due_safety_letters()
    (letter,) = mail.outbox
    assert letter.to == [user.email]
    assert "Safari, iPhone" in str(letter.body)


def test_a_browser_stays_known_after_signing_out() -> None:
    user = make_user()
    client = _sign_in(user)
    client.post("/sign-out/")
    _sign_in(user, client)
    assert not SafetyLetter.objects.filter(kind=LetterKind.NEW_DEVICE).exists()


def test_a_forged_device_cookie_is_a_new_device() -> None:
    user = make_user()
    _sign_in(user)
    forger = Client()
    forger.cookies[settings.DEVICE_COOKIE_NAME] = "Zm9yZ2Vk:1abc:forged"
    _sign_in(user, forger)
    assert SafetyLetter.objects.filter(kind=LetterKind.NEW_DEVICE).count() == 1


def test_the_sessions_page_asks_the_database_no_more_for_many_sessions(
    django_assert_max_num_queries: pytest.FixtureRequest,
) -> None:
    user = make_user()
    client = [_sign_in(user) for _ in range(8)][-1]
    client.get(SESSIONS)
    with django_assert_max_num_queries(8):  # type: ignore[operator]
        client.get(SESSIONS)


def test_what_people_do_about_their_sessions_is_journalled() -> None:
    user = make_user()
    here = _sign_in(user)
    _sign_in(user)
    here.post(f"{SESSIONS}end/")
    here.post("/sign-out/")
    acts = JournalEntry.objects.filter(user=user).order_by("pk").values_list("action", flat=True)
    assert list(acts)[-2:] == ["accounts.sessions-ended", "accounts.signed-out"]

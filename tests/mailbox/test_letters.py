import email
import email.policy
import socket
from collections.abc import Iterator
from datetime import timedelta
from threading import Barrier, Thread

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session
from django.conf import settings as live
from django.db import connection
from pytest_django import Settings

from accounts.models import User
from imas.kernel import clock
from mailbox import letters
from mailbox.models import MAX_ATTEMPTS, Notice
from representation.models import Grant, Taxpayer
from tests.mailbox.make import make_message
from tests.make import make_grant, make_taxpayer, make_user

pytestmark = pytest.mark.django_db


class Catcher:
    """A mail server that answers as told and keeps what it took."""

    def __init__(self) -> None:
        self.answer = "250 OK"
        self.taken: list[Envelope] = []

    async def handle_RCPT(  # noqa: N802 - the name is aiosmtpd's
        self, _server: SMTP, _session: Session, envelope: Envelope, address: str, _options: object
    ) -> str:
        if self.answer.startswith("250"):
            envelope.rcpt_tos.append(address)
        return self.answer

    async def handle_DATA(  # noqa: N802
        self, _server: SMTP, _session: Session, envelope: Envelope
    ) -> str:
        self.taken.append(envelope)
        return "250 OK"

    def words(self) -> list[str]:
        parsed = [
            email.message_from_bytes(one.content or b"", policy=email.policy.default)
            for one in self.taken
            if isinstance(one.content, bytes)
        ]
        return [f"{letter['Subject']}\n{letter.get_content()}" for letter in parsed]


@pytest.fixture
def catcher(settings: Settings) -> Iterator[Catcher]:
    handler = Catcher()
    port = _free_port()
    controller = Controller(handler, hostname="127.0.0.1", port=port)
    controller.start()
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST = "127.0.0.1"
    settings.EMAIL_PORT = port
    yield handler
    controller.stop()


@pytest.fixture
def taxpayer() -> Taxpayer:
    return make_taxpayer(name="UAB Slapta")


@pytest.fixture
def reader(taxpayer: Taxpayer) -> User:
    reader = make_user("ona")
    make_grant(reader, taxpayer, "mailbox.view")
    return reader


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _make_due() -> None:
    Notice.objects.update(due_at=clock.now())


@pytest.mark.usefixtures("reader")
def test_a_letter_says_only_that_a_message_has_come(catcher: Catcher, taxpayer: Taxpayer) -> None:
    make_message(taxpayer, number="S-SECRET")
    letters.send_due_notices()
    (text,) = catcher.words()
    assert f"{live.SITE_URL}/mailbox/" in text
    assert "S-SECRET" not in text
    assert "UAB Slapta" not in text
    assert taxpayer.code not in text


@pytest.mark.usefixtures("reader")
def test_a_letter_is_sent_once(catcher: Catcher, taxpayer: Taxpayer) -> None:
    make_message(taxpayer)
    for _ in range(3):
        letters.send_due_notices()
        _make_due()
    assert len(catcher.taken) == 1
    assert Notice.objects.get().sent_at is not None


def test_every_reader_is_told_at_the_confirmed_address(
    catcher: Catcher, taxpayer: Taxpayer, reader: User
) -> None:
    make_grant(make_user("jonas"), taxpayer, "mailbox.view")
    make_message(taxpayer)
    letters.send_due_notices()
    assert {one.rcpt_tos[0] for one in catcher.taken} == {"ona@example.lt", "jonas@example.lt"}


@pytest.mark.usefixtures("reader")
def test_a_passing_fault_is_tried_again_later(catcher: Catcher, taxpayer: Taxpayer) -> None:
    make_message(taxpayer)
    catcher.answer = "451 Try again later"
    letters.send_due_notices()
    notice = Notice.objects.get()
    assert (notice.attempts, notice.sent_at, notice.dropped_at) == (1, None, None)
    assert notice.due_at > clock.now()
    catcher.answer = "250 OK"
    letters.send_due_notices()
    assert catcher.taken == []
    _make_due()
    letters.send_due_notices()
    assert len(catcher.taken) == 1


@pytest.mark.usefixtures("reader")
def test_a_server_that_does_not_answer_is_tried_again(
    settings: Settings, catcher: Catcher, taxpayer: Taxpayer
) -> None:
    port = settings.EMAIL_PORT
    settings.EMAIL_PORT = 1
    make_message(taxpayer)
    letters.send_due_notices()
    settings.EMAIL_PORT = port
    _make_due()
    letters.send_due_notices()
    assert len(catcher.taken) == 1


@pytest.mark.usefixtures("reader")
def test_a_refused_address_is_not_tried_again(catcher: Catcher, taxpayer: Taxpayer) -> None:
    make_message(taxpayer)
    catcher.answer = "550 No such mailbox"
    letters.send_due_notices()
    assert Notice.objects.get().dropped_at is not None


@pytest.mark.usefixtures("reader")
def test_a_letter_is_given_up_after_the_last_attempt(catcher: Catcher, taxpayer: Taxpayer) -> None:
    make_message(taxpayer)
    catcher.answer = "451 Try again later"
    for _ in range(MAX_ATTEMPTS):
        _make_due()
        letters.send_due_notices()
    notice = Notice.objects.get()
    assert (notice.attempts, notice.dropped_at is None) == (MAX_ATTEMPTS, False)


@pytest.mark.usefixtures("reader")
def test_somebody_whose_right_has_ended_is_not_told(catcher: Catcher, taxpayer: Taxpayer) -> None:
    make_message(taxpayer)
    Grant.objects.update(revoked_at=clock.now())
    letters.send_due_notices()
    assert catcher.taken == []
    assert Notice.objects.get().dropped_at is not None


def test_somebody_whose_confirmation_lapsed_is_not_told(
    catcher: Catcher, taxpayer: Taxpayer, reader: User
) -> None:
    make_message(taxpayer)
    reader.email_confirmed_at = clock.now() - timedelta(days=live.EMAIL_CONFIRMATION_DAYS)
    reader.save()
    letters.send_due_notices()
    assert catcher.taken == []


def test_a_letter_left_in_a_dead_worker_s_hands_is_taken_again(
    catcher: Catcher, taxpayer: Taxpayer, reader: User
) -> None:
    make_message(taxpayer)
    Notice.objects.update(claimed_at=clock.now())
    letters.send_due_notices()
    assert catcher.taken == []
    Notice.objects.update(claimed_at=clock.now() - timedelta(minutes=11))
    letters.send_due_notices()
    assert len(catcher.taken) == 1


@pytest.mark.django_db(transaction=True)
def test_of_two_workers_one_takes_a_letter(taxpayer: Taxpayer, reader: User) -> None:
    make_message(taxpayer)
    pk, now = Notice.objects.get().pk, clock.now()
    barrier, taken = Barrier(2), []

    def take() -> None:
        barrier.wait()
        taken.append(Notice.objects.claim(pk, now))
        connection.close()

    threads = [Thread(target=take) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(taken) == [False, True]

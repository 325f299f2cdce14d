from datetime import timedelta
from threading import Barrier, Thread

import pytest
from django.conf import settings as live
from django.db import connection
from pytest_django import Settings

from accounts.models import User
from imas.kernel import clock
from imas.kernel.errors import UnprocessableError
from mailbox import letters, services
from mailbox.models import MAX_ATTEMPTS, Notice
from mailbox.types import NoticeMode
from representation.models import Mandate, Taxpayer
from representation.types import MandateState
from tests.mailbox.catcher import Catcher
from tests.mailbox.make import make_message
from tests.make import make_grant, make_taxpayer, make_user

pytestmark = pytest.mark.django_db


@pytest.fixture
def taxpayer() -> Taxpayer:
    return make_taxpayer(name="UAB Slapta")


@pytest.fixture
def reader(taxpayer: Taxpayer) -> User:
    reader = make_user("ona")
    make_grant(reader, taxpayer, "mailbox.view")
    return reader


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
    Mandate.objects.update(state=MandateState.REVOKED)
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
    now = clock.now()
    barrier, taken = Barrier(2), []

    def take() -> None:
        barrier.wait()
        taken.append(len(Notice.objects.take(reader.pk, now)))
        connection.close()

    threads = [Thread(target=take) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(taken) == [0, 1]


def test_messages_that_came_together_are_one_letter(
    catcher: Catcher, taxpayer: Taxpayer, reader: User
) -> None:
    other = make_taxpayer()
    make_grant(reader, other, "mailbox.view")
    for one in (taxpayer, taxpayer, other):
        make_message(one)
    letters.send_due_notices()
    (text,) = catcher.words()
    assert "3 messages have come" in text
    assert Notice.objects.filter(sent_at=None).count() == 0


def test_a_daily_letter_waits_for_its_hour_in_vilnius(
    catcher: Catcher, taxpayer: Taxpayer, reader: User, settings: Settings
) -> None:
    services.choose_notices(reader, {"isaf": NoticeMode.DAILY})
    make_message(taxpayer, subsystem="isaf")
    due = Notice.objects.get().due_at.astimezone(clock.VILNIUS)
    assert (due.hour, due.minute) == (settings.NOTICE_DIGEST_HOUR, 0)
    assert timedelta() < due - clock.now() <= timedelta(hours=25)
    letters.send_due_notices()
    assert catcher.taken == []
    make_message(taxpayer, subsystem="mailbox")
    letters.send_due_notices()
    assert len(catcher.taken) == 1


def test_nobody_chooses_silence_where_the_rules_want_him_told(
    taxpayer: Taxpayer, reader: User, settings: Settings
) -> None:
    with pytest.raises(UnprocessableError):
        services.choose_notices(reader, {"isaf": NoticeMode.NONE})
    settings.NOTICE_OPTIONAL_SUBSYSTEMS = frozenset({"isaf"})
    services.choose_notices(reader, {"isaf": NoticeMode.NONE})
    make_message(taxpayer, subsystem="isaf")
    assert not Notice.objects.exists()
    settings.NOTICE_OPTIONAL_SUBSYSTEMS = frozenset()
    make_message(taxpayer, subsystem="isaf")
    assert Notice.objects.get().due_at > clock.now()

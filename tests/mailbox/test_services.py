import uuid
from threading import Barrier, Thread

import pytest
from django.db import connection
from django.utils import translation

from imas.kernel.errors import ForbiddenError, NotFoundError
from mailbox import selectors, services, words
from mailbox.models import Message, Notice
from mailbox.selectors import Wanted
from representation.models import JournalEntry
from tests.mailbox.make import WORDS, make_message
from tests.make import make_acting, make_grant, make_taxpayer, make_user

pytestmark = pytest.mark.django_db


def test_the_same_key_is_one_message_and_one_letter_to_each_reader() -> None:
    taxpayer, reader = make_taxpayer(), make_user()
    make_grant(reader, taxpayer, "mailbox.view")
    first, second = (make_message(taxpayer, key="verdict") for _ in range(2))
    assert first == second
    assert Notice.objects.get().user == reader


def test_the_same_key_of_another_taxpayer_is_another_message() -> None:
    assert make_message(make_taxpayer(), key="a") != make_message(make_taxpayer(), key="a")


def test_those_who_may_not_read_or_have_no_confirmed_address_are_not_told() -> None:
    taxpayer = make_taxpayer()
    make_grant(make_user(), taxpayer, "isaf.view")
    make_grant(make_user(ready=False), taxpayer, "mailbox.view")
    make_message(taxpayer)
    assert not Notice.objects.exists()


def test_a_message_without_words_is_not_posted() -> None:
    with pytest.raises(KeyError):
        make_message(make_taxpayer(), code="tests.nothing")
    assert not Message.objects.exists()


def test_a_code_does_not_get_other_words() -> None:
    words.register(WORDS)
    with pytest.raises(ValueError, match="words already"):
        words.register({"tests.arrived": ("Other", "words")})


def test_a_message_is_read_once_by_whoever_opens_it_first() -> None:
    taxpayer = make_taxpayer()
    message = make_message(taxpayer)
    first, second = make_acting(taxpayer=taxpayer), make_acting(taxpayer=taxpayer)
    services.open_message(first, message.pk)
    services.open_message(second, message.pk)
    message.refresh_from_db()
    assert message.read_by_id == first.user_id
    assert JournalEntry.objects.filter(action="mailbox.read").count() == 1
    assert selectors.count_unread(first) == 0


def test_a_stranger_s_message_and_none_at_all_are_not_found_alike() -> None:
    acting, message = make_acting(), make_message(make_taxpayer())
    for pk in (message.pk, uuid.uuid4()):
        for verb in (services.open_message, services.archive_message, services.restore_message):
            with pytest.raises(NotFoundError):
                verb(acting, pk)


def test_nothing_is_read_without_the_right() -> None:
    taxpayer = make_taxpayer()
    message = make_message(taxpayer)
    acting = make_acting("isaf.view", taxpayer=taxpayer)
    with pytest.raises(ForbiddenError):
        services.open_message(acting, message.pk)
    assert not Message.objects.visible_to(acting).exists()


def test_an_archived_message_is_among_the_archived_only_and_can_come_back() -> None:
    taxpayer = make_taxpayer()
    acting, message = make_acting(taxpayer=taxpayer), make_message(taxpayer)
    for _ in range(2):
        services.archive_message(acting, message.pk)
    shown = {
        view: list(selectors.find_messages(acting, Wanted(view=view)))
        for view in ("", "unread", "archive")
    }
    assert shown == {"": [], "unread": [], "archive": [message]}
    for _ in range(2):
        services.restore_message(acting, message.pk)
    assert list(selectors.find_messages(acting, Wanted())) == [message]
    assert JournalEntry.objects.count() == 2


@pytest.mark.parametrize(
    ("text", "found"), [("S-77", 1), ("register", 1), ("REFUSED", 1), ("x", 0)]
)
def test_a_message_is_found_by_its_words_and_by_what_fills_them(text: str, found: int) -> None:
    taxpayer = make_taxpayer()
    make_message(taxpayer, number="S-77")
    make_message(taxpayer, code="tests.refused", number="S-2")
    acting = make_acting(taxpayer=taxpayer)
    assert selectors.find_messages(acting, Wanted(text=text)).count() == found


def test_messages_are_kept_apart_by_subsystem() -> None:
    taxpayer = make_taxpayer()
    wanted = make_message(taxpayer, subsystem="representation")
    make_message(taxpayer)
    acting = make_acting(taxpayer=taxpayer)
    assert selectors.count_unread_by_subsystem(acting) == {"mailbox": 1, "representation": 1}
    found = selectors.find_messages(acting, Wanted(subsystem="representation"))
    assert list(found) == [wanted]


@pytest.mark.django_db(transaction=True)
def test_of_two_posts_of_one_key_at_once_one_message_comes() -> None:
    taxpayer = make_taxpayer()
    barrier = Barrier(2)

    def post() -> None:
        barrier.wait()
        make_message(taxpayer, key="verdict")
        connection.close()

    threads = [Thread(target=post) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert Message.objects.count() == 1


def test_a_message_tells_its_periods_by_name() -> None:
    words.register({"test.periods": ("%(period)s", "%(periods)s")})
    with translation.override("en"):
        told = words.words_of("test.periods", {"period": "2026-10", "periods": "2026-09, 2026-H1"})
    assert told == ("October 2026", "September 2026, first half of 2026")

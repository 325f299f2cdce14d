import time
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Event as Signal
from threading import Thread
from typing import Any

import pytest
from django.db import connection, transaction
from django.test import Client
from pytest_django import Settings

from accounts.models import ApiKey
from imas.kernel import clock
from imas.kernel.errors import GoneError, UnprocessableError
from mailbox import services
from mailbox.models import Event
from mailbox.services.events import EVENTS_AT_ONCE, number_events
from representation.models import Taxpayer
from representation.types import Acting
from tests.mailbox.make import make_message
from tests.make import make_acting, make_api_key, make_headship, make_taxpayer, make_user

pytestmark = pytest.mark.django_db


def happen(taxpayer: Taxpayer, subject: str, right: str = "isaf.view") -> None:
    services.record_event(taxpayer.pk, "tests.thing", right, subject, state="NEW")


def subjects(taxpayer: Taxpayer, after: int = 0) -> list[str]:
    page = services.read_events(make_acting(taxpayer=taxpayer), after)
    return [one["data"]["subject"] for one in page.items]


def test_events_are_told_in_order_from_a_cursor_on_each_once() -> None:
    taxpayer = make_taxpayer()
    for subject in "abc":
        happen(taxpayer, subject)
    happen(make_taxpayer(), "stranger's")
    page = services.read_events(make_acting(taxpayer=taxpayer), 0)
    assert [(one["number"], one["data"]["subject"]) for one in page.items] == [
        (1, "a"),
        (2, "b"),
        (3, "c"),
    ]
    happen(taxpayer, "d")
    assert subjects(taxpayer, int(page.next)) == ["d"]


def test_an_event_is_not_told_without_its_right_and_the_cursor_passes_it() -> None:
    taxpayer = make_taxpayer()
    happen(taxpayer, "secret", right="isaf.view")
    page = services.read_events(make_acting("mailbox.view", taxpayer=taxpayer), 0)
    assert (page.items, page.next) == ([], "1")


@pytest.mark.django_db(transaction=True)
def test_an_event_committed_late_comes_after_those_already_told_and_is_not_lost() -> None:
    taxpayer = make_taxpayer()
    begun, finish = Signal(), Signal()

    def slow() -> None:
        with transaction.atomic():
            happen(taxpayer, "slow")
            begun.set()
            finish.wait(10)
        connection.close()

    thread = Thread(target=slow)
    thread.start()
    begun.wait(10)
    happen(taxpayer, "quick")  # a higher row id, committed first
    assert subjects(taxpayer) == ["quick"]
    finish.set()
    thread.join()
    assert subjects(taxpayer, 1) == ["slow"]
    assert Event.objects.get(params__state="NEW", subject="slow").number == 2


WRITERS, EACH = 4, 25


def _write(taxpayer: Taxpayer, writer: int) -> None:
    for count in range(EACH):
        with transaction.atomic():
            happen(taxpayer, f"{writer}-{count}")
            time.sleep(0.002 * (writer % 3))
        if writer == 0:
            number_events(taxpayer.pk)
    connection.close()


def _follow(acting: Acting, done: Signal, read: list[dict[str, Any]]) -> None:
    is_last, after = False, 0
    while not is_last:
        is_last = done.is_set()
        page = services.read_events(acting, after)
        read.extend(page.items)
        after = int(page.next)
    connection.close()


@pytest.mark.django_db(transaction=True)
def test_a_reader_beside_many_writers_and_numberers_misses_nothing_and_sees_nothing_twice() -> None:
    taxpayer, done = make_taxpayer(), Signal()
    read: list[dict[str, Any]] = []
    reader = Thread(target=_follow, args=(make_acting(taxpayer=taxpayer), done, read))
    writers = [Thread(target=_write, args=(taxpayer, writer)) for writer in range(WRITERS)]
    for thread in (reader, *writers):
        thread.start()
    for thread in writers:
        thread.join()
    done.set()
    reader.join()
    assert [one["number"] for one in read] == list(range(1, WRITERS * EACH + 1))
    said = [one["data"]["subject"] for one in read]
    for writer in range(WRITERS):
        mine = [one for one in said if one.startswith(f"{writer}-")]
        assert mine == [f"{writer}-{count}" for count in range(EACH)]


def test_many_events_come_by_pages() -> None:
    taxpayer = make_taxpayer()
    for number in range(EVENTS_AT_ONCE + 1):
        happen(taxpayer, str(number))
    assert len(subjects(taxpayer)) == EVENTS_AT_ONCE
    assert subjects(taxpayer, EVENTS_AT_ONCE) == [str(EVENTS_AT_ONCE)]


def test_events_no_longer_kept_are_gone_and_the_numbers_go_on(settings: Settings) -> None:
    taxpayer = make_taxpayer()
    acting = make_acting(taxpayer=taxpayer)
    for subject in "abc":
        happen(taxpayer, subject)
    old = clock.now() - timedelta(days=settings.EVENT_DAYS, minutes=1)
    Event.objects.filter(subject__in="ab").update(at=old)
    services.drop_old_events()
    with pytest.raises(GoneError):
        services.read_events(acting, 1)
    assert subjects(taxpayer, 2) == ["c"]
    assert subjects(taxpayer) == ["c"]  # from the beginning of what is kept
    Event.objects.update(at=old)
    services.drop_old_events()
    happen(taxpayer, "d")
    assert Event.objects.get(subject="d").number is None
    assert subjects(taxpayer, 3) == ["d"]


def test_a_cursor_from_the_future_is_refused() -> None:
    with pytest.raises(UnprocessableError):
        services.read_events(make_acting(), 1)


@pytest.fixture
def taxpayer() -> Taxpayer:
    return make_taxpayer()


@pytest.fixture
def key(taxpayer: Taxpayer) -> tuple[ApiKey, dict[str, str]]:
    user = make_user()
    make_headship(user, taxpayer)
    key, plain = make_api_key(user, taxpayer)
    return key, {"Authorization": f"Bearer {plain}", "X-Taxpayer": taxpayer.code}


def ask(headers: dict[str, str], query: str = "") -> Any:
    return Client(headers=headers).get(f"/api/v1/events{query}")


def test_a_program_follows_what_happens(
    taxpayer: Taxpayer, key: tuple[ApiKey, dict[str, str]]
) -> None:
    begin = ask(key[1], "?after=latest").json()
    message = make_message(taxpayer)
    (event,) = ask(key[1], f"?after={begin['next']}").json()["items"]
    assert (event["type"], event["data"]["subject"]) == ("mailbox.message", str(message.pk))
    for bad in ("-1", "x", "1e9", "9" * 30, "٣"):
        assert ask(key[1], f"?after={bad}").status_code == 422
    assert ask(key[1], "?wait=soon").status_code == 422


def test_a_program_that_comes_too_late_is_told_so(
    taxpayer: Taxpayer, key: tuple[ApiKey, dict[str, str]], settings: Settings
) -> None:
    happen(taxpayer, "a")
    happen(taxpayer, "b")
    ask(key[1])
    Event.objects.update(at=clock.now() - timedelta(days=settings.EVENT_DAYS + 1))
    services.drop_old_events()
    answer = ask(key[1], "?after=1")
    assert (answer.status_code, answer.json()["code"]) == (410, "events-gone")
    assert answer.json()["params"]["oldest"] == "2"


@pytest.mark.django_db(transaction=True)
def test_a_waiting_program_is_answered_as_soon_as_something_happens(
    taxpayer: Taxpayer, key: tuple[ApiKey, dict[str, str]]
) -> None:
    def later() -> None:
        time.sleep(0.7)
        happen(taxpayer, "late")
        connection.close()

    thread = Thread(target=later)
    thread.start()
    started = time.monotonic()
    items = ask(key[1], "?wait=20").json()["items"]
    thread.join()
    assert [one["data"]["subject"] for one in items] == ["late"]
    assert time.monotonic() - started < 5


@pytest.mark.django_db(transaction=True)
def test_a_key_revoked_while_it_waits_learns_nothing(
    taxpayer: Taxpayer, key: tuple[ApiKey, dict[str, str]]
) -> None:
    def revoke() -> None:
        time.sleep(0.5)
        ApiKey.objects.update(revoked_at=clock.now())
        happen(taxpayer, "after the end")
        connection.close()

    thread = Thread(target=revoke)
    thread.start()
    answer = ask(key[1], "?wait=20")
    thread.join()
    assert answer.status_code == 401


@pytest.mark.django_db(transaction=True)
def test_one_call_of_a_key_waits_at_a_time(
    taxpayer: Taxpayer, key: tuple[ApiKey, dict[str, str]]
) -> None:
    def wait() -> Any:
        try:
            return ask(key[1], "?wait=2")
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as programs:
        answers = [one.result() for one in [programs.submit(wait) for _ in range(2)]]
    refused, waited = sorted(answers, key=lambda one: one.status_code, reverse=True)
    assert (refused.status_code, refused["Retry-After"]) == (429, "5")
    assert waited.status_code == 200
    assert ask(key[1], "?wait=1").status_code == 200

from io import BytesIO
from pathlib import Path

import pytest
from django.core.files.storage import default_storage
from pytest_django import DjangoAssertNumQueries

from imas.kernel import clock
from imas.kernel.errors import ForbiddenError, NotFoundError, UnprocessableError
from mailbox import selectors, services
from mailbox.attachments import kept_file
from mailbox.models import Attachment, Message, ReadReceipt
from mailbox.selectors import Wanted
from mailbox.services import MAX_AT_ONCE, Mark
from representation.models import JournalEntry
from tests.mailbox.make import make_message
from tests.make import make_acting, make_taxpayer

pytestmark = pytest.mark.django_db


def test_everybody_who_opens_a_message_is_remembered_once_and_the_first_stays_first() -> None:
    taxpayer = make_taxpayer()
    message = make_message(taxpayer)
    first, second = make_acting(taxpayer=taxpayer), make_acting(taxpayer=taxpayer)
    for acting in (first, second, first):
        services.open_message(acting, message.pk)
    readers = list(ReadReceipt.objects.values_list("user_id", flat=True))
    message.refresh_from_db()
    assert readers == [first.user_id, second.user_id]
    assert message.read_by_id == first.user_id


def test_a_message_marked_as_unread_is_counted_again_and_its_readers_stay_known() -> None:
    taxpayer = make_taxpayer()
    acting, message = make_acting(taxpayer=taxpayer), make_message(taxpayer)
    services.open_message(acting, message.pk)
    services.forget_reading(acting, message.pk)
    assert selectors.count_unread(acting) == 1
    assert message.receipts.get().user_id == acting.user_id


@pytest.mark.parametrize("mark", list(Mark))
def test_marking_many_changes_each_once_and_never_a_stranger_s(mark: Mark) -> None:
    taxpayer = make_taxpayer()
    acting, foreign = make_acting(taxpayer=taxpayer), make_message(make_taxpayer())
    mine = [make_message(taxpayer) for _ in range(3)]
    before = {Mark.UNREAD: Mark.READ, Mark.RESTORED: Mark.ARCHIVED}.get(mark)
    if before:
        services.mark_messages(acting, [one.pk for one in mine], before)
    told = JournalEntry.objects.count()
    pks = [one.pk for one in (*mine, foreign)]
    assert services.mark_messages(acting, pks, mark) == 3
    assert services.mark_messages(acting, pks, mark) == 0
    assert JournalEntry.objects.count() == told + 3
    untouched = Message.objects.get(pk=foreign.pk)
    assert (untouched.read_at, untouched.archived_at) == (None, None)


def test_too_many_messages_are_not_marked_at_once() -> None:
    acting = make_acting()
    message = make_message(make_taxpayer())
    with pytest.raises(UnprocessableError):
        services.mark_messages(acting, [message.pk] * (MAX_AT_ONCE + 1), Mark.READ)


def test_many_messages_cost_as_many_queries_as_few(
    django_assert_max_num_queries: DjangoAssertNumQueries,
) -> None:
    taxpayer = make_taxpayer()
    acting = make_acting(taxpayer=taxpayer)
    pks = [make_message(taxpayer).pk for _ in range(20)]
    # Savepoint, lock, change, and one journal entry for each message.
    with django_assert_max_num_queries(4 + len(pks)):
        services.mark_messages(acting, pks, Mark.ARCHIVED)


def test_messages_are_found_by_the_days_they_came_on() -> None:
    taxpayer, today = make_taxpayer(), clock.today()
    acting, message = make_acting(taxpayer=taxpayer), make_message(taxpayer)
    Message.objects.update(created_at="2026-10-05T21:30:00Z")  # 6 October in Vilnius
    from_sixth = Wanted(since=today.replace(year=2026, month=10, day=6))
    till_fifth = Wanted(until=today.replace(year=2026, month=10, day=5))
    assert list(selectors.find_messages(acting, from_sixth)) == [message]
    assert list(selectors.find_messages(acting, till_fifth)) == []


def test_a_file_is_given_to_those_who_may_read_and_the_journal_tells_it() -> None:
    taxpayer = make_taxpayer()
    message = make_message(taxpayer, files={"ataskaita.csv": b"1;2\n"})
    file = message.attachments.get()
    attachment, stream = services.open_attachment(
        make_acting(taxpayer=taxpayer), message.pk, file.pk
    )
    with stream:
        assert stream.read() == b"1;2\n"
    assert (attachment.size, attachment.name) == (4, "ataskaita.csv")
    assert JournalEntry.objects.get().action == "mailbox.attachment-taken"
    other = make_message(taxpayer)
    with pytest.raises(NotFoundError):
        services.open_attachment(make_acting(taxpayer=taxpayer), other.pk, file.pk)
    with pytest.raises(NotFoundError):
        services.open_attachment(make_acting(), message.pk, file.pk)
    rightless = make_acting("isaf.view", taxpayer=taxpayer)
    with pytest.raises(ForbiddenError):
        services.open_attachment(rightless, message.pk, file.pk)


def test_the_file_of_a_message_posted_again_is_not_kept_twice() -> None:
    taxpayer = make_taxpayer()
    make_message(taxpayer, key="once", files={"a.csv": b"1"})
    kept = Attachment.objects.get().storage_name
    make_message(taxpayer, key="once", files={"a.csv": b"2"})
    assert Attachment.objects.get().storage_name == kept
    folder = Path(default_storage.path(kept)).parent
    with default_storage.open(kept) as stream:
        assert stream.read() == b"1"
    assert not [one for one in folder.iterdir() if one.read_bytes() == b"2"]


def test_a_failure_while_posting_leaves_no_file() -> None:
    stream = BytesIO(b"never-seen")
    with (
        pytest.raises(RuntimeError),
        kept_file(stream, name="a.csv", content_type="text/csv") as file,
    ):
        raise RuntimeError(file.storage_name)
    folder = Path(default_storage.path(f"mailbox/{clock.today():%Y/%m}"))
    assert not [one for one in folder.iterdir() if one.read_bytes() == b"never-seen"]

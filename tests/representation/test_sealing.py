"""Whoever lays hands on the journal is found, even the owner of the tables."""

import threading
from collections.abc import Callable
from datetime import timedelta
from io import StringIO
from typing import Any

import pytest
from django.core.management import call_command
from django.db import Error, connection, transaction
from pytest_django import DjangoAssertNumQueries

from imas.kernel import clock
from representation import services
from representation.models import JournalEntry, JournalSeal, UnsealedEntry
from representation.sealing import COLUMNS, digest_of, seal_of
from representation.services import journal, seal_journal, verify_journal
from representation.services.sealing import head
from representation.services.verifying import Fault
from tests.make import make_acting

pytestmark = pytest.mark.django_db

APPEND_ONLY = (
    "representation_journalentry",
    "representation_journalseal",
    "representation_mandatemove",
    "representation_registerchange",
)


def _written(count: int = 5) -> list[int]:
    acting = make_acting()
    for number in range(count):
        journal(acting, "keys.issued", f"key {number}", rights="isaf.view")
    return list(JournalEntry.objects.order_by("pk").values_list("pk", flat=True))


def _by_the_owner(sql: str, *values: Any) -> None:
    """What the owner of the tables can do: no trigger is in the way."""
    with connection.cursor() as cursor:
        cursor.execute("SET session_replication_role = replica")
        cursor.execute(sql, values)
        cursor.execute("SET session_replication_role = DEFAULT")


def _found() -> tuple[Fault, int] | None:
    broken = verify_journal().broken
    return (broken.fault, broken.number) if broken else None


def test_what_is_committed_is_sealed_once_and_verified() -> None:
    entries = _written()
    assert verify_journal().waiting == 5
    first = seal_journal()
    assert (first.number, seal_journal()) == (5, first)
    assert list(JournalSeal.objects.values_list("entry_id", flat=True)) == entries
    verdict = verify_journal()
    assert (verdict.checked, verdict.head, verdict.waiting, verdict.broken) == (5, first, 0, None)


def test_the_seal_covers_every_column() -> None:
    columns = {field.attname for field in JournalEntry._meta.concrete_fields}
    assert columns == set(COLUMNS)


@pytest.mark.parametrize(
    "change",
    [
        "at = at - interval '1 microsecond'",
        "user_id = NULL",
        "taxpayer_id = NULL",
        "action = 'keys.revoked'",
        "subject = 'key 9'",
        """params = '{"rights": "isaf.submit"}'""",
        """why = '{"kind": "head", "since": "", "until": "", "detail": ""}'""",
        "key_id = '00000000-0000-0000-0000-000000000001'",
        "request_id = 'another'",
    ],
)
def test_a_change_of_any_column_is_found(change: str) -> None:
    third = _written()[2]
    seal_journal()
    changed = f"UPDATE representation_journalentry SET {change} WHERE id = %s"  # noqa: S608 - ours
    _by_the_owner(changed, third)
    assert _found() == (Fault.CHANGED, 3)


def test_a_removed_entry_is_found() -> None:
    second = _written()[1]
    seal_journal()
    _by_the_owner("DELETE FROM representation_journalentry WHERE id = %s", second)
    assert _found() == (Fault.REMOVED, 2)


def test_an_entry_removed_before_it_was_sealed_is_found() -> None:
    second = _written()[1]
    _by_the_owner("DELETE FROM representation_journalentry WHERE id = %s", second)
    assert seal_journal().number == 4
    assert _found() == (Fault.REMOVED, 0)


def test_an_entry_put_in_past_the_triggers_is_found() -> None:
    _written()
    seal_journal()
    _by_the_owner(
        "INSERT INTO representation_journalentry (id, at, action, subject, params, why, request_id)"
        " VALUES (0, now() - interval '1 year', 'keys.issued', '', '{}', '{}', '')"
    )
    assert _found() == (Fault.ADDED, 0)


def test_an_entry_hidden_from_the_sealer_is_found() -> None:
    _written()
    UnsealedEntry.objects.order_by("pk")[:1].get().delete()
    seal_journal()
    assert _found() == (Fault.ADDED, 0)


def test_a_removed_seal_is_found() -> None:
    _written()
    seal_journal()
    _by_the_owner("DELETE FROM representation_journalseal WHERE number = 2")
    assert _found() == (Fault.SEAL_REMOVED, 2)


def test_an_entry_removed_with_its_seal_and_the_rest_moved_up_is_found() -> None:
    third = _written()[2]
    seal_journal()
    _by_the_owner("DELETE FROM representation_journalentry WHERE id = %s", third)
    _by_the_owner("DELETE FROM representation_journalseal WHERE number = 3")
    for number in (4, 5):
        _by_the_owner(
            "UPDATE representation_journalseal SET number = number - 1 WHERE number = %s", number
        )
    assert _found() == (Fault.REORDERED, 3)


def test_swapped_entries_are_found() -> None:
    _written()
    seal_journal()
    for before, after in ((2, 0), (3, 2), (0, 3)):
        _by_the_owner(
            "UPDATE representation_journalseal SET number = %s WHERE number = %s", after, before
        )
    assert _found() == (Fault.REORDERED, 2)


def test_a_changed_entry_with_its_digest_mended_is_found() -> None:
    third = _written()[2]
    seal_journal()
    _by_the_owner("UPDATE representation_journalentry SET subject = 'x' WHERE id = %s", third)
    mended = digest_of(JournalEntry.objects.values_list(*COLUMNS).get(pk=third))
    _by_the_owner("UPDATE representation_journalseal SET digest = %s WHERE number = 3", mended)
    assert _found() == (Fault.REORDERED, 3)


def _cut_off() -> None:
    _by_the_owner(
        "DELETE FROM representation_journalentry WHERE id IN"
        " (SELECT entry_id FROM representation_journalseal WHERE number > 3)"
    )
    _by_the_owner("DELETE FROM representation_journalseal WHERE number > 3")


def _seal_anew() -> None:
    """The owner changes an entry and computes every later seal as we would."""
    third = JournalSeal.objects.get(number=3).entry_id
    _by_the_owner("UPDATE representation_journalentry SET subject = 'x' WHERE id = %s", third)
    previous = bytes(JournalSeal.objects.get(number=2).seal)
    for seal in JournalSeal.objects.filter(number__gt=2):
        digest = digest_of(JournalEntry.objects.values_list(*COLUMNS).get(pk=seal.entry_id))
        previous = seal_of(previous, seal.number, seal.sealed_at, digest)
        _by_the_owner(
            "UPDATE representation_journalseal SET digest = %s, seal = %s WHERE number = %s",
            digest,
            previous,
            seal.number,
        )


@pytest.mark.parametrize("deed", [_cut_off, _seal_anew])
def test_an_end_cut_off_or_a_chain_made_anew_is_found_by_an_earlier_head(
    deed: Callable[[], None],
) -> None:
    _written()
    kept = seal_journal().seal.hex()
    journal(make_acting(), "keys.issued", "later")
    seal_journal()
    assert verify_journal(anchor=kept).anchored_at == 5
    deed()
    assert _found() is None, "nobody can tell without the anchor"
    broken = verify_journal(anchor=kept).broken
    assert broken
    assert broken.fault == Fault.ANCHOR_MISSING


def test_the_triggers_refuse_whoever_does_not_own_the_tables() -> None:
    _written()
    seal_journal()
    for table in ("representation_journalentry", "representation_journalseal"):
        for deed in (f"DELETE FROM {table}", f"UPDATE {table} SET {_some_column(table)}"):  # noqa: S608 - ours
            with pytest.raises(Error), transaction.atomic(), connection.cursor() as cursor:
                cursor.execute(deed)


def _some_column(table: str) -> str:
    return "seal = ''" if table.endswith("seal") else "action = ''"


@pytest.mark.parametrize("table", APPEND_ONLY)
def test_append_only_tables_are_not_emptied(table: str) -> None:
    refused = pytest.raises(Error, match="never changed")
    with connection.cursor() as cursor, refused, transaction.atomic():
        cursor.execute(f"TRUNCATE {table} CASCADE")


def test_verifying_from_a_day_on_goes_through_the_seals_of_that_day() -> None:
    _written()
    seal_journal()
    long_ago = clock.now() - timedelta(days=9)
    _by_the_owner("UPDATE representation_journalseal SET sealed_at = %s WHERE number < 3", long_ago)
    verdict = verify_journal(since=clock.today())
    assert (verdict.checked, verdict.broken) == (3, None)
    assert verify_journal(since=clock.today() + timedelta(days=1)).checked == 0
    assert _found() == (Fault.REORDERED, 1)


def _told(*arguments: str) -> tuple[int, str]:
    said = StringIO()
    try:
        call_command("verify_journal", *arguments, stdout=said, stderr=said)
    except SystemExit as ended:
        return int(str(ended.code)), said.getvalue()
    return 0, said.getvalue()


def test_the_commands_say_the_head_and_the_first_broken_place(
    caplog: pytest.LogCaptureFixture,
) -> None:
    second = _written()[1]
    said = StringIO()
    with caplog.at_level("INFO", "representation.services.sealing"):
        call_command("seal_journal", stdout=said)
    number, kept = said.getvalue().split()
    logged: Any = caplog.records[-1]
    assert (number, logged.head) == ("5", kept)
    assert _told("--anchor", kept) == (
        0,
        f"5 entries verified, 0 wait for a seal\nhead 5 {kept}\nthe anchor is seal 5\n",
    )
    _by_the_owner("DELETE FROM representation_journalentry WHERE id = %s", second)
    code, told = _told()
    assert code == 1
    assert f"BROKEN at seal 2, entry {second}: the entry is gone" in told


def test_verifying_asks_no_more_for_a_longer_journal(
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    _written(30)
    seal_journal()
    with django_assert_num_queries(7):
        verify_journal()


@pytest.mark.django_db(transaction=True)
def test_entries_that_commit_in_another_order_are_sealed_once_each() -> None:
    acting = make_acting()
    begun, goes_on = threading.Event(), threading.Event()

    def slowly() -> None:
        with transaction.atomic():
            journal(acting, "keys.issued", "slow")
            begun.set()
            assert goes_on.wait(20)
        connection.close()

    slow = threading.Thread(target=slowly)
    slow.start()
    assert begun.wait(20)
    journal(acting, "keys.issued", "quick")
    assert seal_journal().number == 1, "the slow one, whose id is smaller, is not committed yet"
    goes_on.set()
    slow.join()
    assert seal_journal().number == 2
    subjects = [
        JournalEntry.objects.get(pk=seal.entry_id).subject for seal in JournalSeal.objects.all()
    ]
    assert subjects == ["quick", "slow"]
    assert _found() is None


@pytest.mark.django_db(transaction=True)
def test_of_two_sealers_at_once_each_entry_gets_one_seal() -> None:
    _written(20)
    together = threading.Barrier(2)

    def seal() -> None:
        together.wait(20)
        services.seal_journal()
        connection.close()

    sealers = [threading.Thread(target=seal) for _ in range(2)]
    for sealer in sealers:
        sealer.start()
    for sealer in sealers:
        sealer.join()
    assert (head().number, _found()) == (20, None)

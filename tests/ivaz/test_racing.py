"""Of two submissions of one preparer at once, the later finds what the other has registered."""

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager, nullcontext
from typing import Any

import pytest
from django.db import connection, transaction

from ivaz.models import Waybill
from ivaz.services import issuing
from ivaz.services.holding import Sender
from ivaz.services.sending import read_record
from ivaz.services.taking import take
from ivaz.services.verdicts import Verdict
from ivaz.types import Content, Section
from representation.models import Taxpayer
from tests.ivaz.records import codes, issued, waybill

pytestmark = pytest.mark.django_db(transaction=True)

Told = list[Sequence[Verdict]]


@pytest.fixture
def told() -> Told:
    return []


@pytest.fixture
def content(consignor: Taxpayer, transporter: Taxpayer, consignee: Taxpayer) -> dict[str, Any]:
    return waybill(consignor, transporter, consignee)


@pytest.fixture
def rns(monkeypatch: pytest.MonkeyPatch, consignor: Taxpayer, content: dict[str, Any]) -> list[str]:
    """RNs of the other, who comes just when the ids that are held have been looked at."""
    look, rns = issuing._held, []

    def other() -> str:
        try:
            return issued(consignor, content)
        finally:
            connection.close()

    def look_and_wait(sender: Sender, uids: Sequence[str]) -> dict[str, tuple[str, Content]]:
        held = look(sender, uids)
        monkeypatch.setattr(issuing, "_held", look)
        with ThreadPoolExecutor(1) as pool:
            rns.append(pool.submit(other).result())
        return held

    monkeypatch.setattr(issuing, "_held", look_and_wait)
    return rns


@pytest.mark.parametrize("block", [nullcontext, transaction.atomic])
@pytest.mark.parametrize("dry_run", [False, True])
def test_the_same_waybill_gets_the_rn_of_the_other_and_the_rest_is_taken_once(
    block: Callable[[], AbstractContextManager[Any]],
    dry_run: bool,
    consignor: Taxpayer,
    content: dict[str, Any],
    rns: list[str],
    told: Told,
) -> None:
    second = {**content, "TransportDocumentUID": {"LocalTransportDocumentUID": "second"}}
    records = [read_record(Section.WAYBILL, at, one) for at, one in enumerate([second, content])]
    sender = Sender(consignor.pk, consignor.code, None)
    with block():
        verdicts = take(sender, records, dry_run=dry_run, then=told.append)
    assert [one.is_taken for one in verdicts] == [True, True]
    assert [verdicts[1].rn] == rns
    assert told == ([] if dry_run else [verdicts]), "what was undone is not told"
    assert Waybill.objects.count() == (1 if dry_run else 2)


def test_other_content_is_refused(
    consignor: Taxpayer, content: dict[str, Any], rns: list[str]
) -> None:
    changed = {**content, "LocalTransportDocumentNumber": "Kitas"}
    record = read_record(Section.WAYBILL, 0, changed)
    (verdict,) = take(Sender(consignor.pk, consignor.code, None), [record])
    assert codes(verdict) == ["ivaz.uid-taken"]
    assert [one.rn for one in Waybill.objects.all()] == rns

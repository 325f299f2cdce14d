"""Receipts that are due, as the calendar tells them."""

from datetime import date, timedelta

import pytest
from pytest_django import DjangoAssertNumQueries

from ivaz.deadlines import receipts_due
from ivaz.models import Waybill
from ivaz.types import Section
from representation.models import Taxpayer
from tests.ivaz.records import receipt, say, waybill

pytestmark = pytest.mark.django_db


def test_a_consignee_confirms_until_the_day_a_waybill_closes(
    consignor: Taxpayer,
    transporter: Taxpayer,
    consignee: Taxpayer,
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    contents = [waybill(consignor, transporter, consignee, uid=f"U{at}") for at in range(3)]
    rns = [verdict.rn for verdict in say(consignor, Section.WAYBILL, *contents)]
    day = Waybill.objects.get(rn=rns[0]).due_on
    assert day
    people = [consignor.pk, transporter.pk, consignee.pk]

    def told() -> dict[int, list[tuple[str, date, str]]]:
        found = receipts_due(people, day - timedelta(days=9), day)
        return {
            taxpayer_id: [(one.key, one.day, one.params["count"]) for one in deadlines]
            for taxpayer_id, deadlines in found.items()
        }

    with django_assert_num_queries(1):
        assert told() == {consignee.pk: [(f"ivaz.receipts.{day}", day, "3")]}
    say(consignee, Section.RECEIPT, receipt(rns[0]))
    assert told() == {consignee.pk: [(f"ivaz.receipts.{day}", day, "2")]}
    say(consignee, Section.RECEIPT, *map(receipt, rns[1:]))
    assert told() == {}

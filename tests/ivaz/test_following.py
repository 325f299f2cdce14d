"""Changes of waybills are told once each, in an order in which none is missed."""

from datetime import timedelta
from threading import Event, Thread

import pytest
from django.db import connection, transaction
from pytest_django import DjangoAssertNumQueries

from imas.kernel import clock
from imas.kernel.errors import ForbiddenError
from ivaz.models import Waybill
from ivaz.services import following
from ivaz.services.closing import close_due
from ivaz.services.following import changes_after
from ivaz.services.noting import deliver
from ivaz.types import Section
from representation.models import Taxpayer
from tests import make
from tests.ivaz.records import issued, receipt, say, waybill

pytestmark = pytest.mark.django_db


def _told(taxpayer: Taxpayer, after: int = 0) -> tuple[list[str], int]:
    found = changes_after(make.make_acting("ivaz.view", taxpayer=taxpayer), after)
    return [party.waybill.rn for party in found.rows], found.next


def test_each_party_follows_its_own(
    consignor: Taxpayer, transporter: Taxpayer, consignee: Taxpayer
) -> None:
    rn = issued(consignor, waybill(consignor, transporter, consignee))
    for party in (consignor, transporter, consignee):
        assert _told(party)[0] == [rn]
    assert _told(make.make_taxpayer()) == ([], 0)
    with pytest.raises(ForbiddenError):
        changes_after(make.make_acting("isaf.view", taxpayer=consignor), 0)


def test_many_changes_come_in_parts_and_each_waybill_once(
    consignor: Taxpayer, transporter: Taxpayer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(following, "AT_ONCE", 2)
    monkeypatch.setattr(following, "_NUMBERED", 3)
    rns = {issued(consignor, waybill(consignor, transporter, None, uid=f"{n}")) for n in range(5)}
    seen: list[str] = []
    after = 0
    while (part := _told(consignor, after))[0]:
        seen, after = [*seen, *part[0]], part[1]
    assert sorted(seen) == sorted(rns)
    assert _told(consignor, after) == ([], after)


@pytest.mark.django_db(transaction=True)
def test_a_change_that_commits_late_is_not_missed(
    consignor: Taxpayer, transporter: Taxpayer
) -> None:
    slow, quick = (
        issued(consignor, waybill(consignor, transporter, None, uid=uid)) for uid in ("S", "Q")
    )
    _rns, after = _told(consignor)
    is_done, may_commit = Event(), Event()

    def accept_slowly() -> None:
        try:
            with transaction.atomic():
                say(transporter, Section.RECEIPT, receipt(slow, by="1"))
                is_done.set()
                may_commit.wait(10)
        finally:
            connection.close()

    other = Thread(target=accept_slowly)
    other.start()
    assert is_done.wait(10)
    say(transporter, Section.RECEIPT, receipt(quick, by="1"))
    rns, after = _told(consignor, after)
    assert rns == [quick]
    may_commit.set()
    other.join()
    rns, after = _told(consignor, after)
    assert rns == [slow]


def test_asking_costs_the_same_however_many_changed(
    consignor: Taxpayer, transporter: Taxpayer, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    acting = make.make_acting("ivaz.view", taxpayer=consignor)
    for n in range(3):
        issued(consignor, waybill(consignor, transporter, None, uid=f"{n}"))
    with django_assert_num_queries(6):  # the transaction of numbering counts as two
        first = changes_after(acting, 0)
    with django_assert_num_queries(2):
        assert not changes_after(acting, first.next).rows


def test_what_has_no_record_and_what_nobody_does_is_told_too(
    consignor: Taxpayer, transporter: Taxpayer
) -> None:
    rn = issued(consignor, waybill(consignor, transporter, None))
    _rns, after = _told(consignor)
    deliver(make.make_acting(taxpayer=transporter), rn)
    rns, after = _told(consignor, after)
    assert rns == [rn]
    Waybill.objects.update(due_on=clock.today() - timedelta(days=1))
    assert close_due() == 1
    assert _told(consignor, after)[0] == [rn]

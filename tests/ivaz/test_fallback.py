"""Waybills taken late because a.VAZ announced them, or because i.VAZ was away."""

from collections.abc import Callable
from datetime import datetime, timedelta
from io import BytesIO
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from imas.kernel import clock
from imas.kernel.errors import ConflictError
from ivaz import ports
from ivaz.listing import WaybillQuery, waybill_page
from ivaz.models import RecordVerdict, Reservation, TransportOrder, Waybill, WaybillDraft
from ivaz.services import drafting
from ivaz.types import Section
from representation.models import Taxpayer
from tests import make
from tests.ivaz.records import codes, issued, say, waybill
from tests.ivaz.test_files import file_of, judged
from tests.ivaz.test_pages import browser

pytestmark = pytest.mark.django_db

Announce = Callable[..., str]
HOUR, DAY = timedelta(hours=1), timedelta(days=1)


@pytest.fixture
def announce(consignor: Taxpayer) -> Announce:
    """Announce a waybill of the consignor under an ARN."""

    def announced(number: str = "VAZ L-1", *, arn: str = "AV2600000018", days: int = 3) -> str:
        ports.reserve(
            arn=arn,
            taxpayer_id=consignor.pk,
            number=number,
            given_at=clock.now() - HOUR,
            complete_until=clock.today() + days * DAY,
        )
        return arn

    return announced


def away(start: datetime, end: datetime | None, taxpayer: Taxpayer | None = None) -> None:
    """Let i.VAZ have been away."""
    ports.excuse(
        source="outage-1",
        taxpayer_id=taxpayer.pk if taxpayer else None,
        start=start,
        end=end,
        complete_until=clock.today() + 3 * DAY if end else None,
    )


def late(consignor: Taxpayer, **told: Any) -> dict[str, Any]:
    """A waybill dispatched two hours ago."""
    carrier = make.make_taxpayer()
    return waybill(consignor, carrier, None, **{"dispatch": clock.now() - 2 * HOUR, **told})


def test_a_late_waybill_is_refused_without_a_cause(consignor: Taxpayer) -> None:
    assert codes(*say(consignor, Section.WAYBILL, late(consignor))) == ["ivaz.after-dispatch"]


def test_an_announced_waybill_completes_its_arn(consignor: Taxpayer, announce: Announce) -> None:
    arn = announce()
    rn = issued(consignor, late(consignor))
    assert ports.completed([arn])[arn].rn == rn
    acting = make.make_acting(taxpayer=consignor)
    found = waybill_page(acting, WaybillQuery(text=arn.lower())).rows
    assert [party.waybill.rn for party in found] == [rn]


def test_told_again_it_is_answered_with_its_rn(consignor: Taxpayer, announce: Announce) -> None:
    announce()
    content = late(consignor)
    rn = issued(consignor, content)
    assert issued(consignor, content) == rn


def test_a_number_typed_on_a_phone_is_the_same_number(
    consignor: Taxpayer, announce: Announce
) -> None:
    arn = announce("vez  -1")
    rn = issued(consignor, late(consignor, LocalTransportDocumentNumber="VĖŽ-1"))
    assert ports.completed([arn])[arn].rn == rn


def test_an_arn_lets_one_waybill_in(consignor: Taxpayer, announce: Announce) -> None:
    announce()
    first, second = late(consignor), late(consignor, uid="L-2")
    second["LocalTransportDocumentNumber"] = first["LocalTransportDocumentNumber"]
    verdicts = say(consignor, Section.WAYBILL, first, second)
    assert [verdict.is_taken for verdict in verdicts] == [True, False]
    assert codes(*say(consignor, Section.WAYBILL, second)) == ["ivaz.after-dispatch"]


def test_another_preparer_gains_nothing_by_it(consignor: Taxpayer, announce: Announce) -> None:
    announce()
    other = make.make_taxpayer()
    assert codes(*say(other, Section.WAYBILL, late(other))) == ["ivaz.after-dispatch"]


def test_after_its_days_an_arn_lets_nothing_in(consignor: Taxpayer, announce: Announce) -> None:
    announce(days=-1)
    assert codes(*say(consignor, Section.WAYBILL, late(consignor))) == ["ivaz.after-dispatch"]


def test_announced_twice_it_is_one(consignor: Taxpayer, announce: Announce) -> None:
    announce()
    announce()
    assert Reservation.objects.count() == 1
    with pytest.raises(ConflictError):
        announce("other")


def test_a_waybill_that_came_before_the_arn_completes_it(
    consignor: Taxpayer, announce: Announce
) -> None:
    rn = issued(consignor, waybill(consignor, make.make_taxpayer(), None))
    arn = announce()
    assert ports.completed([arn])[arn].rn == rn


@pytest.mark.parametrize(
    ("start", "end", "is_taken"),
    [
        (3 * HOUR, HOUR, True),  # dispatched in it
        (3 * HOUR, None, True),  # it lasts
        (HOUR, HOUR / 2, False),  # dispatched before it began
        (3 * DAY, 2 * DAY, False),  # neither issued nor dispatched in it
    ],
)
def test_the_time_of_an_outage_decides(
    consignor: Taxpayer, start: timedelta, end: timedelta | None, *, is_taken: bool
) -> None:
    now = clock.now()
    away(now - start, now - end if end else None)
    (verdict,) = say(consignor, Section.WAYBILL, late(consignor))
    assert verdict.is_taken == is_taken


def test_issued_in_an_outage_and_dispatched_after_it(consignor: Taxpayer) -> None:
    now = clock.now()
    away(now - 3 * DAY, now - 2 * DAY)
    issued_then = (clock.today() - 2 * DAY).isoformat()
    content = late(consignor, LocalTransportDocumentDate=issued_then)
    assert say(consignor, Section.WAYBILL, content)[0].is_taken


def test_the_trouble_of_one_excuses_nobody_else(consignor: Taxpayer) -> None:
    away(clock.now() - 3 * HOUR, None, consignor)
    other = make.make_taxpayer()
    assert say(consignor, Section.WAYBILL, late(consignor))[0].is_taken
    assert codes(*say(other, Section.WAYBILL, late(other))) == ["ivaz.after-dispatch"]


def test_a_time_told_by_mistake_excuses_no_more(consignor: Taxpayer) -> None:
    away(clock.now() - 3 * HOUR, None)
    ports.forgive_no_more("outage-1")
    assert codes(*say(consignor, Section.WAYBILL, late(consignor))) == ["ivaz.after-dispatch"]


def test_a_refused_record_is_judged_anew_once_an_outage_is_known(consignor: Taxpayer) -> None:
    content = late(consignor)
    assert codes(*say(consignor, Section.WAYBILL, content)) == ["ivaz.after-dispatch"]
    away(clock.now() - 3 * HOUR, None)
    rn = issued(consignor, content)
    ports.forgive_no_more("outage-1")
    assert issued(consignor, content) == rn  # it is asked for again when nothing excuses it


def test_and_once_an_arn_is(consignor: Taxpayer, announce: Announce) -> None:
    content = late(consignor)
    assert codes(*say(consignor, Section.WAYBILL, content)) == ["ivaz.after-dispatch"]
    announce()
    issued(consignor, content)


@pytest.mark.parametrize("taken_at_first", [0, 1])
def test_a_file_sent_again_is_judged_anew(consignor: Taxpayer, *, taken_at_first: int) -> None:
    acting = make.make_acting("ivaz.view", "ivaz.submit", taxpayer=consignor)
    good = waybill(consignor, make.make_taxpayer(), None, uid="L-2")
    order = {"DeliveryData": good["DeliveryData"]}
    records = {
        Section.WAYBILL: [good] * taken_at_first + [late(consignor)],
        Section.ORDER: [order] * taken_at_first,
    }
    told = b"".join(file_of(consignor, records))
    first = judged(acting, BytesIO(told))
    assert first.counts["taken"] == 2 * taken_at_first
    away(clock.now() - 3 * HOUR, None)
    again = judged(acting, BytesIO(told))
    assert again.counts == {"records": 2 * taken_at_first + 1, "taken": 2 * taken_at_first + 1}
    assert Waybill.objects.count() == taken_at_first + 1
    assert TransportOrder.objects.count() == taken_at_first
    assert judged(acting, BytesIO(told)).refusal_code == "11003"  # now all of it is there
    rns = [
        set(RecordVerdict.objects.filter(document=one, local_uid="L-2").values_list("rn"))
        for one in (first, again)
    ]
    assert rns[0] == rns[1]


def test_many_late_ones_cost_no_more_queries(consignor: Taxpayer, announce: Announce) -> None:
    announce()
    away(clock.now() - 3 * HOUR, None)
    counts = []
    for of in (1, 20):
        several = [late(consignor, uid=f"{of}-{at}") for at in range(of)]
        with CaptureQueriesContext(connection) as asked:
            say(consignor, Section.WAYBILL, *several)
        counts.append(len(asked))
    assert counts[0] == counts[1]
    assert Waybill.objects.count() == 21


def test_what_was_announced_is_completed_on_pages(consignor: Taxpayer, announce: Announce) -> None:
    arn = announce("VAZ 7")
    client = browser(consignor)
    assert arn in client.get(reverse("ivaz:waybills")).content.decode()
    begun = client.post(reverse("ivaz:waybill-complete", args=[arn]))
    again = client.post(reverse("ivaz:waybill-complete", args=[arn]))
    assert begun.headers["Location"] == again.headers["Location"]
    assert arn in client.get(begun.headers["Location"]).content.decode()
    draft = WaybillDraft.objects.get()
    acting = make.make_acting(taxpayer=consignor)
    content = late(consignor, **draft.content)
    drafting.keep(acting, draft, Section.WAYBILL, content)
    verdict = drafting.submit(acting, draft)
    assert ports.completed([arn])[arn].rn == verdict.rn
    assert arn not in client.get(reverse("ivaz:waybills")).content.decode()
    assert client.post(reverse("ivaz:waybill-complete", args=[arn])).status_code == 409


def test_a_number_used_again_next_year_is_another_waybill(
    consignor: Taxpayer, announce: Announce
) -> None:
    arn = announce(days=-31)
    issued(consignor, waybill(consignor, make.make_taxpayer(), None))
    assert ports.completed([arn]) == {}

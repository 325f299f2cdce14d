"""Waybills looked for: by parts of numbers, by beginnings of words, by views; many confirmed."""

import re
from datetime import timedelta
from importlib import import_module
from itertools import pairwise
from typing import Any

import pytest
from django.db import connection
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st
from pytest_django import DjangoAssertNumQueries

from imas.kernel import clock
from imas.web.paging import Keyset
from ivaz import listing
from ivaz.listing import WaybillQuery, counts_of, waybill_page
from ivaz.models import Waybill, WaybillParty
from ivaz.services import noting
from ivaz.services.changing import done_by_nobody
from ivaz.terms import plain, query_of, terms_of
from ivaz.types import Act, Role, Section, State, View
from representation.models import Taxpayer
from tests import make
from tests.ivaz.records import (
    cancellation,
    issued,
    named,
    party,
    receipt,
    say,
    splitting,
    waybill,
)
from tests.ivaz.test_pages import browser

pytestmark = pytest.mark.django_db


def _found(taxpayer: Taxpayer, **asked: Any) -> list[str]:
    acting = make.make_acting(taxpayer=taxpayer)
    return [row.waybill.local_uid for row in waybill_page(acting, WaybillQuery(**asked)).rows]


def _read_at_most(monkeypatch: pytest.MonkeyPatch, number: int) -> None:
    for name in ("_MOST_READ", "_MOST_READ_FOR_A_NUMBER"):
        monkeypatch.setattr(listing, name, number)


@pytest.mark.parametrize("most_read", [1, listing._MOST_READ])
@pytest.mark.parametrize(
    "text",
    ["KRS-2026/9X417", "x417", "9x41", "2026/9X417", "abc123", "bc 12", "gedim",
     "Gedimino Vilni", "kaun", "baltij", "mediena x417"],
)  # fmt: skip
def test_found_by_any_part_of_what_it_bears(
    text: str, most_read: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    _read_at_most(monkeypatch, most_read)  # by the index, and one by one
    consignor = make.make_taxpayer(name="UAB „Baltijos mediena“")
    content = waybill(consignor, make.make_taxpayer(), None, uid="A")
    issued(consignor, {**content, "LocalTransportDocumentNumber": "KRS-2026/9X417"})
    issued(consignor, {**waybill(consignor, consignor, None, uid="B"), **_elsewhere()})
    assert _found(consignor, text=text) == (["A"] if text != "baltij" else ["B", "A"])


def _elsewhere() -> dict[str, Any]:
    return {
        "ShipFrom": {"LoadAddress": {"FullAddress": "Uosto g. 3, Šilutė"}},
        "ShipTo": {"UnloadAddress": {"FullAddress": "Ežero 9, Žagarė"}},
        "Transporter": {"RegistrationNumber": "ND", "Name": "Petras",
                        "TransporterAddress": {"FullAddress": "Žagarė"},
                        "TransportMeans": [{"IdentityOfTransportUnits": "ZZZ 999"}]},
    }  # fmt: skip


def test_letters_fit_with_or_without_their_marks(consignor: Taxpayer) -> None:
    issued(consignor, {**waybill(consignor, consignor, None, uid="B"), **_elsewhere()})
    for text in ("žagarė", "zagare", "ZAGAR", "silute"):
        assert _found(consignor, text=text) == ["B"]
    for text in ("?", "a", "agare"):
        assert _found(consignor, text=text) == []


@pytest.mark.parametrize("borne", ["111111111111", "100000000001", "000000111111", "000000000000"])
@pytest.mark.parametrize("read", [1, 4, 50])
def test_pages_of_words_miss_none_however_far_apart_they_are(
    consignor: Taxpayer, borne: str, read: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    _read_at_most(monkeypatch, read)
    monkeypatch.setattr(
        listing, "_NEWEST", Keyset("dispatch_at", "waybill_id", descending=True, size=2)
    )
    for at, bears in enumerate(borne):
        content = waybill(consignor, consignor, None, uid=f"U{at}")
        issued(consignor, {**content, **({} if bears == "1" else _elsewhere())})
    acting = make.make_acting("ivaz.view", taxpayer=consignor)
    pages = [waybill_page(acting, WaybillQuery("gedimino"))]
    while pages[-1].next:
        pages.append(waybill_page(acting, WaybillQuery("gedimino"), pages[-1].next))
    found = [row.waybill.local_uid for page in pages for row in page.rows]
    assert found == [f"U{at}" for at, bears in reversed([*enumerate(borne)]) if bears == "1"]
    for before, after in pairwise(pages):
        assert waybill_page(acting, WaybillQuery("gedimino"), after.previous).rows == before.rows


@pytest.mark.parametrize("text", ["gedimino", "u1"])
def test_words_that_many_bear_cost_two_queries_and_rare_ones_three(
    text: str,
    consignor: Taxpayer,
    monkeypatch: pytest.MonkeyPatch,
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    _read_at_most(monkeypatch, 55)
    contents = [waybill(consignor, consignor, None, uid=f"U{at}") for at in range(100, 160)]
    say(consignor, Section.WAYBILL, *contents)
    acting = make.make_acting("ivaz.view", taxpayer=consignor)
    with django_assert_num_queries(2):
        assert len(waybill_page(acting, WaybillQuery(text)).rows) == 50
    with django_assert_num_queries(3):
        assert not waybill_page(acting, WaybillQuery(f"{text}nieko")).rows


def test_numbers_are_asked_of_the_index_sooner_than_words(
    consignor: Taxpayer,
    monkeypatch: pytest.MonkeyPatch,
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    monkeypatch.setattr(listing, "_MOST_READ_FOR_A_NUMBER", 1)
    say(consignor, Section.WAYBILL, *[waybill(consignor, consignor, None) for _ in range(2)])
    acting = make.make_acting("ivaz.view", taxpayer=consignor)
    for number in ("vaz1", "12 A-B12", "gedimino 9999"):
        with django_assert_num_queries(3):
            waybill_page(acting, WaybillQuery(number))
    for words in ("gedimino", "gedimino 999", "99 9"):
        with django_assert_num_queries(2):
            waybill_page(acting, WaybillQuery(words))


def test_nobody_finds_another_s(consignor: Taxpayer, transporter: Taxpayer) -> None:
    issued(consignor, waybill(consignor, consignor, None))
    assert _found(transporter, text="VAZ") == []
    assert _found(transporter, text=f"party{consignor.pk}x") == []


def test_an_amendment_changes_what_it_is_found_by(
    consignor: Taxpayer, transporter: Taxpayer
) -> None:
    rn = issued(consignor, waybill(consignor, transporter, None))
    means = [{"IdentityOfTransportUnits": "XYZ 987"}]
    changed = {**(party(transporter) or {}), "TransportMeans": means}
    say(transporter, Section.AMENDMENT, {**named(rn), "Transporter": changed})
    assert _found(consignor, text="xyz987") == ["L-1"]
    assert _found(consignor, text="abc123") == []


def test_views_and_their_counts(
    consignor: Taxpayer,
    transporter: Taxpayer,
    consignee: Taxpayer,
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    short = [{"ProductLineNumber": "1", "AmountDifference": "-0.500"}]
    for uid in ("sent", "taken", "short", "late"):
        rn = issued(consignor, waybill(consignor, transporter, consignee, uid=uid))
        if uid != "sent":
            say(transporter, Section.RECEIPT, receipt(rn, by="1"))
        if uid == "short":
            say(consignee, Section.RECEIPT, receipt(rn, conclusion="2", ProductsInfo=short))
    Waybill.objects.filter(local_uid="late").update(
        dispatch_at=clock.now() - timedelta(days=2), arrival_at=clock.now() - timedelta(days=1)
    )
    acting = make.make_acting(taxpayer=transporter)
    with django_assert_num_queries(2):
        counts = counts_of(acting)
    assert counts == {
        View.OPEN: 3, View.MINE: 1, View.IN_TRANSIT: 2, View.LATE: 1, View.DIFFERENT: 1,
    }  # fmt: skip
    for view, uids in {
        View.OPEN: {"sent", "taken", "late"}, View.MINE: {"sent"},
        View.IN_TRANSIT: {"taken", "late"}, View.LATE: {"late"}, View.DIFFERENT: {"short"},
    }.items():  # fmt: skip
        assert set(_found(transporter, state=view)) == uids
    assert _found(consignee, state=View.MINE) == ["late"]
    assert _found(transporter, state=State.RECEIVED) == ["short"]


def test_each_state_finds_its_own(
    consignor: Taxpayer, transporter: Taxpayer, consignee: Taxpayer
) -> None:
    _in_every_state(consignor, transporter, consignee)
    for state in State:
        parts = {"part-0", "part-1"} if state is State.SENT else set()
        for taxpayer in (consignor, transporter, consignee):
            assert set(_found(taxpayer, state=state)) == {state.value, *parts}


def test_each_role_finds_its_own(
    consignor: Taxpayer, transporter: Taxpayer, consignee: Taxpayer
) -> None:
    _in_every_state(consignor, transporter, consignee)
    for taxpayer, roles in (
        (consignor, {"preparer", "consignor"}),
        (transporter, {"transporter"}),
        (consignee, {"consignee"}),
    ):
        for role in Role:
            found = set(_found(taxpayer, role=role))
            assert found == ({*State, "part-0", "part-1"} if role in roles else set())
    assert _found(consignee, role=Role.CONSIGNEE, state=State.CANCELLED) == ["cancelled"]


def _in_every_state(consignor: Taxpayer, transporter: Taxpayer, consignee: Taxpayer) -> None:
    for state in State:
        rn = issued(consignor, waybill(consignor, transporter, consignee, uid=state.value))
        for section, whose, said in _until(state, rn, consignor, transporter, consignee):
            assert say(whose, section, said)[0].is_taken
        if state is State.DELIVERED:
            noting.deliver(make.make_acting("ivaz.submit", taxpayer=transporter), rn)
        if state is State.CLOSED:
            done_by_nobody([Waybill.objects.get(rn=rn)], Act.CLOSE)


def _until(
    state: State, rn: str, consignor: Taxpayer, transporter: Taxpayer, consignee: Taxpayer
) -> list[tuple[Section, Taxpayer, dict[str, Any]]]:
    """Return the records that bring a waybill to a state, and whose they are."""
    taken = (Section.RECEIPT, transporter, receipt(rn, by="1"))
    told: dict[State, list[tuple[Section, Taxpayer, dict[str, Any]]]] = {
        State.ACCEPTED: [taken],
        State.RECEIVED: [(Section.RECEIPT, consignee, receipt(rn))],
        State.RETURNING: [taken, (Section.CANCELLATION, consignor, cancellation(rn, "5"))],
        State.SPLIT: [
            (Section.SPLIT, consignor, splitting(rn, {"1": "10.000"}, {"2": "5.500"}, uid="part"))
        ],
        State.CANCELLED: [(Section.CANCELLATION, consignor, cancellation(rn))],
        State.CLOSED: [(Section.RECEIPT, consignee, receipt(rn))],
    }
    return told.get(state, [])


def test_what_was_settled_before_is_found_after_the_migration(
    consignor: Taxpayer, consignee: Taxpayer
) -> None:
    for uid in ("cancelled", "sent", "warned"):
        rn = issued(consignor, waybill(consignor, consignor, consignee, uid=uid))
        if uid == "cancelled":
            say(consignor, Section.CANCELLATION, cancellation(rn))
        if uid == "warned":
            say(consignee, Section.RECEIPT, receipt(rn, conclusion="5"))
    parties = WaybillParty.objects.order_by("pk")
    before = list(parties.values_list("settled", "is_different"))
    parties.update(settled="", is_different=False)
    with connection.cursor() as cursor:
        cursor.execute(import_module("ivaz.migrations.0013_lists").FILL)
    assert list(parties.values_list("settled", "is_different")) == before
    assert set(before) == {("cancelled", False), ("", False), ("", True)}


def test_days_of_dispatch_are_both_included(consignor: Taxpayer) -> None:
    issued(consignor, waybill(consignor, consignor, None))
    day = Waybill.objects.get().dispatch_at.astimezone(clock.VILNIUS).date()
    assert _found(consignor, since=day, until=day) == ["L-1"]
    assert _found(consignor, until=day - timedelta(days=1)) == []
    assert _found(consignor, since=day + timedelta(days=1)) == []


def test_many_are_taken_over_at_once(transporter: Taxpayer, consignor: Taxpayer) -> None:
    rns = [issued(consignor, waybill(consignor, transporter, None, uid=uid)) for uid in ("A", "B")]
    driver = browser(transporter)
    page = driver.get(reverse("ivaz:waybills"), {"state": "mine"}).content.decode()
    assert all(rn in page for rn in rns)
    sent = driver.post(
        reverse("ivaz:waybills-confirm"), {"rn": [*rns, "IV000"], "act": "accept"}, follow=True
    )
    assert set(Waybill.objects.values_list("state", flat=True)) == {State.ACCEPTED}
    told = [str(message) for message in sent.context["messages"]]
    assert len(told) == 2
    assert any("IV000" in one for one in told)


@given(st.text(min_size=2, max_size=35), st.data())
def test_any_part_of_a_number_finds_it(number: str, data: st.DataObject) -> None:
    told = "".join(re.findall("[a-z0-9]", plain(number)))
    if len(told) < 2:
        return
    terms = terms_of({}, [number], [7])
    start = data.draw(st.integers(0, len(told) - 2))
    end = data.draw(st.integers(start + 2, len(told)))
    part = told[start:end]
    assert any(term.startswith(part) for term in terms)
    assert query_of(part, 7) == f"party7x & {part}:*"

"""Any sequence of acts by anybody keeps what a waybill is."""

from itertools import count, pairwise
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ivaz.models import Waybill
from ivaz.states import MOVES, allowed
from ivaz.types import OPEN, SETTLED, Act, Role, Section, State
from representation.models import Taxpayer
from tests.ivaz.records import cancellation, issued, named, receipt, say, splitting, waybill

ACTS: dict[str, tuple[Section, Any]] = {
    "accept": (Section.RECEIPT, lambda rn: receipt(rn, by="1")),
    "receive": (Section.RECEIPT, receipt),
    "refuse": (Section.RECEIPT, lambda rn: receipt(rn, conclusion="3")),
    "warn": (Section.RECEIPT, lambda rn: receipt(rn, conclusion="5")),
    "cancel": (Section.CANCELLATION, cancellation),
    "return": (Section.CANCELLATION, lambda rn: cancellation(rn, "5")),
    "split": (Section.SPLIT, lambda rn: splitting(rn, {"1": "10.000"}, {"2": "5.500"})),
    "amend": (
        Section.AMENDMENT,
        lambda rn: {**named(rn), "LocalTransportDocumentNumber": "Kitas"},
    ),
}

NUMBERS = count(1)
"""All examples of a test share its database: each has a waybill of its own."""


@pytest.mark.django_db
@settings(
    max_examples=30,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(said=st.lists(st.tuples(st.sampled_from(sorted(ACTS)), st.integers(0, 2)), max_size=8))
def test_any_acts_keep_the_invariants(
    consignor: Taxpayer,
    transporter: Taxpayer,
    consignee: Taxpayer,
    said: list[tuple[str, int]],
) -> None:
    uid = f"H-{next(NUMBERS)}"
    people = (consignor, transporter, consignee)
    rn = issued(consignor, waybill(consignor, transporter, consignee, uid=uid))
    for name, who in said:
        before = Waybill.objects.get(rn=rn)
        section, record = ACTS[name]
        content = record(rn)
        if name == "split":
            content = splitting(rn, {"1": "10.000"}, {"2": "5.500"}, uid=uid)
        (verdict,) = say(people[who], section, content)
        after = Waybill.objects.get(rn=rn)
        if not verdict.is_taken:
            assert (after.state, after.version) == (before.state, before.version)
            assert after.events.count() == before.events.count()
        events = list(after.events.order_by("pk"))
        assert events[0].act == Act.ISSUE
        assert events[-1].state_after == after.state
        for earlier, later in pairwise(events):
            assert later.state_before == earlier.state_after
            assert Role(later.role) in MOVES[Act(later.act)].actors
            assert State(later.state_before) in MOVES[Act(later.act)].origins
        assert after.versions.count() == after.version - 1
        assert after.splits.exists() == (after.state == State.SPLIT)
        _is_repeated_beside_its_parties(after)


def _is_repeated_beside_its_parties(waybill: Waybill) -> None:
    standing = (
        waybill.state in OPEN,
        waybill.state if waybill.state in SETTLED else "",
        waybill.is_different or waybill.is_warned,
    )
    parties = waybill.parties.all()
    assert {(one.is_open, one.settled, one.is_different) for one in parties} == {standing}


def test_what_is_over_stays_over() -> None:
    over = set(State) - OPEN - {State.RECEIVED}
    every = frozenset(Role)
    assert all(allowed(state, every) == [Act.ATTACH] for state in over)
    assert allowed(State.RECEIVED, every) == [Act.RETURN, Act.ATTACH]
    assert all(allowed(state, frozenset()) == [] for state in State)

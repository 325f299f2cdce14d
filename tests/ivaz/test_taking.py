"""Records taken: waybills registered once, changed by whom may, refused by themselves."""

from datetime import timedelta
from typing import Any

import pytest
from pytest_django import DjangoAssertNumQueries
from pytest_django.fixtures import Settings

from imas.kernel import clock
from imas.kernel.workdays import working_days_after
from ivaz.models import Waybill, WaybillParty
from ivaz.rules import UNKNOWN
from ivaz.services import holding
from ivaz.services.closing import close_due
from ivaz.services.holding import Sender
from ivaz.services.sending import read_record
from ivaz.services.taking import take
from ivaz.types import Role, Section, State
from representation.models import Taxpayer, WaybillRule
from tests import make
from tests.ivaz.records import (
    cancellation,
    codes,
    consent,
    e_waybill,
    issued,
    line,
    named,
    party,
    receipt,
    say,
    splitting,
    waybill,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def rn(consignor: Taxpayer, transporter: Taxpayer, consignee: Taxpayer) -> str:
    return issued(consignor, waybill(consignor, transporter, consignee))


def state(rn: str) -> State:
    return State(Waybill.objects.get(rn=rn).state)


def test_a_waybill_is_registered_with_its_parties(
    consignor: Taxpayer, transporter: Taxpayer, consignee: Taxpayer, rn: str
) -> None:
    held = Waybill.objects.get(rn=rn)
    assert (held.state, held.version, held.plates) == (State.SENT, 1, ["ABC123"])
    assert held.arrival_at.astimezone(clock.VILNIUS).strftime("%H:%M") == "23:59"
    assert held.due_on == working_days_after(held.arrival_at.astimezone(clock.VILNIUS).date(), 5)
    roles = {party.taxpayer_id: set(party.roles) for party in held.parties.all()}
    assert roles == {
        consignor.pk: {Role.PREPARER, Role.CONSIGNOR},
        transporter.pk: {Role.TRANSPORTER},
        consignee.pk: {Role.CONSIGNEE},
    }
    digits = [int(digit) for digit in rn.removeprefix("IV")]
    doubled = [sum(divmod(digit * 2, 10)) for digit in digits[-2::-2]]
    assert (sum(digits[::-2]) + sum(doubled)) % 10 == 0  # Luhn


@pytest.mark.parametrize("prepares", [True, False], ids=["prepared", "behind a pooler"])
def test_taxpayers_are_found_by_any_number_of_codes(
    prepares: bool, consignor: Taxpayer, transporter: Taxpayer, settings: Settings
) -> None:
    settings.DATABASE_PREPARES = prepares
    both = {consignor.code: consignor.pk, transporter.code: transporter.pk}
    assert holding.taxpayers_by_code({*both, UNKNOWN, "no 'such, {code}"}) == both
    assert holding.taxpayers_by_code([consignor.code]) == {consignor.code: consignor.pk}
    assert holding.taxpayers_by_code({UNKNOWN}) == holding.taxpayers_by_code(()) == {}


def test_the_same_waybill_again_is_answered_with_its_rn(
    consignor: Taxpayer, transporter: Taxpayer, consignee: Taxpayer
) -> None:
    content = waybill(consignor, transporter, consignee)
    first, again, other = say(
        consignor,
        Section.WAYBILL,
        content,
        content,
        {**content, "LocalTransportDocumentNumber": "Kitas"},
    )
    assert first.is_taken
    assert again.is_taken
    assert codes(other) == ["ivaz.uid-taken"]
    assert say(consignor, Section.WAYBILL, content)[0].rn == first.rn
    assert Waybill.objects.count() == 1


def test_and_so_it_is_after_its_dispatch(
    consignor: Taxpayer, transporter: Taxpayer, monkeypatch: pytest.MonkeyPatch
) -> None:
    content = waybill(consignor, transporter, None)
    rn = issued(consignor, content)
    later = clock.now() + timedelta(days=2)
    monkeypatch.setattr(clock, "now", lambda: later)
    assert issued(consignor, content) == rn


def test_an_amended_one_is_known_by_what_was_first_told(
    consignor: Taxpayer, transporter: Taxpayer, consignee: Taxpayer
) -> None:
    content = waybill(consignor, transporter, consignee)
    rn = issued(consignor, content)
    changed = {"Consignee": party(make.make_taxpayer(name="UAB „Kitas“"))}
    assert say(consignor, Section.AMENDMENT, {**named(rn), **changed})[0].is_taken
    assert issued(consignor, content) == rn
    assert codes(*say(consignor, Section.WAYBILL, {**content, **changed})) == ["ivaz.uid-taken"]


def test_a_wrong_one_does_not_hold_up_the_others(
    consignor: Taxpayer, transporter: Taxpayer, consignee: Taxpayer
) -> None:
    good = waybill(consignor, transporter, consignee, uid="1")
    bad = waybill(consignor, transporter, consignee, uid="2", DeliveryData={"Products": []})
    worse = waybill(
        consignor, transporter, consignee, uid="3", DeliveryData={"Products": [line(1, "-1.000")]}
    )
    verdicts = say(consignor, Section.WAYBILL, bad, good, worse)
    assert [verdict.is_taken for verdict in verdicts] == [False, True, False]
    assert codes(*verdicts) == ["ivaz.schema", "ivaz.quantity"]


def test_only_whom_the_consignor_has_listed(
    consignor: Taxpayer, transporter: Taxpayer, consignee: Taxpayer
) -> None:
    WaybillRule.objects.create(taxpayer=consignor, only_listed=True, changed_at=clock.now())
    content = waybill(consignor, transporter, consignee)
    assert codes(*say(transporter, Section.WAYBILL, content)) == ["ivaz.not-listed"]
    assert say(consignor, Section.WAYBILL, content)[0].is_taken


def test_nor_by_an_amendment_or_a_split(
    consignor: Taxpayer, transporter: Taxpayer, rn: str
) -> None:
    strict = make.make_taxpayer(name="UAB „Griežta“")
    WaybillRule.objects.create(taxpayer=strict, only_listed=True, changed_at=clock.now())
    amended = {**named(rn), "Consignor": party(strict)}
    assert codes(*say(consignor, Section.AMENDMENT, amended)) == ["ivaz.not-listed"]
    parts = splitting(rn, {"1": "10.000"}, {"2": "5.500"})
    parts["TransportDocumentSplits"][1]["Consignor"] = party(strict)
    assert codes(*say(consignor, Section.SPLIT, parts)) == ["ivaz.not-listed"]
    assert state(rn) == State.SENT
    assert not WaybillParty.objects.filter(taxpayer=strict).exists()


def test_a_day_that_is_not_told_stays_the_day_of_issue(
    consignor: Taxpayer, transporter: Taxpayer, consignee: Taxpayer
) -> None:
    content = e_waybill(consignor, transporter, consignee)
    consent(transporter)
    del content["LocalTransportDocumentDate"]
    (verdict,) = say(consignor, Section.EWAYBILL, content)
    assert verdict.is_taken, verdict.problems
    yesterday = clock.today() - timedelta(days=1)
    Waybill.objects.filter(rn=verdict.rn).update(dated=yesterday)
    amended = {**named(verdict.rn), "Consignee": party(transporter)}
    assert say(consignor, Section.AMENDMENT, amended)[0].is_taken
    assert Waybill.objects.get(rn=verdict.rn).dated == yesterday


def test_a_role_changes_with_the_waybill_within_one_file(
    consignor: Taxpayer, transporter: Taxpayer, rn: str
) -> None:
    record = read_record(Section.AMENDMENT, 0, {**named(rn), "Consignee": party(consignor)})
    received = read_record(Section.RECEIPT, 0, receipt(rn))
    verdicts = take(Sender(consignor.pk, consignor.code, None), [record, received])
    assert codes(*verdicts) == []
    assert state(rn) == State.RECEIVED


def test_many_acts_of_a_batch_load_their_waybills_once(
    consignor: Taxpayer,
    transporter: Taxpayer,
    consignee: Taxpayer,
    django_assert_max_num_queries: DjangoAssertNumQueries,
) -> None:
    contents = [waybill(consignor, transporter, consignee, uid=f"U{at}") for at in range(10)]
    rns = [verdict.rn for verdict in say(consignor, Section.WAYBILL, *contents)]
    with django_assert_max_num_queries(
        4 + 2 * len(rns)
    ):  # savepoint, load, told; each updates and tells
        verdicts = say(transporter, Section.RECEIPT, *(receipt(rn, by="1") for rn in rns))
    assert codes(*verdicts) == []


def test_a_dry_run_does_nothing(
    consignor: Taxpayer, transporter: Taxpayer, consignee: Taxpayer
) -> None:
    record = read_record(Section.WAYBILL, 0, waybill(consignor, transporter, consignee))
    (verdict,) = take(Sender(consignor.pk, consignor.code, None), [record], dry_run=True)
    assert verdict.is_taken
    assert not Waybill.objects.exists()


def test_the_whole_way_to_a_shortage(
    consignor: Taxpayer, transporter: Taxpayer, consignee: Taxpayer, rn: str
) -> None:
    assert codes(*say(consignee, Section.RECEIPT, receipt(rn, by="1"))) == ["ivaz.not-yours"]
    assert say(transporter, Section.RECEIPT, receipt(rn, by="1"))[0].is_taken
    assert state(rn) == State.ACCEPTED
    means = [{"IdentityOfTransportUnits": "XYZ 987"}]
    changed = {**named(rn), "Transporter": {**(party(transporter) or {}), "TransportMeans": means}}
    assert say(transporter, Section.AMENDMENT, changed)[0].is_taken
    assert Waybill.objects.get(rn=rn).plates == ["XYZ987"]
    warned = receipt(rn, conclusion="5", AdditionalInfo="Vėluoja")
    assert say(consignee, Section.RECEIPT, warned)[0].is_taken
    assert Waybill.objects.get(rn=rn).is_warned
    short = [{"ProductLineNumber": "1", "AmountDifference": "-0.500"}]
    said = receipt(rn, conclusion="2", ProductsInfo=short)
    assert say(consignee, Section.RECEIPT, said)[0].is_taken
    assert state(rn) == State.RECEIVED
    assert codes(*say(consignee, Section.RECEIPT, receipt(rn))) == ["ivaz.state"]
    acts = list(Waybill.objects.get(rn=rn).events.values_list("act", flat=True))
    assert acts == ["issue", "accept", "reload", "warn", "receive"]


def test_an_amendment_makes_a_version_and_new_parties(
    consignor: Taxpayer, transporter: Taxpayer, rn: str
) -> None:
    other = make.make_taxpayer(name="UAB „Kitas“")
    amended = {**named(rn), "Consignee": party(other)}
    assert codes(*say(transporter, Section.AMENDMENT, amended)) == ["ivaz.not-yours"]
    assert say(consignor, Section.AMENDMENT, amended)[0].is_taken
    held = Waybill.objects.get(rn=rn)
    assert held.version == 2
    (earlier,) = held.versions.all()
    assert (earlier.number, earlier.content["Consignee"]["Name"]) == (1, "UAB „Gavėjas“")
    assert held.content["Consignee"]["Name"] == "UAB „Kitas“"
    assert WaybillParty.objects.get(waybill=held, taxpayer=other).roles == [Role.CONSIGNEE]
    assert say(consignor, Section.AMENDMENT, amended)[0].is_taken  # the same again
    assert Waybill.objects.get(rn=rn).version == 2


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({}, "ivaz.nothing-changed"),
        ({"DeliveryData": {"Products": [line(1), line(1)]}}, "ivaz.line-number"),
        ({"EstimatedTimeOfArrival": "2020-01-01T10:00:00"}, "ivaz.arrival-before-dispatch"),
        ({"Consignee": {"RegistrationNumber": "ND", "Name": "X"}}, "ivaz.address-missing"),
        ({"TimeOfDispatch": "rytoj"}, "ivaz.schema"),
    ],
)
def test_amendments_that_are_refused(
    consignor: Taxpayer, rn: str, change: dict[str, Any], code: str
) -> None:
    assert codes(*say(consignor, Section.AMENDMENT, {**named(rn), **change})) == [code]
    assert Waybill.objects.get(rn=rn).version == 1


def test_a_split_in_three_is_the_whole(consignor: Taxpayer, rn: str) -> None:
    parts = ({"1": "4.000"}, {"1": "6.000", "2": "1.500"}, {"2": "4.000"})
    assert codes(*say(consignor, Section.SPLIT, splitting(rn, *parts[:2]))) == ["ivaz.split-sum"]
    assert codes(*say(consignor, Section.SPLIT, splitting(rn, {"7": "1.000"}))) == [
        "ivaz.line-unknown"
    ]
    assert say(consignor, Section.SPLIT, splitting(rn, *parts))[0].is_taken
    assert state(rn) == State.SPLIT
    made = Waybill.objects.filter(split_of__rn=rn).order_by("pk")
    assert [one.number for one in made] == ["VAZ L-1-0", "VAZ L-1-1", "VAZ L-1-2"]
    assert made[1].content["DeliveryData"]["Products"][1] == line(2, "1.500", "Lentos")
    assert {one.state for one in made} == {State.SENT}


def test_cancelling_and_sending_back(
    consignor: Taxpayer, transporter: Taxpayer, consignee: Taxpayer, rn: str
) -> None:
    assert codes(*say(consignor, Section.CANCELLATION, cancellation(rn, "6"))) == [
        "ivaz.reason-missing"
    ]
    assert codes(*say(consignor, Section.CANCELLATION, cancellation(rn, "5"))) == ["ivaz.state"]
    say(transporter, Section.RECEIPT, receipt(rn, by="1"))
    assert say(consignor, Section.CANCELLATION, cancellation(rn, "5"))[0].is_taken
    assert state(rn) == State.RETURNING
    assert codes(*say(consignee, Section.RECEIPT, receipt(rn))) == ["ivaz.not-yours"]
    assert say(consignor, Section.RECEIPT, receipt(rn))[0].is_taken
    assert state(rn) == State.RECEIVED
    other = issued(consignor, waybill(consignor, transporter, consignee, uid="L-2"))
    assert say(consignor, Section.CANCELLATION, cancellation(other, "4"))[0].is_taken
    assert state(other) == State.CANCELLED


def test_strangers_learn_nothing(rn: str) -> None:
    stranger = make.make_taxpayer()
    missing = codes(*say(stranger, Section.RECEIPT, receipt("IV99")))
    assert codes(*say(stranger, Section.RECEIPT, receipt(rn))) == missing
    assert missing == ["ivaz.waybill-unknown"]


def test_a_waybill_nobody_spoke_of_closes_by_itself(
    consignor: Taxpayer, transporter: Taxpayer, consignee: Taxpayer, rn: str
) -> None:
    assert close_due() == 0
    Waybill.objects.filter(rn=rn).update(due_on=clock.today() - timedelta(days=1))
    assert close_due() == 1
    assert state(rn) == State.CLOSED
    assert close_due() == 0
    amended = {**named(rn), "Consignee": party(transporter)}
    assert codes(*say(consignor, Section.AMENDMENT, amended)) == ["ivaz.state"]


def test_corrections_end_with_the_days_for_them(
    consignor: Taxpayer, transporter: Taxpayer, rn: str
) -> None:
    say(transporter, Section.RECEIPT, receipt(rn, by="1"))
    Waybill.objects.filter(rn=rn).update(due_on=clock.today() - timedelta(days=1))
    amended = {**named(rn), "Consignee": party(transporter)}
    assert codes(*say(consignor, Section.AMENDMENT, amended)) == ["ivaz.too-late-to-change"]


def test_transport_orders_are_kept(consignor: Taxpayer) -> None:
    order = {"DeliveryData": {"Products": [line()]}}
    (verdict,) = say(consignor, Section.ORDER, order)
    assert verdict.is_taken
    assert verdict.rn == ""

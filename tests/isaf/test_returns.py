"""Preliminary returns: computed of registers, by hand-made arithmetic; decisions; versions."""

from datetime import date
from decimal import Decimal

import pytest
from django.db import connection

from imas.kernel import clock
from imas.kernel.errors import ConflictError, ForbiddenError, NotFoundError, UnprocessableError
from imas.kernel.periods import Period
from isaf.models import (
    Contribution,
    Part,
    PreliminaryReturn,
    Register,
    RegisterPart,
    ReturnLine,
    ReturnTotal,
    ReturnVersion,
)
from isaf.returns.forms import FormName
from isaf.returns.standing import Counted, Deduction, Nature, ReturnState
from isaf.selectors.returns import breakdown_of, missing_days, newest_version
from isaf.services import computing, return_decisions, return_lines, returns
from isaf.services.return_decisions import Choice
from isaf.services.return_lines import Told as LineTold
from isaf.services.returns import Settings
from representation.models import Taxpayer
from representation.types import Acting
from tests import make
from tests.isaf.drafting import bought, computed, drafted, filled, line, sold
from tests.isaf.registers_told import OCTOBER, supersede, tell, withdraw

pytestmark = pytest.mark.django_db(transaction=True)

SEPTEMBER = Period.month(2026, 9)
BOTH = (FormName.RETURN, FormName.LIST)


def test_sales_purchases_and_the_result(acting: Acting) -> None:
    """11 = 1000.40 + 99.20; 29 = 210.08 + 20.83 = 230.91; 25 = 35 = 63.00; 36 = 231 - 63."""
    version = drafted(
        acting,
        [sold(line("1000.40", "210.08")), sold(line("99.20", "20.83"), number="S2")],
        [bought(line("300.00", "63.00", ""))],
    )
    assert filled(version) == {"11": 1100, "25": 63, "29": 231, "35": 63, "36": 168}
    assert version.number == 1
    assert not version.corrects
    assert len(version.registers) == 2


def test_credit_notes_take_off_cancelled_ones_nothing(acting: Acting) -> None:
    """11 = 1000 - 400 = 600; 29 = 210 - 84 = 126."""
    version = drafted(
        acting,
        [
            sold(line("1000.00", "210.00")),
            sold(line("-400.00", "-84.00"), number="KS1", type="KS"),
            sold(line("500.00", "105.00"), number="AN1", type="AN"),
        ],
    )
    assert filled(version) == {"11": 600, "29": 126, "36": 126}
    assert breakdown_of(version).apart[Counted.CANCELLED]["S:PVM1"].rows == 1


def test_totals_are_rounded_half_up_and_not_lines(acting: Acting) -> None:
    """Three times 0.17 is 0.51, a euro; 36 is of rounded boxes: 1 - 0."""
    rows = [sold(line("0.50", "0.17"), number=f"S{n}") for n in range(3)]
    version = drafted(acting, rows, [bought(line("1.00", "0.49"))])
    assert filled(version) == {"11": 2, "29": 1, "36": 1}  # 1.50 up to 2; 0.49 down to 0


def test_margin_that_is_no_profit_is_left_out(acting: Acting) -> None:
    version = drafted(acting, [sold(line("-10.00", "0.00", "PVM32"))])
    assert filled(version) == {}
    assert breakdown_of(version).apart[Counted.LEFT_OUT]["S:PVM32"].rows == 1


def test_what_no_rule_knows_is_set_apart(acting: Acting) -> None:
    version = drafted(
        acting,
        [sold(line("10.00", None, "PVM100"))],
        [bought(line("20.00", "4.20", ""), vat_code="", code="302", country="DE")],
    )
    apart = breakdown_of(version).apart[Counted.UNMAPPED]
    assert {name: sums.taxable for name, sums in apart.items()} == {
        "S:PVM100": Decimal(10),
        "": Decimal(20),
    }


def test_percent_shares_what_is_deducted(acting: Acting) -> None:
    """35 = 210 x 80 % + 0; a full deduction is not shared: 63 + 168 = 231."""
    version = drafted(
        acting,
        (),
        [bought(line("1000.00", "210.00")), bought(line("300.00", "63.00"), number="P2")],
    )
    returns.set_up(acting, version.of_id, Settings(percent=80, activity="6201"))
    assert filled(version) == {"25": 273, "35": 218, "36": -218}  # 218.40
    decide(acting, version, "P2", Choice(deduction=Deduction.FULL))
    assert filled(version) == {"25": 273, "35": 231, "36": -231}
    assert PreliminaryReturn.objects.get(pk=version.of_id).activity == "620100"


@pytest.mark.parametrize("percent", [96, 99, 101, -1])
def test_percentages_the_form_refuses(acting: Acting, percent: int) -> None:
    version = drafted(acting)
    with pytest.raises(UnprocessableError, match="return-percent-wrong"):
        returns.set_up(acting, version.of_id, Settings(percent=percent))


def places(version: ReturnVersion, number: str) -> list[return_decisions.Place]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT period_start, part_id, position FROM isaf_invoice WHERE number = %s", [number]
        )
        return [(start, part, position) for start, part, position in cursor.fetchall()]


def decide(acting: Acting, version: ReturnVersion, number: str, choice: Choice) -> None:
    return_decisions.decide(acting, version.of_id, places(version, number), choice)


def totals(version: ReturnVersion) -> list[tuple[object, ...]]:
    return list(
        ReturnTotal.objects.filter(version=version)
        .order_by("standing", "rule")
        .values_list("standing", "rule", "rows", "taxable", "vat", "direct", "shared")
    )


@pytest.mark.parametrize(
    ("choice", "boxes"),
    [
        (Choice(Counted.EXCLUDED, reason="Ne mūsų"), {}),
        (Choice(deduction=Deduction.NONE), {"25": 210, "36": 0}),
        (Choice(deduction=Deduction.SHARE, share=50), {"25": 210, "35": 105, "36": -105}),
        (Choice(deduction=Deduction.FULL), {"25": 210, "35": 210, "36": -210}),
        (Choice(Counted.POSTPONED, date(2026, 11, 1)), {}),
    ],
    ids=["excluded", "none", "half", "full", "postponed"],
)
def test_a_decision_and_its_taking_back(
    acting: Acting, choice: Choice, boxes: dict[str, int]
) -> None:
    version = drafted(acting, (), [bought(line("1000.00", "210.00"), number="P1")])
    before, whole = totals(version), filled(version)
    decide(acting, version, "P1", choice)
    assert filled(version) == {box: value for box, value in boxes.items() if value}
    follow = totals(version)
    assert totals(computed(acting)) == follow  # what follows a decision is what is computed anew
    newest = newest_version(version.of)
    assert newest
    decide(acting, newest, "P1", Choice())
    assert totals(newest) == before
    assert filled(newest) == whole


def test_reserve_rule_charges_and_deducts_nothing(acting: Acting) -> None:
    version = drafted(acting, (), [bought(line("1000.00", None, "PVM16"), vat_code="PL1")])
    decide(acting, version, "S1", Choice(deduction=Deduction.RESERVE))
    assert filled(version) == {"21": 1000, "25": 210, "34": 210, "36": 210}


def test_a_postponed_purchase_is_deducted_later(acting: Acting) -> None:
    version = drafted(acting, (), [bought(line("100.00", "21.00"), number="P1")], period=SEPTEMBER)
    later = drafted(acting)
    assert filled(later) == {}
    decide(acting, version, "P1", Choice(Counted.POSTPONED, OCTOBER.start))
    assert filled(version) == {}
    assert PreliminaryReturn.objects.get(pk=later.of_id).state == ReturnState.DUE
    computing.compute_return(later.of_id)
    newest = newest_version(later.of)
    assert newest
    assert filled(newest) == {"25": 21, "35": 21, "36": -21}


def test_decisions_that_are_refused(acting: Acting) -> None:
    version = drafted(
        acting, [sold(line("1.00", "0.21"))], [bought(line("1.00", "0.21"), number="P1")]
    )
    for choice, code in (
        (Choice(Counted.EXCLUDED, reason=" "), "return-reason-missing"),
        (Choice(share=101), "return-decision-wrong"),
        (Choice(reason="a" * 501), "return-decision-wrong"),
        (Choice(Counted.POSTPONED, date(2026, 11, 1)), "return-postpone-sales"),
    ):
        with pytest.raises(UnprocessableError, match=code):
            decide(acting, version, "S1", choice)
    with pytest.raises(UnprocessableError, match="return-postpone-when"):
        decide(acting, version, "P1", Choice(Counted.POSTPONED, OCTOBER.start))
    with pytest.raises(NotFoundError, match="invoice-not-found"):
        return_decisions.decide(acting, version.of_id, [(OCTOBER.start, 0, 0)], Choice())
    with pytest.raises(UnprocessableError, match="return-decisions-too-many"):
        return_decisions.decide(acting, version.of_id, [(OCTOBER.start, 0, 0)] * 501, Choice())


def test_a_stranger_neither_sees_nor_decides(acting: Acting) -> None:
    version = drafted(acting, [sold(line("1.00", "0.21"))])
    other = make.make_acting("isaf.returns")
    with pytest.raises(NotFoundError, match="return-not-found"):
        decide(other, version, "S1", Choice())
    theirs = drafted(other)
    with pytest.raises(NotFoundError, match="invoice-not-found"):
        decide(other, theirs, "S1", Choice(Counted.EXCLUDED, reason="x"))
    with pytest.raises(ForbiddenError):
        returns.order_returns(make.make_acting("isaf.view"), [OCTOBER], BOTH)


def test_a_return_waits_for_both_registers(acting: Acting) -> None:
    taxpayer = Taxpayer.objects.get(pk=acting.taxpayer_id)
    sales = tell(taxpayer, "S", sold(line("1.00", "0.21")))
    (ordered,) = returns.order_returns(acting, [OCTOBER], [FormName.RETURN])
    computing.compute_return(ordered.pk)
    ordered.refresh_from_db()
    assert ordered.state == ReturnState.WAITING
    assert newest_version(ordered) is None
    assert set(missing_days(OCTOBER, [sales])) == {"PURCHASE_REGISTRY"}
    purchases = tell(taxpayer, "P")
    assert returns.registers_changed(purchases) == [ordered.pk]
    computing.compute_return(ordered.pk)
    ordered.refresh_from_db()
    assert ordered.state == ReturnState.READY


def test_a_quarter_is_of_monthly_registers(acting: Acting) -> None:
    quarter = Period.quarter(2026, 3)
    taxpayer = Taxpayer.objects.get(pk=acting.taxpayer_id)
    for month in (7, 8, 9):
        period = Period.month(2026, month)
        tell(taxpayer, "S", sold(line("100.00", "21.00"), issued=period.start), period=period)
        tell(taxpayer, "P", period=period)
    assert filled(computed(acting, quarter)) == {"11": 300, "29": 63, "36": 63}


def test_a_corrected_register_makes_a_new_version(acting: Acting) -> None:
    version = drafted(acting, [sold(line("100.00", "21.00"))])
    register = Register.objects.get(type="SALES_REGISTRY")
    supersede(register)
    tell(register.taxpayer, "S", sold(line("200.00", "42.00")))
    returns.registers_changed(register)
    computing.compute_return(version.of_id)
    newest = newest_version(version.of)
    assert newest
    assert newest.number == 2
    assert filled(newest) == {"11": 200, "29": 42, "36": 42}
    assert filled(version) == {"11": 100, "29": 21, "36": 21}
    assert not Contribution.objects.filter(version_id=version.pk).exists()


def test_a_decision_outlives_a_corrected_register(acting: Acting) -> None:
    version = drafted(acting, [sold(line("100.00", "21.00"))])
    decide(acting, version, "S1", Choice(Counted.EXCLUDED, reason="Dvigubai"))
    register = Register.objects.get(type="SALES_REGISTRY")
    supersede(register)
    tell(
        register.taxpayer,
        "S",
        sold(line("1.00", "0.21"), number="S0"),
        sold(line("100.00", "21.00")),
    )
    assert filled(computed(acting)) == {"11": 1}


def test_a_confirmed_version_never_changes(acting: Acting) -> None:
    version = drafted(acting, [sold(line("100.00", "21.00"))])
    with pytest.raises(ConflictError, match="return-changed"):
        returns.confirm(acting, version.of_id, 7)
    returns.confirm(acting, version.of_id, 1)
    for change in (
        lambda: decide(acting, version, "S1", Choice(Counted.EXCLUDED, reason="x")),
        lambda: returns.set_up(acting, version.of_id, Settings(percent=50)),
        lambda: returns.confirm(acting, version.of_id, 1),
        lambda: return_lines.add_line(
            acting, version.of_id, LineTold("B:25", vat=Decimal(1), note="x")
        ),
    ):
        with pytest.raises(ConflictError, match="return-confirmed"):
            change()
    returns.correct(acting, version.of_id)
    computing.compute_return(version.of_id)
    newest = newest_version(version.of)
    assert newest
    assert (newest.number, newest.corrects) == (2, True)
    assert Contribution.objects.filter(version_id=version.pk).exists()


def test_lines_are_put_in_and_taken_out(acting: Acting) -> None:
    """26 = 500 of import, 25 = 7 by hand: 35 = 507; 27 = 40 on both sides of 36."""
    version = drafted(acting, [sold(line("100.00", "21.00"))])
    before = totals(version)
    told = [
        LineTold("P:PVM23", vat=Decimal("500.00"), note="Importo deklaracija"),
        LineTold("B:25", vat=Decimal("7.00"), note="Ilgalaikis turtas"),
        LineTold("P:PVM24", vat=Decimal("40.00"), note="VMI kontroliuoja"),
    ]
    lines = [return_lines.add_line(acting, version.of_id, one) for one in told]
    assert filled(version) == {
        "11": 100, "25": 7, "26": 500, "27": 40, "29": 21, "35": 547, "36": -486,
    }  # fmt: skip  # 40 + 21 - 547
    assert totals(computed(acting)) == totals(version)
    for one in lines:
        return_lines.remove_line(acting, version.of_id, one.pk)
    newest = newest_version(version.of)
    assert newest
    assert totals(newest) == before
    with pytest.raises(NotFoundError, match="return-line-not-found"):
        return_lines.remove_line(acting, version.of_id, lines[0].pk)


@pytest.mark.parametrize(
    "told",
    [
        LineTold("B:99", vat=Decimal(1), note="x"),
        LineTold("S:PVM100", Decimal(1), note="x"),
        LineTold("B:25", Decimal(1), note="x"),
        LineTold("B:11", vat=Decimal(1), note="x"),
        LineTold("B:11", note="x"),
        LineTold("B:11", Decimal(1), note=" "),
        LineTold("B:11", Decimal("1e12"), note="x"),
    ],
)
def test_lines_that_are_refused(acting: Acting, told: LineTold) -> None:
    version = drafted(acting)
    with pytest.raises(UnprocessableError, match="return-line-wrong"):
        return_lines.add_line(acting, version.of_id, told)
    assert not ReturnLine.objects.exists()


def test_orders_that_are_refused(acting: Acting) -> None:
    future = Period.month(2100, 1)
    for periods, forms, code in (
        ([], BOTH, "return-periods-missing"),
        ([OCTOBER], [], "return-forms-missing"),
        ([Period(date(2026, 10, 2), date(2026, 10, 5))], BOTH, "return-period-other"),
        (
            [Period.month(2020 + n // 12, n % 12 + 1) for n in range(25)],
            BOTH,
            "return-periods-too-many",
        ),
    ):
        with pytest.raises(UnprocessableError, match=code):
            returns.order_returns(acting, periods, forms)
    payer = make.make_acting(taxpayer=make.make_taxpayer(vat_code="LT100001738313"))
    with pytest.raises(UnprocessableError, match="return-period-not-ended"):
        returns.order_returns(payer, [future], BOTH)


def test_a_standing_order_drafts_by_itself(acting: Acting) -> None:
    taxpayer = Taxpayer.objects.get(pk=acting.taxpayer_id)
    returns.order_for_every_period(acting, BOTH)
    returns.registers_changed(tell(taxpayer, "S"))
    assert not PreliminaryReturn.objects.exists()
    due = returns.registers_changed(tell(taxpayer, "P"))
    assert len(due) == 2
    returns.order_for_every_period(acting, [])
    returns.registers_changed(tell(taxpayer, "S", period=SEPTEMBER))
    returns.registers_changed(tell(taxpayer, "P", period=SEPTEMBER))
    assert PreliminaryReturn.objects.count() == 2


def test_cash_accounting_counts_what_is_paid(acting: Acting) -> None:
    """Of 100 + 50 at 21 and 5 % half is paid: 50 + 25 and 10.50 + 1.25; a third part of nothing."""
    taxpayer = Taxpayer.objects.get(pk=acting.taxpayer_id)
    tell(
        taxpayer,
        "S",
        sold(line("100.00", "21.00"), line("50.00", "2.50", "PVM3")),
        period=SEPTEMBER,
    )
    tell(taxpayer, "P", period=SEPTEMBER)
    with connection.cursor() as cursor:
        cursor.execute("UPDATE isaf_invoice SET special = true")
    earlier = computed(acting, SEPTEMBER)
    assert filled(earlier) == {}
    pay(taxpayer, "G", "S1", "75.00", "11.75")
    tell(taxpayer, "S")
    tell(taxpayer, "P")
    version = computed(acting)
    assert breakdown_of(version).counted["S:PVM1"].taxable == Decimal("50.00")
    assert breakdown_of(version).counted["S:PVM3"].vat == Decimal("1.25")
    assert filled(version) == {"11": 75, "29": 11, "31": 1, "36": 12}  # 10.50 up, 1.25 down
    decide(acting, earlier, "S1", Choice(Counted.EXCLUDED, reason="Ginčas"))
    assert set(computing.due()) == {earlier.of_id, version.of_id}
    assert filled(computed(acting)) == {}
    decide(acting, earlier, "S1", Choice())
    pay(taxpayer, "G", "S7", "10.00", "2.10")
    assert breakdown_of(computed(acting)).apart[Counted.UNMAPPED][""].taxable == Decimal("10.00")


def pay(taxpayer: Taxpayer, kind: str, number: str, amount: str, vat: str) -> None:
    """Money that moved in October for an invoice of the usual other side."""
    Register.objects.filter(type="SETTLEMENTS_AND_PAYMENTS_REGISTRY").update(
        current=False, relevant=False
    )
    part = Part.objects.create(
        taxpayer=taxpayer, type="SETTLEMENTS_AND_PAYMENTS_REGISTRY", start=OCTOBER.start,
        end=OCTOBER.end, part_number="1", source="PORTAL_FILE", kept_at=clock.now(),
    )  # fmt: skip
    register = Register.objects.create(
        number=f"M-{part.pk}", taxpayer=taxpayer, type=part.type, start=OCTOBER.start,
        end=OCTOBER.end, state="ACCEPTED", relevant=True, current=True,
        revision=Register.objects.count() + 1, submitted_at=clock.now(),
    )  # fmt: skip
    RegisterPart.objects.create(register=register, part=part, part_number="1")
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO isaf_settlement VALUES (%s, %s, 0, 1, %s, 'M1', '2026-10-05',"
            " 'LT100001', '', '', 'Kita pusė', %s, %s)",
            [OCTOBER.start, part.pk, kind, amount, vat],
        )
        cursor.execute(
            "INSERT INTO isaf_settled_invoice VALUES (%s, %s, 0, 0, %s, %s, '2026-10-12', %s, %s)",
            [OCTOBER.start, part.pk, number, number, amount, vat],
        )


def test_the_list_holds_supplies_in_the_eu(acting: Acting) -> None:
    """Goods to Poland, a service to Latvia; what went to Norway or home is not listed."""
    version = drafted(
        acting,
        [
            sold(line("100.00", None, "PVM13"), vat_code="PL5260001246"),
            sold(line("40.00", None, "PVM15"), number="S2", vat_code="LV40003009497"),
            sold(line("70.00", None, "PVM15"), number="S3", vat_code="NO1"),
            sold(line("60.00", None, "PVM13"), number="S4", vat_code=""),
            sold(line("5.00", "1.05"), number="S5"),
        ],
        form=FormName.LIST,
    )
    found = breakdown_of(version)
    assert {rule: sums.taxable for rule, sums in found.counted.items()} == {
        "S:PVM13": Decimal(100), "S:PVM15": Decimal(40),
    }  # fmt: skip
    assert found.apart[Counted.UNMAPPED]["S:PVM13"].taxable == Decimal(60)
    decide(acting, version, "S2", Choice(nature=Nature.GOODS))
    decide(acting, version, "S3", Choice(nature=Nature.SERVICES))
    assert "S:PVM15" not in breakdown_of(version).counted


def test_what_no_longer_counts_is_taken_out(acting: Acting) -> None:
    version = drafted(acting, [sold(line("100.00", "21.00"))])
    register = Register.objects.get(type="SALES_REGISTRY")
    withdraw(register)
    returns.registers_changed(register)
    computing.compute_return(version.of_id)
    assert PreliminaryReturn.objects.get(pk=version.of_id).state == ReturnState.WAITING

"""From a sent file to registers, and from there to a decision."""

from collections import Counter
from datetime import date
from decimal import Decimal

import pytest

from imas.kernel.errors import ConflictError, ForbiddenError, NotFoundError
from imas.kernel.periods import Period, PeriodKind
from intake import services as intake_services
from intake.types import DocumentState
from isaf import services
from isaf.models import Invoice, PairRefresh, Part, Register, Settlement, TaxRow
from isaf.types import RegisterState, RegisterType
from mailbox.models import Message
from representation.models import JournalEntry
from tests.isaf.files import OCTOBER, IsafFile, Paid, Sold, judged, send
from tests.make import make_acting, make_taxpayer

pytestmark = pytest.mark.django_db(transaction=True)


SALES, PURCHASE, SETTLEMENT = RegisterType.SALES, RegisterType.PURCHASE, RegisterType.SETTLEMENT


def registers() -> dict[str, Register]:
    return {row.type: row for row in Register.objects.order_by("revision")}


def rows_of(register: Register) -> list[str]:
    parts = list(register.shown.values_list("part_id", flat=True))
    rows = Invoice.objects.of_parts(register.start, parts)
    return sorted(rows.values_list("number", flat=True))


def test_a_file_becomes_both_registers_in_preparation() -> None:
    acting = make_acting()
    file = IsafFile(acting.taxpayer_code, sales=[Sold("A 1"), Sold("A 2")], purchases=[Sold("P1")])
    document = judged(acting, file)
    assert document.state == DocumentState.ACCEPTED
    assert document.counts == {"sales": 2, "purchases": 1, "settlements": 0}
    found = registers()
    assert set(found) == {SALES, PURCHASE}
    assert {row.state for row in found.values()} == {RegisterState.PREPARING}
    assert sorted(document.registers) == sorted(row.number for row in found.values())
    assert rows_of(found[SALES]) == ["A 1", "A 2"]
    assert rows_of(found[PURCHASE]) == ["P1"]
    part = found[SALES].shown.get().part
    assert (part.invoices, part.taxable, part.vat) == (2, Decimal("200.00"), Decimal("42.00"))
    assert TaxRow.objects.filter(part_id=part.pk).count() == 2


def test_a_file_of_sales_alone_makes_an_empty_purchase_register() -> None:
    acting = make_acting()
    judged(acting, IsafFile(acting.taxpayer_code, data_type="S", sales=[Sold()]))
    found = registers()
    assert rows_of(found[SALES]) == ["AA 1"]
    assert not found[PURCHASE].shown.exists()


def test_a_header_alone_makes_both_registers_empty() -> None:
    acting = make_acting()
    document = judged(acting, IsafFile(acting.taxpayer_code))
    assert document.state == DocumentState.ACCEPTED
    assert {row.type: row.shown.get().part.invoices for row in registers().values()} == {
        SALES: 0,
        PURCHASE: 0,
    }


def test_settlements_make_a_third_register() -> None:
    acting = make_acting()
    file = IsafFile(acting.taxpayer_code, sales=[Sold()], settlements=[Paid()])
    judged(acting, file)
    part = registers()[SETTLEMENT].shown.get().part
    assert part.invoices == 1
    assert Settlement.objects.get(part_id=part.pk).reference == "MOK 1"


def test_the_same_part_number_replaces_the_part() -> None:
    acting = make_acting()
    judged(acting, IsafFile(acting.taxpayer_code, sales=[Sold("A1"), Sold("A2")]))
    judged(acting, IsafFile(acting.taxpayer_code, sales=[Sold("B1")]))
    assert rows_of(registers()[SALES]) == ["B1"]
    assert Register.objects.count() == 2


def test_another_part_number_stands_beside_the_first() -> None:
    acting = make_acting()
    judged(acting, IsafFile(acting.taxpayer_code, sales=[Sold("A1")]))
    judged(acting, IsafFile(acting.taxpayer_code, part="KAUNAS", sales=[Sold("B1")]))
    assert rows_of(registers()[SALES]) == ["A1", "B1"]


def test_a_part_number_reused_by_a_file_of_sales_takes_away_its_purchases() -> None:
    acting = make_acting()
    judged(acting, IsafFile(acting.taxpayer_code, sales=[Sold("A1")], purchases=[Sold("P1")]))
    judged(acting, IsafFile(acting.taxpayer_code, data_type="S", sales=[Sold("A2")]))
    assert rows_of(registers()[SALES]) == ["A2"]
    assert rows_of(registers()[PURCHASE]) == []


def test_rows_of_a_replaced_part_are_swept_away_and_its_record_stays() -> None:
    acting = make_acting()
    judged(acting, IsafFile(acting.taxpayer_code, sales=[Sold("A1")]))
    judged(acting, IsafFile(acting.taxpayer_code, sales=[Sold("B1")]))
    hours_ago = OCTOBER.start
    Part.objects.update(kept_at=f"{hours_ago}T00:00Z")
    services.sweep_parts()
    assert list(Invoice.objects.values_list("number", flat=True)) == ["B1"]
    assert Part.objects.filter(emptied_at__isnull=False).count() == 2


def test_a_half_year_lies_in_the_partition_of_its_first_month() -> None:
    taxpayer = make_taxpayer(period_kind=PeriodKind.HALF_YEAR)
    acting = make_acting(taxpayer=taxpayer)
    period = Period.half_year(2026, 1)
    sold = Sold(issued=date(2026, 5, 5))
    document = judged(acting, IsafFile(taxpayer.code, period, sales=[sold]))
    assert document.state == DocumentState.ACCEPTED
    assert rows_of(registers()[SALES]) == ["AA 1"]
    assert registers()[SALES].number == f"S-2026-H1-{taxpayer.pk:07d}-1"


def test_a_file_of_another_taxpayer_is_not_accepted() -> None:
    acting, other = make_acting(), make_taxpayer()
    document = judged(acting, IsafFile(other.code, sales=[Sold()]))
    assert document.state == DocumentState.REJECTED
    assert document.refusal_code == "12002"
    assert not Register.objects.exists()


def test_a_file_of_nobody_is_not_accepted() -> None:
    acting = make_acting()
    document = judged(acting, IsafFile("111111118", sales=[Sold()]))
    assert document.refusal_code == "12001"


def test_a_trial_stores_nothing() -> None:
    acting = make_acting()
    document = judged(acting, IsafFile(acting.taxpayer_code, sales=[Sold()]), dry_run=True)
    assert document.state == DocumentState.ACCEPTED
    assert document.counts["sales"] == 1
    assert not Register.objects.exists()
    assert not Part.objects.exists()
    assert not Invoice.objects.exists()


def test_a_file_broken_in_the_middle_stores_nothing() -> None:
    acting = make_acting()
    content = IsafFile(acting.taxpayer_code, sales=[Sold(f"A {n}") for n in range(50)]).render()
    document = judged(acting, content.replace(b"<InvoiceNo>A 40</InvoiceNo>", b""))
    assert document.state == DocumentState.REJECTED
    assert not Part.objects.exists()
    assert not Invoice.objects.exists()


def test_a_repeated_invoice_is_shown_before_submission() -> None:
    acting = make_acting()
    judged(acting, IsafFile(acting.taxpayer_code, sales=[Sold("A-1"), Sold("a 1"), Sold("A2")]))
    register = registers()[SALES]
    assert register.checked_at is not None
    problem = register.problems.get()
    assert (problem.code, problem.invoice_no, problem.invoice_position) == ("14067", "a 1", 1)


def test_a_purchase_is_repeated_only_when_the_supplier_is_the_same() -> None:
    acting = make_acting()
    twice = [Sold("P1"), Sold("P1", vat_code="LT290061371314")]
    judged(acting, IsafFile(acting.taxpayer_code, purchases=[*twice, Sold("P1")]))
    problems = registers()[PURCHASE].problems
    assert list(problems.values_list("code", "invoice_position")) == [("14068", 2)]


def test_an_invoice_repeated_in_another_period_is_found() -> None:
    acting = make_acting()
    september = Period.month(2026, 9)
    sold = Sold("A1", issued=date(2026, 9, 30))
    judged(acting, IsafFile(acting.taxpayer_code, september, sales=[sold]))
    first = Register.objects.get(type=SALES)
    services.submit_register(acting, first.number)
    judged(acting, IsafFile(acting.taxpayer_code, sales=[sold, Sold("A2")]))
    second = Register.objects.get(type=SALES, start=OCTOBER.start)
    problem = second.problems.get()
    assert (problem.code, problem.reason) == ("14067", "in-another-part")


def test_a_cancelled_invoice_repeats_nothing() -> None:
    acting = make_acting()
    judged(acting, IsafFile(acting.taxpayer_code, sales=[Sold("A1"), Sold("A1", type="AN")]))
    assert not registers()[SALES].problems.exists()


def test_a_credit_note_must_name_an_invoice_that_is_held() -> None:
    acting = make_acting()
    good = Sold("K1", type="KS", refs=[("a-1", date(2026, 10, 5))], taxable=Decimal("-10.00"))
    bad = Sold("K2", type="KS", refs=[("A9", date(2026, 10, 5))], taxable=Decimal("-10.00"))
    old = Sold("K3", type="KS", refs=[("A9", date(2020, 1, 5))], taxable=Decimal("-10.00"))
    judged(acting, IsafFile(acting.taxpayer_code, sales=[Sold("A 1"), good, bad, old]))
    problems = registers()[SALES].problems.filter(code="14041")
    assert [row.invoice_no for row in problems] == ["K2"]


def test_a_register_without_errors_is_submitted_and_accepted() -> None:
    acting = make_acting()
    judged(acting, IsafFile(acting.taxpayer_code, sales=[Sold()]))
    number = registers()[SALES].number
    submitted = services.submit_register(acting, number)
    assert (submitted.state, submitted.current) == (RegisterState.SUBMITTED, True)
    services.decide_register(submitted.pk)
    submitted.refresh_from_db()
    assert (submitted.state, submitted.current) == (RegisterState.ACCEPTED, True)
    assert Message.objects.filter(code="isaf.register-accepted").count() == 1
    assert PairRefresh.objects.count() == 2
    actions = Counter(JournalEntry.objects.values_list("action", flat=True))
    assert actions["isaf.register-submitted"] == actions["isaf.register-decided"] == 1


def test_a_decision_is_made_once() -> None:
    acting = make_acting()
    judged(acting, IsafFile(acting.taxpayer_code, sales=[Sold()]))
    register = services.submit_register(acting, registers()[SALES].number)
    services.decide_register(register.pk)
    services.decide_register(register.pk)
    assert Message.objects.filter(code="isaf.register-accepted").count() == 1
    assert PairRefresh.objects.count() == 2


def test_a_register_with_errors_is_not_submitted() -> None:
    acting = make_acting()
    judged(acting, IsafFile(acting.taxpayer_code, sales=[Sold()]))
    register = registers()[SALES]
    Part.objects.filter(shown__register=register).update(error_count=1)
    with pytest.raises(ConflictError) as refusal:
        services.submit_register(acting, register.number)
    assert refusal.value.code == "register-has-errors"
    assert registers()[SALES].state == RegisterState.PREPARING


def test_a_register_is_submitted_once() -> None:
    acting = make_acting()
    judged(acting, IsafFile(acting.taxpayer_code, sales=[Sold()]))
    services.submit_register(acting, registers()[SALES].number)
    with pytest.raises(ConflictError) as refusal:
        services.submit_register(acting, registers()[SALES].number)
    assert refusal.value.code == "register-not-preparing"


def test_a_stranger_finds_no_register_to_submit() -> None:
    acting, stranger = make_acting(), make_acting()
    judged(acting, IsafFile(acting.taxpayer_code, sales=[Sold()]))
    with pytest.raises(NotFoundError):
        services.submit_register(stranger, registers()[SALES].number)


def test_who_may_only_look_submits_nothing() -> None:
    acting = make_acting()
    judged(acting, IsafFile(acting.taxpayer_code, sales=[Sold()]))
    looker = make_acting("isaf.view", taxpayer=Part.objects.all()[0].taxpayer)
    with pytest.raises(ForbiddenError):
        services.submit_register(looker, registers()[SALES].number)


def test_a_correction_is_a_new_revision_that_keeps_the_other_parts() -> None:
    acting = make_acting()
    judged(acting, IsafFile(acting.taxpayer_code, sales=[Sold("A1")]))
    judged(acting, IsafFile(acting.taxpayer_code, part="2", sales=[Sold("B1")]))
    first = services.submit_register(acting, registers()[SALES].number)
    services.decide_register(first.pk)
    judged(acting, IsafFile(acting.taxpayer_code, part="2", data_type="S", sales=[Sold("B2")]))
    second = Register.objects.get(type=SALES, revision=2)
    assert second.state == RegisterState.PREPARING
    assert rows_of(second) == ["A1", "B2"]
    assert rows_of(first) == ["A1", "B1"]
    services.submit_register(acting, second.number)
    services.decide_register(second.pk)
    standing = Register.objects.filter(type=SALES).order_by("revision")
    assert list(standing.values_list("revision", "relevant", "current")) == [
        (1, False, False),
        (2, True, True),
    ]


def test_a_register_that_a_file_does_not_change_is_left_as_it_is() -> None:
    acting = make_acting()
    judged(acting, IsafFile(acting.taxpayer_code, sales=[Sold("A1")], purchases=[Sold("P1")]))
    for register in registers().values():
        services.submit_register(acting, register.number)
    judged(acting, IsafFile(acting.taxpayer_code, part="2", data_type="S", sales=[Sold("B1")]))
    assert Register.objects.filter(type=SALES).count() == 2
    assert Register.objects.filter(type=PURCHASE).count() == 1


def test_a_removed_register_can_be_made_again_under_a_new_number() -> None:
    acting = make_acting()
    judged(acting, IsafFile(acting.taxpayer_code, sales=[Sold("A1")]))
    number = registers()[SALES].number
    services.cancel_register(acting, number)
    with pytest.raises(NotFoundError):
        services.cancel_register(acting, number)
    judged(acting, IsafFile(acting.taxpayer_code, sales=[Sold("A2")]))
    again = Register.objects.get(type=SALES, cancelled_at=None)
    assert (again.revision, rows_of(again)) == (2, ["A2"])


def test_a_superseded_submission_is_worked_on_no_more() -> None:
    acting = make_acting()
    judged(acting, IsafFile(acting.taxpayer_code, sales=[Sold("A1")]))
    first = services.submit_register(acting, registers()[SALES].number)
    judged(acting, IsafFile(acting.taxpayer_code, sales=[Sold("A2")]))
    second = services.submit_register(acting, registers()[SALES].number)
    services.decide_register(first.pk)
    first.refresh_from_db()
    assert (first.state, first.relevant) == (RegisterState.SUBMITTED, False)
    services.decide_register(second.pk)
    second.refresh_from_db()
    assert second.state == RegisterState.ACCEPTED


def test_the_row_is_the_queue_when_nobody_was_told() -> None:
    acting = make_acting()
    document = send(acting, IsafFile(acting.taxpayer_code, sales=[Sold()]))
    intake_services.process(document.pk)
    assert set(Register.objects.due()) == set(Register.objects.all())

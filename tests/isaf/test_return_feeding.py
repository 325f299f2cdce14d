"""What the page of an invoice tells of preliminary returns: each box its amounts stand in."""

from datetime import date

import pytest
from pytest_django import DjangoAssertNumQueries

from isaf.models import Invoice, PreliminaryReturn, Register
from isaf.pages.feedings import ShownFeeding, feedings_shown
from isaf.returns.forms import FormName
from isaf.returns.standing import Counted
from isaf.selectors import InvoiceDetail, find_invoice
from isaf.services import computing, returns
from isaf.services.return_decisions import Choice
from representation.models import Taxpayer
from representation.types import Acting
from tests import make
from tests.isaf.drafting import bought, computed, drafted, line, sold
from tests.isaf.registers_told import OCTOBER
from tests.isaf.test_returns import SEPTEMBER, decide

pytestmark = pytest.mark.django_db(transaction=True)


def found(acting: Acting, number: str) -> tuple[Register, InvoiceDetail]:
    invoice = Invoice.objects.get(number_norm=number)
    register = Register.objects.get(
        taxpayer_id=acting.taxpayer_id, current=True, parts=invoice.part_id
    )
    return register, find_invoice(register, invoice.part_id, invoice.position)


def shown(acting: Acting, number: str) -> list[tuple[str, list[tuple[str, str]]]]:
    told = feedings_shown(acting, *found(acting, number))
    return [(one.found.form, boxes(one)) for one in told]


def boxes(feeding: ShownFeeding) -> list[tuple[str, str]]:
    return [
        (row["url"].split(str(feeding.found.pk))[1], str(row["amount"])) for row in feeding.rows
    ]


def test_an_invoice_shows_the_boxes_it_feeds(acting: Acting) -> None:
    drafted(
        acting,
        [sold(line("100.00", "21.00"), line("40.00", None, "PVM13"), number="S7", vat_code="PL1")],
        [bought(line("200.00", "42.00"), number="P7"), bought(line("1.00", "0.21"), number="P8")],
    )
    computed(acting, form=FormName.LIST)
    assert shown(acting, "S7") == [
        (
            "FR0600",
            [
                ("/boxes/11/?rule=S:PVM1", "100.00"),
                ("/boxes/29/?rule=S:PVM1", "21.00"),
                ("/boxes/18/?rule=S:PVM13", "40.00"),
            ],
        ),
        ("FR0564", [("/", "40.00")]),
    ]
    assert shown(acting, "P7") == [
        ("FR0600", [("/boxes/25/?rule=P:PVM1", "42.00"), ("/boxes/35/?rule=P:PVM1", "42.00")])
    ]


def test_an_invoice_left_out_or_postponed_says_so(acting: Acting) -> None:
    version = drafted(acting, (), [bought(line("200.00", "42.00"), number="P7")], period=SEPTEMBER)
    decide(acting, version, "P7", Choice(Counted.EXCLUDED, reason="Ne mūsų"))
    assert shown(acting, "P7") == [("FR0600", [("/apart/excluded/", "200.00")])]
    later = drafted(acting)
    decide(acting, version, "P7", Choice(Counted.POSTPONED, date(2026, 10, 1)))
    computing.compute_return(later.of_id)
    assert shown(acting, "P7") == [
        ("FR0600", [("/boxes/25/?rule=P:PVM1", "42.00"), ("/boxes/35/?rule=P:PVM1", "42.00")]),
        ("FR0600", [("/apart/postponed/", "200.00")]),
    ]


def test_it_costs_the_same_however_many_rows(
    acting: Acting, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    rows = [bought(line("1.00", "0.21"), number=f"P{number}") for number in range(30)]
    drafted(acting, (), rows)
    computed(acting, form=FormName.LIST)
    register, detail = found(acting, "P17")
    with django_assert_num_queries(5):
        (told,) = feedings_shown(acting, register, detail)
        assert len(boxes(told)) == 2


def test_nothing_is_told_without_the_right_or_before_the_return_is_computed(acting: Acting) -> None:
    drafted(acting, (), [bought(line("200.00", "42.00"), number="P7")], period=SEPTEMBER)
    taxpayer = Taxpayer.objects.get(pk=acting.taxpayer_id)
    reader = make.make_acting("isaf.view", taxpayer=taxpayer)
    assert feedings_shown(reader, *found(acting, "P7")) == []
    PreliminaryReturn.objects.get().versions.get().totals.all().delete()
    assert shown(acting, "P7") == []
    returns.order_returns(acting, [OCTOBER], [FormName.RETURN])
    assert shown(acting, "P7") == []

from datetime import date

import pytest
from pytest_django import DjangoAssertNumQueries

from imas.kernel.periods import PeriodKind
from isaf.deadlines import registers_due
from isaf.types import RegisterState
from representation.models import TaxPeriodKind
from tests.isaf.registers_told import Told, tell
from tests.make import make_taxpayer

pytestmark = pytest.mark.django_db

SINCE, UNTIL = date(2026, 10, 1), date(2026, 12, 31)


def test_a_monthly_payer_of_vat_is_due_on_every_twentieth() -> None:
    payer, other = make_taxpayer(vat_code="LT100001234517"), make_taxpayer()
    found = registers_due([payer.pk, other.pk], SINCE, UNTIL)
    assert [(one.params["period"], one.day) for one in found[payer.pk]] == [
        ("2026-09", date(2026, 10, 20)),
        ("2026-10", date(2026, 11, 20)),
        ("2026-11", date(2026, 12, 20)),
    ]
    assert other.pk not in found


def test_the_kind_of_the_period_is_the_one_in_force_when_it_began() -> None:
    payer = make_taxpayer(vat_code="LT100001234517", period_kind=None)
    rows = (
        (PeriodKind.HALF_YEAR, "2016-01-01", "2026-06-30"),
        (PeriodKind.MONTH, "2026-07-01", None),
    )
    for kind, valid_from, valid_to in rows:
        TaxPeriodKind.objects.create(
            taxpayer=payer, kind=kind, valid_from=valid_from, valid_to=valid_to
        )
    found = registers_due([payer.pk], date(2026, 7, 1), date(2026, 8, 31))
    assert [one.params["period"] for one in found[payer.pk]] == ["2026-H1", "2026-07"]


def test_a_period_is_done_when_both_registers_are_submitted() -> None:
    payer = make_taxpayer(vat_code="LT100001234517")
    tell(payer, "S", Told(), state=RegisterState.ACCEPTED)
    october = {
        one.params["period"]: one for one in registers_due([payer.pk], SINCE, UNTIL)[payer.pk]
    }
    assert not october["2026-10"].is_done
    tell(payer, "P", Told(), state=RegisterState.SUBMITTED)
    october = {
        one.params["period"]: one for one in registers_due([payer.pk], SINCE, UNTIL)[payer.pk]
    }
    assert october["2026-10"].is_done
    assert not october["2026-09"].is_done


def test_many_taxpayers_cost_four_queries(
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    payers = [make_taxpayer(vat_code=f"LT10000123451{number}").pk for number in range(5)]
    with django_assert_num_queries(4):
        registers_due(payers, SINCE, UNTIL)

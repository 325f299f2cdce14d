"""Settlements: dates and repeated invoices; their parties are judged in test_rules_of_parties."""

from datetime import date

import pytest

from isaf import rules
from isaf.types import Settlement
from tests.isaf import make

CASES = [
    ("14055", make.settlement(date=date(2026, 9, 30)), make.settlement(date=date(2026, 10, 1))),
    ("14055", make.settlement(date=date(2026, 11, 1)), make.settlement(date=date(2026, 10, 31))),
    (
        "14071",
        make.settlement(invoices=(make.settled("AA 1"), make.settled("aa-1"))),
        make.settlement(invoices=(make.settled("AA 1"), make.settled("AA 1", date(2026, 9, 6)))),
    ),
]


@pytest.mark.parametrize(("code", "wrong", "right"), CASES)
def test_a_settlement_is_judged(code: str, wrong: Settlement, right: Settlement) -> None:
    found = list(rules.settlement_problems(wrong, make.context()))
    assert [problem.code for problem in found] == [code]
    assert found[0].place.invoice_no == ""
    assert found[0].place.path.startswith("SourceDocuments/SettlementsAndPayments/")
    assert list(rules.settlement_problems(right, make.context())) == []

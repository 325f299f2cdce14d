from decimal import Decimal

import pytest

from imas.kernel.money import euro


@pytest.mark.parametrize(
    ("written", "amount"), [("1.005", "1.01"), ("-1.005", "-1.01"), ("2", "2.00"), (3, "3.00")]
)
def test_amounts_are_rounded_half_up_to_the_cent(written: str | int, amount: str) -> None:
    assert euro(written) == Decimal(amount)


def test_a_float_is_not_money() -> None:
    with pytest.raises(TypeError):
        euro(0.1)  # type: ignore[arg-type]

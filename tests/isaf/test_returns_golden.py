"""Every VAT code on both sides, before and after 2026-01-01: boxes worked out by hand."""

import pytest

from imas.kernel.classifiers import rows
from imas.kernel.periods import Period
from representation.types import Acting
from tests.isaf.drafting import drafted, filled, line, sold
from tests.isaf.registers_told import OCTOBER

pytestmark = pytest.mark.django_db(transaction=True)

GOLDEN = [
    # code, side, VAT stated on a base of 1000.00, the boxes of October 2026; arithmetic beside.
    ("PVM1", "S", "210.00", "11=1000 29=210 36=210"),  # 21 %
    ("PVM2", "S", "90.00", "11=1000 30=90 36=90"),  # 9 %, corrections since 2026
    ("PVM3", "S", "50.00", "11=1000 31=50 36=50"),  # 5 %
    ("PVM58", "S", "120.00", "11=1000 29A=120 36=120"),  # 12 % since 2026
    ("PVM25", "S", None, "12=1000"),  # the buyer pays
    ("PVM26", "S", None, "12=1000"),
    ("PVM27", "S", None, "12=1000"),
    ("PVM5", "S", None, "13=1000"),
    ("PVM6", "S", "210.00", "14=1000 29=210 36=210"),
    ("PVM7", "S", "90.00", "14=1000 30=90 36=90"),
    ("PVM8", "S", "50.00", "14=1000 31=50 36=50"),
    ("PVM59", "S", "120.00", "14=1000 29A=120 36=120"),
    ("PVM28", "S", None, "14=1000"),
    ("PVM29", "S", None, "14=1000"),
    ("PVM9", "S", "210.00", "15=1000 29=210 36=210"),
    ("PVM30", "S", "90.00", "15=1000 30=90 36=90"),
    ("PVM31", "S", "50.00", "15=1000 31=50 36=50"),
    ("PVM32", "S", "210.00", "16=1000 29=210 36=210"),
    ("PVM52", "S", "90.00", "16=1000 30=90 36=90"),
    ("PVM53", "S", "50.00", "16=1000 31=50 36=50"),
    ("PVM33", "S", None, "16=1000"),
    ("PVM12", "S", None, "17=1000"),
    ("PVM13", "S", None, "18=1000"),
    ("PVM50", "S", None, "18=1000"),
    ("PVM14", "S", None, "19=1000"),
    ("PVM51", "S", None, "19=1000"),
    ("PVM55", "S", None, "19=1000"),
    ("PVM15", "S", None, "20=1000"),
    ("PVM34", "S", None, "20=1000"),
    ("PVM19", "S", None, "20=1000"),
    ("PVM100", "S", None, ""),  # asked about
    ("PVM1", "P", "210.00", "25=210 35=210 36=-210"),
    ("PVM2", "P", "90.00", "25=90 35=90 36=-90"),
    ("PVM3", "P", "50.00", "25=50 35=50 36=-50"),
    ("PVM58", "P", "120.00", "25=120 35=120 36=-120"),
    ("PVM49", "P", "60.00", "25=60 35=60 36=-60"),  # 6 % to a farmer
    ("", "P", "210.00", "25=210 35=210 36=-210"),  # left out, from a Lithuanian payer
    ("PVM25", "P", None, "25=210 33=210 35=210"),  # self-charged: 1000 x 21 %, nought in sum
    ("PVM26", "P", None, "25=90 33=90 35=90"),
    ("PVM27", "P", None, "25=50 33=50 35=50"),
    ("PVM16", "P", None, "21=1000 25=210 34=210 35=210"),
    ("PVM17", "P", None, "21=1000 25=90 34=90 35=90"),
    ("PVM18", "P", None, "21=1000 25=50 34=50 35=50"),
    ("PVM19", "P", None, "22=1000"),
    ("PVM20", "P", None, "23=1000 25=210 32=210 35=210"),
    ("PVM37", "P", None, "23=1000 25=50 32=50 35=50"),
    ("PVM54", "P", None, "23=1000 25=90 32=90 35=90"),
    ("PVM21", "P", None, "23=1000 24=1000 25=210 32=210 35=210"),
    ("PVM40", "P", None, "23=1000 24=1000 25=50 32=50 35=50"),
    ("PVM57", "P", None, "23=1000 24=1000 25=90 32=90 35=90"),
    ("PVM43", "P", None, "25=210 32=210 35=210"),
    ("PVM44", "P", None, "25=90 32=90 35=90"),
    ("PVM45", "P", None, "25=50 32=50 35=50"),
    ("PVM60", "P", None, "25=120 32=120 35=120"),
    *[
        (code, "P", None, "")  # nothing to declare
        for code in (
            *("PVM5", "PVM32", "PVM33", "PVM52", "PVM53", "PVM14", "PVM51", "PVM55", "PVM35"),
            *("PVM36", "PVM56", "PVM38", "PVM39", "PVM41", "PVM42", "PVM46", "PVM47", "PVM48"),
            "PVM100",
        )
    ],
]
OF_2025 = {
    "PVM58": "",  # no box 29A before 2026: asked about
    "PVM59": "",
}


@pytest.mark.parametrize(
    ("code", "side", "vat", "boxes"), GOLDEN, ids=[f"{side}-{code}" for code, side, *_ in GOLDEN]
)
@pytest.mark.parametrize("period", [OCTOBER, Period.month(2025, 10)], ids=str)
def test_every_code_feeds_its_boxes(
    acting: Acting, code: str, side: str, vat: str | None, boxes: str, period: Period
) -> None:
    told = sold(line("1000.00", vat, code), issued=period.start)
    version = drafted(acting, [told] * (side == "S"), [told] * (side == "P"), period=period)
    if period.start.year == 2025 and side == "S":
        boxes = OF_2025.get(code, boxes)
    assert filled(version) == _expected(boxes)


def _expected(boxes: str) -> dict[str, int]:
    pairs = (pair.split("=") for pair in boxes.split())
    return {box: int(value) for box, value in pairs}


def test_the_table_names_every_code_of_the_classifier() -> None:
    told = {(side, code) for code, side, *_ in GOLDEN}
    asked = {
        (side, row["code"])
        for row in rows("isaf/vat_codes.csv")
        for side, column in (("S", "sales"), ("P", "purchases"))
        if row[column] == "yes"
    }
    assert asked <= told

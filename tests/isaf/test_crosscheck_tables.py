"""A deal on a page: what is put side by side, and what is said of it."""

from collections.abc import Set
from datetime import date
from decimal import Decimal

import pytest
from django.template.loader import render_to_string
from django.utils import translation

from isaf.matching import NOTHING, Content, Field, SeenState
from isaf.tables.crosscheck import ShownPair
from isaf.types import InvoiceType


def told(codes: Set[str]) -> Content:
    amounts = (Decimal("100.00"), Decimal("21.00"))
    return Content("A1", date(2026, 10, 12), InvoiceType.SF, *amounts, frozenset(codes))


def pair(ours: Set[str], theirs: Set[str], fields: Field = NOTHING) -> ShownPair:
    return ShownPair(
        side="S",
        state=SeenState.DIFFERS if fields else SeenState.MATCHED,
        reason="",
        fields=fields,
        month=date(2026, 10, 1),
        name="UAB „Bandymas“",
        vat_code="LT100001111",
        code="300000010",
        source="",
        ours=told(ours),
        theirs=told(theirs),
    )


@pytest.mark.parametrize(
    ("ours", "theirs", "fields", "sign"),
    [
        ({"PVM1"}, {"PVM1"}, NOTHING, "="),
        ({"PVM1"}, {""}, NOTHING, "—"),
        ({""}, {""}, NOTHING, "—"),
        ({"PVM1"}, {"PVM2"}, NOTHING, "—"),
        ({"PVM25"}, {"PVM1"}, Field.CODE, "≠"),
    ],
)
def test_codes_are_called_equal_only_when_they_are(
    ours: Set[str], theirs: Set[str], fields: Field, sign: str
) -> None:
    signs = _cells_of_codes(pair(ours, theirs, fields))[1]
    assert [one for one in "=≠—" if f">{one}<" in signs] == [sign]


def test_a_code_that_is_not_told_is_a_dash() -> None:
    cells = _cells_of_codes(pair({"PVM1"}, {""}))
    assert "PVM1" in cells[0]
    assert "—" in cells[2]


def _cells_of_codes(shown: ShownPair) -> list[str]:
    with translation.override("en"):
        page = render_to_string("isaf/_crosscheck_pair.html", {"pair": shown})
    row = page[page.rindex("VAT classifier code") :]
    return row[: row.index("</tr>")].split("<td")[1:]

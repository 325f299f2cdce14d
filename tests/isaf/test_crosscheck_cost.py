"""A refresh costs by the taxpayer's own invoices, whatever else is stored."""

from decimal import Decimal

import pytest
from django.db import connection

from isaf.services.pairing import own_parameters, parameters, refresh_pairs
from isaf.sql import crosscheck as sql
from isaf.sql import past as past_sql
from representation.models import Taxpayer
from tests.isaf.registers_told import OCTOBER, Line, Told, tell, vat_of
from tests.make import make_taxpayer

pytestmark = pytest.mark.django_db

STORED = 6_000


@pytest.fixture
def trader() -> Taxpayer:
    """Somebody with 50 invoices beside one with very many."""
    trader, crowd, other = (make_taxpayer(vat_code=f"LT10000{n}111") for n in range(3))
    tell(
        crowd,
        "S",
        *(Told(f"C{n}", vat_of(other), lines=(Line(Decimal(n)),)) for n in range(STORED)),
    )
    tell(trader, "S", *(Told(f"T{n}", vat_of(other), lines=(Line(Decimal(n)),)) for n in range(50)))
    tell(other, "P", *(Told(f"T{n}", vat_of(trader), lines=(Line(Decimal(n)),)) for n in range(50)))
    refresh_pairs(crowd.pk, OCTOBER)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE isaf_invoice; ANALYZE isaf_tax_row; ANALYZE isaf_pair")
    return trader


def test_every_statement_finds_its_rows_by_index_and_writes_no_others(trader: Taxpayer) -> None:
    params = parameters(OCTOBER) | own_parameters(trader.pk)
    with connection.cursor() as cursor:
        cursor.execute(sql.TABLES)
        cursor.execute(past_sql.TABLE)
        for statement in (sql.PARTIES, sql.KEYS, sql.ENTRIES_OF_KEYS, sql.WIDEN, sql.FORGET_HERE):
            cursor.execute(f"EXPLAIN {statement}", params)
            plan = "\n".join(line for (line,) in cursor.fetchall())
            assert "Seq Scan on isaf_invoice_2026_10" not in plan, plan
            assert "Seq Scan on isaf_tax_row_2026_10" not in plan, plan
            assert "Seq Scan on isaf_pair_2026_10" not in plan, plan
            if statement is sql.KEYS:
                cursor.execute(statement, params)
                assert cursor.rowcount == 50
                cursor.execute("ANALYZE pair_key")
    assert refresh_pairs(trader.pk, OCTOBER) == 50

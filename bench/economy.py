"""A month of deals told by both sides, written by set-based SQL: what cross-check benches read.

Of a hundred deals 3 are missing at the buyer, 3 at the seller, 3 differ in the amount, 3 in the
VAT, 3 in the date, and 3 have a mistyped number.
"""

import time
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from typing import TYPE_CHECKING

from django.db import connection

from bench.ground import empty
from imas.kernel.periods import Period
from isaf.partitions import ROW_TABLES, ensure_partitions

if TYPE_CHECKING:
    from isaf.models import MonthPiece

PERIOD = Period.month(2026, 10)
FIRST = 1
"""The taxpayer that may be made to sell more than the others."""
_DEALS_OF_ONE = 50
_WORKERS = 2

_TAXPAYERS = """
INSERT INTO representation_taxpayer (id, kind, code, name, address, city, postal_code, country)
SELECT n, 'legal', 'BENCH' || n, 'UAB ' || n, '', '', '', 'LT'
FROM generate_series(1, %(traders)s) n;
INSERT INTO representation_vatregistration (taxpayer_id, vat_code, valid_from)
SELECT n, 'LT' || 100000000 + n, '2020-01-01' FROM generate_series(1, %(traders)s) n;
INSERT INTO isaf_part (id, taxpayer_id, type, start, "end", part_number, source, created_at,
    kept_at, invoices, error_count, warning_count, taxable, vat)
SELECT 2 * n + side, n, (ARRAY['SALES_REGISTRY', 'PURCHASE_REGISTRY'])[side + 1], '2026-10-01',
    '2026-10-31', '1', 'SERVICE_FILE', now(), now(), 0, 0, 0, 0, 0
FROM generate_series(1, %(traders)s) n, generate_series(0, 1) side;
INSERT INTO isaf_register (id, number, taxpayer_id, type, start, "end", state, relevant, current,
    revision, created_at, submitted_at, attempts, errors, warnings)
SELECT gen_random_uuid(), 'B-' || id, taxpayer_id, type, start, "end", 'ACCEPTED', true, true, 1,
    now(), now(), 0, 0, 0
FROM isaf_part;
INSERT INTO isaf_registerpart (register_id, part_id, part_number)
SELECT r.id, p.id, '1' FROM isaf_part p JOIN isaf_register r ON r.number = 'B-' || p.id;
"""

_DEALS = """
CREATE TEMP TABLE deal AS
SELECT n, CASE WHEN n <= %(of_first)s THEN 1
        ELSE 1 + (hashint8(n) & 2147483647) %% %(traders)s END AS seller,
    1 + (hashint8(n + 7) & 2147483647) %% %(traders)s AS buyer,
    'GK' || 1000000 + n AS number, '2026-10-01'::date + (n %% 28)::integer AS issued,
    ((hashint8(n + 13) & 2147483647) %% 1000000)::numeric / 100 AS taxable, n %% 100 AS luck
FROM generate_series(1, %(size)s) n
"""

_TOLD = """
INSERT INTO isaf_invoice (period_start, part_id, position, side, line, number, number_norm,
    match_key, counterparty_vat, counterparty_code, country, counterparty_name, issued, type,
    special, taxable, vat, total, codes)
SELECT '2026-10-01', 2 * {own} + {side}, n, '{letter}', n, said, said,
    hashtextextended(seller || ' ' || buyer || ' ' || said, 0), 'LT' || 100000000 + {other}, '',
    '', 'UAB ' || {other}, day, 'SF', false, base, tax, base + tax,
    CASE '{letter}' WHEN 'S' THEN 'PVM1' ELSE '' END
FROM (SELECT n, seller, buyer, {said} AS said, {day} AS day, {base} AS base, {tax} AS tax
    FROM deal WHERE luck NOT BETWEEN {lost} AND {lost} + 2) told
ORDER BY {own}, n
"""
_SALES = _TOLD.format(
    own="seller",
    other="buyer",
    side=0,
    letter="S",
    said="number",
    day="issued",
    base="taxable",
    tax="round(taxable * 0.21, 2)",
    lost=3,
)
_PURCHASES = _TOLD.format(
    own="buyer",
    other="seller",
    side=1,
    letter="P",
    said="CASE WHEN luck BETWEEN 15 AND 17 THEN left(number, -1) || 'O' ELSE number END",
    day="CASE WHEN luck BETWEEN 12 AND 14 THEN issued + 2 ELSE issued END",
    base="CASE WHEN luck BETWEEN 6 AND 8 THEN taxable + 10 ELSE taxable END",
    tax="CASE WHEN luck BETWEEN 9 AND 11 THEN 1 ELSE 0 END + round(taxable * 0.21, 2)",
    lost=0,
)
_TAX_ROWS = """
INSERT INTO isaf_tax_row (period_start, part_id, position, row_no, taxable, code, rate, amount)
SELECT period_start, part_id, position, 0, taxable, CASE side WHEN 'S' THEN 'PVM1' ELSE '' END, 21,
    vat
FROM isaf_invoice
"""


def tell(deals: int, *, of_first: int = 0) -> None:
    """Empty the database and store so many deals; `of_first` of them are sold by the FIRST."""
    empty()
    ensure_partitions(PERIOD.start, (*ROW_TABLES, "isaf_pair"))
    traders = max(20, deals // _DEALS_OF_ONE)
    params = {"traders": traders, "size": deals, "of_first": of_first}
    with connection.cursor() as cursor:
        cursor.execute(_TAXPAYERS, params)
        cursor.execute(_DEALS, params)
        for statement in (_SALES, _PURCHASES, _TAX_ROWS, "DROP TABLE deal", "VACUUM ANALYZE"):
            cursor.execute(statement)
        cursor.execute("CHECKPOINT")


def judge(turns: int = 1) -> list[float]:
    """Make sure of the month for everybody so many times; return the seconds of each.

    By two workers, each a process that stands ready, as those of the house do.
    """
    spawn = get_context("spawn")
    with ProcessPoolExecutor(_WORKERS, spawn, initializer=_start) as workers:
        list(workers.map(time.sleep, [1] * _WORKERS))
        return [_turn(workers) for _ in range(turns)]


def _turn(workers: ProcessPoolExecutor) -> float:
    pieces = [piece.pk for piece in _pieces()]
    before = time.perf_counter()
    list(workers.map(_work, pieces[:-1]))
    list(workers.map(_work, pieces[-1:]))
    return time.perf_counter() - before


def _pieces() -> list["MonthPiece"]:
    from isaf.services.months import order_month

    return order_month(PERIOD, _WORKERS)


def _start() -> None:
    import django

    django.setup()
    import isaf.services.surveying  # noqa: F401 - a worker that judged a month has it


def _work(piece_id: int) -> None:
    from isaf.services.months import refresh_month_piece

    if not refresh_month_piece(piece_id):
        raise SystemExit(f"Piece {piece_id} was not due")

"""The cross-check of one month for everybody, against DuckDB on the same pairs.

Both join sellers' with buyers' entries by their key, judge every deal, look for mistyped numbers
among what is left, and keep the verdict of every deal. DuckDB starts from a table that already
holds just what it compares, keeps no indexes, and writes to memory: it is the mark to look at, not
a thing that could serve readers meanwhile.
"""

import time
from collections import Counter
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from pathlib import Path
from typing import TYPE_CHECKING

import duckdb
from django.db import connection

from bench.ground import empty
from bench.memory import PeakMemory
from bench.result import Result
from imas.embedded.notes import var_dir
from imas.kernel.periods import Period

if TYPE_CHECKING:
    from isaf.models import MonthPiece

_PERIOD = Period.month(2026, 10)
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
SELECT n, 1 + (hashint8(n) & 2147483647) %% %(traders)s AS seller,
    1 + (hashint8(n + 7) & 2147483647) %% %(traders)s AS buyer,
    'GK' || 1000000 + n AS number, '2026-10-01'::date + (n %% 28)::integer AS issued,
    ((hashint8(n + 13) & 2147483647) %% 1000000)::numeric / 100 AS taxable, n %% 100 AS luck
FROM generate_series(1, %(size)s) n
"""

# Of a hundred deals 3 are missing at the buyer, 3 at the seller, 3 differ in the amount, 3 in the
# VAT, 3 in the date, and 3 have a mistyped number.
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
_EXPORT = """
COPY (SELECT i.side, i.match_key, p.taxpayer_id, i.counterparty_vat, i.number_norm, i.issued,
    i.type, i.taxable, t.amount, t.code FROM isaf_invoice i JOIN isaf_part p ON p.id = i.part_id
    JOIN isaf_tax_row t USING (period_start, part_id, position)) TO STDOUT (FORMAT csv)
"""

_LOAD = """
CREATE TABLE told AS SELECT * FROM read_csv('{path}', header = false, quote = '"', columns = {{
    'side': 'VARCHAR', 'k': 'BIGINT', 'own': 'BIGINT', 'other': 'VARCHAR', 'number': 'VARCHAR',
    'issued': 'DATE', 'type': 'VARCHAR', 'taxable': 'DECIMAL(18,2)', 'vat': 'DECIMAL(18,2)',
    'code': 'VARCHAR'}})
"""
_JUDGE = """
CREATE TABLE pair AS
SELECT coalesce(s.k, p.k) AS k, s.own AS seller, p.own AS buyer, s.other AS s_other,
    p.other AS p_other, s.number AS s_number, p.number AS p_number,
    coalesce(s.issued, p.issued) AS issued, coalesce(s.taxable + s.vat, p.taxable + p.vat) AS total,
    CASE WHEN p.k IS NULL THEN 'missing at buyer' WHEN s.k IS NULL THEN 'missing at seller'
        WHEN s.issued <> p.issued OR s.taxable <> p.taxable OR s.vat <> p.vat OR s.type <> p.type
            OR (s.code <> p.code AND p.code <> '') THEN 'differs' ELSE 'matched' END AS state
FROM (SELECT * FROM told WHERE side = 'S') s FULL JOIN (SELECT * FROM told WHERE side = 'P') p
    ON s.k = p.k AND s.number = p.number
"""
_ALIKE = """
CREATE TABLE alike AS SELECT s.k AS s_key, p.k AS p_key
FROM pair s JOIN pair p ON s.issued = p.issued AND s.total = p.total
    AND s.s_other = 'LT' || (100000000 + p.buyer) AND p.p_other = 'LT' || (100000000 + s.seller)
WHERE s.state = 'missing at buyer' AND p.state = 'missing at seller'
    AND damerau_levenshtein(s.s_number, p.p_number) <= 1
"""
_COUNT_OURS = """
SELECT CASE WHEN state <> 'missing' THEN state WHEN sale_part IS NULL THEN 'missing at seller'
    ELSE 'missing at buyer' END, count(*) FROM isaf_pair GROUP BY 1
"""


def measure(size: int) -> Result:
    """Judge so many deals; both must reach the same verdicts."""
    _economy(size)
    path = var_dir() / "files" / "told.csv"
    with path.open("w") as file, connection.cursor() as cursor:
        cursor.copy_expert(_EXPORT, file)
    with PeakMemory() as memory:
        seconds, again = _ours(), _ours()
    reference, verdicts = _duckdb(path)
    with connection.cursor() as cursor:
        cursor.execute(_COUNT_OURS)
        ours = Counter(dict(cursor.fetchall()))
    if ours != verdicts:
        raise SystemExit(f"Not the same verdicts: {ours} and {verdicts}")
    notes = f"once more, nothing to write but what possible matches bind: {again:.1f} s"
    return Result(
        "crosscheck", size, seconds, "DuckDB, same pairs", reference, memory.megabytes, notes
    )


def _economy(size: int) -> None:
    from isaf.partitions import ROW_TABLES, ensure_partitions

    empty()
    ensure_partitions(_PERIOD.start, (*ROW_TABLES, "isaf_pair"))
    params = {"traders": max(20, size // _DEALS_OF_ONE), "size": size}
    with connection.cursor() as cursor:
        cursor.execute(_TAXPAYERS, params)
        cursor.execute(_DEALS, params)
        for statement in (_SALES, _PURCHASES, _TAX_ROWS, "DROP TABLE deal", "VACUUM ANALYZE"):
            cursor.execute(statement)
        cursor.execute("CHECKPOINT")


def _ours() -> float:
    """Return the seconds of two workers, each with its own process and connection."""
    pieces = [piece.pk for piece in _pieces()]
    before = time.perf_counter()
    spawn = get_context("spawn")
    with ProcessPoolExecutor(_WORKERS, spawn, initializer=_start) as workers:
        list(workers.map(_work, pieces[:-1]))
        list(workers.map(_work, pieces[-1:]))
    return time.perf_counter() - before


def _pieces() -> list["MonthPiece"]:
    from isaf.services.months import order_month

    return order_month(_PERIOD, _WORKERS)


def _start() -> None:
    import django

    django.setup()


def _work(piece_id: int) -> None:
    from isaf.services.months import refresh_month_piece

    if not refresh_month_piece(piece_id):
        raise SystemExit(f"Piece {piece_id} was not due")


def _duckdb(path: Path) -> tuple[float, Counter[str]]:
    """Return the seconds of judging and the verdicts; loading is not counted."""
    with duckdb.connect(":memory:") as duck:
        duck.execute("SET threads = 2; SET preserve_insertion_order = false")
        duck.execute(_LOAD.format(path=path))
        before = time.perf_counter()
        duck.execute(_JUDGE)
        duck.execute(_ALIKE)
        seconds = time.perf_counter() - before
        verdicts = Counter(
            dict(duck.execute("SELECT state, count(*) FROM pair GROUP BY 1").fetchall())
        )
        (alike,) = duck.execute("SELECT count(*) FROM alike").fetchone() or (0,)
    verdicts["possible_match"] = alike
    verdicts["missing at buyer"] -= alike
    verdicts["missing at seller"] -= alike
    return seconds, verdicts

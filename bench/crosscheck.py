"""The cross-check of one month for everybody, judged for the first time, against DuckDB.

Both join sellers' with buyers' entries by their key, judge every deal, look for mistyped numbers
among what is left, and keep the verdict of every deal. DuckDB starts from a table that already
holds just what it compares, keeps no indexes, and writes to memory: it is the mark to look at, not
a thing that could serve readers meanwhile.
"""

import time
from collections import Counter
from pathlib import Path

import duckdb
from django.db import connection

from bench.economy import judge, tell
from bench.memory import PeakMemory
from bench.result import Result
from imas.embedded.notes import var_dir

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
    """Judge so many deals that nobody judged before; both must reach the same verdicts."""
    tell(size)
    with PeakMemory() as memory:
        (seconds,) = judge()
    reference = judged_alike()
    return Result("crosscheck", size, seconds, "DuckDB, same pairs", reference, memory.megabytes)


def judged_alike() -> float:
    """Return the seconds DuckDB takes for the deals stored; SystemExit when its verdicts differ."""
    path = var_dir() / "files" / "told.csv"
    with path.open("w") as file, connection.cursor() as cursor:
        cursor.copy_expert(_EXPORT, file)
        cursor.execute(_COUNT_OURS)
        ours = Counter(dict(cursor.fetchall()))
    seconds, verdicts = _duckdb(path)
    if ours != verdicts:
        raise SystemExit(f"Not the same verdicts: {ours} and {verdicts}")
    return seconds


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

"""A preliminary return of one taxpayer with `size` rows of registers.

Computed set by set: read, ruled, written down row by row and summed. The reference is the bare sum
of the same rows by code in the same database, which keeps nothing and explains nothing.
"""

import statistics
import time
from typing import TYPE_CHECKING

from django.db import connection

from bench.ground import empty
from bench.memory import PeakMemory
from bench.result import Result
from imas.kernel.periods import Period

if TYPE_CHECKING:
    from isaf.models import PreliminaryReturn
    from representation.types import Acting

_PERIOD = Period.month(2026, 10)
_TURNS = 9

_TAXPAYER = """
INSERT INTO representation_taxpayer (id, kind, code, name, address, city, postal_code, country)
VALUES (1, 'legal', 'BENCH1', 'UAB 1', '', '', '', 'LT');
INSERT INTO isaf_part (id, taxpayer_id, type, start, "end", part_number, source, created_at,
    kept_at, invoices, error_count, warning_count, taxable, vat)
SELECT side, 1, (ARRAY['SALES_REGISTRY', 'PURCHASE_REGISTRY'])[side], '2026-10-01', '2026-10-31',
    '1', 'SERVICE_FILE', now(), now(), 0, 0, 0, 0, 0
FROM generate_series(1, 2) side;
INSERT INTO isaf_register (id, number, taxpayer_id, type, start, "end", state, relevant, current,
    revision, created_at, submitted_at, attempts, errors, warnings)
SELECT gen_random_uuid(), 'B-' || id, 1, type, start, "end", 'ACCEPTED', true, true, 1, now(),
    now(), 0, 0, 0
FROM isaf_part;
INSERT INTO isaf_registerpart (register_id, part_id, part_number)
SELECT r.id, p.id, '1' FROM isaf_part p JOIN isaf_register r ON r.number = 'B-' || p.id;
"""
_INVOICES = """
INSERT INTO isaf_invoice (period_start, part_id, position, side, line, number, number_norm,
    match_key, counterparty_vat, counterparty_code, country, counterparty_name, issued, type,
    special, taxable, vat, total, codes)
SELECT '2026-10-01', 1 + n %% 2, n, (ARRAY['S', 'P'])[1 + n %% 2], n, 'GK' || n, 'GK' || n, n,
    'LT' || 100000000 + n %% 20000, '', '', 'UAB ' || n %% 20000, '2026-10-01', 'SF', false,
    100 + n %% 1000, 21, 121, CASE n %% 2
        WHEN 0 THEN (ARRAY['PVM1', 'PVM58', 'PVM13', 'PVM25'])[1 + n %% 4]
        ELSE (ARRAY['', 'PVM1', 'PVM16', 'PVM21'])[1 + n / 2 %% 4] END
FROM generate_series(1, %(size)s) n
"""
_TAX_ROWS = """
INSERT INTO isaf_tax_row (period_start, part_id, position, row_no, taxable, code, rate, amount)
SELECT period_start, part_id, position, row, taxable / (1 + row),
    CASE WHEN side = 'S' THEN (ARRAY['PVM1', 'PVM58', 'PVM13', 'PVM25'])[1 + position %% 4]
        ELSE (ARRAY['', 'PVM1', 'PVM16', 'PVM21'])[1 + position / 2 %% 4] END,
    21, 21
FROM isaf_invoice, generate_series(0, CASE WHEN position %% 10 < 3 THEN 1 ELSE 0 END) row
"""
_BARE = "SELECT part_id, code, count(*), sum(taxable), sum(amount) FROM isaf_tax_row GROUP BY 1, 2"


def measure(size: int) -> Result:
    """Compute the return of so many rows, decide on an invoice, open a box."""
    _economy(size * 10 // 13)
    from isaf.returns.forms import FormName
    from isaf.services import computing, returns
    from representation.models import Taxpayer
    from representation.types import system_acting

    taxpayer = Taxpayer.objects.get(pk=1)
    acting = system_acting(taxpayer, ["isaf.returns"])
    (ordered,) = returns.order_returns(acting, [_PERIOD], [FormName.RETURN])
    with PeakMemory() as memory:
        before = time.perf_counter()
        computing.compute_return(ordered.pk)
        seconds = time.perf_counter() - before
    reference = _bare()
    decided, opened = _decided(acting, ordered), _opened(ordered)
    return Result(
        "returns",
        size,
        seconds,
        "the bare sum of the rows by code",
        reference,
        memory.megabytes,
        notes=f"after one decision {decided * 1000:.0f} ms, a page of a box {opened * 1000:.0f} ms"
        f" (medians of {_TURNS})",
    )


def _economy(invoices: int) -> None:
    from isaf.partitions import ROW_TABLES, ensure_partitions

    empty()
    ensure_partitions(_PERIOD.start, (*ROW_TABLES, "isaf_contribution"))
    with connection.cursor() as cursor:
        cursor.execute(_TAXPAYER)
        for statement in (_INVOICES, _TAX_ROWS):
            cursor.execute(statement, {"size": invoices})
        cursor.execute("VACUUM ANALYZE")
        cursor.execute("CHECKPOINT")


def _bare() -> float:
    before = time.perf_counter()
    with connection.cursor() as cursor:
        cursor.execute(_BARE)
        cursor.fetchall()
    return time.perf_counter() - before


def _decided(acting: "Acting", ordered: "PreliminaryReturn") -> float:
    from isaf.returns.standing import Counted
    from isaf.services.return_decisions import Choice, decide

    each = []
    for turn in range(_TURNS):
        position = 1_000 + turn
        before = time.perf_counter()
        place = (_PERIOD.start, 1 + position % 2, position)
        decide(acting, ordered.pk, [place], Choice(Counted.EXCLUDED, reason="bench"))
        each.append(time.perf_counter() - before)
    return statistics.median(each)


def _opened(ordered: "PreliminaryReturn") -> float:
    from isaf.returns.standing import Counted
    from isaf.selectors.contributions import fed_page
    from isaf.selectors.returns import find_version

    version, cursor, each = find_version(ordered), "", []
    for _ in range(_TURNS):
        before = time.perf_counter()
        cursor = fed_page(version, Counted.COUNTED, "S:PVM13", cursor).next
        each.append(time.perf_counter() - before)
    return statistics.median(each)

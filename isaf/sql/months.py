"""A month judged for everybody, as SQL: by ranges of the key, and what the ranges leave.

The deals are those of `isaf.sql.crosscheck`, gathered by reading the month from one end to the
other, and only pairs that are not as judged are written. Ranges may be judged at the same time, so
none touches a key that a possible match binds to another (pair_bound): those are the last piece.
"""

from isaf.sql import crosscheck as sql

LOCK = """
SELECT pg_advisory_xact_lock(hashtext('isaf.pair.everybody'), lane)
FROM generate_series(%(first_lane)s, %(last_lane)s) lane
"""

# Both keys of every possible match, wherever it lies.
_BOUND = """
SELECT key FROM isaf_pair p, unnest(ARRAY[p.match_key, p.near_key]) key
WHERE p.near_key IS NOT NULL
"""
BOUND_IN_RANGE = f"""
INSERT INTO pair_bound SELECT DISTINCT key FROM ({_BOUND}) bound
WHERE key BETWEEN %(least)s AND %(greatest)s
"""
BOUND_HERE = f"""
INSERT INTO pair_key (match_key)
SELECT DISTINCT key
FROM ({_BOUND}) bound
WHERE EXISTS (
    SELECT FROM isaf_pair p WHERE p.match_key = key
        AND (p.period_start BETWEEN %(lo)s AND %(hi)s OR p.buyer_month BETWEEN %(lo)s AND %(hi)s)
) OR EXISTS (
    SELECT FROM isaf_pair p WHERE p.near_key = key
        AND (p.period_start BETWEEN %(lo)s AND %(hi)s OR p.buyer_month BETWEEN %(lo)s AND %(hi)s)
) OR EXISTS (
    SELECT FROM isaf_invoice i
    WHERE i.match_key = key AND i.period_start BETWEEN %(earliest)s AND %(until)s
)
"""

LEAVE_BOUND = "DELETE FROM pair_entry e USING pair_bound b WHERE b.match_key = e.match_key"

_IN_RANGE = """(i.match_key BETWEEN %(least)s AND %(greatest)s OR i.match_key IS NULL
    AND hashint8extended(i.part_id, i.position) BETWEEN %(least)s AND %(greatest)s)"""

_MONTH = """coalesce(r.month,
    date_trunc('month', least(greatest(i.issued, r.start), r."end"))::date)"""

# Registers and payers are few beside invoices: what is to be known of them is worked out before
# they are joined, the month of a register and who held a VAT code at its end or its start.
ENTRIES_OF_RANGE = f"""
WITH shown AS MATERIALIZED (
    SELECT rp.part_id, r.start, r."end", r.taxpayer_id,
        CASE WHEN r."end" - r.start < 31 THEN date_trunc('month', r.start)::date END AS month
    FROM isaf_register r JOIN isaf_registerpart rp ON rp.register_id = r.id
    WHERE {sql.COUNTS} AND r.start BETWEEN %(lo)s AND %(until)s
), payer AS MATERIALIZED (
    SELECT term.start, term."end", v.vat_code, coalesce(
        max(v.taxpayer_id) FILTER (
            WHERE term."end" BETWEEN v.valid_from AND coalesce(v.valid_to, 'infinity')),
        max(v.taxpayer_id) FILTER (
            WHERE term.start BETWEEN v.valid_from AND coalesce(v.valid_to, 'infinity'))) AS id
    FROM (SELECT DISTINCT start, "end" FROM shown) term, representation_vatregistration v
    GROUP BY 1, 2, 3
)
""" + sql.ENTRY.format(
    month=_MONTH,
    other="coalesce(payer.id, coded.id)",
    source="isaf_invoice i JOIN shown r ON r.part_id = i.part_id AND r.start = i.period_start",
    payers="""LEFT JOIN payer ON payer.start = r.start AND payer."end" = r."end"
    AND payer.vat_code = i.counterparty_vat""",
    tax=f"""(
        SELECT t.period_start, t.part_id, t.position, {sql.CODES}
        WHERE t.period_start BETWEEN %(lo)s AND %(until)s GROUP BY 1, 2, 3
    ) tax ON tax.period_start = i.period_start AND tax.part_id = i.part_id
        AND tax.position = i.position""",
    which=f"""i.period_start BETWEEN %(lo)s AND %(until)s AND {_IN_RANGE}
        AND {_MONTH} BETWEEN %(lo)s AND %(hi)s""",
)

# Half-years that began in earlier months, found by their registers.
LONGER_ENTRIES_OF_RANGE = sql.entries(
    source=sql.REGISTERED,
    which=f"""r.start BETWEEN %(earliest)s AND %(lo)s::date - 1 AND r."end" >= %(lo)s
        AND {sql.COUNTS} AND i.period_start BETWEEN %(earliest)s AND %(lo)s::date - 1
        AND {sql.HERE} AND {_IN_RANGE}""",
)

# Of other months the pairs of wide keys are written anew, same or not: they are few.
JUDGED = f"""
DROP TABLE IF EXISTS pair_judged, pair_same;
CREATE TEMP TABLE pair_judged ON COMMIT DROP AS {sql.JUDGED};
ANALYZE pair_judged;
CREATE TEMP TABLE pair_same ON COMMIT DROP AS
SELECT p.match_key, p.period_start, p.nth
FROM isaf_pair p JOIN pair_judged j
    ON j.match_key = p.match_key AND j.period_start = p.period_start AND j.nth = p.nth
WHERE p.period_start BETWEEN %(lo)s AND %(hi)s AND p.near_key IS NULL
    AND p.match_key BETWEEN %(least)s AND %(greatest)s
    AND (j.seller_id, j.buyer_id, j.buyer_month, j.issued, j.s_start, j.sale_part, j.s_position,
        j.p_start, j.p_part, j.p_position, j.state, j.reason, j.fields, j.taxable_gap, j.vat_gap,
        j.total_gap)
    IS NOT DISTINCT FROM (p.seller_id, p.buyer_id, p.buyer_month, p.issued, p.sale_start,
        p.sale_part, p.sale_position, p.purchase_start, p.purchase_part, p.purchase_position,
        p.state, p.reason, p.fields, p.taxable_gap, p.vat_gap, p.total_gap);
ANALYZE pair_same
"""
_CHANGED = """NOT EXISTS (
    SELECT FROM pair_same same WHERE same.match_key = {0}.match_key
        AND same.period_start = {0}.period_start AND same.nth = {0}.nth
)"""
FORGET_RANGE = sql.FORGET.format(
    delete=f"""DELETE FROM isaf_pair p
    WHERE p.period_start BETWEEN %(lo)s AND %(hi)s
        AND p.match_key BETWEEN %(least)s AND %(greatest)s
        AND NOT EXISTS (SELECT FROM pair_bound b WHERE b.match_key = p.match_key)
        AND {_CHANGED.format("p")}"""
)
FORGET_ELSEWHERE = sql.FORGET.format(
    delete=f"""DELETE FROM isaf_pair p USING pair_key k
    WHERE k.wide AND p.match_key = k.match_key AND {_CHANGED.format("p")}"""
)
# Not asked of isaf_pair, which other ranges fill meanwhile: planned when empty, read when full.
# In the order of the primary key its index takes half the time.
KEEP = f"""{sql.KEPT.format(judged="pair_judged")}
WHERE {_CHANGED.format("j")}
ORDER BY j.match_key
"""

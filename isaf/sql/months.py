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

BY_ONE_PROCESS = "SET LOCAL max_parallel_workers_per_gather TO 0"
"""Ranges run at once as it is: helpers of one would take the time of another."""

# Both keys of every possible match, wherever it lies.
BOUND = """
INSERT INTO pair_bound
SELECT DISTINCT key FROM isaf_pair p, unnest(ARRAY[p.match_key, p.near_key]) key
WHERE p.near_key IS NOT NULL AND key BETWEEN %(least)s AND %(greatest)s
"""
_IN_MONTH = """(p.period_start BETWEEN %(lo)s AND %(hi)s
    OR p.buyer_month BETWEEN %(lo)s AND %(hi)s)"""
BOUND_HERE = f"""
INSERT INTO pair_key (match_key)
SELECT b.match_key FROM pair_bound b JOIN isaf_pair p ON p.match_key = b.match_key
WHERE {_IN_MONTH}
UNION
SELECT b.match_key FROM pair_bound b JOIN isaf_pair p ON p.near_key = b.match_key
WHERE {_IN_MONTH}
UNION
SELECT b.match_key FROM pair_bound b JOIN isaf_invoice i ON i.match_key = b.match_key
WHERE i.period_start BETWEEN %(earliest)s AND %(until)s
"""

LEAVE_BOUND = "DELETE FROM pair_entry e USING pair_bound b WHERE b.match_key = e.match_key"

_OWN_KEY = "hashint8extended(i.part_id, i.position)"
_IN_RANGE = f"""(i.match_key BETWEEN %(least)s AND %(greatest)s
    AND {sql.IN_DOUBT.format("i.match_key")}
    OR i.match_key IS NULL AND {_OWN_KEY} BETWEEN %(least)s AND %(greatest)s
    AND {sql.IN_DOUBT.format(_OWN_KEY)})"""

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
    vat=sql.CHARGED.format("i"),
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

# Most keys bear one sale and one purchase that say the same: matched under any terms, they need
# not go the long way of the others. Nor do those of one ordinary code that the other leaves out.
_LEFT_OUT = """{0}.codes = '' AND {1}.codes <> ALL (%(reverse)s) AND {1}.codes NOT LIKE '%%,%%'"""
# The keys of several entries are a table with an index: the join before them is thought to give one
# row, so that whatever stands after it is asked row by row, millions of times.
PLAIN = f"""
DROP TABLE IF EXISTS pair_many, pair_judged, pair_changed;
CREATE TEMP TABLE pair_many (match_key bigint PRIMARY KEY) ON COMMIT DROP;
INSERT INTO pair_many SELECT match_key FROM pair_entry GROUP BY match_key HAVING count(*) > 2;
CREATE TEMP TABLE pair_judged ON COMMIT DROP AS
SELECT s.month AS period_start, s.match_key, 1 AS nth, s.own_id AS seller_id, p.own_id AS buyer_id,
    s.month AS buyer_month, s.issued, s.period_start AS s_start, s.part_id AS sale_part,
    s.position AS s_position, p.period_start AS p_start, p.part_id AS p_part,
    p.position AS p_position, 'matched' AS state, '' AS reason, 0 AS fields,
    0::numeric AS taxable_gap, 0::numeric AS vat_gap, 0::numeric AS total_gap
FROM pair_entry s JOIN pair_entry p ON p.match_key = s.match_key AND p.month = s.month
    AND p.own_id = s.other_id AND p.other_id = s.own_id AND p.number_norm = s.number_norm
    AND p.issued = s.issued AND p.taxable = s.taxable AND p.vat = s.vat AND p.type = s.type
WHERE s.side = 'S' AND p.side = 'P' AND (s.codes = p.codes
        OR {_LEFT_OUT.format("p", "s")} OR {_LEFT_OUT.format("s", "p")})
    AND NOT EXISTS (SELECT FROM pair_many many WHERE many.match_key = s.match_key);
ANALYZE pair_judged
"""
PAIR_REST = sql.SAME_MONTH.format(
    part=f"""{sql.LOOKED_AT} AND NOT EXISTS (
        SELECT FROM pair_judged j
        WHERE j.match_key = pair_entry.match_key AND j.period_start = pair_entry.month
    )"""
)

# Of other months the pairs of wide keys are written anew, same or not: they are few. A full join is
# planned alike whether isaf_pair, which other ranges fill meanwhile, is thought empty or full.
JUDGED = f"""
INSERT INTO pair_judged {sql.JUDGED};
CREATE TEMP TABLE pair_changed ON COMMIT DROP AS
SELECT match_key, period_start, nth, p.state IS NOT NULL AS held
FROM (
    SELECT * FROM isaf_pair p
    WHERE p.period_start BETWEEN %(lo)s AND %(hi)s
        AND p.match_key BETWEEN %(least)s AND %(greatest)s
        AND {sql.IN_DOUBT.format("p.match_key")}
        AND NOT EXISTS (SELECT FROM pair_bound b WHERE b.match_key = p.match_key)
) p FULL JOIN pair_judged j USING (match_key, period_start, nth)
WHERE (j.state, j.seller_id, j.buyer_id, j.buyer_month, j.issued, j.s_start, j.sale_part,
        j.s_position, j.p_start, j.p_part, j.p_position, j.reason, j.fields, j.taxable_gap,
        j.vat_gap, j.total_gap, NULL)
    IS DISTINCT FROM (p.state, p.seller_id, p.buyer_id, p.buyer_month, p.issued, p.sale_start,
        p.sale_part, p.sale_position, p.purchase_start, p.purchase_part, p.purchase_position,
        p.reason, p.fields, p.taxable_gap, p.vat_gap, p.total_gap, p.near_key);
ANALYZE pair_changed
"""
FORGET_RANGE = sql.FORGET.format(
    delete="""DELETE FROM isaf_pair p USING pair_changed c
    WHERE c.held AND p.match_key = c.match_key AND p.period_start = c.period_start
        AND p.nth = c.nth"""
)
FORGET_ELSEWHERE = sql.FORGET.format(
    delete="""DELETE FROM isaf_pair p USING pair_key k
    WHERE k.wide AND p.match_key = k.match_key AND p.period_start NOT BETWEEN %(lo)s AND %(hi)s"""
)
# In the order of the primary key its index takes half the time.
KEEP = f"""{sql.KEPT.format(judged="pair_judged")}
JOIN pair_changed c ON c.match_key = j.match_key AND c.period_start = j.period_start
    AND c.nth = j.nth
ORDER BY j.match_key
"""
# Where only single keys were in doubt and all were found to be as they are, nothing else follows.
ANY_TOUCHED = """
SELECT %(everything)s OR cardinality(%(buckets)s::bigint[]) > 0
    OR EXISTS (SELECT FROM pair_was) OR EXISTS (SELECT FROM pair_changed)
    OR EXISTS (SELECT FROM pair_bound WHERE match_key = ANY (%(keys)s::bigint[]))
"""

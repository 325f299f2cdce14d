"""The cross-check as SQL: sets in, sets out, nothing fetched that need not be.

The same decisions as `isaf.matching`, which a test holds against these statements. A deal lives
in a calendar month; `lo` and `hi` are the first days of the first and last month looked at.
Statements run in the order they stand here, over three temporary tables of one transaction:
pair_key, the deals to be judged anew; pair_entry, what registers say of them; pair_deal, both
sides of each.
"""

from isaf.facts import LANES
from isaf.sql import past as past_sql

COUNTS = "r.current AND r.state IN ('SUBMITTED', 'ACCEPTED')"
"""A register counts while it is the current revision and neither in preparation nor rejected."""

TABLES = """
CREATE TEMP TABLE IF NOT EXISTS pair_key (
    match_key bigint PRIMARY KEY, wide boolean NOT NULL DEFAULT false
) ON COMMIT DROP;
CREATE TEMP TABLE IF NOT EXISTS pair_entry (
    match_key bigint, nth integer, side "char", month date, since date, until date,
    period_start date, part_id bigint, position integer, own_id bigint, other_id bigint,
    obstacle text, number_norm text, issued date, type text, taxable numeric, vat numeric,
    codes text
) ON COMMIT DROP;
CREATE TEMP TABLE IF NOT EXISTS pair_deal (
    match_key bigint,
    s_nth integer, s_month date, s_since date, s_until date, s_start date, s_part bigint,
    s_position integer, s_own bigint, s_other bigint, s_obstacle text, s_issued date, s_type text,
    s_taxable numeric, s_vat numeric, s_codes text,
    p_nth integer, p_month date, p_since date, p_until date, p_start date, p_part bigint,
    p_position integer, p_own bigint, p_other bigint, p_obstacle text, p_issued date, p_type text,
    p_taxable numeric, p_vat numeric, p_codes text
) ON COMMIT DROP;
CREATE TEMP TABLE IF NOT EXISTS pair_bound (match_key bigint PRIMARY KEY) ON COMMIT DROP;
TRUNCATE pair_key, pair_entry, pair_deal, pair_bound;
"""
"""pair_bound holds the keys that are left to the last piece of a month; see `isaf.sql.months`."""

# Who may share a deal with the taxpayer, as buckets of locks: one bucket for two parties.
PARTIES = f"""
WITH other AS (
    SELECT v.taxpayer_id AS id
    FROM isaf_register r
    JOIN isaf_registerpart rp ON rp.register_id = r.id
    JOIN isaf_invoice i ON i.period_start = r.start AND i.part_id = rp.part_id
    JOIN representation_vatregistration v ON v.vat_code = i.counterparty_vat
    WHERE r.taxpayer_id = %(taxpayer)s AND r.start <= %(until)s AND r."end" >= %(lo)s AND {COUNTS}
    UNION
    SELECT t.taxpayer_id
    FROM isaf_invoice i
    JOIN isaf_part t ON t.id = i.part_id
    WHERE i.counterparty_vat = ANY (%(vat_codes)s::text[]) AND i.counterparty_vat <> ''
        AND i.period_start BETWEEN %(earliest)s AND %(until)s
    UNION
    SELECT buyer_id FROM isaf_pair
    WHERE seller_id = %(taxpayer)s AND period_start BETWEEN %(lo)s AND %(hi)s
    UNION
    SELECT seller_id FROM isaf_pair
    WHERE buyer_id = %(taxpayer)s AND buyer_month BETWEEN %(lo)s AND %(hi)s
)
SELECT DISTINCT
    hashint8extended(least(id, %(taxpayer)s), greatest(id, %(taxpayer)s)) & 255 AS bucket
FROM other WHERE id IS NOT NULL ORDER BY bucket
"""

# Each lane of the keys has a lock: whoever judges a month takes those of his range.
NOT_WHILE_EVERYBODY = f"""
SELECT pg_advisory_xact_lock_shared(hashtext('isaf.pair.everybody'), lane)
FROM generate_series(0, {LANES - 1}) lane
"""

LOCK = """
SELECT pg_advisory_xact_lock(hashtext('isaf.pair'), bucket)
FROM unnest(%(buckets)s::integer[]) bucket
"""

KEYS = f"""
INSERT INTO pair_key (match_key)
SELECT i.match_key
FROM isaf_register r
JOIN isaf_registerpart rp ON rp.register_id = r.id
JOIN isaf_invoice i ON i.period_start = r.start AND i.part_id = rp.part_id
WHERE r.taxpayer_id = %(taxpayer)s AND r.start <= %(until)s AND r."end" >= %(lo)s AND {COUNTS}
    AND i.match_key IS NOT NULL
UNION
SELECT i.match_key
FROM isaf_invoice i
WHERE i.counterparty_vat = ANY (%(vat_codes)s::text[]) AND i.counterparty_vat <> ''
    AND i.period_start BETWEEN %(earliest)s AND %(until)s AND i.match_key IS NOT NULL
UNION
SELECT unnest(ARRAY[match_key, near_key]) FROM isaf_pair
WHERE seller_id = %(taxpayer)s AND period_start BETWEEN %(lo)s AND %(hi)s
UNION
SELECT unnest(ARRAY[match_key, near_key]) FROM isaf_pair
WHERE buyer_id = %(taxpayer)s AND buyer_month BETWEEN %(lo)s AND %(hi)s
EXCEPT SELECT NULL
"""

# A possible match binds two keys: whoever touches one touches the other. Repeat until none comes.
NEAR_KEYS = """
WITH bound AS (
    SELECT p.match_key, p.near_key FROM isaf_pair p JOIN pair_key k USING (match_key)
    WHERE p.near_key IS NOT NULL
    UNION
    SELECT p.match_key, p.near_key FROM isaf_pair p JOIN pair_key k ON k.match_key = p.near_key
)
INSERT INTO pair_key (match_key, wide)
SELECT DISTINCT unnest(ARRAY[match_key, near_key]), true FROM bound
ON CONFLICT (match_key) DO UPDATE SET wide = true WHERE NOT pair_key.wide
"""

_MONTH = """CASE WHEN r."end" - r.start < 31 THEN date_trunc('month', r.start)::date
    ELSE date_trunc('month', least(greatest(i.issued, r.start), r."end"))::date END"""

_SHOWN = f"""
JOIN isaf_registerpart rp ON rp.part_id = i.part_id
JOIN isaf_register r ON r.id = rp.register_id AND r.start = i.period_start AND {COUNTS}
"""

# Reverse charge is left out: the buyer charges it, the seller does not. See matching.
CHARGED = """CASE WHEN string_to_array({0}.codes, ',') && %(reverse)s THEN (
    SELECT coalesce(sum(t.amount) FILTER (WHERE t.code <> ALL (%(reverse)s)), 0)
    FROM isaf_tax_row t WHERE t.period_start = {0}.period_start AND t.part_id = {0}.part_id
        AND t.position = {0}.position
) ELSE {0}.vat END"""
"""The VAT that the seller of an invoice charges."""

ENTRY = """
INSERT INTO pair_entry (match_key, side, month, since, until, period_start, part_id, position,
    own_id, other_id, obstacle, number_norm, issued, type, taxable, vat, codes)
SELECT coalesce(i.match_key, hashint8extended(i.part_id, i.position)), i.side, {month}, r.start,
    r."end", i.period_start, i.part_id, i.position, r.taxpayer_id, {other},
    CASE
        WHEN {other} IS NOT NULL THEN CASE WHEN i.match_key IS NULL THEN 'not-a-payer' END
        WHEN i.counterparty_vat LIKE 'LT%%' THEN 'not-a-payer'
        WHEN i.counterparty_vat <> '' OR i.country NOT IN ('', 'LT') THEN 'foreign'
        ELSE 'no-vat-code'
    END,
    i.number_norm, i.issued, coalesce(nullif(rtrim(i.type), ''), 'SF'),
    i.taxable, {vat}, i.codes
FROM {source}
{payers}
LEFT JOIN representation_taxpayer coded ON i.counterparty_vat = '' AND i.match_key IS NOT NULL
    AND coded.code = i.counterparty_code
WHERE {which}
"""
"""An entry of each invoice of the sources, which name it `i` and its register `r`."""

_PAYERS_OF_FEW = """
LEFT JOIN representation_vatregistration last ON last.vat_code = i.counterparty_vat
    AND r."end" BETWEEN last.valid_from AND coalesce(last.valid_to, 'infinity')
LEFT JOIN representation_vatregistration first ON first.vat_code = i.counterparty_vat
    AND r.start BETWEEN first.valid_from AND coalesce(first.valid_to, 'infinity')
"""
HERE = f"{_MONTH} BETWEEN %(lo)s AND %(hi)s"
REGISTERED = """isaf_register r JOIN isaf_registerpart rp ON rp.register_id = r.id
JOIN isaf_invoice i ON i.period_start = r.start AND i.part_id = rp.part_id"""


def entries(source: str, which: str) -> str:
    """Return the statement that gathers entries of few invoices, each looked up by itself."""
    return ENTRY.format(
        month=_MONTH,
        other="coalesce(last.taxpayer_id, first.taxpayer_id, coded.id)",
        payers=_PAYERS_OF_FEW,
        vat=CHARGED.format("i"),
        source=source,
        which=which,
    )


ENTRIES_OF_KEYS = entries(
    source=f"pair_key k JOIN isaf_invoice i ON i.match_key = k.match_key {_SHOWN}",
    which=f"i.period_start BETWEEN %(earliest)s AND %(until)s AND {HERE}",
)

ENTRIES_WITHOUT_KEY = entries(
    source=REGISTERED,
    which=f"""r.taxpayer_id = %(taxpayer)s AND r.start <= %(until)s AND r."end" >= %(lo)s
        AND {COUNTS} AND i.match_key IS NULL AND {HERE}""",
)

# OFFSET 0 has each key looked up by itself: the planner would rather read whole months in order.
ENTRIES_ELSEWHERE = entries(
    source=f"""pair_key k CROSS JOIN LATERAL (
        SELECT * FROM isaf_invoice held WHERE held.match_key = k.match_key OFFSET 0
    ) i {_SHOWN}""",
    which=f"k.wide AND {_MONTH} NOT BETWEEN %(lo)s AND %(hi)s",
)

_SIDE = """
    SELECT match_key, row_number() OVER (
            PARTITION BY match_key, month
            ORDER BY type = 'AN', issued, taxable, vat, type, string_to_array(codes, ','), part_id,
                position
        )::integer AS nth,
        month, since, until, period_start, part_id, position, own_id, other_id, obstacle, issued,
        type, taxable, vat, codes, number_norm
    FROM pair_entry WHERE side = '{side}' AND {part}
"""
_NAMES = (
    *("nth", "month", "since", "until", "start", "part", "position", "own", "other", "obstacle"),
    *("issued", "type", "taxable", "vat", "codes"),
)
_COLUMNS = (
    *("nth", "month", "since", "until", "period_start", "part_id", "position", "own_id"),
    *("other_id", "obstacle", "issued", "type", "taxable", "vat", "codes"),
)


def _columns(letter: str) -> str:
    return ", ".join(f"{letter}.{column}" for column in _COLUMNS)


# The n-th of the same number issued with the n-th received, in the same month.
SAME_MONTH = f"""
INSERT INTO pair_deal
SELECT coalesce(s.match_key, p.match_key), {_columns("s")}, {_columns("p")}
FROM ({_SIDE.format(side="S", part="{part}")}) s
FULL JOIN ({_SIDE.format(side="P", part="{part}")}) p
    ON p.match_key = s.match_key AND p.month = s.month AND p.nth = s.nth
    AND p.own_id = s.other_id AND p.other_id = s.own_id AND p.number_norm = s.number_norm
"""
LOOKED_AT = "month BETWEEN %(lo)s AND %(hi)s"
PAIR_HERE = SAME_MONTH.format(part=LOOKED_AT)
PAIR_ELSEWHERE = SAME_MONTH.format(part="month NOT BETWEEN %(lo)s AND %(hi)s")

IN_DOUBT = """(%(everything)s OR {0} >> %(bucket_shift)s = ANY (%(buckets)s::bigint[])
    OR {0} = ANY (%(keys)s::bigint[]))"""
"""Keys of a range that are to be judged anew; see `isaf.services.surveying`."""

# A deal with a side left over, or that spanned two months so far, is looked for everywhere.
WIDEN = f"""
INSERT INTO pair_key (match_key, wide)
SELECT match_key, true FROM (
    SELECT match_key FROM pair_deal
    WHERE (s_part IS NULL OR p_part IS NULL) AND s_obstacle IS NULL AND p_obstacle IS NULL
    UNION
    SELECT p.match_key FROM isaf_pair p
    WHERE p.buyer_month <> p.period_start
        AND (p.period_start BETWEEN %(lo)s AND %(hi)s OR p.buyer_month BETWEEN %(lo)s AND %(hi)s)
        AND (p.match_key BETWEEN %(least)s AND %(greatest)s AND {IN_DOUBT.format("p.match_key")}
            OR p.match_key IN (SELECT match_key FROM pair_key))
) widened
WHERE NOT EXISTS (SELECT FROM pair_bound b WHERE b.match_key = widened.match_key)
ON CONFLICT (match_key) DO UPDATE SET wide = true
"""

ANY_WIDE = "SELECT EXISTS (SELECT FROM pair_key WHERE wide)"
"""Also keys bound by a possible match are wide, though nothing of theirs need be left over."""

DATED = """(%({0}_values)s::{1}[])[width_bucket({2}, %({0}_since)s::date[])]"""
"""A term as it held in a month; see `isaf.crosscheck_terms.comparing`."""

# What is left over is paired across months, n-th with n-th on each island of months near by.
PAIR_ACROSS = f"""
WITH left_over AS (
    SELECT ctid AS id, match_key, s_part IS NOT NULL AS sold, coalesce(s_own, p_other) AS seller_id,
        coalesce(s_other, p_own) AS buyer_id, coalesce(s_month, p_month) AS month,
        date_trunc('month', coalesce(s_since, p_since)) AS since,
        date_trunc('month', coalesce(s_until, p_until)) AS until,
        coalesce(s_nth, p_nth) AS nth
    FROM pair_deal
    WHERE (s_part IS NULL OR p_part IS NULL) AND s_obstacle IS NULL AND p_obstacle IS NULL
), lone AS (
    SELECT * FROM (
        SELECT *, bool_or(sold) OVER deal AND NOT bool_and(sold) OVER deal AS told_by_both
        FROM left_over WINDOW deal AS (PARTITION BY match_key)
    ) both_sides WHERE told_by_both
), shored AS (
    SELECT *, since > max(until) OVER (
        PARTITION BY match_key ORDER BY since, month, sold DESC, nth
        ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING
    ) + make_interval(months => {DATED.format("reach", "integer", "month")}) AS is_first
    FROM lone
), islands AS (
    SELECT *, count(*) FILTER (WHERE is_first) OVER (
        PARTITION BY match_key ORDER BY since, month, sold DESC, nth
    ) AS island FROM shored
), ranked AS (
    SELECT *, row_number() OVER (
        PARTITION BY match_key, island, sold ORDER BY since, month, nth
    ) AS rank FROM islands
), found AS (
    SELECT max(id) FILTER (WHERE sold) AS sale, max(id) FILTER (WHERE NOT sold) AS purchase
    FROM ranked GROUP BY match_key, island, rank, seller_id, buyer_id
    HAVING abs(max(month) FILTER (WHERE sold) - max(month) FILTER (WHERE NOT sold))
        <= {DATED.format("furthest", "integer", "max(month)")}
), taken AS (
    DELETE FROM pair_deal d USING found WHERE d.ctid = found.purchase
    RETURNING found.sale, {", ".join(f"d.p_{name}" for name in _NAMES)}
)
UPDATE pair_deal d
SET ({", ".join(f"p_{name}" for name in _NAMES)}) =
    ROW({", ".join(f"taken.p_{name}" for name in _NAMES)})
FROM taken WHERE d.ctid = taken.sale
"""

FORGET = f"""
WITH gone AS ({{delete}} RETURNING p.*)
INSERT INTO pair_was SELECT {past_sql.WAS.format("gone")} FROM gone ON CONFLICT DO NOTHING
"""
FORGET_HERE = FORGET.format(
    delete="""DELETE FROM isaf_pair p USING pair_key k
    WHERE p.match_key = k.match_key AND p.period_start BETWEEN %(lo)s AND %(hi)s"""
)
FORGET_ELSEWHERE = FORGET.format(
    delete="DELETE FROM isaf_pair p USING pair_key k WHERE k.wide AND p.match_key = k.match_key"
)

_BOTH = "s_part IS NOT NULL AND p_part IS NOT NULL"
_OVERLAP = "s_since <= p_until AND p_since <= s_until"
_AT = f"""CASE WHEN {_BOTH} AND {_OVERLAP} AND s_until - s_since >= 31 AND p_until - p_since < 31
    THEN p_month ELSE coalesce(s_month, p_month) END"""
_LIST = "CASE {0} WHEN '' THEN ARRAY[''] ELSE string_to_array({0}, ',') END"
_SAME_CODES = """s_codes = p_codes OR ({s} && %(reverse)s) = ({p} && %(reverse)s)
    AND ('' = ANY ({p}) OR array_remove({s}, '') <@ {p})
    AND ('' = ANY ({s}) OR array_remove({p}, '') <@ {s})
""".format(s=_LIST.format("s_codes"), p=_LIST.format("p_codes"))
_FIELDS = f"""
    CASE WHEN s_issued <> p_issued THEN 1 ELSE 0 END
    + CASE WHEN abs(s_taxable - p_taxable) > tolerance THEN 2 ELSE 0 END
    + CASE WHEN abs(s_vat - p_vat) > tolerance THEN 4 ELSE 0 END
    + CASE WHEN abs(s_taxable + s_vat - p_taxable - p_vat) > tolerance THEN 8 ELSE 0 END
    + CASE WHEN s_type <> p_type THEN 16 ELSE 0 END
    + CASE WHEN {_SAME_CODES} THEN 0 ELSE 32 END
"""

JUDGED = f"""
SELECT d.at AS period_start, d.match_key,
    CASE WHEN s_part IS NULL THEN -p_nth WHEN d.at = s_month THEN s_nth ELSE p_nth END AS nth,
    coalesce(s_own, p_other) AS seller_id, coalesce(p_own, s_other) AS buyer_id,
    CASE WHEN {_BOTH} AND NOT ({_OVERLAP}) THEN p_month ELSE d.at END AS buyer_month,
    coalesce(s_issued, p_issued) AS issued, s_start, s_part AS sale_part, s_position, p_start,
    p_part, p_position,
    CASE
        WHEN {_BOTH} THEN
            CASE WHEN s_month <> p_month AND NOT ({_OVERLAP}) THEN 'other_period'
                WHEN d.fields > 0 THEN 'differs' ELSE 'matched' END
        WHEN d.obstacle <> '' THEN 'not_checkable'
        WHEN EXISTS (
            SELECT FROM isaf_register r
            WHERE r.taxpayer_id = coalesce(s_other, p_other)
                AND r.type = CASE WHEN s_part IS NULL THEN 'SALES_REGISTRY'
                    ELSE 'PURCHASE_REGISTRY' END
                AND r.start < d.at + interval '1 month' AND r."end" >= d.at AND {COUNTS}
        ) THEN 'missing'
        ELSE 'waiting'
    END AS state,
    d.obstacle AS reason, d.fields,
    coalesce(s_taxable, 0) - coalesce(p_taxable, 0) AS taxable_gap,
    coalesce(s_vat, 0) - coalesce(p_vat, 0) AS vat_gap,
    coalesce(s_taxable + s_vat, 0) - coalesce(p_taxable + p_vat, 0) AS total_gap
FROM (
    SELECT *, {_AT} AS at,
        CASE WHEN {_BOTH} THEN ({_FIELDS}) & compared ELSE 0 END AS fields,
        CASE WHEN {_BOTH} THEN ''
            ELSE coalesce(s_obstacle, p_obstacle,
                CASE WHEN coalesce(s_type, p_type) = 'AN' THEN 'cancelled' END, '')
        END AS obstacle
    FROM (
        SELECT *, {DATED.format("tolerated", "numeric", "coalesce(s_month, p_month)")} AS tolerance,
            {DATED.format("compared", "integer", "coalesce(s_month, p_month)")} AS compared
        FROM pair_deal
    ) dated
) d
"""

KEPT = """
INSERT INTO isaf_pair (period_start, match_key, nth, seller_id, buyer_id, buyer_month, issued,
    sale_start, sale_part, sale_position, purchase_start, purchase_part, purchase_position,
    state, reason, fields, taxable_gap, vat_gap, total_gap, refreshed_at, since)
SELECT j.*, now(), CASE
    WHEN w.state = j.state AND w.fields = j.fields AND w.sold = (j.sale_part IS NOT NULL)
        THEN w.since
    ELSE now() END
FROM {judged} j
LEFT JOIN pair_was w ON w.match_key = j.match_key AND w.period_start = j.period_start
    AND w.nth = j.nth
"""
KEEP = KEPT.format(judged=f"({JUDGED})")

MONTHS_DEALT = "SELECT DISTINCT month FROM pair_entry"

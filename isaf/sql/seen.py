"""Pairs as one of their two sides sees them: selected, counted and written down, as SQL.

A side sees the deals it told of itself, and those missing from a register it has submitted. What
others told while its own register is still due stays hidden until it has told its own.
"""

from isaf.sql.crosscheck import CHARGED, COUNTS

_SALES = """
SELECT 'S' AS side, p.period_start AS month, p.issued, p.match_key, p.period_start, p.nth,
    CASE WHEN p.state <> 'missing' THEN p.state
        WHEN p.sale_part IS NOT NULL THEN 'missing_at_counterparty' ELSE 'missing_at_us' END
        AS state,
    p.reason, p.fields, p.taxable_gap, p.vat_gap, p.total_gap, p.buyer_id AS other_id,
    p.sale_start AS our_start, p.sale_part AS our_part, p.sale_position AS our_position,
    p.purchase_start AS their_start, p.purchase_part AS their_part,
    p.purchase_position AS their_position, p.buyer_month AS their_month, p.refreshed_at
FROM isaf_pair p
WHERE p.seller_id = %(me)s AND p.period_start BETWEEN %(lo)s AND %(hi)s
    AND (p.sale_part IS NOT NULL OR p.state = 'missing')
"""
_PURCHASES = """
SELECT 'P' AS side, p.buyer_month AS month, p.issued, p.match_key, p.period_start, p.nth,
    CASE WHEN p.state <> 'missing' THEN p.state
        WHEN p.purchase_part IS NOT NULL THEN 'missing_at_counterparty' ELSE 'missing_at_us' END
        AS state,
    p.reason, p.fields, -p.taxable_gap AS taxable_gap, -p.vat_gap AS vat_gap,
    -p.total_gap AS total_gap, p.seller_id AS other_id,
    p.purchase_start AS our_start, p.purchase_part AS our_part,
    p.purchase_position AS our_position, p.sale_start AS their_start, p.sale_part AS their_part,
    p.sale_position AS their_position, p.period_start AS their_month, p.refreshed_at
FROM isaf_pair p
WHERE p.buyer_id = %(me)s AND p.buyer_month BETWEEN %(lo)s AND %(hi)s
    AND p.period_start BETWEEN %(lo)s::date - %(furthest)s AND %(hi)s::date + %(furthest)s
    AND (p.purchase_part IS NOT NULL OR p.state = 'missing')
"""

SEEN = {
    "": f"({_SALES} UNION ALL {_PURCHASES}) seen",
    "S": f"({_SALES}) seen",
    "P": f"({_PURCHASES}) seen",
}
"""What is seen of the months `lo` to `hi` by taxpayer `me`, on both sides or on one."""

ORDER = ("issued", "match_key", "period_start", "nth", "side")
"""Columns that together are unique to a seen pair."""

STATES = "seen.state = ANY (%(states)s)"

MISMATCHED = """EXISTS (
    SELECT FROM unnest(%(kinds)s::text[], %(kinds_since)s::date[], %(kinds_until)s::date[])
        AS kind (code, since, until)
    WHERE kind.code = {0}.state AND {0}.month BETWEEN kind.since AND kind.until
)"""
"""Whether a state was a mismatch in the month of the deal; see `isaf.crosscheck_terms.counting`."""

IS_MISMATCH = MISMATCHED.format("seen")
COUNTERPARTY = """(
    seen.other_id IN (
        SELECT id FROM representation_taxpayer WHERE code = %(counterparty)s
        UNION SELECT taxpayer_id FROM representation_vatregistration
        WHERE vat_code = %(counterparty)s
    ) OR seen.other_id IS NULL AND EXISTS (
        SELECT FROM isaf_invoice i
        WHERE i.period_start = seen.our_start AND i.part_id = seen.our_part
            AND i.position = seen.our_position
            AND %(counterparty)s IN (i.counterparty_vat, i.counterparty_code)
    )
)"""
PLACE = """seen.our_part = %(part)s AND seen.our_position = %(position)s AND seen.match_key IN (
    SELECT match_key FROM isaf_pair
    WHERE match_key = coalesce(%(key)s::bigint, hashint8extended(%(part)s, %(position)s))
    UNION SELECT match_key FROM isaf_pair WHERE near_key = %(key)s::bigint
)"""
"""Where an invoice of ours stands; its key, or that of a like number, finds the pair at once."""

OF_KEYS = "seen.match_key = ANY (%(keys)s::bigint[])"

REACHED = """(
    seen.side = ANY (%(whole_sides)s::text[]) OR EXISTS (
        SELECT FROM isaf_part part
        WHERE part.id = seen.our_part AND (seen.side, part.part_number) IN (
            SELECT * FROM unnest(%(part_sides)s::text[], %(part_numbers)s::text[])
        )
    )
)"""
"""What lies within limits: a side, or what we told ourselves in certain parts of it."""

_SAYS = """EXISTS (
    SELECT FROM isaf_invoice i
    WHERE i.period_start = seen.{whose}_start AND i.part_id = seen.{whose}_part
        AND i.position = seen.{whose}_position AND ({says})
)"""
TEXT = "({ours} OR {theirs} OR EXISTS ({name}))".format(
    ours=_SAYS.format(
        whose="our",
        says="i.number_norm LIKE %(number)s OR i.counterparty_name ILIKE %(name)s"
        " OR i.counterparty_vat LIKE %(code)s",
    ),
    theirs=_SAYS.format(whose="their", says="i.number_norm LIKE %(number)s"),
    name="SELECT FROM representation_taxpayer t WHERE t.id = seen.other_id"
    " AND (t.name ILIKE %(name)s OR t.code LIKE %(code)s)",
)

COUNT = f"""
SELECT '', side, state, fields, {IS_MISMATCH}, count(*), 0, 0, sum(abs(total_gap)),
    sum(abs(taxable_gap)), sum(abs(vat_gap))
FROM {{seen}} WHERE {{which}} GROUP BY 2, 3, 4, 5
"""
"""The columns are those of `isaf.sql.einvoices.COUNT`: pairs come from no other source."""

COUNTERPARTIES = """
SELECT count(DISTINCT other_id), count(DISTINCT other_id) FILTER (WHERE state = 'waiting'),
    max(refreshed_at)
FROM {seen} WHERE {which}
"""

OTHERS = """
SELECT DISTINCT other_id FROM {seen} WHERE {which} AND other_id IS NOT NULL
"""

MISMATCHED_OF = f"""
SELECT id, count(*) FROM (
    SELECT seller_id AS id, period_start AS month,
        CASE WHEN state <> 'missing' THEN state
            WHEN sale_part IS NOT NULL THEN 'missing_at_counterparty' ELSE 'missing_at_us' END
            AS state
    FROM isaf_pair
    WHERE seller_id = ANY (%(taxpayers)s) AND period_start BETWEEN %(lo)s AND %(hi)s
    UNION ALL
    SELECT buyer_id, buyer_month,
        CASE WHEN state <> 'missing' THEN state
            WHEN purchase_part IS NOT NULL THEN 'missing_at_counterparty' ELSE 'missing_at_us' END
    FROM isaf_pair
    WHERE buyer_id = ANY (%(taxpayers)s) AND buyer_month BETWEEN %(lo)s AND %(hi)s
) seen WHERE {IS_MISMATCH} GROUP BY id ORDER BY id
"""

_CONTENT = """
LEFT JOIN isaf_invoice {0} ON {0}.period_start = f.{1}_start AND {0}.part_id = f.{1}_part
    AND {0}.position = f.{1}_position
"""

CONTENT_COLUMNS = f"""
    f.month, f.side, f.state, f.reason, f.fields,
    coalesce(v.vat_code, o.counterparty_vat, '') AS counterparty_vat,
    coalesce(t.code, o.counterparty_code, '') AS counterparty_code,
    coalesce(t.name, o.counterparty_name, '') AS counterparty_name,
    (SELECT r.number FROM isaf_registerpart rp JOIN isaf_register r ON r.id = rp.register_id
        WHERE rp.part_id = f.our_part AND {COUNTS} LIMIT 1) AS our_source,
    o.number AS our_number, o.issued AS our_issued, o.type AS our_type,
    o.taxable AS our_taxable, {CHARGED.format("o")} AS our_vat, o.codes AS our_codes,
    c.number AS their_number, c.issued AS their_issued, c.type AS their_type,
    c.taxable AS their_taxable, {CHARGED.format("c")} AS their_vat, c.codes AS their_codes
"""

_JOINED = f"""
{_CONTENT.format("o", "our")} {_CONTENT.format("c", "their")}
LEFT JOIN representation_taxpayer t ON t.id = f.other_id
LEFT JOIN LATERAL (
    SELECT r.vat_code FROM representation_vatregistration r
    WHERE r.taxpayer_id = f.other_id ORDER BY r.valid_from DESC LIMIT 1
) v ON true
"""

PAGE = (
    f"SELECT f.issued, f.match_key, f.period_start, f.nth, f.their_month, f.our_part,"
    f" f.our_position, {CONTENT_COLUMNS} FROM (SELECT * FROM {{seen}} WHERE {{which}}"
    f" ORDER BY {', '.join(f'{name} {{way}}' for name in ORDER)} {{limit}}) f {_JOINED}"
    f" ORDER BY {', '.join(f'f.{name} {{way}}' for name in ORDER)}"
)

WRITE_DOWN = f"""
WITH written AS (
INSERT INTO isaf_reportedpair (cross_check_id, position, month, side, state, reason, fields,
    counterparty_vat, counterparty_code, counterparty_name, our_source, our_number, our_issued,
    our_type, our_taxable, our_vat, our_codes, their_number, their_issued, their_type,
    their_taxable, their_vat, their_codes, match_key)
SELECT %(report)s,
    %(first)s + row_number() OVER (ORDER BY {", ".join(f"f.{name}" for name in ORDER)}),
    {CONTENT_COLUMNS}, f.match_key
FROM (SELECT * FROM {{seen}} WHERE {{narrower}}) f {_JOINED}
)
{COUNT}"""

"""Possible matches as SQL: who may be one deal under two numbers, and joining those that are."""

from isaf.sql import past as past_sql

# Lone entries of the same parties, month, day and amount, all of them with each other, touched or
# not; the numbers are compared in likeness, which must know every rival to choose the only best.
_ALIKE = "isaf_alike({0}.seller_id, {0}.buyer_id, {0}.issued, {0}.total_gap)"
_SAME_DEAL = f"""{_ALIKE.format("s")} = {_ALIKE.format("p")}
    AND s.state = 'missing' AND p.state = 'missing'
    AND s.sale_part IS NOT NULL AND p.sale_part IS NULL
    AND (s.period_start, s.seller_id, s.buyer_id, s.issued, s.total_gap)
        IS NOT DISTINCT FROM (p.period_start, p.seller_id, p.buyer_id, p.issued, -p.total_gap)"""
_CANDIDATE = """
    SELECT s.period_start, s.seller_id, s.buyer_id, s.issued, s.total_gap,
        s.match_key AS s_key, s.nth AS s_nth, p.match_key AS p_key, p.nth AS p_nth,
        s.sale_start, s.sale_part, s.sale_position,
        p.purchase_start, p.purchase_part, p.purchase_position
"""
_PARTIES_DAY_AND_AMOUNT = "c.period_start, c.seller_id, c.buyer_id, c.issued, c.total_gap"
_WITH_NUMBERS = f"""
SELECT {_PARTIES_DAY_AND_AMOUNT}, c.s_key, c.s_nth, c.p_key, c.p_nth, si.number_norm, pi.number_norm
FROM candidate c
JOIN isaf_invoice si ON si.period_start = c.sale_start AND si.part_id = c.sale_part
    AND si.position = c.sale_position
JOIN isaf_invoice pi ON pi.period_start = c.purchase_start AND pi.part_id = c.purchase_part
    AND pi.position = c.purchase_position
ORDER BY {_PARTIES_DAY_AND_AMOUNT}, c.s_key, c.s_nth, c.p_key, c.p_nth
"""
_DECLARE = "DECLARE alike NO SCROLL CURSOR FOR"
FETCH = "FETCH 5000 FROM alike"
CLOSE = "CLOSE alike"
CANDIDATES = f"""
{_DECLARE} WITH touched AS MATERIALIZED (
    SELECT p.* FROM pair_key k JOIN isaf_pair p USING (match_key)
    WHERE p.state = 'missing' AND p.period_start = ANY (%(months)s::date[])
), sale AS MATERIALIZED (
    SELECT * FROM touched WHERE sale_part IS NOT NULL
    UNION
    SELECT s.* FROM touched p JOIN isaf_pair s ON {_SAME_DEAL}
), candidate AS (
    {_CANDIDATE} FROM sale s JOIN isaf_pair p ON {_SAME_DEAL}
) {_WITH_NUMBERS}
"""
CANDIDATES_OF_MONTHS = f"""
{_DECLARE} WITH candidate AS (
    {_CANDIDATE} FROM isaf_pair s JOIN isaf_pair p ON {_SAME_DEAL}
    WHERE s.period_start = ANY (%(months)s::date[])
) {_WITH_NUMBERS}
"""

# Pairs this refresh did not touch are put into pair_was too; those it wrote are there already.
JOIN_ALIKE = f"""
WITH chosen (period_start, s_key, s_nth, p_key, p_nth, likeness) AS (VALUES %s), was AS (
    INSERT INTO pair_was
    SELECT {past_sql.WAS.format("p")} FROM isaf_pair p JOIN chosen c
        ON p.period_start = c.period_start::date
        AND (p.match_key, p.nth) IN ((c.s_key, c.s_nth), (c.p_key, c.p_nth))
    ON CONFLICT DO NOTHING
), taken AS (
    DELETE FROM isaf_pair p USING chosen c
    WHERE p.period_start = c.period_start::date AND p.match_key = c.p_key AND p.nth = c.p_nth
    RETURNING c.s_key, c.s_nth, c.likeness, p.*
)
UPDATE isaf_pair s
SET state = 'possible_match', reason = t.likeness, near_key = t.match_key,
    purchase_start = t.purchase_start, purchase_part = t.purchase_part,
    purchase_position = t.purchase_position, taxable_gap = s.taxable_gap + t.taxable_gap,
    vat_gap = s.vat_gap + t.vat_gap, total_gap = 0,
    since = {past_sql.SINCE.format("s", "'possible_match'")}
FROM taken t
WHERE s.period_start = t.period_start AND s.match_key = t.s_key AND s.nth = t.s_nth
"""

"""What pairs were before they were judged anew, as SQL: kept where it is no longer so.

The statements of `isaf.sql.crosscheck` put the pairs they delete into pair_was; a pair that is as
it was keeps its `since`. Pairs that nothing had been found about leave no trace: the usual way
from waiting to matched would otherwise write every deal of the country down twice.
"""

_COLUMNS = """
    match_key bigint, period_start date, nth integer, seller_id bigint, buyer_id bigint,
    sold boolean, bought boolean, state text, fields smallint, since timestamptz,
    PRIMARY KEY (match_key, period_start, nth)
"""

TABLE = f"""
CREATE TEMP TABLE IF NOT EXISTS pair_was ({_COLUMNS}) ON COMMIT DROP;
TRUNCATE pair_was;
"""

WAS = """{0}.match_key, {0}.period_start, {0}.nth, {0}.seller_id, {0}.buyer_id,
    {0}.sale_part IS NOT NULL, {0}.purchase_part IS NOT NULL, {0}.state, {0}.fields, {0}.since"""
"""A pair as the columns of pair_was."""

SINCE = """coalesce((
    SELECT w.since FROM pair_was w
    WHERE w.match_key = {0}.match_key AND w.period_start = {0}.period_start AND w.nth = {0}.nth
        AND w.state = {1} AND w.fields = {0}.fields AND w.sold = ({0}.sale_part IS NOT NULL)
), now())"""
"""Since when a pair is as it is."""

# What was written since this refresh `began` was never seen by anybody.
RECORD = """
INSERT INTO isaf_pairpast (match_key, period_start, nth, seller_id, buyer_id, sold, bought, state,
    fields, since, until)
SELECT w.*, now()
FROM pair_was w
WHERE w.state NOT IN ('waiting', 'not_checkable') AND w.since < coalesce(%(began)s, now())
    AND NOT EXISTS (
    SELECT FROM isaf_pair p
    WHERE p.match_key = w.match_key AND p.period_start = w.period_start AND p.nth = w.nth
        AND p.state = w.state AND p.fields = w.fields AND (p.sale_part IS NOT NULL) = w.sold
)
"""

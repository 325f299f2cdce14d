"""What a survey of a month reads, as SQL: packed facts of parts, and sums of the pairs kept.

`isaf.survey` tells what the facts are and decides on them; the numbers of its verdicts stand here
once more, for the pairs.
"""

from isaf import facts
from isaf.matching import Obstacle, PairState
from isaf.sql import crosscheck as sql

_CENTS = "greatest(least({0} * 100, 2e18), -2e18)::bigint"
"""Sums beyond twenty thousand million millions of euros are told as that much."""

_TYPE = "coalesce(nullif(rtrim(i.type), ''), 'SF')"
_MARKS = f"""CASE i.side WHEN 'P' THEN {facts.BOUGHT} ELSE 0 END
    + CASE WHEN i.match_key IS NULL THEN 0 ELSE {facts.HAS_KEY} END
    + CASE WHEN i.counterparty_vat LIKE 'LT%%' THEN {facts.FROM_LITHUANIA}
        WHEN i.counterparty_vat <> '' OR i.country NOT IN ('', 'LT') THEN {facts.FOREIGN}
        ELSE 0 END
    + CASE WHEN i.counterparty_vat = '' AND i.match_key IS NOT NULL THEN {facts.BY_CODE}
        ELSE 0 END"""
_KEY = "coalesce(i.match_key, hashint8extended(i.part_id, i.position))"
_FACTS = f"""int8send({_KEY})
    || int8send({_CENTS.format("i.taxable")}) || int8send({_CENTS.format(sql.CHARGED.format("i"))})
    || int8send(hashtextextended(i.counterparty_vat, 0)) || int4send(hashtext(i.codes))
    || int2send(least(greatest(i.issued - date '{facts.EPOCH}', -32768), 32767)::smallint)
    || int2send((ascii({_TYPE}) * 256 + ascii(substr({_TYPE}, 2)))::smallint)
    || int2send(({_MARKS})::smallint)"""

_SHOWN = """isaf_register r JOIN isaf_registerpart rp ON rp.register_id = r.id
LEFT JOIN isaf_partfacts f ON f.part_id = rp.part_id"""
_COUNTED = f"""{sql.COUNTS} AND r.start BETWEEN %(earliest)s AND %(until)s
    AND r."end" >= %(lo)s"""
_BOUNDS = ", ".join(
    f"count(*) FILTER (WHERE {_KEY} >> {facts.LANE_SHIFT} < {lane - facts.LANES // 2})"
    for lane in range(facts.LANES + 1)
)
_PACK = f"""
INSERT INTO isaf_partfacts (part_id, bounds, packed)
SELECT s.part_id, ARRAY[{_BOUNDS}], coalesce(string_agg({_FACTS}, '' ORDER BY {_KEY}), '')
FROM (
    SELECT rp.part_id, r.start FROM {_SHOWN} WHERE {_COUNTED} AND f.part_id IS NULL AND {{which}}
) s
LEFT JOIN isaf_invoice i ON i.period_start = s.start AND i.part_id = s.part_id
GROUP BY s.part_id
ON CONFLICT (part_id) DO NOTHING
"""
PACK_OWN = _PACK.format(which="r.taxpayer_id = %(taxpayer)s")
PACK_SHARE = _PACK.format(which="rp.part_id %% %(ranges)s = %(nth)s")

_OF_MONTH = f'{sql.COUNTS} AND r.start <= %(end)s AND r."end" >= %(month)s'
# Reading an element of an array costs as much as the bytes of a small part: not where it is plain.
_SINCE = "CASE %(first_lane)s WHEN 0 THEN 0 ELSE f.bounds[%(first_lane)s + 1] END"
# The columns are those of `isaf.survey.HEAD`.
READ = f"""
COPY (
    SELECT rp.part_id, coalesce(hashtextextended(v.vat_code, 0), 0),
        r.start - date '{facts.EPOCH}', r."end" - date '{facts.EPOCH}',
        substring(f.packed FROM {_SINCE} * {facts.SIZE} + 1
            FOR CASE %(last_lane)s WHEN {facts.LANES - 1} THEN {2**30}
                ELSE (f.bounds[%(last_lane)s + 2] - {_SINCE}) * {facts.SIZE} END)
    FROM {_SHOWN} LEFT JOIN representation_vatregistration v ON v.taxpayer_id = r.taxpayer_id
        AND %(end)s BETWEEN v.valid_from AND coalesce(v.valid_to, 'infinity')
    WHERE {_OF_MONTH} AND r.start >= %(earliest)s
) TO STDOUT (FORMAT binary)
"""

# One code belongs to one taxpayer at a time: who holds it at the end, or else at the start.
_PAYER = """
SELECT vat_code, taxpayer_id FROM representation_vatregistration
WHERE valid_from <= %(end)s AND coalesce(valid_to, 'infinity') >= %(end)s
UNION ALL
SELECT vat_code, taxpayer_id FROM representation_vatregistration before
WHERE valid_from <= %(month)s AND valid_to BETWEEN %(month)s AND %(end)s::date - 1
    AND NOT EXISTS (
        SELECT FROM representation_vatregistration later
        WHERE later.vat_code = before.vat_code AND later.valid_from <= %(end)s
            AND coalesce(later.valid_to, 'infinity') >= %(end)s)
"""
PAYERS = f"""
WITH submitted AS (
    SELECT r.taxpayer_id, r.type FROM isaf_register r
    WHERE {_OF_MONTH}
), payer AS (
    SELECT int8send(hashtextextended(vat_code, 0)) AS hash,
        taxpayer_id IN (SELECT taxpayer_id FROM submitted WHERE type = %(sales)s) AS sells,
        taxpayer_id IN (SELECT taxpayer_id FROM submitted WHERE type = %(purchases)s) AS buys
    FROM ({_PAYER}) held
)
SELECT string_agg(hash, ''), string_agg(hash, '') FILTER (WHERE sells),
    string_agg(hash, '') FILTER (WHERE buys)
FROM payer
"""

TEXT_OF = """
SELECT i.codes FROM isaf_part p
JOIN isaf_invoice i ON i.period_start = p.start AND i.part_id = p.id
WHERE p.id = %(part)s AND hashtext(i.codes) = %(hash)s LIMIT 1
"""

ELSEWHERE = """
SELECT p.match_key, p.period_start = %(month)s FROM isaf_pair p
WHERE p.buyer_month <> p.period_start AND %(month)s IN (p.period_start, p.buyer_month)
"""
_WHY = "CASE p.reason {} ELSE {} END".format(
    " ".join(f"WHEN '{reason}' THEN {facts.WHY.index(reason)}" for reason in Obstacle),
    f"CASE p.state WHEN 'waiting' THEN {facts.WHY.index(PairState.WAITING)} ELSE 0 END",
)
# A register that begins on another day than the month covers more or less than it.
_OF_ANOTHER_PERIOD = "(p.sale_start <> %(month)s OR p.purchase_start <> %(month)s)"
_VERDICT = f"""CASE WHEN p.buyer_month <> p.period_start THEN {facts.SOLD_ELSEWHERE}
    WHEN {_OF_ANOTHER_PERIOD} THEN {facts.APART}
    WHEN p.state = 'matched' THEN 0
    WHEN p.state = 'differs' THEN p.fields
    WHEN p.state = 'possible_match' THEN {facts.ALONE}
    ELSE CASE WHEN p.sale_part IS NULL THEN {facts.BOUGHT_ALONE} ELSE {facts.ALONE} END + {_WHY}
    END"""
# Only the key is asked of pairs of other ranges: what stands behind it takes longer to reach.
KEPT = f"""
SELECT (key >> {facts.BUCKET_SHIFT}) * {facts.VERDICTS} + verdict, count(*), bit_xor(key),
    sum(parts)::bigint
FROM (
    SELECT p.match_key AS key, {_VERDICT} AS verdict,
        CASE WHEN p.near_key IS NOT NULL OR p.buyer_month <> p.period_start THEN p.sale_part
            ELSE coalesce(p.sale_part, 0) + coalesce(p.purchase_part, 0) END AS parts
    FROM isaf_pair p WHERE p.period_start = %(month)s
    UNION ALL
    SELECT p.near_key, {facts.BOUGHT_ALONE}, p.purchase_part
    FROM isaf_pair p WHERE p.period_start = %(month)s AND p.near_key IS NOT NULL
    UNION ALL
    SELECT p.match_key, {facts.BOUGHT_ELSEWHERE}, p.purchase_part
    FROM isaf_pair p WHERE p.buyer_month = %(month)s AND p.buyer_month <> p.period_start
) told
WHERE key BETWEEN %(least)s AND %(greatest)s AND key <> ALL (%(apart)s::bigint[])
GROUP BY 1
"""

KEPT_APART = f"""
SELECT p.match_key FROM isaf_pair p
WHERE p.period_start = %(month)s AND p.buyer_month = %(month)s
    AND p.match_key BETWEEN %(least)s AND %(greatest)s AND {_OF_ANOTHER_PERIOD}
"""

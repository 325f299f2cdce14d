"""E-invoices of a seller judged against his register of issued invoices, as SQL.

The register of the period that holds the issue date is asked, by the number; of several rows with
one number the likest is compared, a cancelled one never. `{einvoices}` narrows the e-invoices,
`{seen}` and `{which}` are the pairs of the same selection: an invoice counted among them is not
counted again.
"""

from isaf.matching import Field
from isaf.sql import seen as seen_sql
from isaf.sql.crosscheck import COUNTS, DATED
from isaf.types import RegisterType

_MONTH = "date_trunc('month', e.issued)::date"

# Sums in another currency than the register's are not compared; a buyer is another one by the VAT
# codes where both sides say one, else by the codes.
_FIELDS = f"""(
    CASE WHEN i.issued <> e.issued THEN {Field.ISSUED:d} ELSE 0 END
    + CASE WHEN e.in_euros AND abs(i.taxable - e.taxable) > e.tolerance
        THEN {Field.TAXABLE:d} ELSE 0 END
    + CASE WHEN e.in_euros AND abs(i.vat - e.vat) > e.tolerance THEN {Field.VAT:d} ELSE 0 END
    + CASE WHEN e.in_euros AND abs(i.total - e.total) > e.tolerance THEN {Field.TOTAL:d} ELSE 0 END
    + CASE
        WHEN e.buyer_vat <> '' AND i.counterparty_vat <> '' THEN
            CASE WHEN e.buyer_vat <> i.counterparty_vat THEN {Field.BUYER:d} ELSE 0 END
        WHEN e.buyer_code <> '' AND i.counterparty_code <> ''
            AND e.buyer_code <> i.counterparty_code THEN {Field.BUYER:d}
        ELSE 0
    END
) & e.compared"""

_JUDGED = f"""
WITH register AS MATERIALIZED (
    SELECT r.number, r.start, r."end", rp.part_id
    FROM isaf_register r LEFT JOIN isaf_registerpart rp ON rp.register_id = r.id
    WHERE r.taxpayer_id = %(me)s AND r.type = '{RegisterType.SALES}' AND {COUNTS}
        AND r.start <= %(last_day)s AND r."end" >= %(first_day)s
), einvoice AS MATERIALIZED (
    SELECT e.*, e.currency = 'EUR' AS in_euros, {_MONTH} AS month,
        coalesce(v.taxpayer_id, t.id) AS buyer_id,
        {DATED.format("tolerated", "numeric", _MONTH)} AS tolerance,
        {DATED.format("compared", "integer", _MONTH)} AS compared
    FROM isaf_einvoice e
    LEFT JOIN representation_vatregistration v ON v.vat_code = e.buyer_vat
        AND e.issued BETWEEN v.valid_from AND coalesce(v.valid_to, 'infinity')
    LEFT JOIN representation_taxpayer t ON v.taxpayer_id IS NULL AND e.buyer_code <> ''
        AND t.code = e.buyer_code
    WHERE e.seller_id = %(me)s AND e.issued BETWEEN %(first_day)s AND %(last_day)s
        AND {{einvoices}}
), held AS MATERIALIZED (
    SELECT DISTINCT ON (e.id) e.id AS einvoice_id, r.number AS register, i.period_start,
        i.part_id, i.position, i.number, i.issued, i.type, i.counterparty_vat,
        i.counterparty_code, i.counterparty_name, i.taxable, i.vat, i.total, i.codes, d.fields
    FROM register r
    JOIN isaf_invoice i ON i.period_start = r.start AND i.part_id = r.part_id AND i.type <> 'AN'
    JOIN einvoice e ON e.number_norm = i.number_norm AND e.issued BETWEEN r.start AND r."end"
    CROSS JOIN LATERAL (SELECT {_FIELDS} AS fields) d
    ORDER BY e.id, bit_count(d.fields::bit(8)), i.part_id, i.position
), judged AS (
    SELECT e.*, h.register, h.part_id AS our_part,
        h.position AS our_position, h.number AS our_number, h.issued AS our_issued,
        h.type AS our_type, h.counterparty_vat AS our_buyer_vat,
        h.counterparty_code AS our_buyer_code, h.counterparty_name AS our_buyer_name,
        h.taxable AS our_taxable, h.vat AS our_vat, h.total AS our_total, h.codes AS our_codes,
        coalesce(h.fields, 0) AS fields,
        CASE WHEN h.fields = 0 THEN 'matched' WHEN h.fields > 0 THEN 'differs'
            WHEN EXISTS (SELECT FROM register r WHERE e.issued BETWEEN r.start AND r."end")
                THEN 'missing_at_us'
            ELSE 'waiting' END AS seen_state
    FROM einvoice e LEFT JOIN held h ON h.einvoice_id = e.id
)
"""

PAGE = f"""{_JUDGED}
SELECT id, seen_state, fields, register, our_part, our_position, our_number, our_issued,
    our_buyer_vat, our_buyer_code, our_taxable, our_vat, our_total
FROM judged
"""

MISMATCHED = f"""{_JUDGED}
SELECT count(*) FROM (SELECT month, 'einvoice.' || seen_state AS state FROM judged) f
WHERE {seen_sql.MISMATCHED.format("f")}
"""

OF_THESE = "e.id = ANY (%(einvoices)s::uuid[])"
WITH_PARTY = """(
    %(counterparty)s IN (e.buyer_vat, e.buyer_code)
    OR coalesce(v.taxpayer_id, t.id) IN (
        SELECT id FROM representation_taxpayer WHERE code = %(counterparty)s
        UNION SELECT taxpayer_id FROM representation_vatregistration
        WHERE vat_code = %(counterparty)s
    )
)"""

# An invoice is told by its place; one that no register of ours holds, by buyer and number. What it
# differs by is the larger of its gaps, so that what two others say alike is not summed up twice.
_GAP = "CASE WHEN in_euros THEN coalesce(our_{0}, 0) - {0} ELSE 0 END"
_MORE = "greatest(abs(m.{0}_gap) - coalesce(told.{0}_gap, untold.{0}_gap, 0), 0) AS {0}_more"
_TOLD = """bool_or(s.state NOT IN ('waiting', 'not_checkable')) AS checked,
        bool_or(s.mismatched) AS mismatched,
        max(abs(s.total_gap)) FILTER (WHERE s.mismatched) AS total_gap,
        max(abs(s.taxable_gap)) FILTER (WHERE s.mismatched) AS taxable_gap,
        max(abs(s.vat_gap)) FILTER (WHERE s.mismatched) AS vat_gap"""
FOUND = f"""{_JUDGED}, sold AS MATERIALIZED (
    SELECT seen.*, {seen_sql.IS_MISMATCH} AS mismatched
    FROM {{seen}} WHERE {{which}} AND seen.side = 'S'
), told AS (
    SELECT s.our_part, s.our_position, {_TOLD}
    FROM sold s WHERE s.our_part IS NOT NULL GROUP BY 1, 2
), untold AS (
    SELECT s.other_id, i.number_norm, {_TOLD}
    FROM sold s JOIN isaf_invoice i ON i.period_start = s.their_start
        AND i.part_id = s.their_part AND i.position = s.their_position
    WHERE s.our_part IS NULL GROUP BY 1, 2
), measured AS (
    SELECT *, 'einvoice.' || seen_state AS state, {_GAP.format("total")} AS total_gap,
        {_GAP.format("taxable")} AS taxable_gap, {_GAP.format("vat")} AS vat_gap
    FROM judged
), found AS (
    SELECT m.*, {seen_sql.MISMATCHED.format("m")} AS mismatched,
        coalesce(told.checked, untold.checked, false) AS checked_already,
        coalesce(told.mismatched, untold.mismatched, false) AS mismatched_already,
        {_MORE.format("total")}, {_MORE.format("taxable")}, {_MORE.format("vat")}
    FROM measured m
    LEFT JOIN told ON told.our_part = m.our_part AND told.our_position = m.our_position
    LEFT JOIN untold ON m.our_part IS NULL AND untold.other_id = m.buyer_id
        AND untold.number_norm = m.number_norm
)"""

COUNT = """
SELECT source, 'S', seen_state, fields, mismatched, count(*),
    count(*) FILTER (WHERE checked_already AND seen_state <> 'waiting'),
    count(*) FILTER (WHERE mismatched AND mismatched_already),
    sum(total_more), sum(taxable_more), sum(vat_more)
FROM found GROUP BY source, seen_state, fields, mismatched
"""
"""By source, side, state and fields: how many, how many of them counted already, what more gaps."""

STATES = "f.seen_state = ANY (%(states)s)"
ARE_MISMATCHES = "f.mismatched"

WRITE_DOWN = f"""{FOUND}, written AS (
    INSERT INTO isaf_reportedpair (cross_check_id, position, month, side, state, reason, fields,
        counterparty_vat, counterparty_code, counterparty_name, our_source, our_number,
        our_issued, our_type, our_taxable, our_vat, our_codes, our_buyer, their_number,
        their_issued, their_taxable, their_vat, their_total, their_source, their_currency)
    SELECT %(report)s, %(first)s + row_number() OVER (ORDER BY f.issued, f.id), f.month, 'S',
        f.seen_state, '', f.fields, f.buyer_vat, f.buyer_code, f.buyer_name, f.register,
        f.our_number, f.our_issued, f.our_type, f.our_taxable, f.our_vat, f.our_codes,
        concat_ws(' ', f.our_buyer_name, coalesce(nullif(f.our_buyer_vat, ''), f.our_buyer_code)),
        f.number, f.issued, f.taxable, f.vat, f.total, f.source, f.currency
    FROM found f
    WHERE {{narrower}}
)
{COUNT}"""

"""Mismatches in sum, as SQL: by counterparty and by month, those against e-invoices with them.

An invoice that differs from the counterparty's register and from the e-invoice is counted once.
"""

from isaf.sql.einvoices import FOUND
from isaf.sql.seen import IS_MISMATCH

# A buyer of an e-invoice who is nobody here is known by what the e-invoice says of him.
BY_PARTY = f"""{FOUND}, one AS (
    SELECT seen.other_id, '' AS code, '' AS name, 1 AS invoices, 0 AS einvoices,
        abs(seen.total_gap) AS total, abs(seen.vat_gap) AS vat
    FROM {{seen}} WHERE {{which}}
    UNION ALL
    SELECT buyer_id, CASE WHEN buyer_id IS NULL THEN coalesce(nullif(buyer_vat, ''), buyer_code)
        ELSE '' END, CASE WHEN buyer_id IS NULL THEN buyer_name ELSE '' END,
        CASE WHEN mismatched_already THEN 0 ELSE 1 END, 1, total_more, vat_more
    FROM found WHERE mismatched
), grouped AS (
    SELECT other_id, code, max(name) AS name, sum(invoices) AS invoices,
        sum(einvoices) AS einvoices, sum(total) AS total, sum(vat) AS vat
    FROM one GROUP BY other_id, code
)
SELECT coalesce(t.code, g.code), coalesce(t.name, g.name), g.invoices, g.einvoices, g.total,
    g.vat, sum(g.total) OVER (), sum(g.total) OVER (ORDER BY g.total DESC, g.other_id, g.code),
    count(*) OVER ()
FROM grouped g LEFT JOIN representation_taxpayer t ON t.id = g.other_id
ORDER BY g.total DESC, g.other_id, g.code LIMIT {{limit}}
"""

# Gaps of purchases are what we say less what the seller says: more is deducted than declared.
BY_MONTH = f"""{FOUND}, one AS (
    SELECT *, mismatched AND side = 'P' AND state <> 'other_period' AS costs FROM (
        SELECT seen.month, seen.side, seen.state, seen.total_gap, seen.vat_gap,
            {IS_MISMATCH} AS mismatched
        FROM {{seen}} WHERE {{which}}
    ) told
), summed AS (
    SELECT month, count(*) FILTER (WHERE state NOT IN ('waiting', 'not_checkable')) AS checked,
        count(*) FILTER (WHERE mismatched) AS mismatched, 0 AS einvoices,
        sum(abs(total_gap)) FILTER (WHERE mismatched) AS total,
        sum(abs(vat_gap)) FILTER (WHERE mismatched) AS vat,
        sum(vat_gap) FILTER (WHERE costs AND vat_gap > 0) AS undeclared,
        -sum(vat_gap) FILTER (WHERE costs AND vat_gap < 0) AS undeducted
    FROM one GROUP BY month
    UNION ALL
    SELECT month, count(*) FILTER (WHERE NOT checked_already AND seen_state <> 'waiting'),
        count(*) FILTER (WHERE mismatched AND NOT mismatched_already),
        count(*) FILTER (WHERE mismatched), sum(total_more) FILTER (WHERE mismatched),
        sum(vat_more) FILTER (WHERE mismatched), 0, 0
    FROM found GROUP BY month
)
SELECT month, sum(checked), sum(mismatched), sum(einvoices), coalesce(sum(total), 0),
    coalesce(sum(vat), 0), coalesce(sum(undeclared), 0), coalesce(sum(undeducted), 0)
FROM summed GROUP BY month ORDER BY month
"""

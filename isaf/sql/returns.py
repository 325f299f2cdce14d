"""Preliminary returns as SQL: rows of registers in, contributions to the boxes out, as sets.

A contribution is one total of an invoice under the rule of its code. The rules and what the
taxpayer decided are joined to the rows of the registers that count; nothing is fetched.
"""

from isaf.returns.rules import NO_CODE
from isaf.sql.crosscheck import COUNTS

COUNTERPARTY = """coalesce(nullif(i.counterparty_vat, ''), nullif(i.counterparty_code, ''),
    i.counterparty_name)"""
"""By which a decision knows the other side of an invoice `i`."""

RULES = """
CREATE TEMP TABLE IF NOT EXISTS return_rule (
    side text, code text, asked numeric, name text, treatment text, vat text, rate numeric,
    deducted boolean, positive_only boolean, listed text
) ON COMMIT DROP;
TRUNCATE return_rule;
"""
RULE = "INSERT INTO return_rule VALUES %s"

# Registers that lie in the period, and those of postponed invoices wherever they lie.
_SHOWN = f"""
    SELECT r.start AS period_start, rp.part_id
    FROM isaf_register r JOIN isaf_registerpart rp ON rp.register_id = r.id
    WHERE r.taxpayer_id = %(taxpayer)s AND r.start >= %(since)s AND r."end" <= %(until)s
        AND r.type IN ('SALES_REGISTRY', 'PURCHASE_REGISTRY') AND {COUNTS}
"""
_IN_THE_PERIOD = f"""
    SELECT i.*, d.counted, d.until, d.deduction, d.share, d.nature
    FROM ({_SHOWN}) shown
    JOIN isaf_invoice i ON i.period_start = shown.period_start AND i.part_id = shown.part_id
    LEFT JOIN isaf_returndecision d ON d.taxpayer_id = %(taxpayer)s AND d.side = i.side
        AND d.number_norm = i.number_norm AND d.counterparty = {COUNTERPARTY}
    WHERE {{which}}
"""
_POSTPONED_INTO = f"""
    SELECT i.*, 'counted', NULL::date, d.deduction, d.share, d.nature
    FROM isaf_returndecision d
    JOIN isaf_register r ON r.taxpayer_id = d.taxpayer_id AND r.start < %(since)s
        AND r.type = 'PURCHASE_REGISTRY' AND {COUNTS}
    JOIN isaf_registerpart rp ON rp.register_id = r.id
    JOIN isaf_invoice i ON i.period_start = r.start AND i.part_id = rp.part_id
        AND i.number_norm = d.number_norm AND i.side = d.side AND {COUNTERPARTY} = d.counterparty
    WHERE d.taxpayer_id = %(taxpayer)s AND d.until BETWEEN %(since)s AND %(until)s
        AND d.counted = 'postponed' AND {{which}}
"""

# A list of supplies in the EU names its buyers by their VAT codes there.
_IN_EU = "left(e.counterparty_vat, 2) = ANY (%(eu)s::text[])"
_LISTED = f"""u.listed <> '' AND (u.listed <> 'E18' OR e.nature = 'services'
    OR coalesce(e.nature, '') = '' AND {_IN_EU})"""

_STANDING = f"""CASE
    WHEN e.type = 'AN' THEN 'cancelled'
    WHEN e.counted IN ('excluded', 'postponed') THEN e.counted
    WHEN e.special AND e.kind = 'I' THEN 'unpaid'
    WHEN u.name IS NULL OR u.treatment = 'ask' THEN 'unmapped'
    WHEN u.treatment = 'left-out' OR u.positive_only AND e.taxable <= 0 THEN 'left_out'
    WHEN %(form)s = 'FR0564' AND NOT {_IN_EU} THEN 'unmapped'
    ELSE 'counted' END"""
_VAT = """CASE u.vat
    WHEN 'self' THEN round(e.taxable * coalesce(e.rate, u.rate, 0) / 100, 2)
    WHEN 'none' THEN 0 ELSE coalesce(e.amount, 0) END"""

# The code of a purchase from a Lithuanian payer is left out as usual; any other is asked about.
_ROWS = f"""
    SELECT *, CASE WHEN code = '' AND side = 'P' AND counterparty_vat LIKE 'LT%%'
        AND amount IS NOT NULL THEN '{NO_CODE}' ELSE code END AS known_as
    FROM ({{evidence}}) told
"""
_CONTRIBUTED = f"""
INSERT INTO isaf_contribution (month, version_id, standing, rule, kind, period_start, part_id,
    position, row_no, of_row, taxable, vat, direct, shared)
SELECT %(since)s, %(version)s, standing, rule, kind, period_start, part_id, position, row_no,
    of_row, taxable, vat,
    CASE WHEN deducted AND deduction = 'full' THEN vat ELSE 0 END,
    CASE WHEN deducted IS NOT TRUE OR deduction IN ('full', 'none', 'reserve') THEN 0
        WHEN deduction = 'share' THEN round(vat * share / 100, 2) ELSE vat END
FROM (
    SELECT {_STANDING} AS standing, coalesce(u.name, '') AS rule, e.kind, e.period_start,
        e.part_id, e.position, e.row_no, e.of_row, e.taxable, {_VAT} AS vat, u.deducted,
        coalesce(e.deduction, 'usual') AS deduction, e.share
    FROM ({_ROWS}) e
    LEFT JOIN return_rule u ON u.side = e.side AND u.code = e.known_as
        AND (u.asked IS NULL OR u.asked = e.rate)
    WHERE %(form)s = 'FR0600' OR {_LISTED}
) judged
"""

_OF_INVOICES = """
    SELECT 'I'::"char" AS kind, i.side, i.type, i.special, i.counterparty_vat, i.counted,
        i.deduction, i.share, i.nature, i.period_start, i.part_id, i.position, t.row_no,
        0::smallint AS of_row, t.taxable, t.code, t.rate, t.amount
    FROM ({invoices}) i
    JOIN isaf_tax_row t ON t.period_start = i.period_start AND t.part_id = i.part_id
        AND t.position = i.position
"""
_ALL = "true"
_SAME_INVOICE = f"""i.side = %(side)s AND i.number_norm = %(number)s
    AND i.counterparty_vat = %(vat_code)s AND {COUNTERPARTY} = %(counterparty)s"""


def _invoices(which: str) -> str:
    told = f"{_IN_THE_PERIOD} UNION ALL {_POSTPONED_INTO}".format(which=which)
    return _CONTRIBUTED.format(evidence=_OF_INVOICES.format(invoices=told))


INVOICES = _invoices(_ALL)

# Under cash accounting VAT falls due with the money: what is paid is laid on the codes of the
# invoice in proportion, the last of them taking what rounding leaves.
_OF_SETTLEMENTS = f"""
    SELECT 'S'::"char" AS kind, side, type, special, counterparty_vat, counted, deduction, share,
        nature, period_start, part_id, position, row_no, coalesce(of_row, 0::smallint) AS of_row,
        {{paid_taxable}} AS taxable, coalesce(code, '?') AS code, rate, {{paid_vat}} AS amount
    FROM (
        SELECT CASE m.kind WHEN 'G' THEN 'S' ELSE 'P' END AS side, coalesce(o.type, '') AS type,
            true AS special, m.counterparty_vat, o.counted, o.deduction, o.share, o.nature,
            s.period_start, s.part_id, s.position, s.row_no, t.row_no AS of_row, s.amount AS paid,
            s.vat AS paid_vat, t.code, t.rate,
            round(s.amount * t.taxable / nullif(o.taxable, 0), 2) AS taxable_piece,
            round(s.vat * coalesce(t.amount, 0) / nullif(o.vat, 0), 2) AS vat_piece,
            t.row_no = max(t.row_no) OVER whole AS is_last
        FROM isaf_register r
        JOIN isaf_registerpart rp ON rp.register_id = r.id
        JOIN isaf_settlement m ON m.period_start = r.start AND m.part_id = rp.part_id
        JOIN isaf_settled_invoice s ON s.period_start = m.period_start AND s.part_id = m.part_id
            AND s.position = m.position
        LEFT JOIN original o ON o.side = CASE m.kind WHEN 'G' THEN 'S' ELSE 'P' END
            AND o.number_norm = s.number_norm AND o.issued = s.issued
            AND o.counterparty_vat = m.counterparty_vat
        LEFT JOIN isaf_tax_row t ON t.period_start = o.period_start AND t.part_id = o.part_id
            AND t.position = o.position
        WHERE r.taxpayer_id = %(taxpayer)s AND r.start >= %(since)s AND r."end" <= %(until)s
            AND r.type = 'SETTLEMENTS_AND_PAYMENTS_REGISTRY' AND {COUNTS}
        WINDOW whole AS (PARTITION BY s.part_id, s.position, s.row_no)
    ) paid
"""
_REST = """CASE WHEN of_row IS NULL THEN {paid} WHEN is_last THEN {paid} - coalesce(
    sum({piece}) OVER (PARTITION BY part_id, position, row_no ORDER BY of_row
        ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING), 0) ELSE coalesce({piece}, 0) END"""
_ORIGINALS = f"""
WITH original AS MATERIALIZED (
    SELECT DISTINCT ON (i.side, i.number_norm, i.issued, i.counterparty_vat) i.*, d.counted,
        d.deduction, d.share, d.nature
    FROM isaf_register r
    JOIN isaf_registerpart rp ON rp.register_id = r.id
    JOIN isaf_invoice i ON i.period_start = r.start AND i.part_id = rp.part_id
    LEFT JOIN isaf_returndecision d ON d.taxpayer_id = r.taxpayer_id AND d.side = i.side
        AND d.number_norm = i.number_norm AND d.counterparty = {COUNTERPARTY}
    WHERE r.taxpayer_id = %(taxpayer)s AND r.start <= %(until)s AND {COUNTS}
        AND r.type IN ('SALES_REGISTRY', 'PURCHASE_REGISTRY') AND i.special AND i.type <> 'AN'
    ORDER BY i.side, i.number_norm, i.issued, i.counterparty_vat, r.start DESC
)
"""
SETTLEMENTS = _ORIGINALS + _CONTRIBUTED.format(
    evidence=_OF_SETTLEMENTS.format(
        paid_taxable=_REST.format(paid="paid", piece="taxable_piece"),
        paid_vat=_REST.format(paid="paid_vat", piece="vat_piece"),
    )
)
HAS_SETTLEMENTS = f"""
SELECT EXISTS (
    SELECT FROM isaf_register r
    JOIN isaf_registerpart rp ON rp.register_id = r.id
    JOIN isaf_settlement m ON m.period_start = r.start AND m.part_id = rp.part_id
    WHERE r.taxpayer_id = %(taxpayer)s AND r.start >= %(since)s AND r."end" <= %(until)s
        AND {COUNTS}
)
"""

LINES = """
INSERT INTO isaf_contribution (month, version_id, standing, rule, kind, period_start, part_id,
    position, row_no, of_row, taxable, vat, direct, shared)
SELECT %(since)s, %(version)s, 'counted', u.name, 'L', %(since)s, 0, l.id, 0, 0, l.taxable, l.vat,
    CASE WHEN u.deducted AND u.name = 'B:35' THEN l.vat ELSE 0 END,
    CASE WHEN u.deducted AND u.name <> 'B:35' THEN l.vat ELSE 0 END
FROM isaf_returnline l JOIN return_rule u ON u.name = l.rule
WHERE l.taxpayer_id = %(taxpayer)s AND l.start >= %(since)s AND l."end" <= %(until)s
    AND l.removed_at IS NULL
"""

_SUMS = """count(*) AS rows, sum(taxable) AS taxable, sum(vat) AS vat, sum(direct) AS direct,
    sum(shared) AS shared"""
TOTALS = f"""
INSERT INTO isaf_returntotal (version_id, standing, rule, rows, taxable, vat, direct, shared)
SELECT version_id, standing, rule, {_SUMS}
FROM isaf_contribution WHERE month = %(since)s AND version_id = %(version)s
GROUP BY version_id, standing, rule
"""

FORGET = "DELETE FROM isaf_contribution WHERE month = %(since)s AND version_id = %(version)s"

# A decision moves few rows: what they were is taken off the totals, and what they are put on.
_TOUCHED = """
CREATE TEMP TABLE IF NOT EXISTS return_invoice (part_id bigint, position integer) ON COMMIT DROP;
TRUNCATE return_invoice;
INSERT INTO return_invoice
"""
ONE = f"""{_TOUCHED}
SELECT i.part_id, i.position FROM ({_IN_THE_PERIOD.format(which=_SAME_INVOICE)}) i
UNION SELECT i.part_id, i.position FROM ({_POSTPONED_INTO.format(which=_SAME_INVOICE)}) i
"""
"""Find the invoices a decision speaks of, before it is changed and after."""

EVERY_LINE = f"""{_TOUCHED}
SELECT 0, l.id FROM isaf_returnline l
WHERE l.taxpayer_id = %(taxpayer)s AND l.start >= %(since)s AND l."end" <= %(until)s
"""

# The month names one partition, in which a ctid is one row. OFFSET keeps the planner from reading
# the whole version before statistics of it are gathered.
TAKE_OFF = f"""
WITH gone AS (
    DELETE FROM isaf_contribution WHERE month = %(since)s AND ctid = ANY (ARRAY(
        SELECT c.at
        FROM return_invoice i CROSS JOIN isaf_returntotal t
        CROSS JOIN LATERAL (
            SELECT ctid AS at FROM isaf_contribution
            WHERE month = %(since)s AND version_id = %(version)s AND standing = t.standing
                AND rule = t.rule AND part_id = i.part_id AND position = i.position
            OFFSET 0
        ) c
        WHERE t.version_id = %(version)s
    ))
    RETURNING *
), less AS (SELECT standing, rule, {_SUMS} FROM gone GROUP BY 1, 2)
UPDATE isaf_returntotal t SET rows = t.rows - less.rows, taxable = t.taxable - less.taxable,
    vat = t.vat - less.vat, direct = t.direct - less.direct, shared = t.shared - less.shared
FROM less WHERE t.version_id = %(version)s AND t.standing = less.standing AND t.rule = less.rule
"""
_PUT_ON = f"""
WITH put AS ({{contributed}} RETURNING *)
INSERT INTO isaf_returntotal AS t (version_id, standing, rule, rows, taxable, vat, direct, shared)
SELECT version_id, standing, rule, {_SUMS} FROM put GROUP BY 1, 2, 3
ON CONFLICT (version_id, standing, rule) DO UPDATE SET rows = t.rows + excluded.rows,
    taxable = t.taxable + excluded.taxable, vat = t.vat + excluded.vat,
    direct = t.direct + excluded.direct, shared = t.shared + excluded.shared
"""
PUT_ON_INVOICE = _PUT_ON.format(contributed=_invoices(_SAME_INVOICE))
PUT_ON_LINES = _PUT_ON.format(contributed=LINES)
NO_EMPTY_TOTALS = "DELETE FROM isaf_returntotal WHERE version_id = %(version)s AND rows = 0"

# The lines of FR0564: a buyer and what went to him, by column.
LISTED = """
SELECT left(i.counterparty_vat, 2), substr(i.counterparty_vat, 3), min(i.counterparty_name),
    coalesce(sum(c.taxable) FILTER (WHERE c.rule = ANY (%(goods)s::text[])), 0),
    coalesce(sum(c.taxable) FILTER (WHERE c.rule = ANY (%(triangular)s::text[])), 0),
    coalesce(sum(c.taxable) FILTER (WHERE c.rule = ANY (%(services)s::text[])), 0)
FROM isaf_contribution c
JOIN isaf_invoice i ON i.period_start = c.period_start AND i.part_id = c.part_id
    AND i.position = c.position
WHERE c.month = %(since)s AND c.version_id = %(version)s AND c.standing = 'counted'
    AND c.kind = 'I'
GROUP BY 1, 2 ORDER BY 1, 2
"""

"""Statements that find out, set by set, what a staged file would change.

Every statement is put together of the constants in `registers.types.FACTS`; values are bound. The
order of a file: rows that cannot be meant are marked first, then the plan is drawn up from those
left into the temporary table `register_plan`, then it is carried out (`merge_sql`).
"""

from representation.registers.types import Fact

TAXPAYERS_REPEATED = """
UPDATE representation_importrow AS r SET refusal = 'registers.repeated'
  FROM (SELECT code FROM representation_importrow
         WHERE run_id = %(run)s AND refusal = '' GROUP BY code HAVING count(*) > 1) AS twice
 WHERE r.run_id = %(run)s AND r.code = twice.code
"""

UNKNOWN = """
UPDATE representation_importrow AS r SET refusal = 'registers.taxpayer-unknown'
 WHERE r.run_id = %(run)s AND r.refusal = ''
   AND NOT EXISTS (SELECT 1 FROM representation_taxpayer AS t WHERE t.code = r.code)
"""

FACTS_REPEATED = """
UPDATE representation_importrow AS r SET refusal = 'registers.repeated'
  FROM (SELECT code, person, since FROM representation_importrow
         WHERE run_id = %(run)s AND refusal = ''
         GROUP BY code, person, since HAVING count(*) > 1) AS twice
 WHERE r.run_id = %(run)s AND r.code = twice.code AND r.person = twice.person
   AND r.since = twice.since
"""

TAXPAYERS_PLAN = """
CREATE TEMPORARY TABLE register_plan ON COMMIT DROP AS
SELECT CASE WHEN t.id IS NULL THEN 'added' ELSE 'changed' END AS deed,
       r.row, r.code, t.id AS taxpayer_id,
       CASE WHEN t.id IS NOT NULL THEN jsonb_build_object(
           'kind', t.kind, 'name', t.name, 'address', t.address, 'city', t.city,
           'postal_code', t.postal_code, 'country', t.country) END AS before,
       jsonb_build_object(
           'kind', r.value, 'name', r.name, 'address', r.address, 'city', r.city,
           'postal_code', r.postal_code, 'country', r.country) AS after,
       r.value, r.name, r.address, r.city, r.postal_code, r.country
  FROM representation_importrow AS r
  LEFT JOIN representation_taxpayer AS t ON t.code = r.code
 WHERE r.run_id = %(run)s AND r.refusal = ''
   AND (t.id IS NULL OR (t.kind, t.name, t.address, t.city, t.postal_code, t.country)
        IS DISTINCT FROM (r.value, r.name, r.address, r.city, r.postal_code, r.country))
"""

ENDINGS_PLAN = """
CREATE TEMPORARY TABLE register_plan ON COMMIT DROP AS
SELECT CASE WHEN t.ended_on IS NULL THEN 'ended' ELSE 'changed' END AS deed,
       r.row, r.code, t.id AS taxpayer_id,
       jsonb_build_object('ended_on', t.ended_on) AS before,
       jsonb_build_object('ended_on', r.since) AS after,
       r.since
  FROM representation_importrow AS r
  JOIN representation_taxpayer AS t ON t.code = r.code
 WHERE r.run_id = %(run)s AND r.refusal = '' AND t.ended_on IS DISTINCT FROM r.since
"""

_TIMELINE = """
staged AS (
    SELECT r.row, t.id AS taxpayer_id, r.code, r.person, r.name, r.value, r.since, r.until,
           r.removed
      FROM representation_importrow AS r
      JOIN representation_taxpayer AS t ON t.code = r.code
     WHERE r.run_id = %(run)s AND r.refusal = ''
), stored AS (
    SELECT f.id, f.taxpayer_id, {person} AS person, {name} AS name, {value} AS value,
           f.{first} AS since, f.{last} AS until
      FROM {table} AS f
     WHERE f.taxpayer_id IN (SELECT taxpayer_id FROM staged)
), timeline AS (
    SELECT s.row, s.taxpayer_id, s.code, s.person,
           coalesce(nullif(s.name, ''), o.name, '') AS name, s.value, s.since, s.until,
           o.id, o.name AS old_name, o.value AS old_value, o.until AS old_until
      FROM staged AS s
      LEFT JOIN stored AS o USING (taxpayer_id, person, since)
     WHERE NOT s.removed
     UNION ALL
    SELECT NULL, o.taxpayer_id, k.code, o.person, o.name, o.value, o.since, o.until,
           o.id, o.name, o.value, o.until
      FROM stored AS o
      JOIN (SELECT DISTINCT taxpayer_id, code, person FROM staged) AS k
           USING (taxpayer_id, person)
     WHERE NOT EXISTS (SELECT 1 FROM staged AS s
                        WHERE s.taxpayer_id = o.taxpayer_id AND s.person = o.person
                          AND s.since = o.since)
), followed AS (
    SELECT *, lead(since) OVER (PARTITION BY taxpayer_id, person ORDER BY since) AS next_since
      FROM timeline
)
"""

_OVERLAPS = """
WITH {timeline}
UPDATE representation_importrow AS r SET refusal = 'registers.overlaps'
  FROM followed AS f
 WHERE r.run_id = %(run)s AND r.row = f.row AND f.until >= f.next_since
"""

_NOTHING_TO_REMOVE = """
WITH {timeline}
UPDATE representation_importrow AS r SET refusal = 'registers.nothing-to-remove'
  FROM staged AS s
 WHERE r.run_id = %(run)s AND r.row = s.row AND s.removed
   AND NOT EXISTS (SELECT 1 FROM stored AS o
                    WHERE o.taxpayer_id = s.taxpayer_id AND o.person = s.person
                      AND o.since = s.since)
"""

# A fact without a last day holds until the next one begins.
_PLAN = """
CREATE TEMPORARY TABLE register_plan ON COMMIT DROP AS
WITH {timeline}, settled AS (
    SELECT *, least(until, next_since - 1) AS last
      FROM followed
), judged AS (
    SELECT CASE
           WHEN id IS NULL THEN 'added'
           WHEN last IS NOT DISTINCT FROM old_until AND value = old_value AND name = old_name
           THEN NULL
           WHEN value = old_value AND name = old_name AND (old_until IS NULL OR row IS NULL)
           THEN 'ended'
           ELSE 'changed' END AS deed,
           row, code, taxpayer_id, id, person, name, value, since, last,
           old_name, old_value, old_until
      FROM settled
     UNION ALL
    SELECT 'removed', s.row, s.code, s.taxpayer_id, o.id, s.person, o.name, o.value, s.since,
           o.until, o.name, o.value, o.until
      FROM staged AS s JOIN stored AS o USING (taxpayer_id, person, since)
     WHERE s.removed
)
SELECT deed, row, code, taxpayer_id,
       CASE WHEN id IS NOT NULL THEN jsonb_strip_nulls(jsonb_build_object(
           'value', nullif(old_value, ''), 'name', nullif(old_name, ''),
           'since', since, 'until', old_until)) END AS before,
       CASE WHEN deed <> 'removed' THEN jsonb_strip_nulls(jsonb_build_object(
           'value', nullif(value, ''), 'name', nullif(name, ''),
           'since', since, 'until', last)) END AS after,
       id, person, name, value, since, last
  FROM judged
 WHERE deed IS NOT NULL
"""

VAT_TAKEN = """
WITH coming AS (
    SELECT row, taxpayer_id, value, daterange(since, last, '[]') AS days
      FROM register_plan WHERE deed IN ('added', 'changed')
), standing AS (
    SELECT taxpayer_id, value, days FROM coming
     UNION ALL
    SELECT v.taxpayer_id, v.vat_code, daterange(v.valid_from,
           CASE WHEN p.deed = 'ended' THEN p.last ELSE v.valid_to END, '[]')
      FROM representation_vatregistration AS v
      LEFT JOIN register_plan AS p ON p.id = v.id
     WHERE (p.deed IS NULL OR p.deed = 'ended')
       AND v.vat_code IN (SELECT value FROM coming)
)
UPDATE representation_importrow AS r SET refusal = 'registers.vat-code-taken'
  FROM coming AS c
 WHERE r.run_id = %(run)s AND r.row = c.row
   AND EXISTS (SELECT 1 FROM standing AS o WHERE o.value = c.value
                AND o.taxpayer_id <> c.taxpayer_id AND o.days && c.days)
"""

COUNTS = """
SELECT deed, count(*), count(row), sum(hashtextextended(p::text, 0))
  FROM register_plan AS p GROUP BY deed
"""

EXAMPLES = """
SELECT deed, row, code, before, after FROM (
    SELECT *, row_number() OVER (PARTITION BY deed ORDER BY row, code) AS place
      FROM register_plan) AS p
 WHERE place <= %(most)s ORDER BY deed, place
"""


def overlaps(fact: Fact) -> str:
    """Mark rows whose last day is not before the next fact begins, in the file or the register."""
    return _OVERLAPS.format(timeline=_timeline(fact))


def nothing_to_remove(fact: Fact) -> str:
    """Mark removals of facts that the register does not hold."""
    return _NOTHING_TO_REMOVE.format(timeline=_timeline(fact))


def plan(fact: Fact) -> str:
    """Draw up the changes of a file of facts."""
    return _PLAN.format(timeline=_timeline(fact))


def _timeline(fact: Fact) -> str:
    return _TIMELINE.format(
        table=fact.table,
        first=fact.first,
        last=fact.last,
        value=f"f.{fact.value}" if fact.value else "''",
        person="f.person" if fact.by_person else "''",
        name="f.person_name" if fact.by_person else "''",
    )

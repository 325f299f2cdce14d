"""Statements that carry a plan out: every change is kept, then made.

A changed fact is deleted and inserted again under its id, after all that frees its days, so that no
constraint is broken on the way.
"""

from representation.registers.types import Fact

_KEEP = """
INSERT INTO representation_registerchange (run_id, taxpayer_id, deed, row, before, after)
SELECT %(run)s, {taxpayer}, p.deed, p.row, p.before, p.after FROM register_plan AS p {join}
"""

TAXPAYERS: tuple[str, ...] = (
    """
INSERT INTO representation_taxpayer (kind, code, name, address, city, postal_code, country)
SELECT value, code, name, address, city, postal_code, country
  FROM register_plan WHERE deed = 'added'
""",
    """
UPDATE representation_taxpayer AS t
   SET kind = p.value, name = p.name, address = p.address, city = p.city,
       postal_code = p.postal_code, country = p.country
  FROM register_plan AS p WHERE p.deed = 'changed' AND t.id = p.taxpayer_id
""",
    _KEEP.format(taxpayer="t.id", join="JOIN representation_taxpayer AS t ON t.code = p.code"),
)

ENDINGS: tuple[str, ...] = (
    """
UPDATE representation_taxpayer AS t SET ended_on = p.since
  FROM register_plan AS p WHERE t.id = p.taxpayer_id
""",
    _KEEP.format(taxpayer="p.taxpayer_id", join=""),
)

_DELETE = """
DELETE FROM {table} AS f USING register_plan AS p
 WHERE f.id = p.id AND p.deed IN ('removed', 'changed')
"""

_END = """
UPDATE {table} AS f SET {last} = p.last FROM register_plan AS p
 WHERE f.id = p.id AND p.deed = 'ended'
"""

_INSERT = """
INSERT INTO {table} (id, taxpayer_id, {first}, {last}{columns})
SELECT coalesce(id, nextval(pg_get_serial_sequence('{table}', 'id'))), taxpayer_id, since, last
       {values}
  FROM register_plan WHERE deed IN ('added', 'changed') ORDER BY taxpayer_id, since
"""


def facts(fact: Fact) -> tuple[str, ...]:
    """Return the statements for facts, in order."""
    named = [("person", "person"), ("person_name", "name")] if fact.by_person else []
    if fact.value:
        named.append((fact.value, "value"))
    columns = "".join(f", {column}" for column, _ in named)
    values = "".join(f", {value}" for _, value in named)
    names = {"table": fact.table, "first": fact.first, "last": fact.last}
    return (
        _KEEP.format(taxpayer="p.taxpayer_id", join=""),
        _DELETE.format(**names),
        _END.format(**names),
        _INSERT.format(**names, columns=columns, values=values),
    )

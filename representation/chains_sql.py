"""The questions about chains of mandates, as SQL: one pass, by index, however long the chain.

Every mandate of a chain is about the same taxpayer. From a person the way goes up, from what he
and his firms hold to the taxpayer's own act; from a taxpayer it goes down. What a link must fulfil
stands here once, for both. `limits` gathers those of every link, for Python to intersect.
"""

DEEPEST_CHAIN = 6
"""How many mandates a chain can have: the taxpayer's own and each passing on."""

ON = "{row}.since <= %(day)s AND ({row}.until IS NULL OR {row}.until >= %(day)s)"
_LIVES = "({row}.ended_on IS NULL OR {row}.ended_on >= %(day)s)"
_IN_FORCE = "{row}.state = 'active' AND {row}.since <= %(day)s AND {row}.until >= %(day)s"

# Whoever works by what a firm has passed on: its employee while the register knows its
# employees at all, its head, or whoever it named where the register is silent.
_WORKS_FOR = f"""
({{below}}.person = '' OR {{above}}.firm_id IS NULL
 OR EXISTS (SELECT FROM representation_employment post
             WHERE post.taxpayer_id = {{above}}.firm_id AND post.person = {{below}}.person
               AND {ON.format(row="post")})
 OR EXISTS (SELECT FROM representation_headship post
             WHERE post.taxpayer_id = {{above}}.firm_id AND post.person = {{below}}.person
               AND {ON.format(row="post")})
 OR NOT EXISTS (SELECT FROM representation_employment post
                 WHERE post.taxpayer_id = {{above}}.firm_id))
"""

# A taxpayer's own employee represents it while he works there (VA-119, 12.1 p.): a post of his that
# ended while the mandate was given takes it along, unless he has another post there.
_STILL_WORKS = f"""
({{row}}.person = '' OR {{row}}.via_id IS NOT NULL
 OR NOT EXISTS (SELECT FROM representation_employment post
                 WHERE post.taxpayer_id = {{row}}.taxpayer_id AND post.person = {{row}}.person
                   AND post.until >= {{row}}.since AND post.until < %(day)s)
 OR EXISTS (SELECT FROM representation_employment post
             WHERE post.taxpayer_id = {{row}}.taxpayer_id AND post.person = {{row}}.person
               AND {ON.format(row="post")})
 OR EXISTS (SELECT FROM representation_headship post
             WHERE post.taxpayer_id = {{row}}.taxpayer_id AND post.person = {{row}}.person
               AND {ON.format(row="post")}))
"""

HAS_DIED = """
EXISTS (SELECT FROM representation_taxpayer own
         WHERE own.kind = 'natural' AND own.code = %(code)s AND own.code <> ''
           AND own.ended_on < %(day)s)
"""

_HEADED = f"""
SELECT post.taxpayer_id
  FROM representation_headship post
  JOIN representation_taxpayer firm ON firm.id = post.taxpayer_id
 WHERE post.person = %(person)s AND {ON.format(row="post")} AND {_LIVES.format(row="firm")}
"""

_OWN = """
SELECT held.id AS leaf, held.taxpayer_id, held.via_id, held.person, held.firm_id,
       held.passing_on, held.rights, held.since, held.until,
       CASE WHEN held.limits = '{{}}' THEN '[]' ELSE jsonb_build_array(held.limits) END AS limits,
       ARRAY[held.id] AS links,
       CASE WHEN held.firm_id IS NULL THEN '{{}}'::bigint[] ELSE ARRAY[held.firm_id] END AS firms,
       held.firm_id IS NULL AS is_personal
  FROM representation_mandate held
 WHERE {holder} AND {in_force} {narrowed}
"""

_CHAINS = f"""
WITH RECURSIVE headed AS MATERIALIZED ({_HEADED}),
link AS (
    SELECT * FROM ({{own}}) AS own
    UNION ALL
    SELECT link.leaf, above.taxpayer_id, above.via_id, above.person, above.firm_id,
           above.passing_on,
           ARRAY(SELECT unnest(link.rights) INTERSECT SELECT unnest(above.rights))::varchar(64)[],
           greatest(link.since, above.since), least(link.until, above.until),
           CASE WHEN above.limits = '{{{{}}}}' THEN link.limits
                ELSE link.limits || above.limits END,
           above.id || link.links,
           CASE WHEN above.firm_id IS NULL THEN link.firms ELSE above.firm_id || link.firms END,
           link.is_personal
      FROM link
      JOIN representation_mandate above ON above.id = link.via_id
      LEFT JOIN representation_taxpayer firm ON firm.id = above.firm_id
     WHERE {_IN_FORCE.format(row="above")} AND above.passing_on > link.passing_on
       AND {_LIVES.format(row="firm")}
       AND cardinality(link.links) < {DEEPEST_CHAIN}
       AND {_WORKS_FOR.format(below="link", above="above")}
       AND {_STILL_WORKS.format(row="above")}
)
"""


_OF_PERSON = (
    f"held.person = %(person)s AND held.person <> '' AND {_STILL_WORKS}".format(row="held"),
    "held.firm_id IN (SELECT taxpayer_id FROM headed)",
)
"""What a person holds himself, and what the firms hold that he heads."""


def _chains(narrowed: str, holders: tuple[str, ...] = _OF_PERSON) -> str:
    own = [
        _OWN.format(holder=holder, in_force=_IN_FORCE.format(row="held"), narrowed=narrowed)
        for holder in holders
    ]
    return _CHAINS.format(own=" UNION ALL ".join(own))


_FIRMS = """
ARRAY(SELECT firm.code FROM unnest({row}.firms) WITH ORDINALITY AS passed(id, place)
        JOIN representation_taxpayer firm ON firm.id = passed.id ORDER BY place)
"""

ROOTS = (
    _chains("AND held.taxpayer_id = ANY(%(taxpayers)s)")
    + f"""
SELECT %(person)s, taxpayer_id, rights, limits, since, until, links,
       {_FIRMS.format(row="link")}, is_personal
  FROM link WHERE via_id IS NULL
 ORDER BY taxpayer_id, since, leaf
"""
)
"""Every live way from a person to some taxpayers, with the rights left of it."""

UP_FROM = (
    _chains("", (f"held.id = ANY(%(mandates)s) AND {_STILL_WORKS}".format(row="held"),))
    + f"""
SELECT %(person)s, taxpayer_id, rights, limits, since, until, links,
       {_FIRMS.format(row="link")}, is_personal
  FROM link WHERE via_id IS NULL
"""
)
"""Of some mandates the live ways up to the taxpayer; one whose chain is broken has none."""

CLIENTS = (
    _chains("")
    + f"""
SELECT client.taxpayer_id FROM (
       SELECT taxpayer_id FROM link WHERE via_id IS NULL AND rights <> '{{}}'
        UNION SELECT taxpayer_id FROM headed
        UNION SELECT post.taxpayer_id FROM representation_accountant post
               WHERE post.person = %(person)s AND {ON.format(row="post")}
        UNION SELECT own.id FROM representation_taxpayer own
               WHERE own.kind = 'natural' AND own.code = %(code)s AND own.code <> ''
       ) AS client
 WHERE NOT {HAS_DIED}
"""
)
"""The ids of every taxpayer a person may do anything for."""

_HOLDERS = f"""
WITH RECURSIVE link AS (
    SELECT given.id, given.person, given.firm_id, given.passing_on, given.rights, given.since,
           given.until,
           CASE WHEN given.limits = '{{}}' THEN '[]' ELSE jsonb_build_array(given.limits) END
               AS limits,
           ARRAY[given.id] AS links,
           CASE WHEN given.firm_id IS NULL THEN '{{}}'::bigint[] ELSE ARRAY[given.firm_id] END
               AS firms
      FROM representation_mandate given
      JOIN representation_taxpayer own ON own.id = given.taxpayer_id AND {_LIVES.format(row="own")}
     WHERE given.taxpayer_id = %(taxpayer)s AND given.via_id IS NULL
       AND {_IN_FORCE.format(row="given")} AND {_STILL_WORKS.format(row="given")}
    UNION ALL
    SELECT below.id, below.person, below.firm_id, below.passing_on,
           ARRAY(SELECT unnest(link.rights) INTERSECT SELECT unnest(below.rights))::varchar(64)[],
           greatest(link.since, below.since), least(link.until, below.until),
           CASE WHEN below.limits = '{{}}' THEN link.limits ELSE link.limits || below.limits END,
           link.links || below.id,
           CASE WHEN below.firm_id IS NULL THEN link.firms ELSE link.firms || below.firm_id END
      FROM link
      JOIN representation_mandate below
        ON below.via_id = link.id AND below.taxpayer_id = %(taxpayer)s
      LEFT JOIN representation_taxpayer firm ON firm.id = link.firm_id
     WHERE {_IN_FORCE.format(row="below")} AND link.passing_on > below.passing_on
       AND {_LIVES.format(row="firm")}
       AND cardinality(link.links) < {DEEPEST_CHAIN}
       AND {_WORKS_FOR.format(below="below", above="link")}
), holder AS (
    SELECT link.person, link.links, link.rights, link.since, link.until, link.limits, link.firms,
           true AS is_personal
      FROM link WHERE link.person <> ''
    UNION ALL
    SELECT post.person, link.links, link.rights, link.since, link.until, link.limits, link.firms,
           false
      FROM link
      JOIN representation_taxpayer firm ON firm.id = link.firm_id AND {_LIVES.format(row="firm")}
      JOIN representation_headship post
        ON post.taxpayer_id = link.firm_id AND {ON.format(row="post")}
)
"""

REACHED = (
    _HOLDERS
    + f"""
SELECT person, %(taxpayer)s, rights, limits, since, until, links,
       {_FIRMS.format(row="holder")}, is_personal
  FROM holder ORDER BY person, since, links
"""
)
"""Everybody whom live mandates of a taxpayer reach, with the rights left and the way."""

PEOPLE_WITH = (
    _HOLDERS
    + f"""
SELECT person FROM holder WHERE %(right)s = ANY(rights)
 UNION SELECT post.person FROM representation_headship post
        WHERE post.taxpayer_id = %(taxpayer)s AND {ON.format(row="post")}
"""
)
"""The fingerprints of everybody with a right by a mandate or as the head."""

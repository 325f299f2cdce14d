"""Taxpayers, posts and mandates by set-based SQL: what the acting bench reads."""

from contextlib import closing

from django.db import connection

from accounts.models import User
from bench.ground import empty

_NAMES = ["Baltic", "Nemunas", "Vilnija", "Dzūkija", "Sniegas", "Medus", "Krantas", "Žuvėdra"]

_FILL = """
INSERT INTO representation_taxpayer (id, kind, code, name, address, city, postal_code, country)
SELECT n, 'legal', (310000000 + n)::text,
       'UAB „' || (%(names)s::text[])[1 + n %% 8] || ' ' || n || '“', '', '', '', 'LT'
  FROM generate_series(1, %(taxpayers)s) AS n;
INSERT INTO representation_vatregistration (taxpayer_id, vat_code, valid_from)
SELECT n, 'LT1000' || lpad(n::text, 8, '0'), '2019-07-01'
  FROM generate_series(1, %(taxpayers)s) AS n;
INSERT INTO representation_headship (person, person_name, taxpayer_id, since)
SELECT md5('head ' || n), '', n, '2019-07-01' FROM generate_series(1, %(taxpayers)s) AS n;
INSERT INTO representation_employment (person, person_name, taxpayer_id, since)
SELECT md5('hand ' || n), '', 1 + n %% (%(taxpayers)s / 100), '2019-07-01'
  FROM generate_series(1, %(taxpayers)s) AS n;
-- Each hundredth taxpayer is a firm; every other taxpayer gives it a mandate, and so on round
-- until two fifths are given; two fifths are passed on to its people, the rest name people.
INSERT INTO representation_mandate (
    id, taxpayer_id, person, person_name, email, firm_id, rights, since, until, passing_on, source,
    state, created_at, limits, read_only
)
SELECT md5('firm ' || n)::uuid, taxpayer, '', '', '', firm,
       ARRAY['isaf.submit', 'isaf.upload', 'isaf.view', 'mailbox.view'], '2020-01-01',
       '2099-01-01', 1, 'offer', CASE WHEN n %% 20 = 0 THEN 'revoked' ELSE 'active' END,
       now(), '{}', false
  FROM generate_series(1, %(size)s * 2 / 5) AS n
 CROSS JOIN LATERAL (SELECT 1 + n %% %(taxpayers)s AS taxpayer,
                            1 + (n * 7) %% (%(taxpayers)s / 100) AS firm) AS sides
 WHERE taxpayer <> firm;
INSERT INTO representation_mandate (
    id, taxpayer_id, person, person_name, email, via_id, rights, since, until, passing_on, source,
    state, created_at, limits, read_only
)
SELECT md5('hand ' || held.id)::uuid, taxpayer_id, md5('hand ' || (firm_id - 1)), '', '', held.id,
       ARRAY['isaf.view', 'mailbox.view'], '2020-01-01', '2099-01-01', 0, 'offer', 'active',
       now(), '{}', false
  FROM representation_mandate held;
INSERT INTO representation_mandate (
    id, taxpayer_id, person, person_name, email, rights, since, until, passing_on, source, state,
    created_at, limits, read_only
)
SELECT md5('person ' || n)::uuid, 1 + n %% %(taxpayers)s, md5('clerk ' || n / 3), '', '',
       ARRAY['isaf.view'], '2020-01-01', '2099-01-01', 0, 'offer', 'active',
       now(), '{}', false
  FROM generate_series(1, %(size)s - 2 * (%(size)s * 2 / 5)) AS n;
"""

_BUSY = """
INSERT INTO representation_headship (person, person_name, taxpayer_id, since)
VALUES ('busy', '', %(firm)s, '2019-07-01');
INSERT INTO representation_mandate (
    id, taxpayer_id, person, person_name, email, firm_id, rights, since, until, passing_on, source,
    state, created_at, limits, read_only
)
SELECT md5('busy ' || n)::uuid, n * 613, CASE WHEN n %% 2 = 0 THEN 'busy' ELSE '' END, '', '',
       CASE WHEN n %% 2 = 1 THEN %(firm)s END, ARRAY['isaf.submit', 'isaf.view', 'mailbox.view'],
       '2020-01-01', '2099-01-01', 0, 'offer', 'active',
       now(), '{}', false
  FROM generate_series(1, %(clients)s) AS n;
INSERT INTO representation_mandate (
    id, taxpayer_id, person, person_name, email, rights, since, until, passing_on, source, state,
    created_at, limits, read_only
)
SELECT md5('single')::uuid, 77, 'single', '', '', ARRAY['isaf.view'], '2020-01-01', '2099-01-01',
       0, 'offer', 'active',
       now(), '{}', false;
"""


def fill(size: int, *, clients: int) -> tuple[User, User]:
    """Empty the database and store `size` mandates of two fifths as many taxpayers.

    Returns a person with so many clients, half of them through a firm, and one with a single one.
    """
    empty()
    taxpayers = size * 2 // 5
    values = {"names": _NAMES, "taxpayers": taxpayers, "size": size}
    with closing(connection.cursor()) as cursor:
        cursor.execute(_FILL, values)
        cursor.execute(_BUSY, {"firm": taxpayers, "clients": clients})
        cursor.execute("VACUUM ANALYZE")
    return _user("busy"), _user("single")


def _user(name: str) -> User:
    return User.objects.create(login_name=name, personal_code_hash=name)

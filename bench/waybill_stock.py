"""Waybills of three years, written by set-based SQL: what the searching bench reads.

They bear what the product writes of a waybill, one line of goods each: its row, its parties, its
words and its events. Indexes are taken away and made anew afterwards, as the models have them.
"""

from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from dataclasses import dataclass
from typing import Any

from django.db import connection, models
from django.test import Client

from bench.ground import empty
from bench.stock import reader
from imas.kernel import clock
from ivaz.models import Waybill, WaybillEvent, WaybillParty, WaybillWords
from representation.models import Taxpayer

_SMALL = 50
_AT_ONCE = 100_000
_WRITERS = 2
_TABLES: Sequence[type[models.Model]] = (Waybill, WaybillParty, WaybillWords, WaybillEvent)
_NAMES = ("Baltic", "Nemunas", "Vilnija", "Dzūkija", "Sniegas", "Medus", "Krantas", "Žuvėdra")
_STREETS = ("Gedimino", "Savanorių", "Ukmergės", "Laisvės", "Taikos", "Dariaus", "Girėno")

_TAXPAYERS = """
INSERT INTO representation_taxpayer (id, kind, code, name, address, city, postal_code, country)
SELECT n, 'legal', (310000000 + n)::text,
       'UAB „' || (%(names)s::text[])[1 + n %% 8] || ' ' || n || '“', '', '', '', 'LT'
  FROM generate_series(1, %(taxpayers)s) AS n;
"""
_TOLD = """
-- One taxpayer consigns every tenth waybill, one has fifty in all, the others some thousand each
-- as consignors and as consignees, and every tenth of them carries for ten.
CREATE TEMPORARY VIEW told AS
SELECT n AS id,
       'IV26' || lpad(n::text, 9, '0') || n %% 10 AS rn,
       'M' || n AS uid,
       'VAZ' || lpad(n::text, 8, '0') AS number,
       chr(65 + n %% 26) || 'AB' || lpad((n %% 997)::text, 3, '0') AS plate,
       CASE WHEN n <= %(small)s THEN 2 WHEN n %% 10 = 0 THEN 1
            ELSE 3 + n %% (%(taxpayers)s - 2) END AS consignor,
       3 + (n * 7 + 1) %% (%(taxpayers)s - 2) AS consignee,
       3 + (n %% ((%(taxpayers)s - 2) / 10)) * 10 AS carrier,
       %(now)s + '2 days' - (n * 1095.0 / %(size)s) * '1 day'::interval AS leaves,
       CASE WHEN n > %(size)s / 200 THEN CASE WHEN n %% 200 = 0 THEN 'cancelled' ELSE 'closed' END
            WHEN n %% 2 = 0 THEN 'sent' ELSE 'accepted' END AS state,
       n %% 100 = 0 AS is_different,
       (%(streets)s::text[])[1 + n %% 7] AS street,
       %(names)s::text[] AS names
  FROM generate_series(%(first)s, %(last)s) AS n;
"""
_WAYBILLS = """
INSERT INTO ivaz_waybill (
    id, rn, kind, preparer_id, local_uid, number, number_key, dated, dispatch_at, arrival_at, state,
    version, content, plates, is_warned, is_different, is_objected, submitted_at, due_on
)
SELECT id, rn, 'TransportDocument', consignor, uid, number, lower(number), leaves::date, leaves,
       leaves + '8 hours', state, 1,
       jsonb_build_object(
           'TransportDocumentUID', jsonb_build_object('LocalTransportDocumentUID', uid),
           'LocalTransportDocumentNumber', number, 'LocalTransportDocumentDate', leaves::date,
           'TimeOfDispatch', leaves,
           'Consignor', jsonb_build_object('RegistrationNumber', (310000000 + consignor)::text,
               'Name', 'UAB „' || names[1 + consignor %% 8] || ' ' || consignor || '“'),
           'Consignee', jsonb_build_object('RegistrationNumber', (310000000 + consignee)::text,
               'Name', 'UAB „' || names[1 + consignee %% 8] || ' ' || consignee || '“'),
           'Transporter', jsonb_build_object('RegistrationNumber', (310000000 + carrier)::text,
               'Name', 'UAB „' || names[1 + carrier %% 8] || ' ' || carrier || '“',
               'TransportMeans', jsonb_build_array(
                   jsonb_build_object('IdentityOfTransportUnits', plate))),
           'ShipFrom', jsonb_build_object('LoadAddress', jsonb_build_object(
               'FullAddress', street || ' pr. ' || id %% 90 || ', Vilnius')),
           'ShipTo', jsonb_build_object('UnloadAddress', jsonb_build_object(
               'FullAddress', 'Pramonės g. ' || id %% 70 || ', Kaunas')),
           'DeliveryData', jsonb_build_object('Products', jsonb_build_array(jsonb_build_object(
               'ProductLineNumber', '1', 'Quantity', id %% 90 + 1 || '.500',
               'UnitOfMeasure', 'KGM', 'ProductCode', 'P1',
               'ProductDescription', 'Dažai, balti, matiniai')))),
       ARRAY[plate], false, is_different, false, leaves - '1 day'::interval,
       (leaves + '8 days')::date
  FROM told;
"""
_PARTIES = """
INSERT INTO ivaz_waybillparty (
    waybill_id, taxpayer_id, roles, dispatch_at, is_open, settled, is_different
)
SELECT id, taxpayer, array_agg(role), min(leaves), bool_or(state IN ('sent', 'accepted')),
       max(CASE state WHEN 'cancelled' THEN state ELSE '' END), bool_or(is_different)
  FROM told
 CROSS JOIN LATERAL (VALUES (consignor, 'preparer'), (consignor, 'consignor'),
     (carrier, 'transporter'), (consignee, 'consignee')) AS named (taxpayer, role)
 GROUP BY id, taxpayer
 ORDER BY id;
"""
_EVENTS = """
INSERT INTO ivaz_waybillevent (
    waybill_id, act, at, role, taxpayer_id, state_before, state_after, version, details
)
SELECT id, act, at, role, taxpayer, before, after, 1, '{}'
  FROM told
 CROSS JOIN LATERAL (VALUES
     ('issue', leaves - '1 day'::interval, 'preparer', consignor, '', 'sent'),
     ('accept', leaves, 'transporter', carrier, 'sent', 'accepted'),
     ('cancel', leaves, 'preparer', consignor, 'sent', 'cancelled'),
     ('close', leaves + '8 days', '', NULL, 'accepted', 'closed')
 ) AS done (act, at, role, taxpayer, before, after)
 WHERE act = 'issue' OR after = state OR (act = 'accept' AND state = 'closed')
 ORDER BY id, at;
"""
_WORDS = """
CREATE FUNCTION pg_temp.plain(text) RETURNS text IMMUTABLE LANGUAGE sql
    AS $$ SELECT translate(lower($1), 'ūųėž', 'uuez') $$;
-- As `ivaz.terms` makes them: every ending of a number, the words of names and addresses.
INSERT INTO ivaz_waybillwords (waybill_id, terms)
SELECT id, array_to_tsvector(
           ARRAY(SELECT substr(told_number, start)
                   FROM unnest(ARRAY[lower(rn), lower(number), lower(uid), lower(plate)])
                          AS told_number,
                        generate_series(1, length(told_number) - 1) AS start)
           || ARRAY['party' || consignor || 'x', 'party' || carrier || 'x',
                    'party' || consignee || 'x', 'uab', 'pr', 'g', 'vilnius', 'kaunas', 'pramones',
                    (310000000 + consignor)::text, (310000000 + carrier)::text,
                    (310000000 + consignee)::text, consignor::text, carrier::text, consignee::text,
                    (id %% 90)::text, (id %% 70)::text, pg_temp.plain(street),
                    pg_temp.plain(names[1 + consignor %% 8]),
                    pg_temp.plain(names[1 + carrier %% 8]),
                    pg_temp.plain(names[1 + consignee %% 8])])
  FROM told;
"""


@dataclass(frozen=True)
class Stock:
    """Signed-in readers of their own lists; `largest` is how many waybills the large one has."""

    usual: Sequence[Client]
    large: Client
    small: Client
    largest: int


def fill(size: int) -> Stock:
    """Empty the database and store `size` waybills, of three years, with what finds them."""
    empty()
    taxpayers = max(size // 1000, 20) // 10 * 10 + 2
    told = {
        "size": size,
        "small": _SMALL,
        "taxpayers": taxpayers,
        "names": list(_NAMES),
        "streets": list(_STREETS),
        "now": clock.now(),
    }
    with connection.cursor() as cursor:
        cursor.execute(_TAXPAYERS, told)
        for table, name in _made_anew():
            cursor.execute(f"ALTER TABLE {table} DROP CONSTRAINT IF EXISTS {name}")
            cursor.execute(f"DROP INDEX IF EXISTS {name}")
    with ThreadPoolExecutor(_WRITERS) as writers:
        for _done in writers.map(lambda first: _write(first, told), range(1, size + 1, _AT_ONCE)):
            pass
    with connection.cursor() as cursor:
        cursor.execute("SET maintenance_work_mem = '1GB'")
        _index()
        cursor.execute(f"VACUUM (FREEZE, ANALYZE) {', '.join(map(_name, _TABLES))}")
    known = Taxpayer.objects.in_bulk([1, 2, *range(3, min(taxpayers, 203))])
    return Stock(
        usual=[reader(pk, known[pk]) for pk in range(3, min(taxpayers, 203))],
        large=reader(1, known[1]),
        small=reader(2, known[2]),
        largest=size // 10,
    )


def _write(first: int, told: Mapping[str, Any]) -> None:
    """Write some of the waybills by a connection of its own."""
    last = min(first + _AT_ONCE - 1, told["size"])
    with closing(connection.copy()) as own, own.cursor() as cursor:
        # No foreign key is asked for what is right by its making.
        cursor.execute("SET session_replication_role = replica")
        for statement in (_TOLD, _WAYBILLS, _PARTIES, _WORDS, _EVENTS):
            cursor.execute(statement, {**told, "first": first, "last": last})


def _made_anew() -> Iterator[tuple[str, str]]:
    """Yield what is taken away while rows are written: the table and the name of the index."""
    for model in _TABLES:
        for index in (*model._meta.indexes, *_unique(model)):  # noqa: SLF001 - Django's model API
            yield _name(model), index.name


def _index() -> None:
    with connection.schema_editor() as editor:
        for model in _TABLES:
            for index in model._meta.indexes:  # noqa: SLF001
                editor.add_index(model, index)
            for constraint in _unique(model):
                editor.add_constraint(model, constraint)


def _unique(model: type[models.Model]) -> list[models.UniqueConstraint]:
    every = model._meta.constraints  # noqa: SLF001
    return [one for one in every if isinstance(one, models.UniqueConstraint)]


def _name(model: type[models.Model]) -> str:
    return model._meta.db_table  # noqa: SLF001

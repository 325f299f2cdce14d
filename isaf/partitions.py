"""Partitions of the row tables: one per calendar month, made when first needed."""

from collections.abc import Sequence
from datetime import date, timedelta

from django.db import connection, transaction
from psycopg2 import sql

ROW_TABLES = ("isaf_invoice", "isaf_tax_row", "isaf_settlement", "isaf_settled_invoice")


def ensure_partitions(period_start: date, tables: Sequence[str] = ROW_TABLES) -> None:
    """Make the month's partition of every table that lacks it; safe to call from many at once.

    A period longer than a month lies whole in the partition of its first month. The partition is
    attached when ready, so readers of other months never wait.
    """
    month = period_start.replace(day=1)
    if not _missing(tables, month):
        return
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext('isaf.partitions'))")
        for table in _missing(tables, month):
            cursor.execute(_statement(table, _name(table, month), month))


def count_anew(table: str, month: date) -> None:
    """Have the planner count a month that was filled at one go; autovacuum comes minutes later."""
    with connection.cursor() as cursor:
        cursor.execute(sql.SQL("ANALYZE {}").format(sql.Identifier(_name(table, month))))


def _name(table: str, month: date) -> str:
    return f"{table}_{month:%Y_%m}"


def _missing(tables: Sequence[str], month: date) -> list[str]:
    """Those without a partition of a month; asked once for all, for every small file asks."""
    with connection.cursor() as cursor:
        # Not to_regclass: it may answer from a cache that has not heard of another's commit.
        cursor.execute(
            "SELECT relname FROM pg_class WHERE relname = ANY (%s)"
            " AND relnamespace = current_schema()::regnamespace",
            [[_name(table, month) for table in tables]],
        )
        there = {name for (name,) in cursor.fetchall()}
    return [table for table in tables if _name(table, month) not in there]


def _statement(table: str, name: str, month: date) -> sql.Composed:
    following = (month + timedelta(days=31)).replace(day=1)
    return sql.SQL(
        "CREATE TABLE {name} (LIKE {table} INCLUDING ALL);"
        "ALTER TABLE {table} ATTACH PARTITION {name} FOR VALUES FROM ({since}) TO ({until})"
    ).format(
        table=sql.Identifier(table),
        name=sql.Identifier(name),
        since=sql.Literal(month.isoformat()),
        until=sql.Literal(following.isoformat()),
    )

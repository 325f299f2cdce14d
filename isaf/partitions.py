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
    if not (missing := [table for table in tables if not _exists(_name(table, month))]):
        return
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext('isaf.partitions'))")
        for table in missing:
            if not _exists(name := _name(table, month)):
                cursor.execute(_statement(table, name, month))


def _name(table: str, month: date) -> str:
    return f"{table}_{month:%Y_%m}"


def _exists(name: str) -> bool:
    with connection.cursor() as cursor:
        # Not to_regclass: it may answer from a cache that has not heard of another's commit.
        cursor.execute(
            "SELECT EXISTS (SELECT FROM pg_class WHERE relname = %s"
            " AND relnamespace = current_schema()::regnamespace)",
            [name],
        )
        return bool(cursor.fetchone()[0])


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

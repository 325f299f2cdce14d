"""A file's rows in the database: staged, planned, merged. Set by set, inside one transaction."""

import json
from collections.abc import Iterable, Iterator
from io import BytesIO
from itertools import islice
from typing import Any
from uuid import UUID

from django.db import connection

from representation.registers import merge_sql, plan_sql
from representation.registers.types import (
    FACTS,
    MOST_FINDINGS,
    Change,
    Deed,
    Plan,
    RegisterKind,
    RowProblem,
    StagedRow,
)

_COLUMNS = ("run_id", *StagedRow._fields)
_COPY = f"COPY representation_importrow ({', '.join(_COLUMNS)}) FROM STDIN"
_BATCH = 5000
_EXAMPLES = 50
_ONE_AT_A_TIME = 0x1A5_0003
"""The advisory lock of imports: two files never change the registers at once."""
_COLUMN_OF = {
    "registers.taxpayer-unknown": "code",
    "registers.repeated": "since",
    "registers.overlaps": "until",
    "registers.nothing-to-remove": "since",
    "registers.vat-code-taken": "vat_code",
}


def take_turn() -> None:
    """Wait until no other file is being planned or merged; till the end of the transaction."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_ONE_AT_A_TIME])


def stage(run_id: UUID, rows: Iterable[StagedRow]) -> int:
    """Copy rows into the database, a batch at a time; return how many there were."""
    count = 0
    rows = iter(rows)
    with connection.cursor() as cursor:
        while batch := list(islice(rows, _BATCH)):
            lines = "".join(f"{run_id}\t{_line(row)}\n" for row in batch)
            cursor.cursor.copy_expert(_COPY, BytesIO(lines.encode()))
            count += len(batch)
        cursor.execute("ANALYZE representation_importrow")
    return count


def forget_refusals(run_id: UUID) -> None:
    """Let staged rows be judged anew: the register may have changed since."""
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE representation_importrow SET refusal = '' WHERE run_id = %s AND refusal <> ''",
            [run_id],
        )


def mark_refused(run_id: UUID, kind: RegisterKind) -> None:
    """Mark the staged rows that cannot be meant, and leave `register_plan` of the others."""
    with connection.cursor() as cursor:
        run = {"run": run_id}
        if kind == RegisterKind.TAXPAYERS:
            cursor.execute(plan_sql.TAXPAYERS_REPEATED, run)
        else:
            cursor.execute(plan_sql.UNKNOWN, run)
            repeated = kind == RegisterKind.ENDINGS
            again = plan_sql.TAXPAYERS_REPEATED if repeated else plan_sql.FACTS_REPEATED
            cursor.execute(again, run)
        if fact := FACTS.get(kind):
            cursor.execute(plan_sql.nothing_to_remove(fact), run)
            cursor.execute(plan_sql.overlaps(fact), run)
        # A refused row changes what its neighbours do, so the plan is then drawn up anew.
        while _drawn_up(cursor, run, kind):
            pass


def _drawn_up(cursor: Any, run: dict[str, UUID], kind: RegisterKind) -> bool:
    cursor.execute("DROP TABLE IF EXISTS register_plan")
    cursor.execute(_plan_of(kind), run)
    if kind != RegisterKind.VAT:
        return False
    cursor.execute("CREATE INDEX ON register_plan (value)")
    cursor.execute("ANALYZE register_plan")
    cursor.execute(plan_sql.VAT_TAKEN, run)
    return bool(cursor.rowcount)


def _plan_of(kind: RegisterKind) -> str:
    if kind == RegisterKind.TAXPAYERS:
        return plan_sql.TAXPAYERS_PLAN
    return plan_sql.ENDINGS_PLAN if kind == RegisterKind.ENDINGS else plan_sql.plan(FACTS[kind])


def refused_rows(run_id: UUID) -> tuple[int, list[RowProblem]]:
    """Return how many staged rows were marked, and the first of them."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT row, refusal FROM representation_importrow"
            " WHERE run_id = %s AND refusal <> '' ORDER BY row",
            [run_id],
        )
        marked = cursor.fetchmany(MOST_FINDINGS)
        problems = [RowProblem(row, _COLUMN_OF[code], code) for row, code in marked]
        return cursor.rowcount, problems


def read_plan(accepted: int) -> Plan:
    """Return the plan in numbers with some of its changes; `accepted` rows stand behind it."""
    with connection.cursor() as cursor:
        cursor.execute(plan_sql.COUNTS)
        totals = cursor.fetchall()
        cursor.execute(plan_sql.EXAMPLES, {"most": _EXAMPLES})
        examples = tuple(
            Change(Deed(deed), row, code, before, after)
            for deed, row, code, before, after in _decoded(cursor.fetchall())
        )
    return Plan(
        counts={Deed(deed): count for deed, count, _, _ in totals},
        unchanged=accepted - sum(rows for _, _, rows, _ in totals),
        examples=examples,
        fingerprint=str(sum(total for *_, total in totals)),
    )


def merge(run_id: UUID, kind: RegisterKind) -> None:
    """Carry the plan out, and let the staged rows go."""
    if kind == RegisterKind.TAXPAYERS:
        statements = merge_sql.TAXPAYERS
    elif kind == RegisterKind.ENDINGS:
        statements = merge_sql.ENDINGS
    else:
        statements = merge_sql.facts(FACTS[kind])
    with connection.cursor() as cursor:
        for statement in statements:
            cursor.execute(statement, {"run": run_id})
    let_go(run_id)


def let_go(run_id: UUID) -> None:
    """Delete the staged rows."""
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM representation_importrow WHERE run_id = %s", [run_id])


def _line(row: StagedRow) -> str:
    return "\t".join(map(_cell, row))


def _cell(value: object) -> str:
    """A value as COPY reads it; control characters were refused before."""
    if value is None:
        return r"\N"
    if value is True or value is False:
        return "t" if value else "f"
    return str(value).replace("\\", "\\\\")


def _decoded(rows: list[tuple[Any, ...]]) -> Iterator[tuple[Any, ...]]:
    for deed, row, code, before, after in rows:
        yield deed, row, code, json.loads(before or "null"), json.loads(after or "null")

"""Computing preliminary returns: set by set in the database, one version after another."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any
from uuid import UUID

from django.db import connection, transaction
from django.db.backends.utils import CursorWrapper
from psycopg2.extras import execute_values

from imas.kernel import clock
from imas.kernel.identifiers import EU_VAT_PREFIXES
from imas.kernel.periods import Period
from isaf.models import PreliminaryReturn, Register, ReturnDecision, ReturnVersion
from isaf.notices import returns as notices
from isaf.partitions import ROW_TABLES, ensure_partitions
from isaf.returns.forms import FormName, form_on
from isaf.returns.rules import rules_on
from isaf.returns.standing import ReturnState
from isaf.selectors.returns import breakdown_of, counting_registers, is_complete, newest_version
from isaf.services.alerting import tell_operators
from isaf.sql import returns as sql


def compute_return(return_id: UUID) -> None:
    """Compute a return that is due as a new version. Safe to call any number of times.

    The rows of an earlier version that nobody confirmed are dropped; its boxes are kept, so that
    what changed can be told. While registers of the period are missing the return waits again.
    """
    if not PreliminaryReturn.objects.claim(return_id):
        return
    month = PreliminaryReturn.objects.values_list("start", flat=True).get(pk=return_id)
    ensure_partitions(month, ("isaf_contribution", *ROW_TABLES))
    with transaction.atomic():
        found = PreliminaryReturn.objects.select_for_update().get(pk=return_id)
        registers = counting_registers(found.taxpayer_id, found.period)
        if is_complete(found.period, registers):
            _compute(found, registers)
            found.state = ReturnState.READY
        else:
            found.state = ReturnState.WAITING
        found.due_since, found.claimed_at, found.attempts = None, None, 0
        found.save()


def due() -> list[UUID]:
    """Return what is to be computed; what failed too often is given up."""
    for found in PreliminaryReturn.objects.exhausted():
        failed = PreliminaryReturn.objects.exhausted().filter(pk=found.pk)
        if failed.update(state=ReturnState.FAILED):
            tell_operators("isaf.return-given-up", found.number, found.attempts)
    due = PreliminaryReturn.objects.due().order_by("due_since")
    return list(due.values_list("pk", flat=True))


def fill_boxes(version: ReturnVersion) -> None:
    """Fill the boxes of a version anew from its totals."""
    if version.of.form == FormName.RETURN:
        filled = breakdown_of(version).filled(version.of.start, version.percent)
        version.boxes = {number: box.shown for number, box in filled.items()}


@contextmanager
def following(version: ReturnVersion, decision: ReturnDecision) -> Iterator[None]:
    """Let a version follow a change of a decision that is made meanwhile.

    The rows of the invoices it speaks of are taken off the totals and put on again as they are
    after it; the rest is not read. The caller holds the return locked.
    """
    params = {
        **_params(version),
        "side": decision.side,
        "number": decision.number_norm,
        "counterparty": decision.counterparty,
        "vat_code": decision.counterparty if decision.by_vat_code else "",
    }
    with connection.cursor() as cursor:
        _bring_rules(cursor, version.of.period)
        cursor.execute(sql.ONE, params)
        _take_off(cursor, params)
        yield
        _put_on(cursor, sql.PUT_ON_INVOICE, version, params)


def follow_lines(version: ReturnVersion) -> None:
    """Let a version follow a change of the lines of its period, which the caller has made."""
    params = _params(version)
    with connection.cursor() as cursor:
        _bring_rules(cursor, version.of.period)
        cursor.execute(sql.EVERY_LINE, params)
        _take_off(cursor, params)
        _put_on(cursor, sql.PUT_ON_LINES, version, params)


def _take_off(cursor: CursorWrapper, params: Mapping[str, Any]) -> None:
    cursor.execute("ANALYZE return_invoice")
    cursor.execute(sql.TAKE_OFF, params)


def _put_on(
    cursor: CursorWrapper, statement: str, version: ReturnVersion, params: Mapping[str, Any]
) -> None:
    cursor.execute(statement, params)
    cursor.execute(sql.NO_EMPTY_TOTALS, params)
    fill_boxes(version)
    version.save(update_fields=["boxes"])


def _compute(found: PreliminaryReturn, registers: list[Register]) -> None:
    before = newest_version(found)
    version = ReturnVersion.objects.create(
        of=found,
        number=before.number + 1 if before else 1,
        form_version=form_on(FormName(found.form), found.start).version,
        computed_at=clock.now(),
        registers=sorted(register.number for register in registers),
        percent=found.percent,
        activity=found.activity,
        is_last=found.is_last,
        by_lines=found.by_lines,
        corrects=found.versions.filter(confirmed_at__isnull=False).exists(),
    )
    with connection.cursor() as cursor:
        params = _params(version)
        _bring_rules(cursor, found.period)
        if before and before.confirmed_at is None:
            cursor.execute(sql.FORGET, {**params, "version": before.pk})
        cursor.execute(sql.INVOICES, params)
        cursor.execute(sql.HAS_SETTLEMENTS, params)
        if cursor.fetchone()[0]:
            cursor.execute(sql.SETTLEMENTS, params)
        if found.form == FormName.RETURN:
            cursor.execute(sql.LINES, params)
        cursor.execute(sql.TOTALS, params)
    fill_boxes(version)
    version.save(update_fields=["boxes"])
    notices.announce(version, before)


def _params(version: ReturnVersion) -> dict[str, Any]:
    found = version.of
    return {
        "taxpayer": found.taxpayer_id,
        "since": found.start,
        "until": found.end,
        "version": version.pk,
        "form": found.form,
        "eu": sorted(EU_VAT_PREFIXES - {"LT"}),
    }


def _bring_rules(cursor: CursorWrapper, period: Period) -> None:
    cursor.execute(sql.RULES)
    rows = [
        (
            rule.side, rule.code, rule.rate_asked, rule.name, rule.treatment, rule.vat, rule.rate,
            rule.is_deducted, rule.positive_only, rule.list_field,
        )
        for rule in rules_on(period.start).values()
    ]  # fmt: skip
    execute_values(cursor, sql.RULE, rows, page_size=len(rows))
    cursor.execute("ANALYZE return_rule")

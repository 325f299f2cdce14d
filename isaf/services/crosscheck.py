"""Cross-check reports: ordered, drawn up, announced. The live pairs are kept by `pairing`."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import pairwise
from typing import Any
from uuid import UUID

from django.db import connection, transaction
from django.db.backends.utils import CursorWrapper

from imas.kernel import clock
from imas.kernel.errors import UnprocessableError
from imas.kernel.periods import Period
from isaf.limits import as_json, reach_of, reach_within
from isaf.matching import SeenState
from isaf.models import CrossCheck, ReportState
from isaf.notices import crosscheck as notices
from isaf.selectors.pairs import PairQuery, Question, asked
from isaf.selectors.summing import added_up
from isaf.services.alerting import tell_operators
from isaf.services.pairing import refresh_pairs
from isaf.sql import einvoices as einvoices_sql
from isaf.sql import seen as seen_sql
from isaf.types import Reach
from representation.services import journal
from representation.types import Acting

__all__ = ["due", "order_cross_check", "refresh_pairs", "run_cross_check"]

MOST_PERIODS = 24
"""So many periods may be ordered at once."""


def order_cross_check(
    acting: Acting, periods: Sequence[Period], query: PairQuery | None = None
) -> CrossCheck:
    """Order a report on periods: of all mismatches, or of what a query lets pass.

    UnprocessableError: "crosscheck-periods-missing", "crosscheck-periods-too-many",
    "crosscheck-periods-overlap", "crosscheck-period-not-begun".
    """
    acting.require("isaf.crosscheck")
    periods = sorted(set(periods))
    _refuse_wrong(periods)
    with transaction.atomic():
        ordered = CrossCheck.objects.create(
            number=_next_number(),
            taxpayer_id=acting.taxpayer_id,
            periods=[period.code for period in periods],
            filter=_filter(query or PairQuery(), reach_of(acting, "isaf.crosscheck")),
            ordered_by_id=acting.person_id,
        )
        journal(
            acting, "isaf.crosscheck-ordered", ordered.number, periods=", ".join(ordered.periods)
        )
    return ordered


def run_cross_check(cross_check_id: UUID) -> None:
    """Draw up an ordered report. Safe to call any number of times.

    Who ordered is told that it is ready; every counterparty with mismatches is told so at most
    once a day, and of its own number of them only.
    """
    if not CrossCheck.objects.claim(cross_check_id):
        return
    report = CrossCheck.objects.get(pk=cross_check_id)
    periods = [Period.parse(code) for code in report.periods]
    with transaction.atomic():
        report.pairs.all().delete()
        report.summary = added_up(_written_down(report, periods)).as_json()
        report.state, report.finished_at = ReportState.READY, clock.now()
        report.save(update_fields=["summary", "state", "finished_at"])
        notices.announce_report(report)
        for taxpayer_id, count in _counterparties_to_tell(report, periods).items():
            notices.announce_mismatches(taxpayer_id, count, report.periods)


def due() -> list[UUID]:
    """Return the reports to be drawn up; those that failed too often are given up."""
    for report in CrossCheck.objects.exhausted():
        failed = CrossCheck.objects.exhausted().filter(pk=report.pk)
        if failed.update(state=ReportState.FAILED, finished_at=clock.now()):
            tell_operators("isaf.report-given-up", report.number, report.attempts)
    return list(CrossCheck.objects.due().values_list("pk", flat=True))


def query_of(report: CrossCheck) -> PairQuery:
    """Return the query a report was ordered with; without states it is all mismatches."""
    query = query_chosen(report.filter)
    return query if query.states else replace(query, mismatched=True)


def chosen_of(query: PairQuery) -> dict[str, Any]:
    """Return what an order keeps of a query."""
    chosen = {
        "states": [state.value for state in query.states],
        "side": query.side,
        "counterparty": query.counterparty,
    }
    return {name: value for name, value in chosen.items() if value}


def query_chosen(chosen: Mapping[str, Any]) -> PairQuery:
    """Return the query of which an order keeps this."""
    return PairQuery(
        states=tuple(SeenState(state) for state in chosen.get("states", ())),
        side=chosen.get("side", ""),
        counterparty=chosen.get("counterparty", ""),
    )


def _filter(query: PairQuery, reach: Reach) -> dict[str, Any]:
    within = as_json(reach)
    return {**chosen_of(query), **({"within": within} if within else {})}


def _reach_of(report: CrossCheck) -> Reach:
    """How far the right of the one who ordered reached."""
    return reach_within(report.filter.get("within", ()))


def _refuse_wrong(periods: Sequence[Period]) -> None:
    if not periods:
        raise UnprocessableError("crosscheck-periods-missing")
    if len(periods) > MOST_PERIODS:
        raise UnprocessableError("crosscheck-periods-too-many", limit=str(MOST_PERIODS))
    for earlier, later in pairwise(periods):
        if earlier.overlaps(later):
            raise UnprocessableError(
                "crosscheck-periods-overlap", one=earlier.code, other=later.code
            )
    if periods[-1].start > clock.today():
        raise UnprocessableError("crosscheck-period-not-begun", period=periods[-1].code)


def _next_number() -> str:
    with connection.cursor() as cursor:
        cursor.execute("SELECT nextval('isaf_crosscheck_number')")
        return f"SUT-{clock.today().year}-{cursor.fetchone()[0]:07}"


def _written_down(report: CrossCheck, periods: Sequence[Period]) -> Iterator[tuple[Any, ...]]:
    """Write the lines of a report and give the counts of the same instant, period by period."""
    query, reach = query_of(report), _reach_of(report)
    everything = replace(query, states=(), mismatched=False)
    listed = einvoices_sql.STATES if query.states else einvoices_sql.ARE_MISMATCHES
    with connection.cursor() as cursor:
        for period in periods:
            whole = asked(report.taxpayer_id, period, everything, reach)
            narrower = asked(report.taxpayer_id, period, query, reach)
            for statement, which in (
                (seen_sql.WRITE_DOWN, narrower.which),
                (einvoices_sql.WRITE_DOWN, listed),
            ):
                params = {**narrower.params, "report": report.pk, "first": report.pairs.count()}
                cursor.execute(whole.in_(statement, narrower=which), params)
                yield from cursor.fetchall()


def _counterparties_to_tell(report: CrossCheck, periods: Sequence[Period]) -> Counter[int]:
    """Count the mismatched invoices of those who have some with the one who ordered."""
    counts, reach = Counter[int](), _reach_of(report)
    with connection.cursor() as cursor:
        for period in periods:
            question = asked(report.taxpayer_id, period, PairQuery(mismatched=True), reach)
            counts.update(dict(_mismatched_of_others(cursor, question)))
    del counts[report.taxpayer_id]
    return counts


def _mismatched_of_others(cursor: CursorWrapper, question: Question) -> list[tuple[int, int]]:
    cursor.execute(question.in_(seen_sql.OTHERS), question.params)
    others = [other for (other,) in cursor.fetchall()]
    cursor.execute(seen_sql.MISMATCHED_OF, {**question.params, "taxpayers": others})
    return [(taxpayer, count) for taxpayer, count in cursor.fetchall()]

"""One worker, one verdict, one transaction."""

import threading
import time
from collections.abc import Callable, Sequence
from datetime import timedelta
from pathlib import Path
from typing import TypeVar

import pytest
from django.db import connection
from pytest_django import DjangoCaptureOnCommitCallbacks, Settings

from imas.kernel import clock
from imas.kernel.problems import Problem, Severity
from intake import kinds, services
from intake.models import Document, DocumentProblem, ProblemTotal
from intake.types import PROBLEMS_KEPT, DocumentState, Findings, Job, Judgement, Stage
from representation.models import JournalEntry
from tests.intake.conftest import files_in
from tests.intake.make import BAD, GOOD, TOY, gzipped, judged, send, toy_judge, toy_kind, zipped
from tests.make import make_acting

pytestmark = pytest.mark.django_db
Judge = Callable[[Job], Judgement]
T = TypeVar("T")


@pytest.fixture
def judge_with(monkeypatch: pytest.MonkeyPatch) -> Callable[..., None]:
    def replace(judge: Judge = toy_judge, **parts: object) -> None:
        monkeypatch.setitem(kinds._KINDS, TOY, toy_kind(judge, **parts))

    return replace


def noted(kept: list[T], what: T, number: str) -> Sequence[str]:
    kept.append(what)
    return (number,)


def lose(document: Document) -> None:
    """Make it look as if the worker had been silent for an hour."""
    Document.objects.filter(pk=document.pk).update(heartbeat_at=clock.now() - timedelta(hours=1))


@pytest.mark.parametrize(
    "content", [GOOD, gzipped(GOOD), zipped(("toy.xml", GOOD)), zipped(("a/", b""), ("a/b", GOOD))]
)
def test_a_good_file_is_accepted_with_counts_and_registers(content: bytes) -> None:
    document = judged(content)
    assert document.state == DocumentState.ACCEPTED
    assert (document.counts, document.registers) == ({"rows": 2}, ["T-1"])
    assert (document.stage, document.records, document.bytes_read) == (Stage.DONE, 2, len(GOOD))
    assert document.total_bytes == len(GOOD)
    assert document.started_at
    assert document.finished_at


def test_a_bad_file_is_rejected_with_its_problem_and_its_place() -> None:
    document = judged(BAD)
    assert (document.state, document.refusal_code) == (DocumentState.REJECTED, "toy.bad")
    problem = document.problems.get()
    assert (problem.line, problem.column, problem.path) == (1, 6, "toy/bad[1]")
    assert (problem.invoice_no, problem.value, problem.params) == ("A1", "bad", {"row": "1"})
    assert document.registers == []


def test_judging_twice_gives_one_verdict() -> None:
    document = judged(GOOD)
    assert services.process(document.pk) is None
    assert document.problems.count() == 0
    assert Document.objects.get().attempts == 1


def test_every_verdict_has_a_journal_entry() -> None:
    document = judged(GOOD)
    entry = JournalEntry.objects.get(action="intake.document-judged")
    assert (entry.subject, entry.params["state"]) == (document.number, "ACCEPTED")


def test_a_dry_run_keeps_nothing_but_the_verdict(
    judge_with: Callable[..., None],
    documents_dir: Path,
    django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks,
) -> None:
    kept: list[str] = []
    discarded: list[str] = []

    def judge(job: Job) -> Judgement:
        assert job.dry_run
        return Judgement(
            accepted=True,
            counts={"rows": 1},
            keep=lambda: noted(kept, "x", "T-1"),
            discard=lambda: discarded.append("x"),
        )

    judge_with(judge)
    with django_capture_on_commit_callbacks(execute=True):
        document = judged(GOOD, dry_run=True)
    assert (document.state, document.counts) == (DocumentState.ACCEPTED, {"rows": 1})
    assert (kept, discarded, document.registers) == ([], ["x"], [])
    assert files_in(documents_dir) == []


def test_an_error_of_the_house_leaves_the_document_to_another_attempt(
    judge_with: Callable[..., None],
) -> None:
    def broken(job: Job) -> Judgement:
        raise RuntimeError("disk on fire")

    document = send(GOOD)
    judge_with(broken)
    with pytest.raises(RuntimeError):
        services.process(document.pk)
    assert services.process(document.pk) is None
    lose(document)
    judge_with()
    assert services.process(document.pk) == document
    document.refresh_from_db()
    assert (document.state, document.attempts) == (DocumentState.ACCEPTED, 2)


def test_a_failing_keep_leaves_no_half_verdict(judge_with: Callable[..., None]) -> None:
    discarded: list[str] = []

    def keep() -> Sequence[str]:
        ProblemTotal.objects.create(document=document, code="half", severity=Severity.INFO, count=1)
        raise RuntimeError("no room")

    judge_with(
        lambda job: Judgement(accepted=True, keep=keep, discard=lambda: discarded.append("x"))
    )
    document = send(GOOD)
    with pytest.raises(RuntimeError):
        services.process(document.pk)
    document.refresh_from_db()
    assert (document.state, discarded) == (DocumentState.PROCESSING, ["x"])
    assert not ProblemTotal.objects.exists()


def test_a_worker_that_lost_its_claim_cannot_write(judge_with: Callable[..., None]) -> None:
    kept: list[int] = []
    discarded: list[int] = []

    def judge(job: Job) -> Judgement:
        if job.attempt == 1:
            lose(document)
            assert services.process(document.pk) == document
            job.findings.add([Problem("toy.late")])
        return Judgement(
            accepted=job.attempt == 2,
            keep=lambda: noted(kept, job.attempt, f"T-{job.attempt}"),
            discard=lambda: discarded.append(job.attempt),
        )

    judge_with(judge)
    document = send(GOOD)
    assert services.process(document.pk) is None
    document.refresh_from_db()
    assert (document.state, document.registers) == (DocumentState.ACCEPTED, ["T-2"])
    assert (kept, discarded) == ([2], [1])
    assert not DocumentProblem.objects.exists()


def test_announcing_happens_in_the_transaction_of_the_verdict(
    judge_with: Callable[..., None],
) -> None:
    def announce(document: Document) -> None:
        raise RuntimeError(document.state)

    judge_with(announce=announce)
    document = send(GOOD)
    with pytest.raises(RuntimeError, match="ACCEPTED"):
        services.process(document.pk)
    document.refresh_from_db()
    assert document.state == DocumentState.PROCESSING


def test_2000_problems_are_kept_and_all_are_counted(judge_with: Callable[..., None]) -> None:
    def judge(job: Job) -> Judgement:
        job.findings.add(Problem("toy.many", Severity.WARNING) for _ in range(PROBLEMS_KEPT + 5))
        job.findings.add([Problem("toy.bad")])
        job.findings.add_total("toy.bad", Severity.ERROR, 10)
        return Judgement(accepted=True)

    judge_with(judge)
    document = judged(GOOD)
    assert (document.errors, document.warnings) == (11, PROBLEMS_KEPT + 5)
    assert document.problems.count() == document.problems_kept == PROBLEMS_KEPT
    assert document.has_more_problems
    totals = {row.code: row.count for row in document.totals.all()}
    assert totals == {"toy.many": PROBLEMS_KEPT + 5, "toy.bad": 11}


def test_findings_count_by_severity() -> None:
    findings = Findings(limit=1)
    findings.add([Problem("a"), Problem("a"), Problem("b", Severity.INFO)])
    assert (findings.errors, findings.count(Severity.INFO), len(findings.kept)) == (2, 1, 1)


def test_a_later_file_waits_for_the_earlier_one() -> None:
    acting = make_acting()
    first, second, other = send(GOOD, acting), send(BAD, acting), send(GOOD)
    assert set(Document.objects.due()) == {first, other}
    assert services.process(second.pk) is None
    finished = services.process(first.pk)
    assert finished
    assert list(Document.objects.following(finished)) == [second.pk]
    assert services.process(second.pk) == second


def test_work_files_are_gone_after_the_verdict(tmp_path: Path) -> None:
    judged(gzipped(GOOD))
    judged(gzipped(b"not xml"))
    assert list((tmp_path / "work").iterdir()) == []


@pytest.mark.parametrize(
    ("content", "code", "reason"),
    [
        (gzipped(b"plain words"), "11001", "inside"),
        (gzipped(gzipped(GOOD)), "11001", "nested"),
        (gzipped(b""), "11007", "inside"),
        (gzipped(GOOD)[:-4], "11001", "damaged"),
        (zipped(("a.xml", GOOD), ("b.xml", GOOD)), "11001", "several"),
        (zipped(("../../etc/cron.d/a.xml", GOOD)), "11001", "name"),
    ],
)
def test_a_wrong_archive_is_rejected_with_a_reason(content: bytes, code: str, reason: str) -> None:
    document = judged(content)
    assert (document.state, document.refusal_code) == (DocumentState.REJECTED, code)
    assert document.problems.get().reason == reason


@pytest.mark.django_db(transaction=True)
def test_of_two_workers_exactly_one_judges() -> None:
    document = send(GOOD)
    start = threading.Barrier(2)
    results: list[Document | None] = []

    def work() -> None:
        start.wait()
        results.append(services.process(document.pk))
        connection.close()

    run_together(work, work)
    assert sorted(result is not None for result in results) == [False, True]


@pytest.mark.django_db(transaction=True)
def test_two_files_of_one_taxpayer_are_never_judged_at_once(
    judge_with: Callable[..., None],
) -> None:
    order: list[str] = []

    def judge(job: Job) -> Judgement:
        order.append(f"begin {job.filename}")
        time.sleep(0.05)
        order.append(f"end {job.filename}")
        return Judgement(accepted=True)

    judge_with(judge)
    acting = make_acting()
    for number in range(4):
        send(GOOD + b" " * number, acting, filename=f"{number}.xml")

    def work() -> None:
        while ids := list(Document.objects.due().values_list("pk", flat=True)):
            for document_id in ids:
                services.process(document_id)
        connection.close()

    def keep_working() -> None:
        while Document.objects.filter(state__in=["UPLOADED", "PROCESSING"]).exists():
            work()
        connection.close()

    run_together(keep_working, keep_working)
    assert order == [f"{move} {number}.xml" for number in range(4) for move in ("begin", "end")]


@pytest.mark.django_db(transaction=True)
def test_files_of_different_taxpayers_are_judged_side_by_side(
    judge_with: Callable[..., None],
) -> None:
    both = threading.Barrier(2, timeout=10)

    def judge(job: Job) -> Judgement:
        both.wait()
        return Judgement(accepted=True)

    judge_with(judge)
    documents = [send(GOOD), send(GOOD)]

    def work(document: Document) -> Callable[[], None]:
        def judge_it() -> None:
            services.process(document.pk)
            connection.close()

        return judge_it

    run_together(*(work(document) for document in documents))
    assert set(Document.objects.values_list("state", flat=True)) == {"ACCEPTED"}


@pytest.mark.django_db(transaction=True)
def test_a_slow_worker_that_lives_keeps_its_document(
    judge_with: Callable[..., None], settings: Settings
) -> None:
    settings.INTAKE_HEARTBEAT_SECONDS = 0.1
    settings.INTAKE_LEASE_SECONDS = 0.6
    seen: list[tuple[str, int, int]] = []

    def judge(job: Job) -> Judgement:
        job.progress(Stage.READING, 7, 3)
        for _ in range(5):
            time.sleep(0.25)
            assert services.process(job.document_id) is None
        seen.extend(Document.objects.values_list("stage", "bytes_read", "records"))
        return Judgement(accepted=True)

    judge_with(judge)
    document = judged(GOOD)
    assert (document.state, document.attempts) == (DocumentState.ACCEPTED, 1)
    assert seen == [(Stage.READING, 7, 3)]


def run_together(*works: Callable[[], None]) -> None:
    threads = [threading.Thread(target=work) for work in works]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=30)
    assert not any(thread.is_alive() for thread in threads)

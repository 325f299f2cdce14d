"""Files of the state's registers: taken in, shown before they change anything, applied, dropped."""

import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from typing import IO
from uuid import UUID

from django.db import IntegrityError, transaction

from accounts.encryption import lookup_hash
from imas.kernel import clock
from imas.kernel.errors import ConflictError, NotFoundError, UnprocessableError
from representation.models import ImportRun
from representation.registers import storing
from representation.registers.parsing import records
from representation.registers.rules import RowChecker
from representation.registers.types import (
    MOST_FINDINGS,
    Deed,
    Findings,
    Plan,
    RegisterKind,
    RowProblem,
    RunSource,
    RunState,
    StagedRow,
)
from representation.services.journal import journal_officer
from representation.services.officers import Officer

_CHUNK = 1024 * 1024
_LONGEST_NAME = 200


@dataclass(frozen=True, slots=True)
class ImportOrder:
    """What to do with a file.

    `applies` changes the register at once, else the file waits for a decision; `skips_refused`
    lets the other rows of a file with refused ones count; `leaves_no_trace` only looks.
    """

    kind: RegisterKind
    source: RunSource
    filename: str = ""
    applies: bool = False
    skips_refused: bool = False
    leaves_no_trace: bool = False
    idempotency_key: str = ""


def import_register(officer: Officer, order: ImportOrder, file: IO[bytes]) -> ImportRun:
    """Take a file of a register in; nothing of it is applied unless all of it can be.

    A file with a refused row is REFUSED as a whole when it was to be applied at once and refused
    rows were not to be skipped. The same idempotency key gives the first run again; with another
    file `UnprocessableError`. A file that cannot be read at all: `RefusedDocumentError`.
    """
    digest = _digest(file)
    if earlier := _earlier(officer, order, digest):
        return earlier
    try:
        with transaction.atomic():
            run = _take_in(officer, order, digest, file)
            transaction.set_rollback(order.leaves_no_trace)
    except IntegrityError:
        earlier = _earlier(officer, order, digest)
        if earlier is None:
            raise
        return earlier
    return run


def apply_import(officer: Officer, run_id: UUID, *, skips_refused: bool = False) -> ImportRun:
    """Apply a file that waits; refused rows stay out when told so.

    Where the register has changed since the preview, the preview is drawn up anew and nothing is
    applied: `ConflictError`, to be read again and decided anew.
    """
    with transaction.atomic():
        run = _waiting(run_id)
        storing.take_turn()
        storing.forget_refusals(run.pk)
        shown = run.fingerprint
        unread = _unread(run)
        _draw_up(run, unread)
        is_as_shown = run.fingerprint == shown
        if is_as_shown:
            _refuse_unasked(run, skips_refused=skips_refused)
            run.skips_refused = skips_refused
            _apply(officer, run)
        run.save()
    if not is_as_shown:
        raise ConflictError("import-outdated")
    return run


@transaction.atomic
def drop_import(officer: Officer, run_id: UUID) -> ImportRun:
    """Let a file that waits go; nothing of it is applied."""
    run = _waiting(run_id)
    storing.let_go(run.pk)
    _decide(officer, run, RunState.DROPPED)
    run.save()
    journal_officer(officer.user, "registers.dropped", str(run.pk), kind=run.kind)
    return run


def _take_in(officer: Officer, order: ImportOrder, digest: str, file: IO[bytes]) -> ImportRun:
    """Rows are copied as they are read; the lock of the registers is taken only after that."""
    run = ImportRun.objects.create(
        kind=order.kind,
        state=RunState.PREVIEWED,
        source=order.source,
        filename=order.filename[:_LONGEST_NAME],
        digest=digest,
        created_at=clock.now(),
        created_by=officer.user,
        idempotency_key=order.idempotency_key,
        skips_refused=order.skips_refused,
    )
    unread = Findings()
    staged = storing.stage(run.pk, _readable(run, file, unread))
    run.rows = staged + unread.rows
    storing.take_turn()
    _draw_up(run, unread)
    if order.applies and run.refused and not order.skips_refused:
        storing.let_go(run.pk)
        _decide(officer, run, RunState.REFUSED)
    elif order.applies:
        _apply(officer, run)
    run.save()
    journal_officer(officer.user, "registers.received", str(run.pk), kind=run.kind, sha256=digest)
    return run


def _readable(run: ImportRun, file: IO[bytes], unread: Findings) -> Iterator[StagedRow]:
    kind = RegisterKind(run.kind)
    checker = RowChecker(kind, lookup_hash)
    for number, record in enumerate(records(file, kind), 1):
        checked = checker.check(number, record)
        if isinstance(checked, StagedRow):
            yield checked
        else:
            unread.add(checked)


def _draw_up(run: ImportRun, unread: Findings) -> None:
    """Find out what the staged rows would change and write it on the run."""
    storing.mark_refused(run.pk, RegisterKind(run.kind))
    refused, problems = storing.refused_rows(run.pk)
    plan = storing.read_plan(run.rows - unread.rows - refused)
    run.refused = unread.rows + refused
    found = sorted([*unread.kept, *problems], key=lambda problem: problem.row)
    run.problems = [asdict(problem) for problem in found[:MOST_FINDINGS]]
    _write_plan(run, plan)


def _write_plan(run: ImportRun, plan: Plan) -> None:
    run.added = plan.counts.get(Deed.ADDED, 0)
    run.changed = plan.counts.get(Deed.CHANGED, 0)
    run.ended = plan.counts.get(Deed.ENDED, 0)
    run.removed = plan.counts.get(Deed.REMOVED, 0)
    run.unchanged = plan.unchanged
    run.examples = [asdict(change) for change in plan.examples]
    run.fingerprint = hashlib.sha256(f"{plan.fingerprint} {run.refused}".encode()).hexdigest()


def _apply(officer: Officer, run: ImportRun) -> None:
    storing.merge(run.pk, RegisterKind(run.kind))
    _decide(officer, run, RunState.APPLIED)
    journal_officer(
        officer.user,
        "registers.applied",
        str(run.pk),
        kind=run.kind,
        changes=str(run.changes_count),
    )


def _decide(officer: Officer, run: ImportRun, state: RunState) -> None:
    run.state, run.decided_at, run.decided_by = state, clock.now(), officer.user


def _waiting(run_id: UUID) -> ImportRun:
    run = ImportRun.objects.select_for_update().filter(pk=run_id).first()
    if run is None:
        raise NotFoundError("import-not-found")
    if run.state != RunState.PREVIEWED:
        raise ConflictError("import-decided")
    return run


def _refuse_unasked(run: ImportRun, *, skips_refused: bool) -> None:
    if run.refused and not skips_refused:
        raise ConflictError("import-has-refused-rows")


def _unread(run: ImportRun) -> Findings:
    """The rows that could not even be staged: all but those that were."""
    staged = run.waiting_rows.values_list("row", flat=True)
    kept = [RowProblem(**problem) for problem in run.problems]
    known = set(staged.filter(row__in=[problem.row for problem in kept]))
    return Findings(
        [problem for problem in kept if problem.row not in known], run.rows - staged.count()
    )


def _earlier(officer: Officer, order: ImportOrder, digest: str) -> ImportRun | None:
    if not order.idempotency_key:
        return None
    run = ImportRun.objects.filter(
        created_by=officer.user, idempotency_key=order.idempotency_key
    ).first()
    if run is not None and (run.digest, run.kind) != (digest, order.kind):
        raise UnprocessableError("idempotency-key-reused")
    return run


def _digest(file: IO[bytes]) -> str:
    digest = hashlib.sha256()
    while chunk := file.read(_CHUNK):
        digest.update(chunk)
    file.seek(0)
    return digest.hexdigest()


def problems_of(run: ImportRun) -> Sequence[RowProblem]:
    """Return the kept findings of a run."""
    return [RowProblem(**problem) for problem in run.problems]

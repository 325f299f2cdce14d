"""The judge of i.VAZ files, as the front desk calls it: record by record, batch by batch."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import closing
from itertools import chain, islice
from typing import Any
from uuid import UUID

from django.db import transaction

from imas.kernel.ahead import batches_ahead
from imas.kernel.problems import Place, Problem
from imas.web.copying import copy_in
from intake import kinds
from intake.models import Document
from intake.types import DocumentState, Job, Judgement, Kind, Stage, Words
from ivaz.models import RecordVerdict
from ivaz.models.files import as_json
from ivaz.notices import announce_named, announce_verdict
from ivaz.parsing.reading import Header, read
from ivaz.services.holding import Sender
from ivaz.services.taking import take
from ivaz.services.verdicts import Verdict
from ivaz.types import Record
from representation.models import Taxpayer
from representation.types import NOBODY

NAME = "ivaz"
CREATOR = "ivaz.creator"
NOTHING = "ivaz.nothing-taken"

_BATCH = 500
_COLUMNS = (
    "document_id", "position", "section", "local_uid", "number", "rn", "is_taken", "problems",
)  # fmt: skip


def judge(job: Job) -> Judgement:
    """Take the records of a file, each by itself, in transactions of some hundreds.

    What a batch does and its verdicts stand in one transaction, so that a file taken up again goes
    on where it broke off. The file is accepted when anything of it was taken, even where it could
    not be read to its end. A dry run undoes each batch and keeps no verdict.

    A file of which something was refused may be sent again as it is: what was taken stands, the
    rest is judged anew.
    """
    return _Trial(job).run()


def register_kind(problem_words: Callable[[str, str], Words]) -> None:
    """Have the front desk take i.VAZ files; called once, when the subsystem starts."""
    kinds.register(
        Kind(
            name=NAME,
            judge=judge,
            problem_words=problem_words,
            right_to_upload="ivaz.submit",
            right_to_view="ivaz.view",
            announce=announce_verdict,
            url_name="ivaz:file",
        )
    )


class _Trial:
    """One file before the judge."""

    def __init__(self, job: Job) -> None:
        self._job = job
        code = Taxpayer.objects.values_list("code", flat=True).get(pk=job.taxpayer_id)
        document = None if job.dry_run else Document.objects.get(pk=job.document_id)
        user_id = None if job.user_id == NOBODY else job.user_id
        self._sender = Sender(job.taxpayer_id, code, user_id, document)
        self._taken = self._read = 0
        self._earlier = self._sent_before()

    def run(self) -> Judgement:
        """Take what there is to take."""
        # Reading is a good part of the work and asks nothing of the database: it goes on meanwhile.
        with self._job.open() as stream, closing(batches_ahead(read(stream), _BATCH)) as ahead:
            records = self._records(chain.from_iterable(ahead))
            while batch := list(islice(records, _BATCH)):
                self._batch(batch)
                self._read += len(batch)
                self._job.progress(Stage.STORING, stream.tell(), self._read)
        if not self._taken and not self._job.findings.errors:
            self._job.findings.add([Problem(NOTHING)])
        counts = {"records": self._read, "taken": self._taken}
        return Judgement(self._taken > 0, counts, is_partial=self._taken < self._read)

    def _records(self, found: Iterator[Header | Record | Problem]) -> Iterator[Record]:
        """Yield records until the file turns out to be another's, or its header to be wrong."""
        is_sound = True
        for one in found:
            if isinstance(one, Problem):
                self._job.findings.add([one])
                is_sound = False
            elif isinstance(one, Header):
                if one.creator != self._sender.code:
                    place = Place(path="FileDescription/CreatorRegistrationNumber")
                    told = {"expected": self._sender.code}
                    self._job.findings.add(
                        [Problem(CREATOR, place=place, value=one.creator, params=told)]
                    )
                    return
                if not is_sound:
                    return
            else:
                yield one

    def _batch(self, records: Sequence[Record]) -> None:
        if self._sender.document is None:
            self._count(take(self._sender, records, dry_run=True))
            return
        with transaction.atomic():
            held = RecordVerdict.objects.filter(
                document=self._sender.document,
                position__range=(self._read, self._read + len(records) - 1),
            ).order_by("position")
            kept = list(held)
            verdicts = self._judged(records[len(kept) :], self._read + len(kept))
            rows = (
                _row(self._sender.document.pk, self._read + at, verdict)
                for at, verdict in enumerate(verdicts, start=len(kept))
            )
            copy_in(RecordVerdict, _COLUMNS, rows)
            announce_named(self._sender, verdicts)
        self._recount(kept)
        self._count(verdicts)

    def _judged(self, records: Sequence[Record], first: int) -> list[Verdict]:
        """Take records that stand from a position on; what an earlier copy has done stands."""
        done = self._done_before(first, len(records))
        fresh = iter(take(self._sender, [one for at, one in enumerate(records) if at not in done]))
        return [
            Verdict(one, is_taken=True, rn=done[at].rn, problems=done[at].found)
            if at in done
            else next(fresh)
            for at, one in enumerate(records)
        ]

    def _done_before(self, first: int, count: int) -> dict[int, RecordVerdict]:
        """Return what an earlier copy of the file has done, by the place in the batch."""
        if self._earlier is None:
            return {}
        rows = RecordVerdict.objects.filter(
            document_id=self._earlier, position__range=(first, first + count - 1), is_taken=True
        )
        return {row.position - first: row for row in rows}

    def _sent_before(self) -> UUID | None:
        """Return the last copy of this very file of which something was taken."""
        mine = self._sender.document
        if mine is None:
            return None
        copies = Document.objects.filter(
            taxpayer_id=mine.taxpayer_id, kind=NAME, sha256=mine.sha256, dry_run=False,
            state=DocumentState.ACCEPTED, arrival__lt=mine.arrival,
        )  # fmt: skip
        return copies.order_by("-arrival").values_list("pk", flat=True).first()

    def _count(self, verdicts: Sequence[Verdict]) -> None:
        self._taken += sum(verdict.is_taken for verdict in verdicts)
        self._job.findings.add(problem for one in verdicts for problem in one.problems)

    def _recount(self, kept: Sequence[RecordVerdict]) -> None:
        """Count what an earlier attempt has done; it did the first of the batch."""
        self._taken += sum(row.is_taken for row in kept)
        self._job.findings.add(problem for row in kept for problem in row.found)


def _row(document_id: UUID, position: int, verdict: Verdict) -> tuple[Any, ...]:
    record, problems = verdict.record, [as_json(problem) for problem in verdict.problems]
    told = record.section, record.uid[:40], record.number[:35], verdict.rn
    return document_id, position, *told, verdict.is_taken, problems

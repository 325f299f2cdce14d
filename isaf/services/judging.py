"""The judge of i.SAF files, as the front desk calls it."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial

from imas.kernel import clock
from imas.kernel.periods import Period, PeriodKind
from intake import kinds
from intake.models import Document
from intake.types import Job, Judgement, Kind, Stage, Words
from isaf import judging
from isaf.judging import Summary
from isaf.judging.sink import StorePlan
from isaf.limits import reach_within
from isaf.models import Register
from isaf.notices.registers import announce_verdict
from isaf.services.keeping import Staged, keep
from isaf.services.staging import SharedSink, discard_parts, open_parts, store_address
from isaf.types import (
    EVERYWHERE,
    DateRange,
    Header,
    PeriodKindRange,
    Reach,
    RegisterType,
    TaxpayerFacts,
)
from representation.models import Taxpayer, Validity

COUNTED: Mapping[RegisterType, str] = {
    RegisterType.SALES: "sales",
    RegisterType.PURCHASE: "purchases",
    RegisterType.SETTLEMENT: "settlements",
}
"""The names under which a file's records are counted, a promise of the web service."""


@dataclass
class _Case:
    """One file before the judge: the job, and what was staged for it."""

    job: Job
    period: Period | None = None
    part_ids: Mapping[RegisterType, int] = field(default_factory=dict)

    def facts_of(self, header: Header) -> TaxpayerFacts:
        """Say what is held about the taxpayer the header names."""
        return taxpayer_facts(header, self.job.taxpayer_id, reach_within(self.job.limits))

    def store(self, header: Header, facts: TaxpayerFacts | None) -> StorePlan | None:
        """Make room for the rows, unless this is a dry run."""
        if self.job.dry_run or header.period is None:
            return None
        self.period = header.period
        self.part_ids = open_parts(self.job, header, header.period)
        part_ids = tuple(self.part_ids.values())
        return StorePlan(
            header.period.start,
            facts.vat_code if facts else "",
            self.part_ids,
            store_address(part_ids, header.period).open,
            SharedSink(part_ids, header.period.end),
        )

    def progress(self, bytes_read: int, records: int) -> None:
        """Tell how far reading has come."""
        self.job.progress(Stage.READING, bytes_read, records)

    def keep(self, summary: Summary) -> Sequence[str]:
        """Show the staged rows in the registers; return their numbers."""
        if summary.header is None or self.period is None:
            return ()
        return keep(
            Staged(
                taxpayer_id=self.job.taxpayer_id,
                period=self.period,
                data_type=summary.header.data_type,
                part_number=summary.header.part_number,
                part_ids=self.part_ids,
                summaries=summary.registers,
                within=reach_within(self.job.limits).registers_of(summary.header.part_number),
            )
        )

    def discard(self) -> None:
        """Throw away what this attempt staged; another attempt's parts are left alone."""
        discard_parts(self.part_ids.values())


def judge(job: Job) -> Judgement:
    """Judge an i.SAF file for the taxpayer it was sent for; stage its rows unless a dry run."""
    case = _Case(job)
    summary = judging.judge(
        job.path,
        findings=job.findings,
        today=clock.today(),
        facts_of=case.facts_of,
        store=case.store,
        progress=case.progress,
        room=job.room,
    )
    counts = {COUNTED[type_]: found.records for type_, found in summary.registers.items()}
    return Judgement(summary.accepted, counts, partial(case.keep, summary), case.discard)


def register_kind(
    problem_words: Callable[[str, str], Words], after: Callable[[Document], None]
) -> None:
    """Have the front desk take i.SAF files; called once, when the subsystem starts."""
    kinds.register(
        Kind(
            name="isaf",
            judge=judge,
            problem_words=problem_words,
            right_to_upload="isaf.upload",
            right_to_view="isaf.view",
            announce=announce_verdict,
            after=after,
            url_name="isaf:file",
        )
    )


def taxpayer_facts(
    header: Header, acting_taxpayer_id: int, reach: Reach = EVERYWHERE
) -> TaxpayerFacts:
    """Return what is held about the taxpayer a header names.

    A file is taken only for the taxpayer it was sent for: whoever represents several chooses the
    right one first, so that nobody's registers appear where they were not looked for (12002). Nor
    does it go farther than the sender's mandate reaches.
    """
    taxpayer = Taxpayer.objects.by_code(header.registration_number).first()
    if taxpayer is None:
        return TaxpayerFacts(
            found=False, may_upload=False, code=header.registration_number, vat_code=""
        )
    return TaxpayerFacts(
        found=True,
        may_upload=taxpayer.pk == acting_taxpayer_id,
        code=taxpayer.code,
        vat_code=taxpayer.vat_code_on(header.end),
        period_kinds=tuple(
            PeriodKindRange(PeriodKind(row.kind), _days(row)) for row in taxpayer.period_kinds.all()
        ),
        cash_accounting=tuple(_days(row) for row in taxpayer.cash_accounting_periods.all()),
        stored_periods=_stored_periods(taxpayer, header),
        reach=reach,
    )


def _stored_periods(taxpayer: Taxpayer, header: Header) -> tuple[Period, ...]:
    touching = Register.objects.of_taxpayer(taxpayer.pk).filter(
        start__lte=header.end, end__gte=header.start
    )
    return tuple(
        Period(start, end)
        for start, end in touching.values_list("start", "end").order_by().distinct()
    )


def _days(row: Validity) -> DateRange:
    return DateRange(row.valid_from, row.valid_to)

"""Lines put into a return beside its registers: by hand, or told by another system."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from decimal import Decimal
from uuid import UUID

from django.db import transaction

from imas.kernel import clock
from imas.kernel.errors import ConflictError, NotFoundError, UnprocessableError
from imas.kernel.money import ZERO
from imas.kernel.periods import Period
from isaf.models import PreliminaryReturn, ReturnLine, ReturnLineFile
from isaf.returns.forms import FormName
from isaf.returns.rules import Treatment, rules_on
from isaf.returns.standing import LineSource
from isaf.services import computing
from isaf.services.returns import draft_of
from mailbox.proofs import Proof, kept
from representation.services import journal
from representation.types import Acting

MOST = 1_000
"""So many lines a taxpayer's period holds."""

_GREATEST = Decimal("9999999999.99")


@dataclass(frozen=True, slots=True)
class Told:
    """A line: the rule it goes by ("P:PVM23", "B:25"), its sums in euros, and what it is."""

    rule: str
    taxable: Decimal = ZERO
    vat: Decimal = ZERO
    note: str = ""
    source: LineSource = LineSource.MANUAL
    reference: str = ""


def add_line(
    acting: Acting, return_id: UUID, told: Told, proofs: Sequence[Proof] = ()
) -> ReturnLine:
    """Put a line into the draft of a return by hand, with the files that bear it out.

    Every draft of that period follows.
    UnprocessableError("return-line-wrong") for a rule that feeds no box, sums that are none or too
    large, or without a note; ("return-lines-full"); as `returns.draft_of` refuses.
    """
    with kept(proofs) as files, transaction.atomic():
        version = draft_of(acting, return_id)
        found = version.of
        if found.form != FormName.RETURN or not told.note.strip():
            raise UnprocessableError("return-line-wrong")
        line = _kept(found.taxpayer_id, found.period, told, acting)
        ReturnLineFile.objects.bulk_create(
            ReturnLineFile(line=line, **asdict(file)) for file in files
        )
        computing.follow_lines(version)
        journal(
            acting,
            "isaf.return-line-added",
            found.number,
            rule=told.rule,
            taxable=str(told.taxable),
            vat=str(told.vat),
        )
    return line


def remove_line(acting: Acting, return_id: UUID, line_id: int) -> None:
    """Take a line that was entered by hand out again; NotFoundError("return-line-not-found").

    What another system told stays: ConflictError("return-line-not-yours").
    """
    with transaction.atomic():
        version = draft_of(acting, return_id)
        found = version.of
        line = ReturnLine.objects.filter(
            pk=line_id, taxpayer_id=acting.taxpayer_id, removed_at=None,
            start__gte=found.start, end__lte=found.end,
        ).first()  # fmt: skip
        if line is None:
            raise NotFoundError("return-line-not-found")
        if line.source != LineSource.MANUAL:
            raise ConflictError("return-line-not-yours")
        line.removed_at, line.removed_by_id = clock.now(), acting.person_id
        line.save()
        computing.follow_lines(version)
        journal(acting, "isaf.return-line-removed", found.number, rule=line.rule)


def keep_evidence(taxpayer_id: int, period: Period, told: Told) -> bool:
    """Keep what another system tells of a period, once per source and reference; is it new?

    Returns of the period are computed anew. ConflictError("return-line-changed") when the reference
    came before with other sums; as `add_line` refuses.
    """
    with transaction.atomic():
        held = ReturnLine.objects.filter(
            taxpayer_id=taxpayer_id, source=told.source, reference=told.reference
        ).first()
        if held:
            if (held.rule, held.taxable, held.vat) != (told.rule, told.taxable, told.vat):
                raise ConflictError("return-line-changed", reference=told.reference)
            return False
        _kept(taxpayer_id, period, told, None)
        own = PreliminaryReturn.objects.filter(taxpayer_id=taxpayer_id, form=FormName.RETURN)
        own.filter(start__lte=period.start, end__gte=period.end).make_due()
    return True


def _kept(taxpayer_id: int, period: Period, told: Told, acting: Acting | None) -> ReturnLine:
    lines = ReturnLine.objects.filter(
        taxpayer_id=taxpayer_id, start=period.start, end=period.end, removed_at=None
    )
    if lines.count() >= MOST:
        raise UnprocessableError("return-lines-full", limit=str(MOST))
    _refuse_wrong(told, period)
    return ReturnLine.objects.create(
        taxpayer_id=taxpayer_id,
        start=period.start,
        end=period.end,
        source=told.source,
        reference=told.reference,
        rule=told.rule,
        taxable=told.taxable,
        vat=told.vat,
        note=told.note,
        added_by_id=acting.person_id if acting else None,
    )


def _refuse_wrong(told: Told, period: Period) -> None:
    rule = rules_on(period.start).get(told.rule)
    if rule is None or rule.treatment is not Treatment.BOXES:
        raise UnprocessableError("return-line-wrong")
    is_nothing = told.taxable == ZERO and told.vat == ZERO
    is_useless = (told.taxable and not rule.taxable_boxes and rule.side == "B") or (
        told.vat and not (rule.vat_boxes or rule.is_deducted)
    )
    if is_nothing or is_useless or max(abs(told.taxable), abs(told.vat)) > _GREATEST:
        raise UnprocessableError("return-line-wrong")

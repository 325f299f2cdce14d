"""What a taxpayer decides on invoices of his return: count, leave out, postpone, deduct in part."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.db import transaction

from imas.kernel import clock
from imas.kernel.errors import NotFoundError, UnprocessableError
from isaf.models import Invoice, PreliminaryReturn, ReturnDecision, ReturnVersion
from isaf.returns.standing import Counted, Deduction, Nature
from isaf.selectors.contributions import counterparty_of
from isaf.services import computing
from isaf.services.returns import draft_of
from representation.services import journal
from representation.types import Acting

MOST = 500
"""So many invoices may be decided on at once."""

LONGEST_REASON = 500

Place = tuple[date, int, int]
"""Where an invoice stands: first day of its register's period, part and position."""


@dataclass(frozen=True, slots=True)
class Choice:
    """What is decided. `until` is the first day of the later period of what is postponed."""

    counted: Counted = Counted.COUNTED
    until: date | None = None
    deduction: Deduction = Deduction.USUAL
    share: int = 100
    nature: Nature = Nature.USUAL
    reason: str = ""


def decide(acting: Acting, return_id: UUID, places: Sequence[Place], choice: Choice) -> int:
    """Decide on invoices that are in a return, and let its draft follow; return how many.

    Drafts of other forms and periods that hold them follow too. NotFoundError("invoice-not-found")
    for a place the return has not read; UnprocessableError("return-reason-missing") when something
    is left out without a reason, "return-postpone-sales", "return-postpone-when" for a period that
    does not come later, "return-decisions-too-many".
    """
    if len(places) > MOST:
        raise UnprocessableError("return-decisions-too-many", limit=str(MOST))
    with transaction.atomic():
        version = draft_of(acting, return_id)
        for invoice in _invoices(version, places):
            _refuse_wrong(version, invoice, choice)
            _decide_one(acting, version, invoice, choice)
    return len(places)


def decision_on(acting: Acting, invoice: Invoice) -> ReturnDecision | None:
    """Return what was decided on an invoice, if anything was."""
    acting.require_wholly("isaf.returns")
    return ReturnDecision.objects.filter(
        taxpayer_id=acting.taxpayer_id,
        side=invoice.side,
        number_norm=invoice.number_norm,
        counterparty=counterparty_of(invoice),
    ).first()


def _decide_one(acting: Acting, version: ReturnVersion, invoice: Invoice, choice: Choice) -> None:
    decision = decision_on(acting, invoice) or ReturnDecision(
        taxpayer_id=acting.taxpayer_id,
        side=invoice.side,
        number_norm=invoice.number_norm,
        counterparty=counterparty_of(invoice),
        by_vat_code=bool(invoice.counterparty_vat),
    )
    later = {decision.until, choice.until} - {None}
    with computing.following(version, decision):
        decision.counted, decision.until = choice.counted, choice.until
        decision.deduction, decision.share = choice.deduction, choice.share
        decision.nature, decision.reason = choice.nature, choice.reason
        decision.decided_at = clock.now()
        decision.decided_by_id = acting.person_id
        decision.save()
    _make_others_due(version, [version.of.start, *later])
    if invoice.special:
        _make_paid_due(invoice, acting.taxpayer_id)
    journal(
        acting,
        "isaf.return-decided",
        version.of.number,
        invoice=invoice.number,
        counted=choice.counted,
        deduction=choice.deduction,
        reason=choice.reason,
    )


def _make_paid_due(invoice: Invoice, taxpayer_id: int) -> None:
    """Have all returns computed that may count what was paid of an invoice (cash accounting)."""
    own = PreliminaryReturn.objects.filter(taxpayer_id=taxpayer_id)
    own.filter(end__gte=invoice.period_start).make_due()


def _make_others_due(version: ReturnVersion, days: Sequence[date | None]) -> None:
    """Returns of the same taxpayer that hold the invoice too are computed anew."""
    for day in days:
        own = PreliminaryReturn.objects.filter(taxpayer_id=version.of.taxpayer_id)
        own.filter(start__lte=day, end__gte=day).exclude(pk=version.of_id).make_due()


def _invoices(version: ReturnVersion, places: Sequence[Place]) -> list[Invoice]:
    """Return the invoices at these places, each of which must be the taxpayer's own and read."""
    registers = version.of.taxpayer.isaf_registers.filter(number__in=version.registers)
    parts = set(registers.values_list("parts__id", flat=True))
    found = []
    for start, part_id, position in places:
        row = Invoice.objects.of_part(start, part_id).filter(position=position).first()
        if part_id not in parts or row is None:
            raise NotFoundError("invoice-not-found")
        found.append(row)
    return found


def _refuse_wrong(version: ReturnVersion, invoice: Invoice, choice: Choice) -> None:
    if choice.counted is Counted.EXCLUDED and not choice.reason.strip():
        raise UnprocessableError("return-reason-missing")
    if len(choice.reason) > LONGEST_REASON or not 0 <= choice.share <= 100:
        raise UnprocessableError("return-decision-wrong")
    if choice.counted is not Counted.POSTPONED:
        return
    if invoice.side == "S":
        raise UnprocessableError("return-postpone-sales")
    if choice.until is None or choice.until <= version.of.end:
        raise UnprocessableError("return-postpone-when")

"""What other systems tell of tax periods beside the registers: import VAT of ITIS_EU above all.

How ITIS_EU hands over is not public, so both doors are ours: the authority's own program by REST,
and a file read by an operator. Each record is taken or refused by itself.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.db import transaction

from accounts.models import User
from imas.kernel.errors import DomainError, UnprocessableError
from imas.kernel.periods import Period
from isaf.returns.standing import LineSource
from isaf.services.periods import asked_period
from isaf.services.return_lines import Told, keep_evidence
from representation.models import Taxpayer
from representation.services.journal import journal_officer


@dataclass(frozen=True, slots=True)
class Record:
    """A line as another system tells it: whose, of which period (a code), and what."""

    taxpayer: str
    period: str
    told: Told


@dataclass(frozen=True, slots=True)
class Taken:
    """How many records are new, how many were held already, and which were refused, and why."""

    new: int
    held: int
    refused: Sequence[tuple[str, DomainError]]


def take_evidence(user: User | None, source: LineSource, records: Iterable[Record]) -> Taken:
    """Take records in, each by itself; `user` is the officer, None an operator at the console."""
    new, held = 0, 0
    refused: list[tuple[str, DomainError]] = []
    for record in records:
        try:
            with transaction.atomic():
                is_new = keep_evidence(_taxpayer(record).pk, _period(record), record.told)
        except DomainError as refusal:
            refused.append((record.told.reference, refusal))
        else:
            new, held = new + is_new, held + (not is_new)
    journal_officer(user, "isaf.evidence-taken", source, new=str(new), refused=str(len(refused)))
    return Taken(new, held, refused)


def _taxpayer(record: Record) -> Taxpayer:
    found = Taxpayer.objects.by_code(record.taxpayer).first()
    if found is None:
        raise UnprocessableError("evidence-taxpayer-unknown", taxpayer=record.taxpayer)
    return found


def _period(record: Record) -> Period:
    if not record.told.reference:
        raise UnprocessableError("evidence-reference-missing")
    return asked_period(record.period)

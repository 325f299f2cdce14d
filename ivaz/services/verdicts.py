"""What is said of one record: taken under which number, or refused for what."""

from collections.abc import Sequence
from dataclasses import dataclass

from imas.kernel.problems import Place, Problem, Severity
from ivaz.types import Record


@dataclass(frozen=True, slots=True)
class Verdict:
    """A record taken, with the RN of its waybill (none for an order), or refused."""

    record: Record
    is_taken: bool
    rn: str = ""
    problems: Sequence[Problem] = ()


def refused(record: Record, code: str, path: str = "", value: str = "", **params: str) -> Verdict:
    """Return the refusal of a record for one cause."""
    number = record.number or record.uid or record.rn
    place = Place(line=record.line or None, path=path, invoice_no=number)
    problem = Problem(code, Severity.ERROR, place, value[:100], params)
    return Verdict(record, is_taken=False, problems=(problem,))

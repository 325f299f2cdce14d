"""Records sent at once by a program or a page, without a file: done before the answer."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from functools import partial
from typing import Any

from imas.kernel.errors import UnprocessableError
from ivaz.notices import announce_named
from ivaz.parsing.content import content_of, element_of
from ivaz.parsing.faults import schema_problems
from ivaz.parsing.tree import node_of
from ivaz.selectors import SUBMIT
from ivaz.services.holding import Sender
from ivaz.services.taking import take
from ivaz.services.verdicts import Verdict
from ivaz.types import Record, Section
from representation.services import journal
from representation.types import Acting

RIGHT = SUBMIT
MOST = 500
"""So many records are taken at once; files hold more."""


def send(
    acting: Acting,
    sections: Mapping[str, Sequence[Any]],
    *,
    dry_run: bool = False,
    pressed_at: datetime | None = None,
) -> list[Verdict]:
    """Take records by section, as content (`ivaz.types.Content`); a verdict for each, in order.

    `pressed_at` as in `Sender`.

    UnprocessableError: "section-unknown", "records-missing", "records-too-many".
    """
    acting.require_wholly(RIGHT)
    if unknown := sorted(set(sections) - set(Section)):
        raise UnprocessableError("section-unknown", section=unknown[0][:100])
    count = sum(len(records) for records in sections.values())
    if not count:
        raise UnprocessableError("records-missing")
    if count > MOST:
        raise UnprocessableError("records-too-many", limit=str(MOST))
    records = [
        read_record(section, at, content)
        for section in Section
        for at, content in enumerate(sections.get(section, ()))
    ]
    sender = sender_of(acting, pressed_at)
    return take(sender, records, dry_run=dry_run, then=partial(_tell, acting, sender))


def read_record(section: Section, position: int, content: Any) -> Record:
    """Return a record of plain values with what the schema says of it."""
    node = node_of(section)
    element = element_of(content if isinstance(content, Mapping) else {}, node)
    read = Record(section, position, 0, content_of(element, node))
    problems = tuple(schema_problems(element, 0, read.number or read.uid or read.rn))
    return Record(section, position, 0, read.content, problems)


def _tell(acting: Acting, sender: Sender, verdicts: Sequence[Verdict]) -> None:
    announce_named(sender, verdicts)
    told = {
        "taken": str(sum(one.is_taken for one in verdicts)),
        "records": str(len(verdicts)),
    }
    journal(acting, "ivaz.records-sent", acting.taxpayer_code, **told)


def sender_of(acting: Acting, pressed_at: datetime | None = None) -> Sender:
    """Return who acts, as services of records know him."""
    user_id = acting.person_id
    return Sender(acting.taxpayer_id, acting.taxpayer_code, user_id, pressed_at=pressed_at)

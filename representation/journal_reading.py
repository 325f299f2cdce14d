"""Reading the journal of a taxpayer: filtered, and each entry in words with its chain."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from itertools import islice
from typing import Any

from django.db import connection
from django.db.models import QuerySet
from django.utils.translation import gettext, gettext_lazy

from accounts.models import ApiKey, Certificate, User
from imas.kernel.clock import VILNIUS
from representation import selectors
from representation.journal_forms import JournalQuery
from representation.limits import text_words
from representation.messages import action_words, rights_words
from representation.models import JournalEntry, Taxpayer
from representation.types import Why, WhyKind

_AT_ONCE = 500
# A walk from value to value by index: as quick however many entries there are.
_DIFFERENT = """
WITH RECURSIVE found AS (
    (SELECT {column} AS one FROM representation_journalentry
      WHERE taxpayer_id = %(taxpayer)s ORDER BY {column} LIMIT 1)
    UNION ALL
    SELECT (SELECT {column} FROM representation_journalentry
             WHERE taxpayer_id = %(taxpayer)s AND {column} > found.one ORDER BY {column} LIMIT 1)
      FROM found WHERE found.one IS NOT NULL
)
SELECT one FROM found WHERE one IS NOT NULL
"""


@dataclass(frozen=True, slots=True)
class Line:
    """An entry in words; `firms` are those the right passed through, `program` the key's name."""

    entry: JournalEntry
    action: str
    rights: list[str]
    why: Why
    firms: list[str]
    program: str

    @property
    def limits(self) -> list[str]:
        """How what was given is limited, in words."""
        return text_words(self.entry.params.get("limits", ""))

    @property
    def is_read_only(self) -> bool:
        """Whether what was given is to look only."""
        return "read-only" in self.entry.params.get("limits", "").split("; ")

    @property
    def who(self) -> str:
        """The person, or the house itself."""
        return self.entry.user.full_name if self.entry.user else gettext("i.MAS itself")


HEADERS = (
    gettext_lazy("When"),
    gettext_lazy("What"),
    gettext_lazy("Subject"),
    gettext_lazy("Rights"),
    gettext_lazy("Who"),
    gettext_lazy("In what capacity"),
    gettext_lazy("Through"),
    gettext_lazy("Program"),
)


def entries_of(taxpayer_id: int, query: JournalQuery) -> QuerySet[JournalEntry]:
    """Return the entries asked for, latest first."""
    found = selectors.journal_of(taxpayer_id)
    if query.person is not None:
        found = found.filter(user_id=query.person)
    if query.action:
        found = found.filter(action=query.action)
    if query.since:
        found = found.filter(at__gte=_start_of(query.since))
    if query.until:
        found = found.filter(at__lt=_start_of(query.until + timedelta(days=1)))
    return found


def people_in(taxpayer_id: int) -> dict[int, str]:
    """Return everybody who stands in the journal of a taxpayer, by name."""
    ids = _different("user_id", taxpayer_id)
    people = User.objects.filter(pk__in=ids).order_by("last_name", "first_name", "pk")
    return {user.pk: user.full_name for user in people}


def actions_in(taxpayer_id: int) -> dict[str, str]:
    """Return every action in the journal of a taxpayer, by its words."""
    words = {action: action_words(action) for action in _different("action", taxpayer_id)}
    return dict(sorted(words.items(), key=lambda pair: pair[1]))


def lines_of(entries: Iterable[JournalEntry]) -> Iterator[Line]:
    """Put entries into words, some hundreds at a time."""
    waiting = iter(entries)
    while some := list(islice(waiting, _AT_ONCE)):
        firms, programs = _firms(some), _programs(some)
        for entry in some:
            yield _line(entry, firms, programs)


def cells(line: Line, capacity: str) -> Sequence[Any]:
    """Return a line as a row of a table to take away."""
    return (
        line.entry.at,
        line.action,
        line.entry.subject,
        "; ".join([*line.rights, *line.limits]),
        line.who,
        capacity,
        " → ".join(line.firms),
        line.program,
    )


def _line(entry: JournalEntry, firms: dict[str, str], programs: dict[Any, str]) -> Line:
    # One right stood in each entry before mandates held several.
    rights = entry.params.get("rights") or entry.params.get("right", "")
    return Line(
        entry=entry,
        action=action_words(entry.action),
        rights=rights_words(filter(None, rights.split(","))),
        why=Why(WhyKind(entry.why["kind"])),
        firms=[firms.get(code, code) for code in _chain(entry)],
        program=programs.get(entry.key_id, ""),
    )


def _chain(entry: JournalEntry) -> list[str]:
    return [code for code in entry.why.get("chain", "").split(",") if code]


def _firms(entries: Iterable[JournalEntry]) -> dict[str, str]:
    codes = {code for entry in entries for code in _chain(entry)}
    firms = Taxpayer.objects.filter(code__in=codes) if codes else Taxpayer.objects.none()
    return dict(firms.values_list("code", "name"))


def _programs(entries: Iterable[JournalEntry]) -> dict[Any, str]:
    ids = {entry.key_id for entry in entries if entry.key_id}
    if not ids:
        return {}
    found = dict(ApiKey.objects.filter(pk__in=ids).values_list("pk", "name"))
    found.update(Certificate.objects.filter(pk__in=ids).values_list("pk", "name"))
    return found


def _different(column: str, taxpayer_id: int) -> list[Any]:
    with connection.cursor() as cursor:
        cursor.execute(_DIFFERENT.format(column=column), {"taxpayer": taxpayer_id})
        return [one for (one,) in cursor.fetchall()]


def _start_of(day: date) -> datetime:
    return datetime.combine(day, time(), VILNIUS)

"""What people and programs are shown of documents and their problems, in words."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.db.models import Count, F, Min, QuerySet, Window
from django.db.models.functions import RowNumber
from django.utils import formats, translation
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from imas.kernel.problems import Problem, Severity
from imas.web.paging import Keyset, Page
from intake import kinds, messages
from intake.line import place_of
from intake.models import Document, DocumentProblem, ProblemRow
from intake.types import Words

if TYPE_CHECKING:
    from django.utils.functional import _StrOrPromise

EXAMPLES = 5
"""How many problems of a group are shown with it."""

LANGUAGES = ("lt", "en")
BY_POSITION = Keyset("position", size=100)

_ORDER = {Severity.ERROR: 0, Severity.WARNING: 1, Severity.INFO: 2}
_TONES = {Severity.ERROR: "danger", Severity.WARNING: "warning", Severity.INFO: "info"}
_SEVERITIES = {
    Severity.ERROR: _("Error"),
    Severity.WARNING: _("Warning"),
    Severity.INFO: _("Note"),
}


class _Params(dict[str, str]):
    """Params of a message; one that a finding does not have leaves a dash, not a crash."""

    def __missing__(self, _name: str) -> str:
        return "–"


def words_of(kind_name: str, problem: Problem) -> Words:
    """Return the words for a problem, our own codes first, then those of the kind."""
    own = messages.PROBLEMS.get((problem.code, problem.reason))
    return own or kinds.get(kind_name).problem_words(problem.code, problem.reason)


def filled(words: "_StrOrPromise", problem: Problem) -> str:
    """Return a sentence in the active language with the problem's values in it."""
    params = _Params(problem.params, value=problem.value, invoice_no=problem.place.invoice_no)
    return str(words) % params


def problem_message(kind_name: str, problem: Problem, language: str) -> str:
    """Return what is wrong, as a sentence in `lt` or `en`."""
    with translation.override(language):
        return filled(words_of(kind_name, problem).message, problem)


@dataclass(frozen=True, slots=True)
class ShownProblem:
    """A problem ready to be read: sentences in the active language, and the place."""

    problem: Problem
    message: str
    mend: str
    severity: "_StrOrPromise"

    @property
    def expected(self) -> str:
        """What should stand there, where one value can say it."""
        return self.problem.params.get("expected", "")


def shown(kind_name: str, problem: Problem) -> ShownProblem:
    """Put one problem into the active language."""
    words = words_of(kind_name, problem)
    return ShownProblem(
        problem,
        filled(words.message, problem),
        filled(words.mend, problem),
        _SEVERITIES[problem.severity],
    )


@dataclass(frozen=True, slots=True)
class ProblemGroup:
    """Problems of one code and reason; `count` is exact unless `is_at_least`."""

    code: str
    system_code: str
    reason: str
    severity: Severity
    severity_word: "_StrOrPromise"
    title: str
    mend: str
    count: int
    is_at_least: bool
    examples: Sequence[ShownProblem]

    @property
    def tone(self) -> str:
        """The colour of the severity."""
        return _TONES[self.severity]

    @property
    def told(self) -> frozenset[str]:
        """Which of value, expected, invoice and place any of the examples tells."""
        return frozenset(
            name
            for found in self.examples
            for name, is_told in (
                ("value", found.problem.value),
                ("expected", found.expected),
                ("invoice", found.problem.place.invoice_no),
                ("place", found.problem.place.line or found.problem.place.path),
            )
            if is_told
        )

    @property
    def count_words(self) -> str:
        """How many there are, as words."""
        params = {"count": formats.number_format(self.count, force_grouping=True)}
        if self.is_at_least:
            return (
                ngettext("at least %(count)s time", "at least %(count)s times", self.count) % params
            )
        return ngettext("%(count)s time", "%(count)s times", self.count) % params

    @property
    def more(self) -> int:
        """How many problems of the group are not among the examples."""
        return self.count - len(self.examples)

    @property
    def more_words(self) -> str:
        """How many there are besides the examples, and where to see them."""
        params = {"count": formats.number_format(self.more, force_grouping=True)}
        return (
            ngettext(
                "And %(count)s more of this kind; the table to download has their places.",
                "And %(count)s more of this kind; the table to download has their places.",
                self.more,
            )
            % params
        )


def problem_groups(document: Document) -> list[ProblemGroup]:
    """Return a document's problems by kind, errors first, the most frequent of them first."""
    totals = {(row.code, Severity(row.severity)): row.count for row in document.totals.all()}
    return groups_of(document.kind, document.problems.all(), totals)


def groups_of(
    kind_name: str,
    rows: "QuerySet[Any]",
    totals: Mapping[tuple[str, Severity], int],
) -> list[ProblemGroup]:
    """Group any ProblemRow rows; `totals` may count more than the rows that were kept."""
    kept = rows.order_by().values("code", "reason", "severity")
    counted = {
        (row["code"], row["reason"], Severity(row["severity"])): row["kept"]
        for row in kept.annotate(kept=Count("pk"), first=Min("position")).order_by("first")
    }
    for code, severity in totals:
        if not any(key[0] == code and key[2] is severity for key in counted):
            counted[code, "", severity] = 0
    examples = _examples(rows)
    groups = [_group(kind_name, key, counted, totals, examples.get(key, ())) for key in counted]
    return sorted(groups, key=lambda group: (_ORDER[group.severity], -group.count))


_GroupKey = tuple[str, str, Severity]


def _examples(rows: "QuerySet[Any]") -> dict[_GroupKey, list[Problem]]:
    ranked = rows.annotate(
        rank=Window(
            RowNumber(),
            partition_by=[F("code"), F("reason"), F("severity")],
            order_by=F("position").asc(),
        )
    )
    found: dict[_GroupKey, list[Problem]] = {}
    for row in ranked.filter(rank__lte=EXAMPLES).order_by("position"):
        problem = row.problem
        found.setdefault((problem.code, problem.reason, problem.severity), []).append(problem)
    return found


def _group(
    kind_name: str,
    key: _GroupKey,
    counted: Mapping[_GroupKey, int],
    totals: Mapping[tuple[str, Severity], int],
    examples: Sequence[Problem],
) -> ProblemGroup:
    code, reason, severity = key
    total = totals.get((code, severity), counted[key])
    siblings = [other for other in counted if other[0] == code and other[2] is severity]
    kept = sum(counted[other] for other in siblings)
    is_alone = len(siblings) == 1
    sample = examples[0] if examples else Problem(code, severity, reason=reason)
    words = words_of(kind_name, sample)
    return ProblemGroup(
        code=code,
        system_code=words.system_code,
        reason=reason,
        severity=severity,
        severity_word=_SEVERITIES[severity],
        title=filled(words.title or words.message, sample),
        mend=filled(words.mend, sample),
        count=total if is_alone else counted[key],
        is_at_least=not is_alone and total > kept,
        examples=[shown(kind_name, problem) for problem in examples],
    )


def problem_page(
    document: Document, cursor: str = "", *, code: str = "", severity: str = ""
) -> Page[DocumentProblem]:
    """Return some of the problems in the order of finding, of one code or severity if asked."""
    rows = document.problems.all()
    if code:
        rows = rows.filter(code=code)
    if severity:
        rows = rows.filter(severity=severity)
    return BY_POSITION.page(rows, cursor)


def problem_item(kind_name: str, row: ProblemRow) -> dict[str, Any]:
    """Return a problem as the web services give it: in both languages, with its place."""
    problem = row.problem
    return {
        "code": problem.code,
        "system_code": words_of(kind_name, problem).system_code,
        "reason": problem.reason,
        "severity": problem.severity.value,
        "message": {
            language: problem_message(kind_name, problem, language) for language in LANGUAGES
        },
        "line": problem.place.line,
        "column": problem.place.column,
        "path": problem.place.path,
        "register": problem.place.register,
        "invoice_no": problem.place.invoice_no,
        "value": problem.value,
    }


def document_item(document: Document) -> dict[str, Any]:
    """Return a document as the web services give it."""
    return {
        "id": str(document.pk),
        "state": document.state,
        "dry_run": document.dry_run,
        "receipt": receipt_item(document),
        "progress": {
            "stage": document.stage,
            "bytes": document.bytes_read,
            "total_bytes": document.total_bytes,
            "records": document.records,
        },
        "line": _line_item(document),
        "counts": document.counts,
        "problems_summary": [
            {"code": row.code, "severity": row.severity, "count": row.count}
            for row in document.totals.all()
        ],
        "problems_limit_reached": document.has_more_problems,
        "registers": document.registers,
        "first_copy": str(document.first_copy_id) if document.first_copy_id else None,
    }


def _line_item(document: Document) -> dict[str, Any] | None:
    """Return the place in the line as the web services give it; null once work has begun."""
    place = place_of(document)
    return {"ahead": place.ahead, "waited_lately": place.lately} if place else None


def receipt_item(document: Document) -> dict[str, Any]:
    """Return the receipt as the web services give it."""
    return {
        "number": document.number,
        "sha256": document.sha256,
        "size": document.size,
        "received_at": document.received_at,
    }


EXPORT_HEADERS: "tuple[_StrOrPromise, ...]" = (
    _("Severity"),
    _("Code"),
    _("Official name"),
    _("What is wrong"),
    _("What to do"),
    _("Value found"),
    _("Expected"),
    _("Register"),
    _("Invoice number"),
    _("Line"),
    _("Column"),
    _("Place in the file"),
)


def export_rows(
    kind_name: str, problems: Iterable[ProblemRow]
) -> "tuple[Sequence[_StrOrPromise], Iterable[tuple[Any, ...]]]":
    """Return headers and rows of the table to take away, in the active language."""
    return EXPORT_HEADERS, _export_rows(kind_name, problems)


def _export_rows(kind_name: str, problems: Iterable[ProblemRow]) -> Iterator[tuple[Any, ...]]:
    language = translation.get_language()
    for row in problems:
        # The table is written while it is sent, when the request's language is set no more.
        with translation.override(language):
            yield _export_row(kind_name, row.problem)


def _export_row(kind_name: str, problem: Problem) -> tuple[Any, ...]:
    seen = shown(kind_name, problem)
    place = problem.place
    return (
        str(seen.severity),
        problem.code,
        words_of(kind_name, problem).system_code,
        seen.message,
        seen.mend,
        problem.value,
        seen.expected,
        place.register,
        place.invoice_no,
        place.line,
        place.column,
        place.path,
    )

"""Findings of a register: those of its files and those of its own checks."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from itertools import chain
from typing import Any

from django.db.models import Q, QuerySet

from imas.kernel.problems import Severity
from intake.models import DocumentProblem, ProblemRow
from intake.presenting import ProblemGroup, ShownProblem, groups_of, shown
from isaf.models import Invoice, Register, RegisterProblem

KIND = "isaf"

_GRAVEST_FIRST = (Severity.ERROR, Severity.WARNING, Severity.INFO)


def problem_groups(register: Register) -> list[ProblemGroup]:
    """Return the kept findings of a register by kind, the gravest first.

    Those that the files brought are put beside those of the register's own checks.
    """
    groups = [
        *groups_of(KIND, _of_files(register), {}),
        *groups_of(KIND, _of_checks(register), {}),
    ]
    return sorted(groups, key=lambda one: (_GRAVEST_FIRST.index(one.severity), -one.count))


def problem_totals(register: Register) -> list[Mapping[str, Any]]:
    """Return how often each code was kept, for programs."""
    counted: Counter[tuple[str, str]] = Counter()
    for rows in (_of_files(register), _of_checks(register)):
        counted.update(rows.order_by().values_list("code", "severity"))
    return [
        {"code": code, "severity": severity, "count": count}
        for (code, severity), count in sorted(counted.items())
    ]


def every_problem(register: Register) -> Iterator[ProblemRow]:
    """Return every kept finding of a register, those of its files before those of its checks."""
    return chain(_of_files(register).iterator(), _of_checks(register).iterator())


def problems_of_invoice(register: Register, invoice: Invoice) -> Sequence[ShownProblem]:
    """Return the findings at one invoice, found by the place its file gave it."""
    listed = "SalesInvoices" if invoice.side == "S" else "PurchaseInvoices"
    path = f"SourceDocuments/{listed}/Invoice[{invoice.position + 1}]"
    at_it = Q(path=path) | Q(path__startswith=f"{path}/")
    document = register.seen.filter(part_id=invoice.part_id)
    of_file = DocumentProblem.objects.filter(at_it, document__in=document.values("part__document"))
    of_checks = _of_checks(register).filter(
        part_id=invoice.part_id, invoice_position=invoice.position
    )
    rows = [*of_file.order_by("position"), *of_checks]
    return [shown(KIND, row.problem) for row in rows]


def _of_files(register: Register) -> "QuerySet[DocumentProblem]":
    documents = register.seen.values("part__document")
    return DocumentProblem.objects.filter(register=register.type, document__in=documents)


def _of_checks(register: Register) -> "QuerySet[RegisterProblem]":
    if register.is_seen_wholly:
        return register.problems.all()
    return register.problems.filter(part__in=register.seen.values("part"))

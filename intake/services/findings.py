"""Writing down what was found, in the transaction that decides."""

from imas.kernel.problems import Severity
from intake.models import Document, DocumentProblem, ProblemTotal
from intake.types import Findings


def write_findings(document: Document, findings: Findings) -> None:
    """Keep the problems and their exact totals, and count them in the document's row."""
    DocumentProblem.objects.bulk_create(
        (
            DocumentProblem(document=document, **DocumentProblem.values_of(problem, position))
            for position, problem in enumerate(findings.kept, start=1)
        ),
        batch_size=500,
    )
    ProblemTotal.objects.bulk_create(
        ProblemTotal(document=document, code=code, severity=severity.value, count=count)
        for (code, severity), count in findings.totals.items()
    )
    document.errors = findings.errors
    document.warnings = findings.count(Severity.WARNING)
    document.notes = findings.count(Severity.INFO)
    document.problems_kept = len(findings.kept)
    document.save(update_fields=["errors", "warnings", "notes", "problems_kept"])

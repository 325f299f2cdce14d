"""Imports as web services and commands tell of them."""

from typing import Any

from django.conf import settings
from django.utils import translation

from representation.models import ImportRun
from representation.registers.words import PROBLEMS

_COUNTS = ("rows", "added", "changed", "ended", "removed", "unchanged", "refused")


def problem_words(code: str) -> str:
    """Say what is wrong with a row in the reader's language."""
    return str(PROBLEMS[code])


def problem_item(problem: dict[str, Any]) -> dict[str, Any]:
    """Return a refused row with its place and a sentence in both languages."""
    message = {}
    for language, _name in settings.LANGUAGES:
        with translation.override(language):
            message[language] = problem_words(problem["code"])
    return {**problem, "message": message}


def run_item(run: ImportRun) -> dict[str, Any]:
    """Return an import as the web service gives it."""
    return {
        "id": str(run.pk),
        "kind": run.kind,
        "state": run.state,
        "filename": run.filename,
        "sha256": run.digest,
        "created_at": run.created_at,
        "decided_at": run.decided_at,
        **{name: getattr(run, name) for name in _COUNTS},
        "examples": run.examples,
        "problems": [problem_item(problem) for problem in run.problems],
    }

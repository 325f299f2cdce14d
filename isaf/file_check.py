"""A file on somebody's disk judged by itself: no taxpayer, no database, nothing kept."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from django.conf import settings

from imas.kernel.problems import Problem, Severity
from intake.presenting import LANGUAGES, problem_message, words_of
from intake.sniffing import HEAD, container_of
from intake.types import Findings
from intake.unpacking import Limits, unpack
from isaf.judging import judge

KIND = "isaf"


@dataclass(frozen=True, slots=True)
class FileCheck:
    """What was found in a file; `readable` is False when it could not even be unpacked."""

    file: str
    readable: bool
    problems: tuple[Problem, ...]
    totals: Mapping[tuple[str, Severity], int]

    @property
    def has_errors(self) -> bool:
        """Must the file be mended before it can be submitted?"""
        return any(severity is Severity.ERROR for _, severity in self.totals)

    def item(self) -> dict[str, Any]:
        """Return it as the web service shows a file's problems."""
        return {
            "file": self.file,
            "kind": KIND,
            "problems": [_item(problem) for problem in self.problems],
        }


def check_file(path: Path, today: date) -> FileCheck:
    """Judge a file, plain or packed, by schema and rules; OSError when it cannot be read."""
    findings = Findings()
    with TemporaryDirectory(prefix="imas-check-") as room:
        plain = Path(room) / "plain.xml"
        with path.open("rb") as packed:
            head = packed.read(HEAD)
            packed.seek(0)
            limits = Limits(settings.INTAKE_MAX_UNPACKED_BYTES, settings.INTAKE_MAX_RATIO)
            refused = unpack(container_of(head), packed, plain, limits)
        if refused is not None:
            findings.add([refused])
        else:
            judge(plain, findings=findings, today=today)
    return FileCheck(f"{path}", refused is None, tuple(findings.kept), findings.totals)


def _item(problem: Problem) -> dict[str, Any]:
    place = problem.place
    return {
        "code": problem.code,
        "system_code": words_of(KIND, problem).system_code,
        "reason": problem.reason,
        "severity": problem.severity.value,
        "message": {language: problem_message(KIND, problem, language) for language in LANGUAGES},
        "line": place.line,
        "column": place.column,
        "path": place.path,
        "register": place.register,
        "invoice_no": place.invoice_no,
        "value": problem.value,
    }

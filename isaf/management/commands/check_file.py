"""Judge i.SAF files from the command line: no server, no database."""

import json
import sys
from argparse import ArgumentParser
from datetime import date
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand

from imas.kernel import clock
from intake.presenting import LANGUAGES, problem_message
from isaf.file_check import KIND, FileCheck, check_file

NO_ERRORS, ERRORS, UNREADABLE = 0, 1, 2


class Command(BaseCommand):
    """Exit code 0: no errors; 1: errors; 2: a file could not be read."""

    help = "Judge i.SAF files (XML, gzip or zip) by the schema and the rules."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Ask which files, how to answer and on which day they are judged."""
        parser.add_argument("files", nargs="+", type=Path, metavar="FILE")
        parser.add_argument("--json", action="store_true", help="answer as JSON")
        parser.add_argument("--language", choices=LANGUAGES, default="lt", help="of the sentences")
        parser.add_argument(
            "--today", type=date.fromisoformat, default=None, help="judge as if on this day"
        )

    def handle(self, *_: Any, **options: Any) -> None:
        """Judge each file, answer, and tell by the exit code."""
        today = options["today"] or clock.today()
        code, checks = NO_ERRORS, []
        for path in options["files"]:
            try:
                check = check_file(path, today)
            except OSError as error:
                self.stderr.write(f"{path}: {error.strerror}")
                code = UNREADABLE
                continue
            checks.append(check)
            code = max(code, _code(check))
            if not options["json"]:
                self._tell(check, options["language"])
        if options["json"]:
            items = [check.item() for check in checks]
            self.stdout.write(json.dumps(items, ensure_ascii=False, indent=2))
        sys.exit(code)

    def _tell(self, check: FileCheck, language: str) -> None:
        for problem in check.problems:
            line = f":{problem.place.line}" if problem.place.line else ""
            said = problem_message(KIND, problem, language)
            self.stdout.write(f"{check.file}{line}: {problem.severity} {problem.code} {said}")
        if more := sum(check.totals.values()) - len(check.problems):
            self.stdout.write(f"{check.file}: +{more}")
        if not check.problems:
            self.stdout.write(f"{check.file}: ok")


def _code(check: FileCheck) -> int:
    if not check.readable:
        return UNREADABLE
    return ERRORS if check.has_errors else NO_ERRORS

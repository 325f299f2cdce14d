"""Take a file of a register in from the command line."""

import json
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from imas.kernel.errors import DomainError
from imas.web.messages import words_for
from representation.models import ImportRun
from representation.registers.presenting import problem_words, run_item
from representation.registers.types import RegisterKind, RunSource, RunState
from representation.services.importing import ImportOrder, import_register
from representation.services.officers import OPERATOR


class Command(BaseCommand):
    """Applies the file, or with `--dry-run` tells what it would change and leaves no trace."""

    help = "Import a file of a register (CSV or JSON, see docs/registers.md)."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Ask what the file holds and what to do with it."""
        parser.add_argument("kind", choices=[str(kind) for kind in RegisterKind])
        parser.add_argument("file", type=Path)
        parser.add_argument("--dry-run", action="store_true", help="change nothing, only tell")
        parser.add_argument(
            "--skip-refused", action="store_true", help="apply the rows that are not refused"
        )
        parser.add_argument("--json", action="store_true", help="tell as one JSON object")

    def handle(self, *_: Any, **options: Any) -> None:
        """Import and tell; a refused file ends with an error."""
        run = self._import(options)
        if options["json"]:
            self.stdout.write(json.dumps(run_item(run), ensure_ascii=False, default=str))
        else:
            self._tell(run)
        if run.state == RunState.REFUSED or (options["dry_run"] and run.refused):
            raise CommandError("The file has refused rows; nothing was applied.")

    def _import(self, options: dict[str, Any]) -> ImportRun:
        order = ImportOrder(
            kind=RegisterKind(options["kind"]),
            source=RunSource.COMMAND,
            filename=options["file"].name,
            applies=not options["dry_run"],
            skips_refused=options["skip_refused"],
            leaves_no_trace=options["dry_run"],
        )
        try:
            with options["file"].open("rb") as file:
                return import_register(OPERATOR, order, file)
        except DomainError as refusal:
            title, detail = words_for(refusal.code, refusal.default_code, refusal.params)
            raise CommandError(f"{title}. {detail}") from None
        except OSError as fault:
            raise CommandError(str(fault)) from None

    def _tell(self, run: ImportRun) -> None:
        for name in ("rows", "added", "changed", "ended", "removed", "unchanged", "refused"):
            self.stdout.write(f"{name:10} {getattr(run, name):>10}")
        for problem in run.problems:
            words = problem_words(problem["code"])
            self.stdout.write(f"row {problem['row']}, {problem['column']}: {words}")

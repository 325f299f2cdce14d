"""`manage.py take_evidence FILE`: import VAT of ITIS_EU from a CSV file."""

import csv
from collections.abc import Iterator
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from isaf.returns.standing import LineSource
from isaf.services.evidence import Record, take_evidence
from isaf.services.return_lines import Told

_COLUMNS = {"reference", "taxpayer", "period", "rule", "taxable", "vat", "note"}


class Command(BaseCommand):
    """Take records in, each by itself; which were refused, and why, is told."""

    help = "Take import VAT (ITIS_EU) in from a CSV file for preliminary returns."

    def add_arguments(self, parser: CommandParser) -> None:
        """The file."""
        columns = ", ".join(sorted(_COLUMNS))
        parser.add_argument("file", type=Path, help=f"UTF-8, with a heading: {columns}")

    def handle(self, *_args: Any, **options: Any) -> None:
        """Say what became of the records; any refused is an error in the end."""
        with options["file"].open(encoding="utf-8-sig", newline="") as file:
            reader = csv.DictReader(file)
            if missing := _COLUMNS - set(reader.fieldnames or ()):
                raise CommandError(f"Missing columns: {', '.join(sorted(missing))}")
            taken = take_evidence(None, LineSource.ITIS_EU, _records(reader))
        self.stdout.write(f"new {taken.new}, held {taken.held}, refused {len(taken.refused)}")
        if taken.refused:
            raise CommandError("\n".join(f"{of}: {why.code}" for of, why in taken.refused))


def _records(reader: "csv.DictReader[str]") -> Iterator[Record]:
    for line, row in enumerate(reader, start=2):
        try:
            taxable, vat = Decimal(row["taxable"] or 0), Decimal(row["vat"] or 0)
        except InvalidOperation as error:
            raise CommandError(f"line {line}: no amount") from error
        told = Told(row["rule"], taxable, vat, row["note"], LineSource.ITIS_EU, row["reference"])
        yield Record(row["taxpayer"], row["period"], told)

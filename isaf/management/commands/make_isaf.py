"""Write a valid i.SAF file of any size."""

import sys
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand

from imas.kernel.periods import Period
from isaf.making import TAXPAYER, Recipe, made


class Command(BaseCommand):
    """The same arguments give the same file, byte for byte."""

    help = "Write a valid i.SAF file with made-up invoices, for tests and measurements."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Ask how many invoices, of whom, when and where to."""
        parser.add_argument("--invoices", type=int, required=True)
        parser.add_argument("--seed", type=int, required=True)
        parser.add_argument("--taxpayer", default=TAXPAYER, help="taxpayer code in the header")
        parser.add_argument("--period", type=Period.parse, default=Period.month(2026, 10))
        parser.add_argument("--part", default="1", help="PartNumber")
        parser.add_argument("--output", type=Path, default=None, help="standard output if absent")

    def handle(self, *_: Any, **options: Any) -> None:
        """Write it record by record."""
        recipe = Recipe(
            invoices=options["invoices"],
            seed=options["seed"],
            taxpayer=options["taxpayer"],
            period=options["period"],
            part_number=options["part"],
        )
        if options["output"] is None:
            sys.stdout.buffer.writelines(made(recipe))
            return
        with options["output"].open("wb") as file:
            file.writelines(made(recipe))

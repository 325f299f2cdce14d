"""Tell whether anybody has laid hands on the journal."""

import sys
from argparse import ArgumentParser
from datetime import date
from typing import Any

from django.core.management.base import BaseCommand

from representation.services.verifying import Verdict, verify_journal


class Command(BaseCommand):
    """Prints the head of the chain; exit code 1 and the first broken place if it does not hold."""

    help = "Verify the hash chain over the journal: changed, removed, added, reordered entries."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Ask from where on, and for a head kept elsewhere."""
        parser.add_argument("--since", type=date.fromisoformat, help="from the seals of this day")
        parser.add_argument("--anchor", default="", help="an earlier head: must be on the chain")

    def handle(self, *_: Any, **options: Any) -> None:
        """Verify and say."""
        verdict = verify_journal(options["since"], options["anchor"])
        head = verdict.head
        self.stdout.write(f"{verdict.checked} entries verified, {verdict.waiting} wait for a seal")
        self.stdout.write(f"head {head.number} {head.seal.hex()}")
        if verdict.anchored_at:
            self.stdout.write(f"the anchor is seal {verdict.anchored_at}")
        if verdict.broken:
            self.stderr.write(_said(verdict))
            sys.exit(1)


def _said(verdict: Verdict) -> str:
    broken = verdict.broken
    assert broken is not None  # noqa: S101 - asked for only then
    place = f"seal {broken.number}, " if broken.number else ""
    entry = f"entry {broken.entry_id}: " if broken.entry_id else ""
    return f"BROKEN at {place}{entry}{broken.fault}"

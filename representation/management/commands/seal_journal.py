"""Seal the journal and say its head."""

from typing import Any

from django.core.management.base import BaseCommand

from representation.services.sealing import anchor_journal


class Command(BaseCommand):
    """Prints the number of the last seal and the seal: keep it elsewhere."""

    help = "Seal the entries of the journal that wait, and print and log the head of the chain."

    def handle(self, *_: Any, **__: Any) -> None:
        """Seal and print."""
        found = anchor_journal()
        self.stdout.write(f"{found.number} {found.seal.hex()}")

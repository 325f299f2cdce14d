"""Let a taxpayer do without a second administrator where none is left."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand

from representation.management.ordering import refusals_told
from representation.services.officers import switch_four_eyes_off


class Command(BaseCommand):
    """For the authority, after the taxpayer's head has proved who he is."""

    help = "Switch the four-eyes principle of a taxpayer off; it stands in the taxpayer's journal."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Ask whose."""
        parser.add_argument("--taxpayer", required=True, help="code of the taxpayer")

    @refusals_told()
    def handle(self, *_: Any, **options: Any) -> None:
        """Switch it off."""
        switch_four_eyes_off(options["taxpayer"])

"""`manage.py refresh_month MONTH`: have the pairs of a month made sure of, or judged anew."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from imas.kernel.periods import Period
from isaf import tasks
from isaf.services.months import RANGES


class Command(BaseCommand):
    """Asks for it; the workers do it, and the log tells when each piece is done."""

    help = "Judge anew the deals of everybody in a month that are in doubt, or all of them."

    def add_arguments(self, parser: CommandParser) -> None:
        """The month, and into how many ranges its deals are cut."""
        parser.add_argument("month", help="2026-10, or a longer period as 2026-Q4")
        parser.add_argument("--ranges", type=int, choices=RANGES, default=RANGES[1])
        parser.add_argument("--anew", action="store_true", help="also deals that are beyond doubt")

    def handle(self, *_args: Any, **options: Any) -> None:
        """Say into how many pieces it was cut."""
        try:
            period = Period.parse(options["month"])
        except ValueError as error:
            raise CommandError(str(error)) from error
        pieces = tasks.queue_month(period, options["ranges"], anew=options["anew"])
        self.stdout.write(f"Pieces: {pieces}")

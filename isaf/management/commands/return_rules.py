"""`manage.py return_rules`: how VAT codes feed the boxes of FR0600, checked and shown."""

from datetime import date
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from imas.kernel import clock
from isaf.returns.rules import contradictions, rules_on


class Command(BaseCommand):
    """Check the dated tables of returns for holes and contradictions, and print those of a day."""

    help = "Check the tables of preliminary returns and print the rules in force on a day."

    def add_arguments(self, parser: CommandParser) -> None:
        """The day asked about."""
        parser.add_argument("--on", type=date.fromisoformat, default=None, metavar="DAY")

    def handle(self, *_args: Any, **options: Any) -> None:
        """Print the rules; what is wrong with the tables is an error."""
        wrong = list(contradictions())
        if wrong:
            raise CommandError("\n".join(wrong))
        for rule in rules_on(options["on"] or clock.today()).values():
            boxes = " ".join(rule.boxes) or rule.treatment
            self.stdout.write(f"{rule.name:10} {boxes:16} {rule.vat:7} {rule.confidence}")

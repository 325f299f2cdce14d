"""`manage.py grant_roadside LOGIN`: let an officer search waybills on the road."""

from argparse import ArgumentParser
from datetime import date
from typing import Any

from django.core.management.base import BaseCommand

from ivaz.services import officers
from ivaz.types import Institution
from representation.management.ordering import refusals_told


class Command(BaseCommand):
    """Gives the right by a data agreement; with `--key`, also prints a key of his program once."""

    help = "Let a person search waybills on the road for an institution; journalled."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Ask for whom, by which agreement and until when."""
        parser.add_argument("login_name")
        parser.add_argument("--institution", required=True, choices=[*Institution])
        parser.add_argument("--agreement", required=True, help="number of the data agreement")
        parser.add_argument("--until", required=True, type=date.fromisoformat, help="last day")
        parser.add_argument("--key", action="store_true", help="print a key for a program")

    @refusals_told()
    def handle(self, *_: Any, **options: Any) -> None:
        """Grant and say where he goes."""
        officers.grant(
            options["login_name"],
            institution=Institution(options["institution"]),
            agreement=options["agreement"],
            until=options["until"],
        )
        if options["key"]:
            self.stdout.write(officers.issue_key(options["login_name"]))

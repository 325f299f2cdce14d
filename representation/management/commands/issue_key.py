"""Issue a key of web services from the command line."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand

from representation.management.ordering import ask, ordered, refusals_told, rights_in
from representation.rights import OFFICER_RIGHTS
from representation.services import issue_key
from representation.services.officers import issue_officer_key


class Command(BaseCommand):
    """Prints the key once; it is nowhere kept."""

    help = "Issue a key to a person for a taxpayer; the key is printed once."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Ask whose key it is and what it opens."""
        ask(parser)
        whom = parser.add_mutually_exclusive_group(required=True)
        whom.add_argument("--taxpayer", help="code of the taxpayer")
        whom.add_argument("--officer", action="store_true", help="a key of the authority's own")

    @refusals_told()
    def handle(self, *_: Any, **options: Any) -> None:
        """Issue and print."""
        if options["officer"]:
            rights = rights_in(options, OFFICER_RIGHTS)
            plain = issue_officer_key(options["login"], rights)[1]
        else:
            plain = issue_key(*ordered(options, name="issue_key"))[1]
        self.stdout.write(plain)

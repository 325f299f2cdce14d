"""Issue a key of web services from the command line."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from imas.kernel.errors import DomainError
from representation.rights import OFFICER_RIGHTS, RIGHTS
from representation.services import issue_key_by_operator
from representation.services.officers import issue_officer_key


class Command(BaseCommand):
    """Prints the key once; it is nowhere kept."""

    help = "Issue a key to a person for a taxpayer; the key is printed once."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Ask whose key it is and what it opens."""
        parser.add_argument("--login", required=True, help="login name of the owner")
        whom = parser.add_mutually_exclusive_group(required=True)
        whom.add_argument("--taxpayer", help="code of the taxpayer")
        whom.add_argument("--officer", action="store_true", help="a key of the authority's own")
        parser.add_argument("--rights", required=True, help="comma-separated names of rights")

    def handle(self, *_: Any, **options: Any) -> None:
        """Issue and print."""
        rights = [name.strip() for name in options["rights"].split(",") if name.strip()]
        known = OFFICER_RIGHTS if options["officer"] else RIGHTS
        if unknown := set(rights) - set(known):
            raise CommandError(f"No such rights: {', '.join(sorted(unknown))}")
        try:
            if options["officer"]:
                plain = issue_officer_key(options["login"], rights)[1]
            else:
                plain = issue_key_by_operator(options["login"], options["taxpayer"], rights)[1]
        except DomainError as error:
            raise CommandError(f"{error.code} {dict(error.params)}") from None
        self.stdout.write(plain)

"""`manage.py register_relying_party`: let another system of the authority share our sessions."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from accounts.services.parties import PartyOrder, register_party


class Command(BaseCommand):
    """Registers, or registers anew with another secret; prints the secret this once."""

    help = "Register Mano VMI, EDS, AIS… for single sign-on; the secret is printed once."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Take addresses to the letter."""
        parser.add_argument("client_id")
        parser.add_argument("--name", required=True)
        parser.add_argument("--redirect", nargs="+", required=True, metavar="URL")
        parser.add_argument("--after-logout", nargs="*", default=[], metavar="URL")
        parser.add_argument("--logout", default="", metavar="URL", help="back-channel logout")
        parser.add_argument("--scope", nargs="*", default=[], help="profile, code, …")

    def handle(self, *_args: object, **options: Any) -> None:
        """Register it."""
        order = PartyOrder(
            client_id=options["client_id"],
            name=options["name"],
            redirect_uris=tuple(options["redirect"]),
            after_logout_uris=tuple(options["after_logout"]),
            logout_uri=options["logout"],
            scopes=frozenset(options["scope"]),
        )
        try:
            secret = register_party(order)
        except ValueError as error:
            raise CommandError(str(error)) from error
        self.stdout.write(secret)

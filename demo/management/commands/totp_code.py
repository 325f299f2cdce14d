"""`manage.py totp_code SECRET`: what an authenticator app with this secret shows now."""

from base64 import b32decode
from typing import Any

from django.core.management.base import BaseCommand, CommandParser
from django_otp.oath import totp


class Command(BaseCommand):
    """Stands in for the phone of somebody who tries the house out."""

    help = "Show the code of an authenticator app, for whoever has none at hand."

    def add_arguments(self, parser: CommandParser) -> None:
        """Take the secret as the page shows it, with blanks or without."""
        parser.add_argument("secret", nargs="+")

    def handle(self, *_: Any, **options: Any) -> None:
        """Print six digits."""
        secret = "".join(options["secret"]).replace(" ", "")
        self.stdout.write(f"{totp(b32decode(secret)):06}")

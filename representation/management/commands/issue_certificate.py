"""Issue a certificate of web services from the command line."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand

from representation.management.ordering import ask, ordered, refusals_told
from representation.services import issue_certificate


class Command(BaseCommand):
    """Prints the certificate as PEM."""

    help = "Issue a client certificate to a person for a taxpayer, from a signing request."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Ask whose it is, what it opens and for the request."""
        ask(parser)
        parser.add_argument("--taxpayer", required=True, help="code of the taxpayer")
        parser.add_argument("--request", type=Path, required=True, help="PKCS #10, PEM or DER")

    @refusals_told()
    def handle(self, *_: Any, **options: Any) -> None:
        """Issue and print."""
        request: Path = options["request"]
        acting, owner, order = ordered(options, name=request.stem)
        self.stdout.write(issue_certificate(acting, owner, order, request.read_bytes()).pem)

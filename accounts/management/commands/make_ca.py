"""Make the authority that issues client certificates."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from cryptography.hazmat.primitives import serialization
from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from accounts.pki import authority


class Command(BaseCommand):
    """Writes the authority's certificate, and its key when that is kept in a file."""

    help = "Make the authority of client certificates: its certificate and, in a file, its key."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Ask for its name."""
        parser.add_argument("--name", default="i.MAS client certificates", help="its common name")
        parser.add_argument("--if-missing", action="store_true", help="leave one that is there")

    def handle(self, *_: Any, **options: Any) -> None:
        """Write what is not there; never over anything."""
        certificate, key = Path(settings.CA_CERTIFICATE), Path(settings.CA_KEY)
        if certificate.exists():
            if options["if_missing"]:
                return
            raise CommandError(f"{certificate} is there already")
        if not settings.CA_PKCS11_MODULE and not key.exists():
            _write(key, authority.new_key(), mode=0o600)
        own = authority.self_signed(options["name"])
        _write(certificate, own.public_bytes(serialization.Encoding.PEM), mode=0o644)


def _write(path: Path, content: bytes, mode: int) -> None:
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    path.touch(mode=mode, exist_ok=False)
    path.write_bytes(content)

"""`manage.py register_systems`: let the pretended Mano VMI, EDS and AIS share our sessions."""

from argparse import ArgumentParser
from pathlib import Path

from django.conf import settings
from django.core.management.base import BaseCommand

from accounts.services.parties import PartyOrder, register_party
from imas.local.systems.setting_up import SYSTEMS, keep_secret, urls_at


class Command(BaseCommand):
    """Registers them anew at each start: their ports may have changed."""

    help = "Register the pretended systems of a local run, at these ports."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Take the ports in the order of the systems."""
        parser.add_argument("ports", nargs=len(SYSTEMS), type=int)

    def handle(self, *_args: object, ports: list[int], **_options: object) -> None:
        """Register each and keep its secret for its process."""
        urls = urls_at(ports)
        for one in SYSTEMS:
            url = urls[one.key]
            secret = register_party(
                PartyOrder(
                    client_id=one.key,
                    name=one.name_lt,
                    redirect_uris=(f"{url}/callback",),
                    after_logout_uris=(f"{url}/",),
                    logout_uri=f"{url}/ended",
                    scopes=one.scopes,
                )
            )
            keep_secret(Path(settings.VAR_DIR) / "systems", one.key, secret)

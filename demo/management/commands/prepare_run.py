"""`manage.py prepare_run`: all that a local run asks of the database before its processes start."""

from argparse import ArgumentParser
from pathlib import Path

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand

from imas.local.systems.setting_up import SYSTEMS


class Command(BaseCommand):
    """One process for what would be four: each would spend seconds on its imports alone."""

    help = "Bring the database up to the code, the first time with the demonstration in it."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Take the ports of the pretended systems."""
        parser.add_argument("ports", nargs=len(SYSTEMS), type=int)

    def handle(self, *_args: object, ports: list[int], **_options: object) -> None:
        """Migrate, make the authority of certificates, fill what is empty, register the systems."""
        call_command("migrate", verbosity=0)
        call_command("make_ca", if_missing=True)
        var = Path(settings.VAR_DIR)
        loading, loaded = var / "demo.loading", var / "demo.loaded"
        if not loaded.exists():
            loading.touch()
            call_command("load_demo", stdout=self.stdout)
            loading.rename(loaded)
        call_command("register_systems", *ports)

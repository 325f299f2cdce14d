"""`manage.py retry_checks`: let workers try again what they gave up."""

from typing import Any

from django.core.management.base import BaseCommand

from isaf import services


class Command(BaseCommand):
    """Makes checks that were given up due again."""

    help = "Let the workers try again the i.SAF checks that failed too often."

    def handle(self, *_args: Any, **_options: Any) -> None:
        """Say how many there were; the sweep queues them within a minute."""
        self.stdout.write(f"To be tried again: {services.try_again()}")

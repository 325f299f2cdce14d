"""`manage.py withdraw_roadside LOGIN`: an officer searches waybills no more."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand

from ivaz.services import officers
from representation.management.ordering import refusals_told


class Command(BaseCommand):
    """Withdraws the right at once, and the keys issued for it."""

    help = "Withdraw a person's right to search waybills on the road; journalled."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Ask whose."""
        parser.add_argument("login_name")

    @refusals_told()
    def handle(self, *_: Any, **options: Any) -> None:
        """Withdraw."""
        officers.withdraw(options["login_name"])

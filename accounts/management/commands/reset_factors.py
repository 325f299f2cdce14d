"""`manage.py reset_factors LOGIN OFFICER REASON`: for somebody who has lost every second factor."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from accounts.models import User
from accounts.services import reset_factors


class Command(BaseCommand):
    """Takes the second factors of a person away, once an officer has checked who asks."""

    help = "Take the second factors of a person away; who did it and why goes into the journal."

    def add_arguments(self, parser: CommandParser) -> None:
        """Name the person, the officer and the reason."""
        parser.add_argument("login_name")
        parser.add_argument("officer", help="login name of the officer who checked the identity")
        parser.add_argument("reason", help="for the journal: by which document, at which desk")

    def handle(self, *_: Any, **options: Any) -> None:
        """Do it and say so."""
        person = User.objects.filter(login_name=options["login_name"]).first()
        officer = User.objects.filter(login_name=options["officer"], is_staff=True).first()
        if person is None or officer is None or person == officer:
            raise CommandError("There is no such person, or no such officer, or they are one.")
        reset_factors(person, officer, options["reason"])
        self.stdout.write(f"{person.login_name} has no second factor now.")

"""`manage.py load_demo`: fill an empty system with an invented economy and its logins."""

import secrets
from argparse import ArgumentParser
from collections.abc import Sequence
from pathlib import Path

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db import transaction

from demo.administrators import write_administrators
from demo.announcements import write_announcements
from demo.applications import write_applications
from demo.economy import MONTHS, build
from demo.elsewhere import write_elsewhere
from demo.filings import Filing
from demo.letters import fill_mailbox
from demo.loading import file_registers
from demo.mandates import ACCOUNTANT, LOGINS, OFFICER, write_people, write_taxpayers
from demo.people import ACCOUNTING_FIRM
from demo.returns import draw_up_returns
from demo.waybills import let_search, write_waybills
from imas.kernel import clock
from representation.models import Taxpayer

_ALPHABET = "abcdefghjkmnpqrstuvwxyz23456789"


class Command(BaseCommand):
    """Loads the demo economy once; there is no such command unless DEMO installs this app."""

    help = "Fill an empty demonstration system (DEMO=true) with invented companies and registers."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Let tests ask for a shorter history."""
        parser.add_argument("--months", type=int, default=MONTHS, help="months of history")

    def handle(self, *_args: object, months: int, **_options: object) -> None:
        """Write the people at once, the registers one by one, the logins last."""
        if Taxpayer.objects.exists():
            raise CommandError("The demonstration needs an empty system.")
        economy = build(clock.today(), months=months)
        password = "-".join("".join(secrets.choice(_ALPHABET) for _ in range(5)) for _ in range(3))
        with transaction.atomic():
            taxpayers = write_taxpayers(economy.companies)
            users = write_people(economy.companies, taxpayers, password)
            write_elsewhere(users, taxpayers[economy.companies[0].code])
            firm = next(one for one in economy.companies if ACCOUNTING_FIRM in one.name)
            write_administrators(users, taxpayers[firm.code])
            write_applications(users[OFFICER.name], taxpayers[economy.companies[3].code])
        file_registers(economy, taxpayers, self._tell)
        draw_up_returns(taxpayers.values())
        write_waybills(economy.companies, taxpayers)
        let_search(users[OFFICER.name].login_name)
        ways_in = write_announcements(users[ACCOUNTANT.name], economy.companies, taxpayers)
        fill_mailbox(taxpayers[economy.companies[0].code])
        self.stdout.write("")
        self._write_logins(password, ways_in)

    def _tell(self, filing: Filing) -> None:
        if self.stdout.isatty():
            self.stdout.write(f"\r{filing.period.code} {filing.company.name:<40}", ending="")
            self.stdout.flush()

    def _write_logins(self, password: str, ways_in: Sequence[tuple[str, str, str]]) -> None:
        lines = [
            f"  {login.name:<18} {password}   {login.personal_code}   {login.shows}\n"
            for login in LOGINS
        ] + [f"  a.VAZ: {email}   {code}   announces for {name}\n" for email, code, name in ways_in]
        path = Path(settings.VAR_DIR) / "demo.txt"
        path.touch(mode=0o600)
        path.write_text("".join(lines), encoding="utf-8")
        self.stdout.writelines(lines)

"""What the mailbox of the demo economy shows besides verdicts: a report, a webhook put aside."""

import csv
import io

from accounts.models import User
from demo.mandates import ACCOUNTANT
from imas.kernel import clock
from mailbox import happenings, services
from mailbox.attachments import kept_file
from mailbox.models import Message
from representation.models import Taxpayer
from representation.services import acting_of
from representation.types import Acting


def fill_mailbox(taxpayer: Taxpayer) -> None:
    """Let the accountant of a company read a message, get a report and put a webhook aside."""
    accountant = User.objects.get(login_name=ACCOUNTANT.name)
    acting = acting_of(accountant, taxpayer, clock.now())
    if acting is None:
        return
    oldest = Message.objects.visible_to(acting).order_by("created_at").first()
    if oldest is not None:
        services.open_message(acting, oldest.pk)
    _report(taxpayer)
    _webhook(acting, accountant)


def _report(taxpayer: Taxpayer) -> None:
    table = io.StringIO()
    csv.writer(table, delimiter=";").writerows(
        [("Laikotarpis", "Neatitikimai"), (f"{clock.today():%Y-%m}", "2")]
    )
    stream = io.BytesIO(table.getvalue().encode("utf-8-sig"))
    with kept_file(stream, name="neatitikimai.csv", content_type="text/csv") as file:
        services.post_message(
            taxpayer_id=taxpayer.pk,
            subsystem="isaf",
            key="demo.report",
            code="isaf.crosscheck-mismatches",
            params={"count": "2", "periods": f"{clock.today():%Y-%m}"},
            url_name="isaf:crosschecks",
            files=[file],
            tell=False,
        )


def _webhook(acting: Acting, owner: User) -> None:
    order = services.EndpointOrder(
        "Apskaitos programa", "https://apskaita.example/imas", list(happenings.known())
    )
    endpoint, _key = services.add_endpoint(acting, owner, order)
    services.pause_endpoint(acting, endpoint.pk)

"""A company with one of everything, and the people and programs that come near it."""

from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from enum import StrEnum
from io import BytesIO
from typing import Any
from uuid import UUID

import pytest
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from accounts import sessions
from accounts.models import User
from accounts.sso.claims import subject
from avaz import arn
from avaz.models import Access, Fallback, Outage
from avaz.types import Channel, Effect, How, Reason, Subsystem
from exchange.desk import services as desk
from imas.kernel import clock, ffdata
from imas.kernel.periods import Period
from intake import services as intake
from intake.types import Source
from isaf.entered import content_of
from isaf.models import DealPair, EntryImport, EntryRow
from isaf.returns.forms import FormName
from isaf.selectors.pairs import PairQuery
from isaf.services import (
    computing,
    crosscheck,
    entering,
    importing,
    postponing,
    return_lines,
    returns,
    saved_views,
    standing,
)
from isaf.types import Invoice, Party, RegisterState, RegisterType, TaxRow, ViewPage
from ivaz import ports
from ivaz.services.attaching import attach
from ivaz.services.drafting import begin_like
from mailbox import services as mailbox
from mailbox.proofs import Proof
from representation.models import Mandate, Taxpayer
from representation.rights import EVERY_RIGHT
from representation.types import Acting, MandateState
from tests.house.small_file import small_file
from tests.isaf.registers_told import OCTOBER, Told, tell, vat_of
from tests.ivaz.records import issued, waybill
from tests.mailbox.make import make_endpoint, make_message
from tests.make import (
    make_acting,
    make_api_key,
    make_application,
    make_certificate,
    make_employment,
    make_grant,
    make_headship,
    make_taxpayer,
    make_user,
    prove_second_factor,
)


class Who(StrEnum):
    """Everybody the table asks about, at the door of one company."""

    NOBODY = "nobody"
    """Not signed in, no key."""
    UNREADY = "unready"
    """The head of another company who has not accepted the rules, and the key of that head."""
    UNCONFIRMED = "unconfirmed"
    """A head of the company itself who has not confirmed an e-mail address, and that head's key."""
    FORMER = "former"
    """A representative whose rights were revoked, and a key that was."""
    EXPIRED = "expired"
    """A representative with every right until yesterday, and a key that is still valid."""
    BROKEN = "broken"
    """One to whom a firm has passed every right on, but who works there no more; a valid key."""
    STRANGER = "stranger"
    """The head of another company, who tries the addresses of this one."""
    CLERK = "clerk"
    """A representative who may read the mailbox and nothing else."""
    HEAD = "head"
    """The head of the company."""


@dataclass(frozen=True)
class World:
    """The company's things, by the names that addresses use, and a client of each person."""

    things: dict[str, Any]
    browsers: dict[Who, Client]
    programs: dict[Who, Client]

    def address(self, name: str, wanted: tuple[str, ...]) -> str:
        """The address of the company's own thing."""
        return reverse(name, kwargs={thing: self.things[thing] for thing in wanted})


def make_world() -> World:
    """Make it all; the other company has nothing."""
    company, other = make_taxpayer(vat_code="LT100001234517"), make_taxpayer()
    head, clerk, former = make_user(), make_user(), make_user()
    stranger, unready = make_user(), make_user(ready=False)
    make_headship(head, company)
    make_headship(stranger, other)
    make_headship(unready, other)
    make_grant(clerk, company, "mailbox.view")
    make_grant(former, company, "isaf.view", state=MandateState.REVOKED)
    people = {
        Who.UNREADY: unready,
        Who.UNCONFIRMED: _unconfirmed(company),
        Who.FORMER: former,
        Who.EXPIRED: _expired(company),
        Who.BROKEN: _broken(company),
        Who.STRANGER: stranger,
        Who.CLERK: clerk,
        Who.HEAD: head,
    }
    return World(
        _things(company, head, clerk),
        {Who.NOBODY: Client(), **{who: _browser(user) for who, user in people.items()}},
        _programs(company, other, people),
    )


def _unconfirmed(company: Taxpayer) -> User:
    user = make_user(email_confirmed_at=None)
    make_headship(user, company)
    return user


def _expired(company: Taxpayer) -> User:
    user = make_user()
    make_grant(user, company, *EVERY_RIGHT, until=clock.today() - timedelta(days=1))
    return user


def _broken(company: Taxpayer) -> User:
    user, firm = make_user(), make_taxpayer()
    held = make_grant(firm, company, *EVERY_RIGHT, passing_on=1)
    make_grant(user, company, *EVERY_RIGHT, via=held)
    make_employment(user, firm, until=clock.today() - timedelta(days=1))
    return user


def _things(company: Taxpayer, head: User, clerk: User) -> dict[str, Any]:
    acting = make_acting(user=head, taxpayer=company)
    register = tell(company, "S", Told(), state=RegisterState.PREPARING)
    document = intake.receive(
        acting,
        "isaf",
        small_file(company.code),
        filename="spalis.xml",
        content_type="application/xml",
        source=Source.PORTAL_FILE,
    )
    key, _plain = make_api_key(head, company)
    endpoint, _secret = make_endpoint(acting)
    message = make_message(company, files={"ataskaita.csv": b"1;2\n"})
    return {
        "number": register.number,
        "period": "2026-01",
        "register": "sales",
        "row_id": _entered(acting).pk,
        "import_id": _spreadsheet(acting).pk,
        **_postponed(acting),
        "part_id": register.parts.get().pk,
        "position": 0,
        "document_id": document.pk,
        "form": "xlsx",
        "key": _paired(company),
        "page": "invoices",
        "source": "sabis",
        "retired": "FR0672",
        "view_id": saved_views.save(acting, ViewPage.INVOICES, "Mine", "code=PVM1").pk,
        "order_id": standing.start(acting, PairQuery()).pk,
        **_drafted(acting, company),
        **_carried(acting, company),
        "crosscheck_id": crosscheck.order_cross_check(acting, [OCTOBER]).pk,
        "message_id": message.pk,
        "attachment_id": message.attachments.get().pk,
        "endpoint_id": endpoint.pk,
        "delivery_id": mailbox.send_test_event(acting, endpoint.pk).pk,
        "key_id": key.pk,
        "kind": "vat",
        "table": "vat-codes",
        "waybill_table": "units",
        "run_id": UUID(int=1),
        "application_id": make_application().pk,
        "mandate_id": Mandate.objects.get(user=clerk).pk,
        "certificate_id": make_certificate(head, company)[0].pk,
        "proposal_id": UUID(int=2),
        "token": "unknown",
        "provider": "unknown",
        "passkey_id": 0,
        "record_id": UUID(int=0),
        "system_key": "ais",
        "handle": subject(clerk, f"roles:{company.pk}"),
    }


def _drafted(acting: Acting, company: Taxpayer) -> dict[str, Any]:
    """A preliminary return with a line of its own."""
    august = Period.month(2026, 8)
    tell(company, "S", Told(issued=august.start), period=august)
    tell(company, "P", period=august)
    (ordered,) = returns.order_returns(acting, [august], [FormName.RETURN])
    computing.compute_return(ordered.pk)
    told = return_lines.Told("B:25", vat=Decimal(7), note="By hand")
    proof = Proof(SimpleUploadedFile("MRN.pdf", b"%PDF-1.7"), "application/pdf")
    line = return_lines.add_line(acting, ordered.pk, told, [proof])
    declaration = ffdata.write("{0}", [("FR0600", {"E10": ""})], clock.today())
    draft = desk.take("i.MAS", company.code, "FR0600.ffdata", "", declaration)
    return {
        "file_id": draft.pk,
        "return_id": ordered.pk,
        "line_id": line.pk,
        "proof_id": line.files.get().pk,
        "box": "11",
        "standing": "unmapped",
    }


def _carried(acting: Acting, company: Taxpayer) -> dict[str, Any]:
    """A waybill of the company, and a file that could not be read."""
    rn = issued(company, waybill(company, make_taxpayer(), None))
    file = intake.receive(
        acting,
        "ivaz",
        BytesIO(b"<a/>"),
        filename="v.xml",
        content_type="application/xml",
        source=Source.PORTAL_FILE,
    )
    draft = begin_like(acting, rn)
    paper = SimpleUploadedFile("cmr.pdf", b"%PDF-1.7 ...")
    (added,) = attach(acting, rn, [Proof(paper, "application/pdf")])
    announced = _announced(acting, company)
    return {
        "rn": rn,
        "waybill_file_id": file.pk,
        "draft_id": draft.pk,
        "consent_role": "consignee",
        "roadside_search_id": UUID(int=3),
        "waybill_document_id": added.pk,
        **announced,
    }


def _announced(acting: Acting, company: Taxpayer) -> dict[str, Any]:
    """Waybills announced in a.VAZ by the head's code, and an outage that is over."""
    head, now = User.objects.get(pk=acting.user_id), clock.now()
    access = Access.objects.create(
        user=head, taxpayer=company, code="!", drawer=0, email=head.email, phone="+37060000001",
        language="lt", ordered_at=now,
    )  # fmt: skip
    fallback = Fallback.objects.create(
        arn=arn.make(2026, 1), desk=access.pk, desk_id=1, access=access, reason=Reason.OUTAGE,
        trouble_from=now, channel=Channel.WEB, at=now, taken_at=now, complete_until=now.date(),
    )  # fmt: skip
    outage = Outage.objects.create(
        subsystem=Subsystem.IVAZ, start=now, end=now, how=How.DECLARED, effect=Effect.NONE
    )
    ports.reserve(
        arn=arn.make(2026, 2), taxpayer_id=company.pk, number="VAZ 7", given_at=now,
        complete_until=now.date() + timedelta(days=3),
    )  # fmt: skip
    return {
        "access_id": access.pk,
        "arn": fallback.arn,
        "outage_id": outage.pk,
        "reserved_arn": arn.make(2026, 2),
    }


def _entered(acting: Acting) -> EntryRow:
    party = Party("", "ND", "", "LT", "UAB Pirkėjas")
    total = TaxRow(Decimal(100), "PVM1", Decimal(21), Decimal(21))
    invoice = Invoice(
        register=RegisterType.SALES,
        position=0,
        line=0,
        number="RANKA-1",
        party=party,
        issued=date(2026, 1, 5),
        type="SF",
        special="",
        references=(),
        vat_point=None,
        registered=None,
        rows=(total,),
    )
    period = Period.month(2026, 1)
    return entering.save_row(acting, period, RegisterType.SALES, content_of(invoice))


def _paired(company: Taxpayer) -> int:
    july = Period.month(2026, 7)
    seller = make_taxpayer(vat_code="LT100009999")
    told = Told("POROS-1", vat_of(company), issued=date(2026, 7, 5))
    tell(seller, "S", told, period=july)
    tell(company, "P", period=july)
    crosscheck.refresh_pairs(company.pk, july)
    return DealPair.objects.get(seller_id=seller.pk).match_key


def _spreadsheet(acting: Acting) -> EntryImport:
    file = BytesIO(b"Numeris;Data\nRANKA-2;2026-01-05\n")
    period = Period.month(2026, 1)
    return importing.take_spreadsheet(acting, period, RegisterType.SALES, file, "sausis.csv")


def _postponed(acting: Acting) -> dict[str, Any]:
    proof = Proof(SimpleUploadedFile("pažyma.pdf", b"%PDF-1.7"), "application/pdf")
    until = clock.today() + timedelta(days=3)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(settings, "ISAF_POSTPONED_LONGEST", timedelta(days=3650))
        made = postponing.ask(
            acting, Period.month(2026, 1), until=until, reason="Gaisras.", proofs=[proof]
        )
    return {"postponement_id": made.pk, "postponement_file_id": made.files.get().pk}


def _browser(user: User) -> Client:
    client = Client()
    client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    session = client.session
    sessions.begin(session)
    session.save()
    prove_second_factor(client)
    return client


def _programs(company: Taxpayer, other: Taxpayer, people: dict[Who, User]) -> dict[Who, Client]:
    revoked, plain = make_api_key(people[Who.HEAD], company)
    revoked.revoked_at = clock.now()
    revoked.save()
    keys = {Who.FORMER: (company, plain)}
    for who, taxpayer in (
        (Who.UNREADY, other),
        (Who.UNCONFIRMED, company),
        (Who.EXPIRED, company),
        (Who.BROKEN, company),
        (Who.STRANGER, other),
        (Who.CLERK, company),
        (Who.HEAD, company),
    ):
        keys[who] = taxpayer, make_api_key(people[who], taxpayer)[1]
    return {
        Who.NOBODY: Client(headers={"X-Taxpayer": company.code}),
        **{
            who: Client(headers={"Authorization": f"Bearer {key}", "X-Taxpayer": taxpayer.code})
            for who, (taxpayer, key) in keys.items()
        },
    }

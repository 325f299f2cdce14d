"""A tax period without invoices, declared by one button."""

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse

from imas.kernel import clock
from imas.kernel.periods import Period
from intake import services as intake_services
from intake.models import Document
from intake.types import DocumentState, Source
from isaf.models import Register
from isaf.services import decide_register, submit_register
from isaf.types import RegisterState, RegisterType
from representation.models import Taxpayer
from tests.isaf.files import OCTOBER, IsafFile, Sold, judged, send
from tests.isaf.test_views import client_of
from tests.make import make_acting, make_grant, make_headship, make_taxpayer, make_user
from tests.representation.test_limits import only

pytestmark = pytest.mark.django_db(transaction=True)

NIL = reverse("isaf:nil", args=[OCTOBER.code])


@pytest.fixture
def taxpayer() -> Taxpayer:
    return make_taxpayer()


@pytest.fixture
def client(taxpayer: Taxpayer) -> Client:
    user = make_user()
    make_headship(user, taxpayer)
    return client_of(user)


def declared(client: Client) -> Document:
    assert client.post(NIL).status_code == 302
    document = Document.objects.get(source=Source.PORTAL_FORM)
    judged_document = intake_services.process(document.pk)
    assert judged_document
    return judged_document


def test_both_registers_are_made_empty_and_can_be_submitted(
    taxpayer: Taxpayer, client: Client
) -> None:
    document = declared(client)
    assert (document.state, document.problems_found) == (DocumentState.ACCEPTED, 0)
    registers = Register.objects.filter(taxpayer=taxpayer)
    assert {one.type for one in registers} == {RegisterType.SALES, RegisterType.PURCHASE}
    for register in registers:
        assert [part.invoices for part in register.parts.all()] == [0]
        submit_register(make_acting(taxpayer=taxpayer), register.number)
        decide_register(register.pk)
        register.refresh_from_db()
        assert register.state == RegisterState.ACCEPTED


def test_a_file_sent_later_takes_its_place(taxpayer: Taxpayer, client: Client) -> None:
    declared(client)
    judged(make_acting(taxpayer=taxpayer), IsafFile(taxpayer.code, sales=[Sold()]))
    register = Register.objects.get(taxpayer=taxpayer, type=RegisterType.SALES)
    assert [part.invoices for part in register.parts.all()] == [1]


def test_the_page_says_what_is_declared_and_the_list_leads_to_it(client: Client) -> None:
    page = client.get(NIL)
    assert page.status_code == 200
    assert f'action="{NIL}"' in page.content.decode()
    last = clock.today().replace(day=1) - timedelta(days=1)
    address = reverse("isaf:nil", args=[Period.month(last.year, last.month).code])
    assert f'href="{address}"' in client.get(reverse("isaf:registers")).content.decode()


def test_a_period_with_registers_is_left_alone(taxpayer: Taxpayer, client: Client) -> None:
    judged(make_acting(taxpayer=taxpayer), IsafFile(taxpayer.code, sales=[Sold()]))
    assert (client.get(NIL).status_code, client.post(NIL).status_code) == (409, 409)
    assert not Document.objects.filter(source=Source.PORTAL_FORM).exists()


def test_nothing_is_declared_while_a_file_waits(taxpayer: Taxpayer, client: Client) -> None:
    send(make_acting(taxpayer=taxpayer), IsafFile(taxpayer.code, sales=[Sold()]))
    assert (client.get(NIL).status_code, client.post(NIL).status_code) == (409, 409)
    assert Document.objects.count() == 1


def test_the_running_period_and_what_is_no_period_are_refused(client: Client) -> None:
    today = clock.today()
    for code in (Period.month(today.year, today.month).code, "2026-13x"):
        assert client.post(reverse("isaf:nil", args=[code])).status_code == 422
    assert not Document.objects.exists()


def test_whoever_has_some_registers_only_cannot_speak_for_all(taxpayer: Taxpayer) -> None:
    user = make_user()
    make_grant(user, taxpayer, "isaf.view", "isaf.upload", narrowing=only("S"))
    client = client_of(user)
    assert client.post(NIL).status_code == 403
    assert "isaf/nil" not in client.get(reverse("isaf:registers")).content.decode()

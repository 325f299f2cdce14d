"""The demo economy has goods under way, with paper and without."""

import pytest
from django.urls import reverse

from demo.economy import build
from demo.mandates import ACCOUNTANT, write_people, write_taxpayers
from demo.waybills import write_waybills
from imas.kernel import clock
from ivaz.models import Waybill
from ivaz.types import Section, State
from representation.models import Taxpayer
from representation.requests import CHOSEN
from tests.isaf.test_views import client_of

pytestmark = pytest.mark.django_db


def test_the_accountant_of_the_demo_finds_the_e_waybill_under_way_of_each_party() -> None:
    companies = build(clock.today(), months=1).companies
    taxpayers = write_taxpayers(companies)
    users = write_people(companies, taxpayers, "slaptas-žodis")
    write_waybills(companies, taxpayers)
    waybill = Waybill.objects.get(kind=Section.EWAYBILL)
    assert waybill.state == State.ACCEPTED
    states = set(Waybill.objects.values_list("state", flat=True))
    assert states >= set(State) - {State.CLOSED, State.RETURNING}
    client = client_of(users[ACCOUNTANT.name])
    for taxpayer in Taxpayer.objects.filter(pk__in=waybill.parties.values("taxpayer")):
        session = client.session
        session[CHOSEN] = taxpayer.pk
        session.save()
        page = client.get(reverse("ivaz:waybill", args=[waybill.rn])).content.decode()
        assert "MIL 2026-22-SF" in page, taxpayer

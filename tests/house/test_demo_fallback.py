"""The demo economy has used a.VAZ, and a newcomer is let in at its desk."""

import pytest
from django.contrib.auth.hashers import check_password

from avaz.models import Access, CodeLetter, Fallback, Outage, OutageNotice
from demo.announcements import write_announcements
from demo.economy import build
from demo.mandates import ACCOUNTANT, write_people, write_taxpayers
from demo.waybills import write_waybills
from imas.kernel import clock

pytestmark = pytest.mark.django_db


def test_announcements_of_every_standing_outages_of_every_kind_and_a_code_that_opens() -> None:
    economy = build(clock.today(), months=1)
    taxpayers = write_taxpayers(economy.companies)
    users = write_people(economy.companies, taxpayers, "slaptas-žodis")
    write_waybills(economy.companies, taxpayers)  # theirs are other numbers
    ((email, code, name),) = write_announcements(
        users[ACCOUNTANT.name], economy.companies, taxpayers
    )
    access = Access.objects.get(user__email=email, taxpayer__name=name)
    assert check_password(code, access.code)
    today, now = clock.today(), clock.now()
    states = sorted(one.state(today).value for one in Fallback.objects.all())
    assert states == ["completed", "open", "open", "overdue", "overdue"]
    standings = {one.standing(now).value for one in Outage.objects.all()}
    assert standings == {"planned", "over", "withdrawn"}
    assert not CodeLetter.objects.filter(sent_at=None).exists()
    assert not OutageNotice.objects.filter(told_at=None).exists()

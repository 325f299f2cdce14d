"""Codes: ordered by themselves, one for each taxpayer, renewed, closed with the mandate."""

import re
from datetime import timedelta
from typing import Any

import pytest
from django.contrib.auth.hashers import check_password
from django.core import mail
from django.urls import reverse

from accounts.models import User
from avaz.letters import send_codes
from avaz.models import Access, CodeLetter, Person
from avaz.services import ordering
from imas.kernel import clock
from imas.kernel.errors import NotFoundError
from representation.models import JournalEntry, Mandate, Taxpayer
from representation.types import MandateState
from tests import make
from tests.avaz.conftest import at_the_portal

pytestmark = pytest.mark.django_db
_CODE = re.compile(r"^[2-9A-HJKMNP-Z]{7}$", re.MULTILINE)


def driver(**fields: Any) -> User:
    """Somebody with a confirmed e-mail address and phone."""
    contacts = {"phone": "+37060000001", "phone_confirmed_at": clock.now(), **fields}
    return make.make_user(**contacts)


@pytest.fixture
def company() -> Taxpayer:
    return make.make_taxpayer(name="UAB „Vežėjas“")


def look_again() -> None:
    Person.objects.update(looked_at=clock.now() - timedelta(hours=1))
    ordering.look_at_people()


def test_a_code_comes_by_itself_for_each_taxpayer(company: Taxpayer) -> None:
    user, other = driver(), make.make_taxpayer()
    make.make_grant(user, company, "ivaz.submit")
    make.make_grant(user, other, "ivaz.submit", "ivaz.view")
    make.make_grant(user, make.make_taxpayer(), "ivaz.view")
    assert ordering.look_at_people() == 1
    assert {one.taxpayer for one in Access.objects.filter(user=user)} == {company, other}
    send_codes()
    found = {match for letter in mail.outbox for match in _CODE.findall(str(letter.body))}
    assert len(found) == 2
    for access in Access.objects.all():
        assert any(check_password(code, access.code) for code in found)
    assert {one.code for one in CodeLetter.objects.all()} == {""}
    send_codes()
    assert len(mail.outbox) == 2


@pytest.mark.parametrize("missing", ["phone", "phone_confirmed_at", "email_confirmed_at"])
def test_no_code_without_confirmed_contacts(company: Taxpayer, missing: str) -> None:
    user = driver(**{missing: "" if missing == "phone" else None})
    make.make_headship(user, company)
    ordering.look_at_people()
    assert not Access.objects.exists()


def test_looked_at_again_nothing_changes(company: Taxpayer) -> None:
    make.make_headship(driver(), company)
    ordering.look_at_people()
    before = Access.objects.get()
    look_again()
    assert Access.objects.get().version == before.version == 1


def test_it_closes_with_the_mandate_and_comes_back_with_another_code(company: Taxpayer) -> None:
    user = driver()
    make.make_grant(user, company, "ivaz.submit")
    ordering.look_at_people()
    first = Access.objects.get()
    Mandate.objects.update(state=MandateState.REVOKED)
    look_again()
    closed = Access.objects.get()
    assert closed.closed_at
    assert closed.version == 2
    assert not CodeLetter.objects.due(clock.now()).exists()
    make.make_grant(user, company, "ivaz.submit")
    look_again()
    again = Access.objects.get()
    assert (again.closed_at, again.version) == (None, 3)
    assert again.code != first.code
    actions = JournalEntry.objects.filter(action__startswith="avaz.").order_by("pk")
    assert list(actions.values_list("action", flat=True)) == [
        "avaz.code-ordered", "avaz.code-closed", "avaz.code-ordered",
    ]  # fmt: skip


def test_a_new_phone_is_told_without_a_new_code(company: Taxpayer) -> None:
    user = driver()
    make.make_headship(user, company)
    ordering.look_at_people()
    before = Access.objects.get()
    User.objects.update(phone="+37060000002")
    look_again()
    after = Access.objects.get()
    assert (after.phone, after.version, after.code) == ("+37060000002", 2, before.code)


def test_a_code_is_renewed_and_shown_once(company: Taxpayer) -> None:
    user = driver(language="en")
    make.make_headship(user, company)
    ordering.look_at_people()
    access, client = Access.objects.get(), at_the_portal(user)
    page = client.post(reverse("avaz:renew", args=[access.pk])).content.decode()
    renewed = Access.objects.get()
    (code,) = re.findall(r"<code data-copy-text>([^<]+)</code>", page)
    assert check_password(code, renewed.code)
    assert renewed.version == 2
    assert code not in client.get(reverse("avaz:codes")).content.decode()
    send_codes()
    assert [code in str(letter.body) for letter in mail.outbox] == [True]


def test_nobody_renews_what_is_not_his(company: Taxpayer) -> None:
    user = driver()
    make.make_grant(user, company, "ivaz.submit")
    ordering.look_at_people()
    access = Access.objects.get()
    with pytest.raises(NotFoundError):
        ordering.renew(driver(phone="+37060000003"), access.pk)
    Mandate.objects.update(state=MandateState.REVOKED)
    with pytest.raises(NotFoundError):
        ordering.renew(user, access.pk)

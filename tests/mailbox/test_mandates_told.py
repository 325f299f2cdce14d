"""What becomes of a mandate, a key or a certificate is told in the boxes of those concerned."""

from datetime import timedelta

import pytest

from accounts.models import User
from imas.kernel import clock
from imas.kernel.errors import NotFoundError
from mailbox.models import Message, Notice
from mailbox.words import words_of
from representation import services
from representation.letter_words import LETTERS
from representation.models import Taxpayer
from representation.services import NewPerson, Terms
from representation.types import Acting, MandateState, TaxpayerKind
from tests.make import (
    make_acting,
    make_api_key,
    make_certificate,
    make_grant,
    make_headship,
    make_taxpayer,
    make_user,
    personal_code,
)

pytestmark = pytest.mark.django_db
TODAY = clock.today()
TERMS = Terms(["isaf.view"], TODAY + timedelta(days=100), passing_on=1)


def _headed(kind: TaxpayerKind = TaxpayerKind.LEGAL) -> Acting:
    head, taxpayer = make_user(), make_taxpayer(kind=kind)
    make_headship(head, taxpayer)
    return make_acting(user=head, taxpayer=taxpayer)


def _told(acting: Acting) -> list[str]:
    found = Message.objects.filter(taxpayer_id=acting.taxpayer_id).order_by("created_at", "pk")
    return [message.code.partition(".")[2] for message in found]


@pytest.fixture
def client() -> Acting:
    return _headed()


@pytest.fixture
def firm() -> Acting:
    return _headed()


def test_an_offer_is_told_to_the_firm_and_its_answer_to_the_client(
    client: Acting, firm: Acting
) -> None:
    mandate = services.offer(client, firm.taxpayer_code, TERMS)
    assert (_told(client), _told(firm)) == ([], ["offered"])
    services.answer_for_firm(firm, mandate.pk, accept=True)
    assert _told(client) == ["offer-accepted"]
    services.renounce(firm, mandate.pk)
    assert _told(client) == ["offer-accepted", "mandate-renounced"]


def test_an_offer_taken_back_or_declined_is_told(client: Acting, firm: Acting) -> None:
    services.withdraw(client, services.offer(client, firm.taxpayer_code, TERMS).pk)
    declined = services.offer(client, firm.taxpayer_code, TERMS)
    services.answer_for_firm(firm, declined.pk, accept=False)
    assert _told(firm) == ["offered", "offer-withdrawn", "offered"]
    assert _told(client) == ["offer-declined"]


def test_a_request_is_told_to_the_taxpayer_and_its_answer_to_the_firm(
    client: Acting, firm: Acting
) -> None:
    services.request_mandate(User.objects.get(pk=firm.user_id), firm, client.taxpayer_code, TERMS)
    assert (_told(client), _told(firm)) == (["requested"], [])
    mandate = Taxpayer.objects.get(pk=client.taxpayer_id).mandates.get()
    services.answer_request(client, mandate.pk, accept=True)
    services.change_mandate(client, mandate.pk, ["isaf.view", "isaf.upload"], mandate.until)
    services.revoke(client, mandate.pk)
    assert _told(firm) == ["request-accepted", "mandate-changed", "mandate-revoked"]


def test_a_natural_person_who_declines_is_not_betrayed(firm: Acting) -> None:
    person = _headed(TaxpayerKind.NATURAL)
    services.request_mandate(User.objects.get(pk=firm.user_id), firm, person.taxpayer_code, TERMS)
    mandate = Taxpayer.objects.get(pk=person.taxpayer_id).mandates.get()
    services.answer_request(person, mandate.pk, accept=False)
    assert _told(firm) == []


def test_what_a_firm_has_passed_on_is_told_to_the_firm(firm: Acting) -> None:
    above = make_grant(
        Taxpayer.objects.get(pk=firm.taxpayer_id), make_taxpayer(), "isaf.view", passing_on=1
    )
    employee = make_user(personal_code=personal_code())
    named = NewPerson(employee.full_name, employee.personal_code, employee.email)
    passed = services.pass_on(firm, above.pk, named, Terms(["isaf.view"], TODAY))
    token = services.letters.token_of(passed.letters.get())
    services.answer_by_link(employee, token, accept=True)
    assert _told(firm) == ["offer-accepted"]
    with pytest.raises(NotFoundError):
        services.answer_by_link(employee, token, accept=True)


def test_an_end_is_told_before_and_after_once_to_both(client: Acting, firm: Acting) -> None:
    held = Taxpayer.objects.get(pk=firm.taxpayer_id)
    given = Taxpayer.objects.get(pk=client.taxpayer_id)
    make_grant(held, given, "isaf.view", until=TODAY + timedelta(days=7))
    services.warn_of_endings()
    services.warn_of_endings()
    assert _told(client) == _told(firm) == ["mandate-ending"]
    assert Notice.objects.count() == 0, "the letter about the mandate goes anyway"
    past = make_grant(held, given, "isaf.view", until=TODAY - timedelta(days=1))
    services.expire_mandates()
    services.expire_mandates()
    past.refresh_from_db()
    assert past.state == MandateState.EXPIRED
    assert _told(client) == _told(firm) == ["mandate-ending", "mandate-expired"]


@pytest.mark.parametrize(("days", "told"), [(29, 1), (31, 0), (6, 1), (0, 0)])
def test_a_key_about_to_end_is_told_once_for_each_term(
    client: Acting, days: int, told: int
) -> None:
    owner = User.objects.get(pk=client.user_id)
    taxpayer = Taxpayer.objects.get(pk=client.taxpayer_id)
    key, _plain = make_api_key(owner, taxpayer)
    certificate, _private = make_certificate(owner, taxpayer)
    for credential in (key, certificate):
        credential.created_at = clock.now() - timedelta(days=100)
        credential.expires_at = clock.now() + timedelta(days=days, seconds=-5 if not days else 5)
        credential.save()
    services.warn_of_credentials()
    services.warn_of_credentials()
    assert sorted(_told(client)) == ["certificate-ending", "key-ending"] * told
    assert Notice.objects.filter(user=owner).count() == 2 * told


def test_a_revoked_key_a_changed_one_and_a_short_one_are_not_warned_of(client: Acting) -> None:
    owner = User.objects.get(pk=client.user_id)
    taxpayer = Taxpayer.objects.get(pk=client.taxpayer_id)
    revoked, _plain = make_api_key(owner, taxpayer, days=5)
    changed, _plain = make_api_key(owner, taxpayer, days=5)
    short, _plain = make_api_key(owner, taxpayer, days=5)
    for key in (revoked, changed):
        key.created_at = clock.now() - timedelta(days=100)
    revoked.revoked_at = clock.now()
    changed.successor = short
    revoked.save()
    changed.save()
    services.warn_of_credentials()
    assert _told(client) == []


def test_whatever_is_told_has_words() -> None:
    params = dict.fromkeys(("client", "giver", "holder", "until", "name", "label"), "x")
    for code in LETTERS:
        assert all(words_of(code, params)), code

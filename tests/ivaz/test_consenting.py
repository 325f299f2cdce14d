"""Carriers and consignees consent to e-waybills, or are not named in any."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from pytest_django import Settings

from imas.kernel import clock
from imas.kernel.errors import (
    ConflictError,
    ForbiddenError,
    NotFoundError,
    UnprocessableError,
)
from ivaz.models import EwaybillConsent, Waybill, WaybillDraft
from ivaz.services import consenting, drafting
from ivaz.types import Role, Section, State
from representation.models import JournalEntry, Taxpayer
from representation.types import Acting
from tests import make
from tests.ivaz.records import (
    codes,
    consent,
    e_waybill,
    issued,
    named,
    party,
    say,
    splitting,
    waybill,
)
from tests.ivaz.test_pages import browser

pytestmark = pytest.mark.django_db


@pytest.fixture
def acting(transporter: Taxpayer) -> Acting:
    return make.make_acting(taxpayer=transporter)


def _silent(*parties: Taxpayer) -> None:
    EwaybillConsent.objects.filter(taxpayer__in=parties).delete()


def _places(verdict: Any) -> list[tuple[str, str, str]]:
    return [(one.code, one.place.path, one.reason) for one in verdict.problems]


def test_each_party_that_has_not_consented_is_named_at_its_place(
    consignor: Taxpayer, transporter: Taxpayer, consignee: Taxpayer
) -> None:
    content = e_waybill(consignor, transporter, consignee)
    _silent(transporter, consignee)
    consent(transporter, Role.CONSIGNEE)  # in the other role
    (verdict,) = say(consignor, Section.EWAYBILL, content)
    assert _places(verdict) == [
        ("ivaz.no-consent", "Transporter", "transporter"),
        ("ivaz.no-consent", "Consignee", "consignee"),
    ]
    assert verdict.problems[0].params == {"name": transporter.name}
    assert not Waybill.objects.exists()
    consent(transporter, Role.TRANSPORTER)
    consent(consignee, Role.CONSIGNEE)
    assert say(consignor, Section.EWAYBILL, content)[0].is_taken


def test_a_waybill_with_paper_needs_no_consent(
    consignor: Taxpayer, transporter: Taxpayer, consignee: Taxpayer
) -> None:
    assert issued(consignor, waybill(consignor, transporter, consignee))


def test_who_is_in_no_register_needs_paper(consignor: Taxpayer, transporter: Taxpayer) -> None:
    content = e_waybill(consignor, transporter, None)
    foreign = {
        "RegistrationNumber": "LV40003000000",
        "Name": "SIA",
        "Address": {"FullAddress": "Rīga"},
    }
    content["Consignee"] = foreign
    (verdict,) = say(consignor, Section.EWAYBILL, content)
    assert _places(verdict) == [("ivaz.no-consent", "Consignee", "unregistered")]


def test_a_consent_holds_from_its_day_and_ends_when_withdrawn(
    acting: Acting, consignor: Taxpayer, transporter: Taxpayer
) -> None:
    content = e_waybill(consignor, transporter, None)
    _silent(transporter)
    tomorrow = clock.today() + timedelta(days=1)
    consenting.give(acting, Role.TRANSPORTER, tomorrow)
    assert codes(*say(consignor, Section.EWAYBILL, content)) == ["ivaz.no-consent"]
    assert not consenting.takes(transporter.code, Role.TRANSPORTER, clock.today())
    assert consenting.takes(transporter.code, Role.TRANSPORTER, tomorrow)
    consenting.withdraw(acting, Role.TRANSPORTER)
    assert not consenting.takes(transporter.code, Role.TRANSPORTER, tomorrow)
    consenting.give(acting, Role.TRANSPORTER, clock.today())
    (verdict,) = say(consignor, Section.EWAYBILL, content)
    assert verdict.is_taken
    consenting.withdraw(acting, Role.TRANSPORTER)
    again = say(consignor, Section.EWAYBILL, content)
    assert again[0].rn == verdict.rn, "the same record again is answered as before"
    other = e_waybill(consignor, transporter, None, uid="L-2")
    _silent(transporter)
    assert codes(*say(consignor, Section.EWAYBILL, other)) == ["ivaz.no-consent"]


def test_whom_an_amendment_names_anew_must_have_consented(
    consignor: Taxpayer, transporter: Taxpayer, consignee: Taxpayer
) -> None:
    (verdict,) = say(consignor, Section.EWAYBILL, e_waybill(consignor, transporter, None))
    _silent(transporter)
    moved = {**named(verdict.rn), "ShipTo": {"UnloadAddress": {"FullAddress": "Kitur"}}}
    assert say(consignor, Section.AMENDMENT, moved)[0].is_taken, "the carrier is not named anew"
    amended = {**named(verdict.rn), "Consignee": party(consignee)}
    (refusal,) = say(consignor, Section.AMENDMENT, amended)
    assert _places(refusal) == [("ivaz.no-consent", "Consignee", "consignee")]
    consent(consignee, Role.CONSIGNEE)
    assert say(consignor, Section.AMENDMENT, amended)[0].is_taken
    other = make.make_taxpayer()
    carried = {**named(verdict.rn), "Transporter": party(other)}
    (refusal,) = say(consignor, Section.AMENDMENT, carried)
    assert _places(refusal) == [("ivaz.no-consent", "Transporter", "transporter")]


def test_and_whom_a_split_names_anew(
    consignor: Taxpayer, transporter: Taxpayer, consignee: Taxpayer
) -> None:
    (verdict,) = say(consignor, Section.EWAYBILL, e_waybill(consignor, transporter, None))
    parts = splitting(verdict.rn, {"1": "10.000"}, {"2": "5.500"})
    parts["TransportDocumentSplits"][1]["Consignee"] = party(consignee)
    (refusal,) = say(consignor, Section.SPLIT, parts)
    assert _places(refusal) == [("ivaz.no-consent", "Consignee", "consignee")]
    assert Waybill.objects.get().state == State.SENT
    consent(consignee, Role.CONSIGNEE)
    assert say(consignor, Section.SPLIT, parts)[0].is_taken


def test_before_the_day_of_the_setting_nobody_is_asked(
    consignor: Taxpayer, transporter: Taxpayer, consignee: Taxpayer, settings: Settings
) -> None:
    settings.EWAYBILL_CONSENT_FROM = clock.today() + timedelta(days=1)
    content = e_waybill(consignor, transporter, consignee)
    _silent(transporter, consignee)
    assert say(consignor, Section.EWAYBILL, content)[0].is_taken


def test_many_e_waybills_ask_once(
    consignor: Taxpayer, transporter: Taxpayer, consignee: Taxpayer
) -> None:
    contents = [e_waybill(consignor, transporter, consignee, uid=f"L-{at}") for at in range(20)]
    contents[7]["Consignee"] = party(make.make_taxpayer())
    with CaptureQueriesContext(
        connection,
    ) as made:
        verdicts = say(consignor, Section.EWAYBILL, *contents)
    assert [one.is_taken for one in verdicts].count(False) == 1
    asked = [one for one in made.captured_queries if "ivaz_ewaybillconsent" in one["sql"]]
    assert len(asked) == 1


def test_only_who_has_the_right_consents_once_from_today_on(
    transporter: Taxpayer, acting: Acting
) -> None:
    clerk = make.make_acting("ivaz.submit", "ivaz.view", taxpayer=transporter)
    with pytest.raises(ForbiddenError, match="right-missing"):
        consenting.give(clerk, Role.TRANSPORTER, clock.today())
    with pytest.raises(ForbiddenError, match="right-missing"):
        consenting.withdraw(clerk, Role.TRANSPORTER)
    with pytest.raises(UnprocessableError, match="consent-role"):
        consenting.give(acting, Role.CONSIGNOR, clock.today())
    with pytest.raises(UnprocessableError, match="consent-day"):
        consenting.give(acting, Role.TRANSPORTER, clock.today() - timedelta(days=1))
    with pytest.raises(NotFoundError, match="consent-not-found"):
        consenting.withdraw(acting, Role.TRANSPORTER)
    consenting.give(acting, Role.TRANSPORTER, clock.today())
    with pytest.raises(ConflictError, match="consent-given"):
        consenting.give(acting, Role.TRANSPORTER, clock.today())
    consenting.withdraw(acting, Role.TRANSPORTER)
    told = JournalEntry.objects.filter(taxpayer=transporter, action__startswith="ivaz.consent")
    assert sorted(told.values_list("action", "subject")) == [
        ("ivaz.consent-given", "transporter"),
        ("ivaz.consent-withdrawn", "transporter"),
    ]
    assert EwaybillConsent.objects.count() == 1, "what was given is kept"


def test_given_and_withdrawn_on_a_page(transporter: Taxpayer) -> None:
    client = browser(transporter)
    page = client.get(reverse("ivaz:consents")).content.decode()
    give = reverse("ivaz:consent-give", args=["transporter"])
    withdraw = reverse("ivaz:consent-withdraw", args=["transporter"])
    assert give in page
    late = client.post(give, {"since": f"{clock.today() - timedelta(days=1)}"})
    assert late.status_code == 200
    assert late.context["standings"][0].form.errors.keys() == {"since"}
    assert client.post(give, {"since": f"{clock.today()}"}).status_code == 302
    page = client.get(reverse("ivaz:consents")).content.decode()
    assert withdraw in page
    assert give not in page
    assert client.post(withdraw).status_code == 302
    assert give in client.get(reverse("ivaz:consents")).content.decode()


def test_the_steps_tell_early_who_has_not_consented(
    consignor: Taxpayer, transporter: Taxpayer
) -> None:
    client = browser(consignor)
    acting = make.make_acting(taxpayer=consignor)
    draft = drafting.begin(acting)
    content = waybill(consignor, transporter, None)
    drafting.keep(acting, draft, Section.EWAYBILL, content)
    page = client.get(reverse("ivaz:draft-carriage", args=[draft.pk])).content.decode()
    assert f"{transporter.name} ({transporter.code})" in page
    consent(transporter)
    page = client.get(reverse("ivaz:draft-carriage", args=[draft.pk])).content.decode()
    assert f"{transporter.name} ({transporter.code})" not in page
    WaybillDraft.objects.update(kind=Section.EWAYBILL, content={})
    assert client.get(reverse("ivaz:draft-parties", args=[draft.pk])).status_code == 200


def test_programs_read_their_own_and_ask_of_anybody(transporter: Taxpayer) -> None:
    consent(transporter, Role.TRANSPORTER)
    head = make.make_user()
    make.make_headship(head, transporter)
    _key, plain = make.make_api_key(head, transporter)
    client = Client(headers={"authorization": f"Bearer {plain}", "x-taxpayer": transporter.code})
    (own,) = client.get(reverse("api-ivaz-consents")).json()["items"]
    assert (own["role"], own["ended_on"]) == ("transporter", None)
    stranger, other = make.make_user(), make.make_taxpayer()
    make.make_headship(stranger, other)
    _key, plain = make.make_api_key(stranger, other)
    client = Client(headers={"authorization": f"Bearer {plain}"})
    url = reverse("api-ivaz-consents-taken")
    asked = {"code": transporter.code, "role": "transporter"}
    answer = client.get(url, asked).json()
    assert answer == {**asked, "on": f"{clock.today()}", "takes": True}
    assert not client.get(url, {**asked, "role": "consignee"}).json()["takes"]
    assert not client.get(url, {**asked, "on": "2020-01-01"}).json()["takes"]
    assert not client.get(url, {**asked, "code": "999999999"}).json()["takes"]
    assert client.get(url, {**asked, "role": "preparer"}).status_code == 400


def test_how_often_anybody_s_consent_is_asked_is_limited(
    transporter: Taxpayer, settings: Settings
) -> None:
    settings.LOOKUPS_PER_MINUTE = 2
    head = make.make_user()
    make.make_headship(head, transporter)
    _key, plain = make.make_api_key(head, transporter)
    client = Client(headers={"authorization": f"Bearer {plain}"})
    asked = {"code": transporter.code, "role": "transporter"}
    url = reverse("api-ivaz-consents-taken")
    assert [client.get(url, asked).status_code for _ in range(3)] == [200, 200, 429]

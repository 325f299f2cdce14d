"""The phone of drivers and consignees: acts that arrive late, twice, or under another's page."""

import re
import threading
import uuid
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import override
from pytest_django import DjangoAssertNumQueries

from accounts.models import User
from imas.kernel import clock
from ivaz.forms.acts import ReloadForm
from ivaz.forms.phone import CountForm
from ivaz.models import Waybill
from ivaz.services.phoning import owner_of
from ivaz.types import Section, State
from ivaz.words import CONCLUSIONS, ROLES, STATES
from representation.models import Taxpayer
from representation.types import Acting
from tests import make
from tests.isaf.test_views import client_of
from tests.ivaz.records import issued, named, party, say, waybill
from tests.ivaz.test_pages import browser

pytestmark = pytest.mark.django_db
JSON = {"accept": "application/json"}


@pytest.fixture
def rn(consignor: Taxpayer, transporter: Taxpayer, consignee: Taxpayer) -> str:
    """A waybill whose goods are on their way already."""
    return issued(consignor, waybill(consignor, transporter, consignee))


def owner_on(client: Client) -> str:
    told: dict[str, str] = client.get(reverse("ivaz:phone-standing"), headers=JSON).json()
    return told["owner"]


def press(client: Client, act: str, rn: str, **told: Any) -> Any:
    """What an act of a phone is answered with: the status and the answer."""
    given = {"key": f"{uuid.uuid4()}", "owner": owner_on(client), **told}
    answer = client.post(reverse(f"ivaz:phone-{act}", args=[rn]), given, headers=JSON)
    return answer.status_code, answer.json()


def events(rn: str) -> list[str]:
    return list(Waybill.objects.get(rn=rn).events.values_list("act", flat=True))


def test_each_party_does_its_part_on_a_phone(
    transporter: Taxpayer, consignee: Taxpayer, rn: str
) -> None:
    driver, clerk = browser(transporter), browser(consignee)
    assert press(driver, "accept", rn) == (200, {"taken": True, "words": ""})
    assert press(driver, "reload", rn, plate="NEW 001", reason="breakdown")[1]["taken"]
    assert press(driver, "deliver", rn)[1]["taken"]
    said = {"conclusion": "2", "day": "2026-11-30", "received-1": "9,5", "received-2": "5,5"}
    assert press(clerk, "receive", rn, **said)[1]["taken"]
    held = Waybill.objects.get(rn=rn)
    assert (held.state, held.plates, held.is_different) == (State.RECEIVED, ["NEW001"], True)
    (line,) = held.events.get(act="receive").details["ProductsInfo"]
    assert line == {
        "ProductLineNumber": "1", "AmountDifference": "-0.500",
        "ComplaintInfo": {"ComplaintType": "2"},
    }  # fmt: skip


def test_an_act_sent_again_is_done_once_and_answered_the_same(
    transporter: Taxpayer, rn: str
) -> None:
    driver, key = browser(transporter), f"{uuid.uuid4()}"
    first = press(driver, "accept", rn, key=key)
    assert press(driver, "accept", rn, key=key) == first
    assert events(rn) == ["issue", "accept"]


def test_a_refusal_is_answered_the_same_even_when_it_would_be_taken_now(
    transporter: Taxpayer, consignor: Taxpayer, rn: str
) -> None:
    driver, key = browser(transporter), f"{uuid.uuid4()}"
    say(consignor, Section.CANCELLATION, {**named(rn), "CancellationReason": "1"})
    status, first = press(driver, "accept", rn, key=key)
    assert status == 200
    assert not first["taken"]
    assert "Anuliuotas" in first["words"] or "cancelled" in first["words"]
    Waybill.objects.filter(rn=rn).update(state=State.SENT)
    assert press(driver, "accept", rn, key=key) == (status, first)


def test_a_key_stands_for_one_thing(transporter: Taxpayer, rn: str) -> None:
    driver, key = browser(transporter), f"{uuid.uuid4()}"
    assert press(driver, "reload", rn, key=key, plate="NEW 001", reason="breakdown")[1]["taken"]
    status, told = press(driver, "reload", rn, key=key, plate="NEW 002", reason="breakdown")
    assert (status, told["taken"]) == (422, False)
    assert Waybill.objects.get(rn=rn).plates == ["NEW001"]


def test_a_page_of_another_taxpayer_does_nothing(transporter: Taxpayer, rn: str) -> None:
    driver = browser(transporter)
    for number in (rn, "IV0"):  # a stranger to the waybill is told no more
        status, told = press(driver, "accept", number, owner="0" * 32)
        assert (status, told) == (409, {"taken": None, "words": ""})
    by_form = {"key": f"{uuid.uuid4()}", "owner": "0" * 32}
    answer = driver.post(reverse("ivaz:phone-accept", args=[rn]), by_form)
    assert answer.status_code == 409
    assert events(rn) == ["issue"]


def test_owners_are_told_apart_by_person_and_by_taxpayer_and_last(transporter: Taxpayer) -> None:
    def acting(user_id: int, taxpayer_id: int) -> Acting:
        return Acting(user_id, taxpayer_id, "", "", "", frozenset())

    marks = {owner_of(acting(*ids)) for ids in ((1, 1), (1, 2), (2, 1), (11, 1), (1, 11))}
    assert len(marks) == 5
    head = make.make_user()
    make.make_headship(head, transporter)
    first, second = (client_of(User.objects.get(pk=head.pk)) for _ in range(2))
    assert owner_on(first) == owner_on(second)


def test_the_moment_of_the_press_stands_beside_the_one_it_was_received(
    transporter: Taxpayer, rn: str
) -> None:
    driver, pressed = browser(transporter), clock.now() - timedelta(hours=3)
    press(driver, "accept", rn, pressed_at=pressed.isoformat())
    event = Waybill.objects.get(rn=rn).events.get(act="accept")
    assert datetime.fromisoformat(event.details["pressed_at"]) == pressed.replace(microsecond=0)
    assert event.at > pressed + timedelta(hours=2)
    page = driver.get(reverse("ivaz:waybill", args=[rn])).content.decode()
    assert f"{pressed.astimezone(clock.VILNIUS):%Y-%m-%d %H:%M}" in page


@pytest.mark.parametrize("off", [timedelta(hours=1), timedelta(days=-8)])
def test_a_moment_that_cannot_be_is_not_kept(
    transporter: Taxpayer, rn: str, off: timedelta
) -> None:
    driver = browser(transporter)
    told = press(driver, "deliver", rn, pressed_at=(clock.now() + off).isoformat())
    assert told[1]["taken"]
    assert "pressed_at" not in Waybill.objects.get(rn=rn).events.get(act="deliver").details


def test_what_is_refused_tells_why(transporter: Taxpayer, consignee: Taxpayer, rn: str) -> None:
    driver, clerk = browser(transporter), browser(consignee)
    assert press(driver, "deliver", rn)[1]["taken"]
    status, told = press(driver, "deliver", rn)
    assert (status, told["taken"]) == (409, False)
    assert rn in told["words"]
    assert press(clerk, "accept", rn)[1]["taken"] is False
    said = {"conclusion": "1", "day": "2026-11-30", "received-1": "9", "received-2": "x"}
    status, told = press(clerk, "receive", rn, **said)
    assert (status, told["taken"]) == (400, False)
    assert "Lentos" in told["words"]
    assert events(rn) == ["issue", "deliver"]


def test_strangers_and_those_signed_out_do_nothing(rn: str) -> None:
    stranger = browser(make.make_taxpayer())
    assert stranger.get(reverse("ivaz:phone-waybill", args=[rn])).status_code == 404
    assert press(stranger, "accept", rn)[0] == 404
    away = Client().post(reverse("ivaz:phone-accept", args=[rn]), {}, headers=JSON)
    assert away.status_code == 302
    assert events(rn) == ["issue"]


def test_an_act_needs_the_token_of_the_session(transporter: Taxpayer, rn: str) -> None:
    driver = browser(transporter)
    driver.handler.enforce_csrf_checks = True
    given = {"key": f"{uuid.uuid4()}", "owner": owner_on(driver)}
    address = reverse("ivaz:phone-accept", args=[rn])
    assert driver.post(address, given, headers=JSON).status_code == 403
    token = driver.get(reverse("ivaz:phone-standing"), headers=JSON).json()["token"]
    taken = driver.post(address, given, headers={**JSON, "x-csrftoken": token})
    assert taken.json()["taken"]


def test_forms_work_without_scripts_and_a_second_press_does_nothing_more(
    transporter: Taxpayer, rn: str
) -> None:
    driver = browser(transporter)
    page = driver.get(reverse("ivaz:phone-waybill", args=[rn])).content.decode()
    form = page[page.index(reverse("ivaz:phone-accept", args=[rn])) :]
    given = {
        name: re.search(rf'name="{name}" value="([^"]+)"', form)[1]  # type: ignore[index]
        for name in ("key", "owner")
    }
    for _ in range(2):
        answer = driver.post(reverse("ivaz:phone-accept", args=[rn]), given, follow=True)
        assert "kitos šalys tai mato" in answer.content.decode()
    assert events(rn) == ["issue", "accept"]
    wrong = driver.post(reverse("ivaz:phone-reload", args=[rn]), {**given, "model": "MAN TGX"})
    assert wrong.status_code == 200
    assert "MAN TGX" in wrong.content.decode()


def test_the_list_holds_what_is_carried_or_received_by_plate(
    consignor: Taxpayer, transporter: Taxpayer, consignee: Taxpayer, rn: str
) -> None:
    other = waybill(consignor, transporter, None, uid="L-2")
    means = [{"IdentityOfTransportUnits": "XYZ 987"}]
    other["Transporter"] = {**(party(transporter) or {}), "TransportMeans": means}
    second = issued(consignor, other)
    later = clock.now() + timedelta(days=4)
    third = issued(consignor, waybill(consignor, transporter, None, uid="L-3", dispatch=later))
    address = reverse("ivaz:phone")

    def listed(client: Client, **query: str) -> set[str]:
        page = client.get(address, query).content.decode()
        return {one for one in (rn, second, third) if f"/{one}/" in page}

    driver = browser(transporter)
    assert listed(driver) == {rn, second}
    assert listed(driver, plate="xyz-987") == {second}
    assert listed(browser(consignee)) == {rn}
    assert listed(browser(consignor)) == set()
    press(driver, "deliver", rn)
    press(browser(consignee), "receive", rn, **{
        "conclusion": "1", "day": "2026-11-30", "received-1": "10", "received-2": "5,5",
    })  # fmt: skip
    assert listed(driver) == {second}


def test_the_list_costs_the_same_for_one_and_for_many(
    consignor: Taxpayer,
    transporter: Taxpayer,
    rn: str,
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    driver = browser(transporter)
    driver.get(reverse("ivaz:phone"))
    with connection.execute_wrapper(counted := _Counted()):
        driver.get(reverse("ivaz:phone"))
    for at in range(3):
        issued(consignor, waybill(consignor, transporter, None, uid=f"M-{at}"))
    with django_assert_num_queries(counted.count):
        driver.get(reverse("ivaz:phone"))


class _Counted:
    def __init__(self) -> None:
        self.count = 0

    def __call__(self, execute: Any, *args: Any) -> Any:
        self.count += 1
        return execute(*args)


def test_pages_say_whose_they_are_and_nothing_is_kept_by_caches_between(
    transporter: Taxpayer, rn: str
) -> None:
    driver = browser(transporter)
    for address in (reverse("ivaz:phone"), reverse("ivaz:phone-waybill", args=[rn])):
        answer = driver.get(address)
        assert answer["X-Phone-Owner"] == owner_on(driver)
        assert answer["Cache-Control"] == "no-store"
    assert "X-Phone-Owner" not in driver.get(reverse("ivaz:phone-waybill", args=["IV0"]))


def test_signing_out_empties_the_browser(transporter: Taxpayer) -> None:
    answer = browser(transporter).post(reverse("accounts:sign-out"))
    assert answer["Clear-Site-Data"] == '"storage"'


def test_a_driver_chooses_a_language_of_the_phone_alone(transporter: Taxpayer, rn: str) -> None:
    driver, address = browser(transporter), reverse("ivaz:phone-waybill", args=[rn])
    chosen = driver.post(reverse("ivaz:phone-language"), {"language": "pl", "next": address})
    assert chosen["Location"] == address
    page = driver.get(address)
    assert page["Content-Language"] == "pl"
    assert '<html lang="pl"' in page.content.decode()
    assert "Przyjmij do przewozu" in page.content.decode()
    desk = driver.get(reverse("ivaz:waybill", args=[rn])).content.decode()
    assert "Priimti vežti" in desk
    driver.post(reverse("ivaz:phone-language"), {"language": "xx"})
    assert "Przyjmij do przewozu" in driver.get(address).content.decode()


def test_nobody_is_led_away_by_choosing_a_language(transporter: Taxpayer) -> None:
    told = {"language": "ru", "next": "https://evil.example/"}
    answer = browser(transporter).post(reverse("ivaz:phone-language"), told)
    assert answer["Location"] == reverse("ivaz:phone")


@pytest.mark.parametrize("language", ["pl", "ru"])
def test_what_the_phone_borrows_is_in_its_languages_too(language: str) -> None:
    lines = [{"ProductLineNumber": "1", "Quantity": "1", "UnitOfMeasure": "KGM"}]
    forms = [CountForm([{**lines[0], "ProductDescription": "A"}]), ReloadForm()]
    fields = [field for form in forms for field in form.fields.values()]
    borrowed = [
        *(word for word, _tone in STATES.values()),
        *CONCLUSIONS.values(),
        *ROLES.values(),
        *(field.label for field in fields if isinstance(field.label, Promise)),
        *(word for field in fields for _value, word in getattr(field, "choices", ()) if word),
    ]
    with override("lt"):
        lithuanian = [str(word) for word in borrowed]
    with override(language):
        spoken = [str(word) for word in borrowed]
    assert len(borrowed) > 25
    assert [word for word, own in zip(spoken, lithuanian, strict=True) if word == own] == []


@pytest.mark.django_db(transaction=True)
def test_of_one_act_sent_twice_at_once_one_is_done(
    consignor: Taxpayer, transporter: Taxpayer
) -> None:
    rn = issued(consignor, waybill(consignor, transporter, None))
    head = make.make_user(language="lt")
    make.make_headship(head, transporter)
    clients = [client_of(User.objects.get(pk=head.pk)) for _ in range(2)]
    given = {"key": f"{uuid.uuid4()}", "owner": owner_on(clients[0])}
    start, answers = threading.Barrier(2), []

    def send(client: Client) -> None:
        start.wait()
        answer = client.post(reverse("ivaz:phone-accept", args=[rn]), given, headers=JSON)
        answers.append(answer.json())
        connection.close()

    threads = [threading.Thread(target=send, args=[client]) for client in clients]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert answers == [{"taken": True, "words": ""}] * 2
    assert events(rn) == ["issue", "accept"]

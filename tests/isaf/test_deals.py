"""The two sides of a deal talk of it, and neither learns more of the other than the pair holds."""

from datetime import date

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from pytest_django import Settings

from imas.kernel.errors import ConflictError, NotFoundError, ThrottledError, UnprocessableError
from imas.kernel.periods import Period
from isaf.models import Deal, DealEntry, DealPair, Register
from isaf.services import dealing
from isaf.services.crosscheck import refresh_pairs
from isaf.types import EntryKind
from mailbox.models import Event, Message
from representation.models import Taxpayer
from representation.types import Acting
from tests.isaf.registers_told import OCTOBER, Told, tell, vat_of
from tests.isaf.test_views import client_of
from tests.make import make_acting, make_api_key, make_headship, make_taxpayer, make_user

pytestmark = pytest.mark.django_db


@pytest.fixture
def seller() -> Taxpayer:
    return make_taxpayer(vat_code="LT100001111", name="UAB Pardavėjas")


@pytest.fixture
def buyer() -> Taxpayer:
    return make_taxpayer(vat_code="LT100002222", name="UAB Pirkėjas")


@pytest.fixture
def key(seller: Taxpayer, buyer: Taxpayer) -> int:
    """An invoice that the buyer dated a day later."""
    tell(seller, "S", Told("A1", vat_of(buyer)))
    tell(buyer, "P", Told("A1", vat_of(seller), issued=date(2026, 10, 13)))
    refresh_pairs(seller.pk, OCTOBER)
    return DealPair.objects.get().match_key


def acting(taxpayer: Taxpayer) -> Acting:
    return make_acting(taxpayer=taxpayer)


def head_of(taxpayer: Taxpayer) -> Client:
    user = make_user()
    make_headship(user, taxpayer)
    return client_of(user)


def test_a_word_reaches_the_other_side_by_its_mailbox(
    seller: Taxpayer, buyer: Taxpayer, key: int
) -> None:
    dealing.say(acting(buyer), key, "  Prekės gautos 13 d. ")
    entry = DealEntry.objects.get()
    assert (entry.side, entry.kind, entry.text) == ("P", "word", "Prekės gautos 13 d.")
    message = Message.objects.get()
    assert (message.taxpayer_id, message.code) == (seller.pk, "isaf.deal-word")
    assert message.params == {"name": "UAB Pirkėjas", "number": "A1"}
    assert (message.url_name, message.url_args) == ("isaf:deal", [str(key)])
    assert Event.objects.get(code="isaf.deal").taxpayer_id == seller.pk


def test_a_proposal_holds_what_differs_and_nothing_else(
    seller: Taxpayer, buyer: Taxpayer, key: int
) -> None:
    entry = dealing.propose(acting(seller), key)
    assert entry.values == {"issued": "2026-10-12"}
    page = head_of(buyer).get(reverse("isaf:deal", args=[key])).content.decode()
    assert "Proposes to correct your register" in page
    assert "2026-10-12" in page


def test_of_a_missing_invoice_everything_is_proposed(seller: Taxpayer, buyer: Taxpayer) -> None:
    tell(seller, "S", Told("A1", vat_of(buyer)))
    tell(buyer, "P")
    refresh_pairs(seller.pk, OCTOBER)
    key = DealPair.objects.get().match_key
    assert dealing.propose(acting(seller), key).values == {
        "number": "A1",
        "issued": "2026-10-12",
        "type": "SF",
        "taxable": "100.00",
        "vat": "21.00",
    }
    with pytest.raises(ConflictError, match="deal-nothing-to-propose"):
        dealing.propose(acting(buyer), key)


def test_an_invoice_of_another_period_has_nothing_to_propose(
    seller: Taxpayer, buyer: Taxpayer
) -> None:
    november = Period.month(2026, 11)
    tell(seller, "S", Told("A1", vat_of(buyer)))
    tell(buyer, "P", period=OCTOBER)
    tell(buyer, "P", Told("A1", vat_of(seller)), period=november)
    refresh_pairs(seller.pk, OCTOBER)
    pair = DealPair.objects.get(state="other_period")
    page = head_of(seller).get(reverse("isaf:deal", args=[pair.match_key])).content.decode()
    assert "Messages about this invoice" in page
    assert "Propose to correct by our data" not in page
    with pytest.raises(ConflictError, match="deal-nothing-to-propose"):
        dealing.propose(acting(seller), pair.match_key)


@pytest.mark.parametrize("kind", [EntryKind.ACCEPTED, EntryKind.DISPUTED, EntryKind.NOT_MINE])
def test_the_seller_sees_how_the_buyer_marks_an_invoice(
    seller: Taxpayer, buyer: Taxpayer, key: int, kind: EntryKind
) -> None:
    page = reverse("isaf:deal-mark", args=[key])
    head_of(buyer).post(page, {"kind": kind, "reason": "Tokios neturime"})
    seen = head_of(seller)
    word = {"accepted": "Accepted", "disputed": "Disputed", "not_mine": "Not mine"}[kind]
    for address in (reverse("isaf:deal", args=[key]), reverse("isaf:crosschecks")):
        assert word in seen.get(address).content.decode()
    assert "Tokios neturime" in seen.get(reverse("isaf:deal", args=[key])).content.decode()
    dealing.mark(acting(buyer), key, EntryKind.UNMARKED)
    assert word not in seen.get(reverse("isaf:crosschecks")).content.decode()


def test_marks_are_the_buyers_and_need_a_reason(
    seller: Taxpayer, buyer: Taxpayer, key: int
) -> None:
    with pytest.raises(ConflictError, match="deal-not-bought"):
        dealing.mark(acting(seller), key, EntryKind.ACCEPTED)
    with pytest.raises(UnprocessableError, match="deal-reason-missing"):
        dealing.mark(acting(buyer), key, EntryKind.DISPUTED, " ")
    answer = head_of(buyer).post(reverse("isaf:deal-mark", args=[key]), {"kind": "disputed"})
    assert "Say why the invoice is disputed or not yours." in answer.content.decode()
    assert not DealEntry.objects.exists()


def test_words_are_needed_and_have_an_end(buyer: Taxpayer, key: int, settings: Settings) -> None:
    with pytest.raises(UnprocessableError, match="deal-words-missing"):
        dealing.say(acting(buyer), key, " \n")
    settings.ISAF_DEAL_ENTRIES = 2
    dealing.say(acting(buyer), key, "1")
    dealing.say(acting(buyer), key, "2")
    with pytest.raises(ThrottledError, match="deal-too-much"):
        dealing.say(acting(buyer), key, "3")


def test_strangers_find_nothing(seller: Taxpayer, buyer: Taxpayer, key: int) -> None:
    dealing.say(acting(buyer), key, "Labas")
    stranger = make_taxpayer(vat_code="LT100003333")
    for attempt in (dealing.propose, lambda one, of: dealing.say(one, of, "?")):
        with pytest.raises(NotFoundError, match="deal-not-found"):
            attempt(acting(stranger), key)
    assert head_of(stranger).get(reverse("isaf:deal", args=[key])).status_code == 404
    with pytest.raises(NotFoundError, match="deal-not-found"):
        dealing.say(acting(buyer), key + 1, "?")


def test_who_has_not_submitted_is_not_talked_to(seller: Taxpayer, buyer: Taxpayer) -> None:
    tell(seller, "S", Told("A1", vat_of(buyer)), Told("F1", "DE123456789"))
    refresh_pairs(seller.pk, OCTOBER)
    for pair in DealPair.objects.all():
        with pytest.raises(ConflictError, match="deal-not-shared"):
            dealing.say(acting(seller), pair.match_key, "Labas")
        page = head_of(seller).get(reverse("isaf:deal", args=[pair.match_key]))
        assert "can be written to while both sides see" in page.content.decode()
    with pytest.raises(NotFoundError):
        dealing.say(acting(buyer), DealPair.objects.get(state="waiting").match_key, "Labas")


def test_the_names_of_people_stay_on_their_side(
    seller: Taxpayer, buyer: Taxpayer, key: int
) -> None:
    author = make_user(first_name="Ona", last_name="Onaitytė")
    make_headship(author, buyer)
    client_of(author).post(reverse("isaf:deal-say", args=[key]), {"text": "Labas"})
    ours = client_of(author).get(reverse("isaf:deal", args=[key])).content.decode()
    theirs = head_of(seller).get(reverse("isaf:deal", args=[key])).content.decode()
    assert "(Ona Onaitytė)" in ours
    assert "Labas" in theirs
    assert "Onaityt" not in theirs


def replace(register: Register) -> None:
    Register.objects.filter(pk=register.pk).update(current=False, relevant=False)


def test_the_talk_is_found_again_under_a_corrected_number(
    seller: Taxpayer, buyer: Taxpayer
) -> None:
    tell(seller, "S", Told("GK2026-107", vat_of(buyer)))
    slip = tell(buyer, "P", Told("GK2026-1O7", vat_of(seller)))
    refresh_pairs(seller.pk, OCTOBER)
    pair = DealPair.objects.get(state="possible_match")
    assert dealing.propose(acting(seller), pair.match_key).values == {"number": "GK2026-107"}
    near = pair.near_key
    assert near is not None
    dealing.say(acting(buyer), near, "Ištaisysime")
    replace(slip)
    tell(buyer, "P", Told("GK2026-107", vat_of(seller)))
    refresh_pairs(buyer.pk, OCTOBER)
    assert Deal.objects.count() == 1
    for address in (pair.match_key, near):
        page = head_of(seller).get(reverse("isaf:deal", args=[address])).content.decode()
        assert "Ištaisysime" in page
        assert "Both registers say the same." in page


def test_what_was_said_outlives_the_invoice(seller: Taxpayer, buyer: Taxpayer, key: int) -> None:
    dealing.say(acting(buyer), key, "Tokios nėra")
    for register in Register.objects.all():
        replace(register)
    refresh_pairs(seller.pk, OCTOBER)
    page = head_of(seller).get(reverse("isaf:deal", args=[key])).content.decode()
    assert "No register lists this invoice any more." in page
    assert "Tokios nėra" in page
    with pytest.raises(ConflictError, match="deal-not-shared"):
        dealing.say(acting(seller), key, "?")


def test_a_long_talk_costs_no_more_queries(seller: Taxpayer, buyer: Taxpayer, key: int) -> None:
    head, address = head_of(seller), reverse("isaf:deal", args=[key])
    dealing.say(acting(buyer), key, "0")

    def queries() -> int:
        with CaptureQueriesContext(connection) as captured:
            head.get(address)
        return len(captured)

    queries()
    short = queries()
    for n in range(10):
        dealing.say(acting(buyer), key, str(n))
    assert queries() == short


def test_programs_talk_too(seller: Taxpayer, buyer: Taxpayer, key: int) -> None:
    program = program_of(buyer)
    address = reverse("api-isaf-deal-entries", args=[key])
    sent = {"kind": "not_mine", "text": "Tokios negavome"}
    headers = {"Idempotency-Key": "pirmas"}
    first = program.post(address, sent, content_type="application/json", headers=headers)
    again = program.post(address, sent, content_type="application/json", headers=headers)
    assert (first.status_code, again.json()) == (201, first.json())
    assert first.json()["kind"] == "not_mine"
    told = program_of(seller).get(reverse("api-isaf-deal", args=[key])).json()
    assert told["mark"] == "not_mine"
    assert [entry["text"] for entry in told["entries"]] == ["Tokios negavome"]
    assert [was["state"] for was in told["history"]] == ["differs"]
    assert told["history"][0]["differs"] == ["issued"]
    (pair,) = told["pairs"]
    assert (pair["deal"], pair["theirs"]["issued"]) == (str(key), "2026-10-13")
    refused = program.post(address, {"kind": "word"}, content_type="application/json")
    assert (refused.status_code, refused.json()["code"]) == (422, "deal-words-missing")


def program_of(taxpayer: Taxpayer) -> Client:
    user = make_user()
    make_headship(user, taxpayer)
    _key, plain = make_api_key(user, taxpayer)
    return Client(headers={"Authorization": f"Bearer {plain}", "X-Taxpayer": taxpayer.code})

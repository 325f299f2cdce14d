"""Waybills made on pages: drafts, templates, the book, and what a draft becomes."""

from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import User
from imas.kernel import clock
from imas.kernel.errors import ConflictError, NotFoundError, UnprocessableError
from ivaz import selectors
from ivaz.forms.content import address_text
from ivaz.forms.drafting import CarriageForm, PartiesForm
from ivaz.forms.goods import GoodsForm, typed
from ivaz.models import BookEntry, Waybill, WaybillDraft
from ivaz.rules import moment
from ivaz.services import drafting
from ivaz.types import MOST_LINES, BookKind, Section
from representation.models import Taxpayer
from representation.types import Acting
from tests import make
from tests.isaf.test_views import client_of
from tests.ivaz.records import consent, issued, line, waybill

pytestmark = pytest.mark.django_db


@pytest.fixture
def consignor() -> Taxpayer:
    return make.make_taxpayer(name="UAB „Siuntėjas“")


@pytest.fixture
def acting(consignor: Taxpayer) -> Acting:
    head = make.make_user()
    make.make_headship(head, consignor)
    return make.make_acting(taxpayer=consignor, user=head)


@pytest.fixture
def client(acting: Acting) -> Client:
    return client_of(User.objects.get(pk=acting.user_id))


PARTIES = {
    "kind": "TransportDocument",
    "transporter_code": "ND",
    "transporter_name": "Petras Vežikas",
    "transporter_address": "Kelio g. 1, Utena",
    "is_consignee_unknown": "on",
}


def _carriage(**told: str) -> dict[str, str]:
    leaves = clock.now().astimezone(clock.VILNIUS) + timedelta(days=1)
    return {
        "number": "VAZ 7",
        "dated": clock.today().isoformat(),
        "dispatch": f"{leaves:%Y-%m-%dT%H:%M}",
        "load": "Gedimino pr. 1, Vilnius",
        "unload": "Laisvės al. 1, Kaunas",
        "plate": "abc 123",
        **told,
    }


def _goods(*lines: tuple[str, str, str], **told: str) -> dict[str, str]:
    sent = {"products-TOTAL_FORMS": str(len(lines)), "products-INITIAL_FORMS": "0"}
    for at, (name, quantity, unit) in enumerate(lines):
        sent |= {f"products-{at}-name": name, f"products-{at}-quantity": quantity}
        sent[f"products-{at}-unit"] = unit
    return {**sent, "packages-TOTAL_FORMS": "0", "packages-INITIAL_FORMS": "0", **told}


def _step(client: Client, draft_id: UUID, step: str, told: dict[str, str]) -> Any:
    version = WaybillDraft.objects.get(pk=draft_id).version
    url = reverse(f"ivaz:draft-{step}", args=[draft_id])
    return client.post(url, {**told, "version": str(version)})


def _own(consignor: Taxpayer) -> dict[str, str]:
    return {"consignor_code": consignor.code, "consignor_name": consignor.name}


def test_three_steps_and_a_look_make_a_waybill(client: Client, consignor: Taxpayer) -> None:
    begun = client.post(reverse("ivaz:new"))
    draft = WaybillDraft.objects.get()
    assert begun["Location"] == reverse("ivaz:draft-parties", args=[draft.pk])
    shown = client.get(begun["Location"]).content.decode()
    assert consignor.code in shown
    for step, told in (
        ("parties", {**PARTIES, **_own(consignor)}),
        ("carriage", _carriage(trailer="TT 11", driver="Ona", surname="Onaitė")),
        ("goods", _goods(("Dažai", "1,5", "KGM"), ("Lentos", "20", "MTQ"), gross="21,5")),
    ):
        assert _step(client, draft.pk, step, told).status_code == 302
    assert "VAZ 7" in client.get(reverse("ivaz:draft-check", args=[draft.pk])).content.decode()
    assert Waybill.objects.count() == 0

    client.post(reverse("ivaz:draft-submit", args=[draft.pk]))

    made = Waybill.objects.get()
    assert (made.number, made.local_uid) == ("VAZ 7", str(draft.pk))
    assert made.plates == ["ABC123", "TT11"]
    assert made.content["Consignee"] is None
    assert [one["Quantity"] for one in made.content["DeliveryData"]["Products"]] == ["1.5", "20"]
    assert made.content["DeliveryData"]["Weight"] == {
        "GrossWeight": "21.5",
        "UnitOfMeasure": "KGM",
    }
    assert not WaybillDraft.objects.exists()
    kinds = BookEntry.objects.values_list("kind", flat=True)
    assert sorted(kinds) == ["party", "party", "place", "place", "vehicle"]


def test_an_e_waybill_gets_what_its_format_asks(acting: Acting, consignor: Taxpayer) -> None:
    consent(consignor)
    draft = drafting.begin(acting)
    content = waybill(consignor, consignor, consignor)
    del content["TransportDocumentUID"]
    content["Transporter"]["TransportMeans"][0]["MarqueModelTransportUnits"] = "MAN"
    drafting.keep(acting, draft, Section.EWAYBILL, content)
    verdict = drafting.submit(acting, draft)
    assert verdict.is_taken, verdict.problems
    made = Waybill.objects.get()
    assert made.content["PlaceOfIssueTransportDocument"] == content["ShipFrom"]["LoadAddress"]
    payments = made.content["ComplementaryTransportInformation"]["PaymentsForDelivery"]
    assert payments == [{"PaymentValue": "0.00"}]


def test_what_is_wrong_is_told_with_the_step_that_mends_it(
    client: Client, acting: Acting, consignor: Taxpayer
) -> None:
    draft = drafting.begin(acting)
    content = waybill(consignor, consignor, None)
    content["Transporter"] = {"RegistrationNumber": "ND", "Name": "Kažkas"}
    content["DeliveryData"]["Products"][0]["Quantity"] = "0"
    drafting.keep(acting, draft, Section.WAYBILL, content)
    page = client.get(reverse("ivaz:draft-check", args=[draft.pk])).content.decode()
    for step in ("carriage",):
        assert reverse(f"ivaz:draft-{step}", args=[draft.pk]) in page
    client.post(reverse("ivaz:draft-submit", args=[draft.pk]))
    assert WaybillDraft.objects.filter(pk=draft.pk).exists()
    assert not Waybill.objects.exists()


def test_put_aside_unfinished_and_taken_up(client: Client, acting: Acting) -> None:
    draft = drafting.begin(acting)
    sent = _step(client, draft.pk, "parties", {"kind": "eTransportDocument", "later": "1"})
    assert sent["Location"] == reverse("ivaz:new")
    draft.refresh_from_db()
    assert draft.kind == "eTransportDocument"
    assert str(draft.pk) in client.get(reverse("ivaz:new")).content.decode()
    refused = _step(client, draft.pk, "parties", {"kind": "eTransportDocument"})
    assert refused.status_code == 200
    assert refused.context["form"].errors.keys() >= {"consignor_code", "consignee_code"}


def test_nobody_overwrites_what_another_wrote_meanwhile(client: Client, acting: Acting) -> None:
    draft = drafting.begin(acting)
    stale = WaybillDraft.objects.get(pk=draft.pk)
    drafting.keep(acting, draft, Section.WAYBILL, {"a": "1"})
    with pytest.raises(ConflictError, match="draft-changed"):
        drafting.keep(acting, stale, Section.WAYBILL, {"a": "2"})
    url = reverse("ivaz:draft-parties", args=[draft.pk])
    assert client.post(url, {**PARTIES, "later": "1", "version": "1"}).status_code == 409


def test_a_copy_keeps_all_but_number_and_times(acting: Acting, consignor: Taxpayer) -> None:
    rn = issued(consignor, waybill(consignor, consignor, None, EstimatedTimeOfArrival=_later()))
    draft = drafting.begin_like(acting, rn)
    before = Waybill.objects.get().content
    gone = {
        "TransportDocumentUID",
        "LocalTransportDocumentNumber",
        "LocalTransportDocumentDate",
        "TimeOfDispatch",
        "EstimatedTimeOfArrival",
    }
    assert draft.content == {name: told for name, told in before.items() if name not in gone}


def _later() -> str:
    return (clock.now() + timedelta(days=2)).replace(microsecond=0).isoformat()


def test_a_template_begins_drafts_and_is_replaced_by_its_name(
    client: Client, acting: Acting, consignor: Taxpayer
) -> None:
    draft = drafting.begin(acting)
    drafting.keep(acting, draft, Section.WAYBILL, waybill(consignor, consignor, None))
    url = reverse("ivaz:draft-template", args=[draft.pk])
    client.post(url, {"name": "Kaunas"})
    client.post(url, {"name": "Kaunas"})
    template = selectors.templates_of(acting).get()
    assert "TimeOfDispatch" not in template.content
    client.post(reverse("ivaz:draft-begin", args=[template.pk]))
    begun = selectors.drafts_of(acting).exclude(pk=draft.pk).get()
    assert begun.content == template.content
    client.post(reverse("ivaz:draft-discard", args=[template.pk]))
    assert not selectors.templates_of(acting).exists()


def test_strangers_find_nothing(acting: Acting) -> None:
    draft = drafting.begin(acting)
    with pytest.raises(NotFoundError, match="draft-not-found"):
        drafting.find_draft(make.make_acting(), draft.pk)


def test_so_many_drafts_and_no_more(acting: Acting, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(drafting, "MOST_KEPT", 1)
    drafting.begin(acting)
    with pytest.raises(UnprocessableError, match="drafts-too-many"):
        drafting.begin(acting)


def test_the_book_forgets_what_was_not_used_for_longest(
    acting: Acting, consignor: Taxpayer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(drafting, "MOST_REMEMBERED", 2)
    for plate in ("AAA 111", "BBB 222", "AAA 111", "CCC 333"):
        content = waybill(consignor, consignor, None)
        content["Transporter"]["TransportMeans"] = [{"IdentityOfTransportUnits": plate}]
        drafting.remember(acting.taxpayer_id, content)
    kept = selectors.book_of(acting, BookKind.VEHICLE).values_list("key", flat=True)
    assert list(kept) == ["CCC333", "AAA111"]


def test_choices_come_from_the_book_and_then_from_the_register(
    client: Client, acting: Acting, consignor: Taxpayer
) -> None:
    make.make_taxpayer(name="UAB „Medienos pirklys“", code="301234560")
    drafting.remember(acting.taxpayer_id, waybill(consignor, consignor, None))
    url = reverse("ivaz:choices")
    empty = client.get(url, {"for": "consignor", "find": ""}).content.decode()
    assert consignor.code in empty
    found = client.get(url, {"for": "consignee", "find": "medienos"}).content.decode()
    assert "301234560" in found
    assert "consignee_code" in found
    assert "ABC 123" in client.get(url, {"for": "vehicle", "find": ""}).content.decode()
    assert "Laisvės" in client.get(url, {"for": "unload", "find": "laisv"}).content.decode()
    assert "<button" not in client.get(url, {"for": "nothing", "find": "laisv"}).content.decode()


def test_the_book_is_shown_and_struck_out(
    client: Client, acting: Acting, consignor: Taxpayer
) -> None:
    drafting.remember(acting.taxpayer_id, waybill(consignor, consignor, None))
    entry = selectors.book_of(acting, BookKind.VEHICLE).get()
    assert "ABC 123" in client.get(reverse("ivaz:book")).content.decode()
    client.post(reverse("ivaz:book"), {"entry": str(entry.pk)})
    client.post(reverse("ivaz:book"), {"entry": "x"})
    assert not selectors.book_of(acting, BookKind.VEHICLE).exists()


def test_what_a_step_does_not_show_stays(consignor: Taxpayer) -> None:
    content = waybill(consignor, consignor, consignor)
    seals = {"Seals": [{"IdentityOfCommercialSeal": "S-1"}]}
    content["Transporter"]["TransportMeans"][0] |= seals
    street = {"StreetName": "Kelio", "HouseNumber": "1", "City": "Utena", "PostalCode": "ND"}
    content["ShipFrom"] = {"LoadAddress": {"Address": street}, "ImportCustomOffice": "LTVK"}
    content["DeliveryData"]["Products"] = [{**line(), "AdditionalProductCode": "X"}]
    for form_class in (PartiesForm, CarriageForm, GoodsForm):
        shown = {**form_class.initial_of(content), "kind": "TransportDocument"}
        form = form_class(_sent(form_class, shown))
        assert form.is_valid(), form.errors
        again = form.into(content)
        assert _flat(again) == _flat(content)


def _flat(content: dict[str, Any]) -> dict[str, Any]:
    """The content, but for what the forms say in another of several right ways."""
    dispatch = moment(content["TimeOfDispatch"])  # fields tell minutes, and the local clock
    means = content["Transporter"]["TransportMeans"]
    return {
        **content,
        "TimeOfDispatch": dispatch.replace(second=0, microsecond=0),
        "Transporter": {
            **content["Transporter"],
            "TransportMeans": [{**means[0], "MarqueModelTransportUnits": "ND"}, *means[1:]],
        },
        "DeliveryData": {
            **content["DeliveryData"],
            "Products": [
                {**one, "Quantity": float(one["Quantity"])}
                for one in content["DeliveryData"]["Products"]
            ],
        },
    }


def _sent(form_class: Any, shown: dict[str, Any]) -> dict[str, Any]:
    sent = {name: value for name, value in shown.items() if value not in (None, False)}
    for name in ("dispatch", "arrival"):
        if sent.get(name):
            sent[name] = f"{sent[name]:%Y-%m-%dT%H:%M}"
    if form_class is GoodsForm:
        for prefix in ("products", "packages"):
            lines = sent.pop(prefix)
            sent |= {f"{prefix}-TOTAL_FORMS": len(lines), f"{prefix}-INITIAL_FORMS": 0}
            for at, one in enumerate(lines):
                sent |= {f"{prefix}-{at}-{name}": value for name, value in one.items()}
    return sent


def test_more_lines_lose_nothing_typed() -> None:
    told = typed(_goods(("Dažai", "x", "KGM"), note="trapu"), "products")
    assert [one.get("quantity") for one in told["products"]] == ["x"] + [None] * 5
    assert told["note"] == "trapu"
    assert len(GoodsForm(initial=told).lines["products"].forms) == 6


def test_as_many_lines_as_a_waybill_may_have_are_kept(client: Client, acting: Acting) -> None:
    draft = drafting.begin(acting)
    lines = [(f"Prekė {at}", "1", "H87") for at in range(MOST_LINES)]
    codes = {f"products-{at}-code": f"K{at}" for at in range(MOST_LINES)}
    assert _step(client, draft.pk, "goods", _goods(*lines, **codes)).status_code == 302
    draft.refresh_from_db()
    assert len(draft.content["DeliveryData"]["Products"]) == MOST_LINES


def test_an_address_is_one_line() -> None:
    street = {"StreetName": "Kelio", "HouseNumber": "1", "City": "Utena", "PostalCode": "ND"}
    assert address_text({"Address": {**street, "Country": "LT"}}) == "Kelio 1, Utena, LT"
    assert address_text({"FullAddress": "Čia"}) == "Čia"
    assert address_text(None) == ""

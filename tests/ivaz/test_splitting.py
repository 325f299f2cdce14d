"""A waybill split on a page: its parts are the whole, once, and nothing typed is lost."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

import pytest
from django.conf import settings
from django.forms import BoundField
from django.test import Client
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from imas.kernel import clock
from ivaz.forms.parts import PartForm
from ivaz.forms.splitting import SplitForm, most_parts
from ivaz.models import Waybill
from ivaz.services import sending, splitting
from ivaz.types import MOST_LINES, Content, Section, State
from representation.models import JournalEntry, Taxpayer
from tests import make
from tests.ivaz.records import (
    e_waybill,
    issued,
    line,
    receipt,
    say,
    waybill,
)
from tests.ivaz.records import splitting as splitting_record
from tests.ivaz.test_pages import browser

pytestmark = pytest.mark.django_db

Shares = Mapping[str, tuple[str, ...]]
HALVES: Shares = {"1": ("4", "6"), "2": ("0", "5,5")}


@pytest.fixture
def rn(consignor: Taxpayer, transporter: Taxpayer, consignee: Taxpayer) -> str:
    return issued(consignor, waybill(consignor, transporter, consignee))


def url_of(rn: str) -> str:
    return reverse("ivaz:waybill-split", args=[rn])


def typed(rn: str, shares: Shares, **changed: str) -> dict[str, str]:
    """What a page of so many parts sends when all but the shares stays as proposed."""
    held = Waybill.objects.get(rn=rn)
    count = f"{len(next(iter(shares.values())))}"
    form = SplitForm(held.content, held.version, {"parts": count, "resize": "1"})
    fields = {bound.html_name: shown(bound) for share in form.shares for bound in share}
    told = {
        f"share-{number}-{at}": text
        for number, texts in shares.items()
        for at, text in enumerate(texts, start=1)
    }
    page = {"parts": count, "shown": count, "version": f"{held.version}"}
    return {**page, **fields, **told, **changed}


def shown(bound: BoundField) -> str:
    """The value a browser sends of a field that nobody touched."""
    return f"{bound.field.widget.format_value(bound.value()) or ''}"


def split(client: Client, rn: str, shares: Shares, **changed: str) -> Any:
    return client.post(url_of(rn), typed(rn, shares, **changed))


def page_of(answer: Any) -> str:
    assert answer.status_code == 200
    return str(answer.content.decode())


def parts_of(rn: str) -> list[Content]:
    return [one.content for one in Waybill.objects.filter(split_of__rn=rn).order_by("pk")]


def rn_of(rn: str, at: int) -> str:
    return Waybill.objects.get(split_of__rn=rn, local_uid=f"{rn}-{at}").rn


def quantities(content: Content) -> dict[str, str]:
    products = content["DeliveryData"]["Products"]
    return {one["ProductLineNumber"]: one["Quantity"] for one in products}


def test_the_whole_is_proposed_in_the_first_part(consignor: Taxpayer, rn: str) -> None:
    page = page_of(browser(consignor).get(url_of(rn)))
    assert 'value="10"' in page
    assert 'value="VAZ L-1-1"' in page
    assert 'value="VAZ L-1-2"' in page
    assert page.count("Laisvės al. 1, Kaunas") == 2
    assert "3 dalis" not in page


def test_parts_are_the_whole(consignor: Taxpayer, transporter: Taxpayer, rn: str) -> None:
    clerk = browser(consignor)
    assert url_of(rn) in page_of(clerk.get(reverse("ivaz:waybill", args=[rn])))
    assert url_of(rn) not in page_of(browser(transporter).get(reverse("ivaz:waybill", args=[rn])))
    answer = split(clerk, rn, HALVES)
    assert answer.status_code == 302
    whole, (first, second) = Waybill.objects.get(rn=rn), parts_of(rn)
    assert whole.state == State.SPLIT
    assert [quantities(first), quantities(second)] == [{"1": "4"}, {"1": "6", "2": "5.5"}]
    copied = ("TimeOfDispatch", "Transporter", "ShipTo", "Consignee", "Consignor")
    assert all(one[name] == whole.content[name] for one in (first, second) for name in copied)
    page = page_of(clerk.get(answer.url))
    assert "Krovinys padalytas" in page
    assert "VAZ L-1-1" in page
    assert url_of(rn) not in page
    assert JournalEntry.objects.filter(action="ivaz.records-sent").count() == 1


def test_a_part_goes_elsewhere_later_by_another_carrier(
    consignor: Taxpayer, transporter: Taxpayer, rn: str
) -> None:
    other = make.make_taxpayer(name="UAB „Kitas“")
    leaves = (clock.now() + timedelta(days=2)).astimezone(clock.VILNIUS).replace(second=0)
    told = {
        "part-2-unload": "Taikos pr. 5, Klaipėda",
        "part-2-dispatch": f"{leaves:%Y-%m-%dT%H:%M}",
        "part-2-arrival": f"{leaves + timedelta(hours=5):%Y-%m-%dT%H:%M}",
        "part-2-plate": "NEW 001",
        "part-2-trailer": "TR 9",
        "part-2-driver": "Jonas",
        "part-2-surname": "Jonaitis",
        "part-2-carrier_code": other.code,
        "part-2-carrier_name": other.name,
    }
    assert split(browser(consignor), rn, HALVES, **told).status_code == 302
    first, second = parts_of(rn)
    assert first["Transporter"]["RegistrationNumber"] == transporter.code
    assert second["ShipTo"]["UnloadAddress"] == {"FullAddress": "Taikos pr. 5, Klaipėda"}
    assert second["Transporter"] == {
        "RegistrationNumber": other.code,
        "Name": other.name,
        "TransportMeans": [
            {"IdentityOfTransportUnits": "NEW 001", "MarqueModelTransportUnits": "ND"},
            {"IdentityOfTransportUnits": "TR 9", "MarqueModelTransportUnits": "Priekaba"},
        ],
        "Drivers": [{"Name": "Jonas", "Surname": "Jonaitis"}],
    }
    held = Waybill.objects.filter(split_of__rn=rn).order_by("-pk")[0]
    assert held.dispatch_at == leaves.replace(microsecond=0)
    assert held.arrival_at == held.dispatch_at + timedelta(hours=5)


def test_a_part_goes_to_another_consignee(
    consignor: Taxpayer, transporter: Taxpayer, consignee: Taxpayer
) -> None:
    content = waybill(consignor, transporter, consignee)
    content["Consignee"] |= {"Address": {"FullAddress": "Senoji g. 1"}, "ContactInformation": "8 5"}
    rn = issued(consignor, content)
    other = make.make_taxpayer(name="UAB „Kita parduotuvė“")
    told = {"part-2-consignee_code": other.code, "part-2-consignee_name": other.name}
    assert split(browser(consignor), rn, HALVES, **told).status_code == 302
    first, second = parts_of(rn)
    assert first["Consignee"] == content["Consignee"]
    assert second["Consignee"] == {"RegistrationNumber": other.code, "Name": other.name}
    assert browser(other).get(reverse("ivaz:waybill", args=[f"{rn_of(rn, 2)}"])).status_code == 200


def test_a_consignee_who_is_not_known_yet_may_be_named_for_a_part(
    consignor: Taxpayer, transporter: Taxpayer
) -> None:
    rn = issued(consignor, waybill(consignor, transporter, None))
    clerk = browser(consignor)
    page = page_of(split(clerk, rn, HALVES, **{"part-2-consignee_address": "Taikos pr. 5"}))
    assert 'href="#id_part-2-consignee_code"' in page
    assert 'href="#id_part-2-consignee_name"' in page
    told = {"consignee_code": "ND", "consignee_name": "Turgus", "consignee_address": "Taikos pr. 5"}
    named = {f"part-2-{name}": text for name, text in told.items()}
    assert split(clerk, rn, HALVES, **named).status_code == 302
    first, second = parts_of(rn)
    assert first["Consignee"] is None
    assert second["Consignee"]["Address"] == {"FullAddress": "Taikos pr. 5"}


def test_a_consignee_cannot_be_left_out(consignor: Taxpayer, rn: str) -> None:
    told = {
        "part-1-consignee_code": "",
        "part-1-consignee_name": "",
        "part-1-consignee_address": "",
    }
    page = page_of(split(browser(consignor), rn, HALVES, **told))
    assert 'href="#id_part-1-consignee_code"' in page
    assert not parts_of(rn)


def test_packages_and_weight_are_told_for_each_part(
    consignor: Taxpayer, transporter: Taxpayer
) -> None:
    content = waybill(consignor, transporter, None)
    content["DeliveryData"] |= {
        "Packages": [
            {"KindOfPackagesCode": "PX", "NumberOfPackages": "5"},
            {"KindOfPackagesCode": "BX", "NumberOfPackages": "12"},
        ],
        "Weight": {"GrossWeight": "900.5", "UnitOfMeasure": "KGM"},
    }
    rn = issued(consignor, content)
    clerk = browser(consignor)
    page = page_of(clerk.get(url_of(rn)))
    assert "Pakuotės PX" in page
    assert "900,5" in page
    told = {"share-packages-1-1": "2", "share-packages-2-2": "12", "share-grossweight-2": "300,25"}
    assert 'id="share-grossweight-error"' in page_of(
        split(clerk, rn, HALVES, **{**told, "share-grossweight-1": "sunku"})
    )
    assert split(clerk, rn, HALVES, **told).status_code == 302
    first, second = (one["DeliveryData"] for one in parts_of(rn))
    assert first["Packages"] == [{"KindOfPackagesCode": "PX", "NumberOfPackages": "2"}]
    assert "Weight" not in first
    assert second["Packages"] == [{"KindOfPackagesCode": "BX", "NumberOfPackages": "12"}]
    assert second["Weight"] == {"GrossWeight": "300.25", "UnitOfMeasure": "KGM"}


def test_another_carrier_does_not_get_the_address_of_the_former(
    consignor: Taxpayer, transporter: Taxpayer
) -> None:
    content = waybill(consignor, transporter, None)
    content["Transporter"]["TransporterAddress"] = {"FullAddress": "Senoji g. 1"}
    rn = issued(consignor, content)
    other = make.make_taxpayer()
    told = {"part-2-carrier_code": other.code, "part-2-carrier_name": other.name}
    assert split(browser(consignor), rn, HALVES, **told).status_code == 302
    first, second = parts_of(rn)
    assert "TransporterAddress" in first["Transporter"]
    assert "TransporterAddress" not in second["Transporter"]


@pytest.mark.parametrize(
    ("shares", "said"),
    [
        ({"1": ("4", "5"), "2": ("5,5", "")}, "Liko: 1 KGM."),
        ({"1": ("4", "6,001"), "2": ("5,5", "")}, "0,001 KGM daugiau, nei yra eilutėje."),
        ({"1": ("3,3335", "6,6665"), "2": ("5,5", "")}, "po kablelio"),
        ({"1": ("-1", "11"), "2": ("5,5", "")}, "didesnė arba lygi 0"),
        ({"1": ("10", ""), "2": ("5,5", "")}, "Šioje dalyje nėra prekių."),
        ({"1": ("x", "10"), "2": ("5,5", "")}, "Įveskite skaičių"),
        ({"1": ("NaN", "10"), "2": ("5,5", "")}, "Įveskite skaičių"),
    ],
)
def test_what_is_not_the_whole_stays_on_the_page(
    consignor: Taxpayer, rn: str, shares: Shares, said: str
) -> None:
    page = page_of(split(browser(consignor), rn, shares, **{"part-2-unload": "Kitur 9"}))
    assert said in page
    assert 'value="Kitur 9"' in page
    assert all(f'value="{text}"' in page for text in shares["1"])
    assert not parts_of(rn)
    assert Waybill.objects.get(rn=rn).state == State.SENT


def test_three_decimals_are_divided_to_the_last(consignor: Taxpayer, transporter: Taxpayer) -> None:
    content = waybill(consignor, transporter, None)
    content["DeliveryData"] = {"Products": [line(7, "10.000")]}
    rn = issued(consignor, content)
    thirds = {"7": ("3,333", "3,333", "3,334")}
    assert split(browser(consignor), rn, thirds).status_code == 302
    assert [quantities(one) for one in parts_of(rn)] == [
        {"7": "3.333"}, {"7": "3.333"}, {"7": "3.334"},
    ]  # fmt: skip


@pytest.mark.parametrize("changed", [{"resize": "1"}, {}])
def test_more_parts_are_shown_with_what_was_typed(
    consignor: Taxpayer, rn: str, changed: dict[str, str]
) -> None:
    told = {"parts": "3", "part-1-unload": "Kitur 9", **changed}
    page = page_of(split(browser(consignor), rn, HALVES, **told))
    assert 'value="VAZ L-1-3"' in page
    assert 'value="Kitur 9"' in page
    assert 'value="5,5"' in page
    assert "field-error" not in page
    assert not parts_of(rn)


def test_what_the_service_refuses_stands_at_its_field(
    consignor: Taxpayer, transporter: Taxpayer, rn: str
) -> None:
    before = f"{clock.now() - timedelta(days=1):%Y-%m-%dT%H:%M}"
    page = page_of(split(browser(consignor), rn, HALVES, **{"part-2-arrival": before}))
    assert 'href="#id_part-2-arrival"' in page
    told = {"part-1-carrier_code": "ND", "part-1-carrier_name": "Nežinomas"}
    page = page_of(split(browser(consignor), rn, HALVES, **told))
    assert 'href="#id_part-1-carrier_address"' in page
    assert '<details class="split-rare" open>' in page
    told = {"part-1-driver": "Jonas", "part-1-number": ""}
    page = page_of(split(browser(consignor), rn, HALVES, **told))
    assert 'href="#id_part-1-surname"' in page
    assert 'href="#id_part-1-number"' in page
    assert not parts_of(rn)


def test_what_has_no_field_stands_above(consignor: Taxpayer, rn: str) -> None:
    taken = waybill(consignor, make.make_taxpayer(), None, uid=f"{rn}-2")
    issued(consignor, taken)
    page = page_of(split(browser(consignor), rn, HALVES))
    assert f"Jūsų važtaraštis, kurio identifikatorius {rn}-2, o turinys kitas, jau yra." in page
    assert not parts_of(rn)


def test_an_arrival_may_be_another_not_none(consignor: Taxpayer, transporter: Taxpayer) -> None:
    leaves = clock.now() + timedelta(days=1)
    content = waybill(consignor, transporter, None, dispatch=leaves)
    content["EstimatedTimeOfArrival"] = (leaves + timedelta(hours=2)).isoformat()
    rn = issued(consignor, content)
    page = page_of(split(browser(consignor), rn, HALVES, **{"part-1-arrival": ""}))
    assert 'href="#id_part-1-arrival"' in page
    assert split(browser(consignor), rn, HALVES).status_code == 302


def test_an_e_waybill_asks_the_new_carrier_of_a_part_for_consent(
    consignor: Taxpayer, transporter: Taxpayer, consignee: Taxpayer
) -> None:
    content = e_waybill(consignor, transporter, consignee)
    (verdict,) = say(consignor, Section.EWAYBILL, content)
    other = make.make_taxpayer()
    told = {"part-2-carrier_code": other.code, "part-2-carrier_name": other.name}
    clerk = browser(consignor)
    page = page_of(split(clerk, verdict.rn, HALVES, **told))
    assert 'href="#id_part-2-carrier_code"' in page
    assert split(clerk, verdict.rn, HALVES).status_code == 302


def test_a_second_press_splits_nothing_and_is_no_fault(consignor: Taxpayer, rn: str) -> None:
    clerk, told = browser(consignor), typed(rn, HALVES)
    assert clerk.post(url_of(rn), told).status_code == 302
    page = page_of(clerk.post(url_of(rn), told, follow=True))
    assert "Krovinys jau padalytas" in page
    assert "notice-danger" not in page
    assert len(parts_of(rn)) == 2
    assert clerk.get(url_of(rn)).status_code == 302


def test_a_press_overtaken_by_another_is_known(consignor: Taxpayer, rn: str) -> None:
    acting = make.make_acting("ivaz.submit", taxpayer=consignor)
    held = Waybill.objects.get(rn=rn)
    form = SplitForm(held.content, held.version, typed(rn, HALVES))
    assert form.is_valid()
    verdicts = [sending.send(acting, {Section.SPLIT: [form.content(rn)]})[0] for _at in range(2)]
    assert [splitting.was_split_before(one) for one in verdicts] == [False, True]
    assert len(parts_of(rn)) == 2


def test_a_waybill_changed_meanwhile_is_looked_at_again(consignor: Taxpayer, rn: str) -> None:
    told = typed(rn, HALVES)
    amended = {"LocalTransportDocumentNumber": "VAZ kitas"}
    uid = {"TransportDocumentUID": {"IvazTransportDocumentUID": rn}}
    (verdict,) = say(consignor, Section.AMENDMENT, {**uid, **amended})
    assert verdict.is_taken
    page = page_of(browser(consignor).post(url_of(rn), told))
    assert "tuo metu pasikeitė" in page
    assert 'name="version" value="2"' in page
    assert not parts_of(rn)


def test_others_do_not_split(
    consignor: Taxpayer, transporter: Taxpayer, consignee: Taxpayer, rn: str
) -> None:
    told = typed(rn, HALVES)
    for taxpayer, status in ((consignee, 403), (transporter, 403), (make.make_taxpayer(), 404)):
        client = browser(taxpayer)
        assert client.get(url_of(rn)).status_code == status
        assert client.post(url_of(rn), told).status_code == status
    say(consignee, Section.RECEIPT, receipt(rn))
    clerk = browser(consignor)
    assert clerk.get(url_of(rn)).status_code == 409
    assert clerk.post(url_of(rn), told).status_code == 409
    assert not parts_of(rn)


def test_parts_already_split_by_file_are_no_fault_on_the_page(consignor: Taxpayer, rn: str) -> None:
    (verdict,) = say(consignor, Section.SPLIT, splitting_record(rn, {"1": "10", "2": "5.5"}))
    assert verdict.is_taken
    answer = browser(consignor).get(url_of(rn), follow=True)
    assert "Krovinys jau padalytas" in page_of(answer)


def test_a_page_of_999_lines_costs_five_queries_and_is_split_in_four(
    consignor: Taxpayer, transporter: Taxpayer,
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:  # fmt: skip
    content = waybill(consignor, transporter, None)
    content["DeliveryData"] = {"Products": [line(at) for at in range(1, MOST_LINES + 1)]}
    rn = issued(consignor, content)
    clerk = browser(consignor)
    clerk.get(url_of(rn))
    with django_assert_num_queries(5):
        page = page_of(clerk.get(url_of(rn)))
    assert page.count("split-share") == 2 * (MOST_LINES + len(("gross", "net")))
    assert '<option value="5">' not in page
    quarters = {f"{at}": ("2.5",) * 4 for at in range(1, MOST_LINES + 1)}
    assert split(clerk, rn, quarters).status_code == 302
    assert [len(quantities(one)) for one in parts_of(rn)] == [MOST_LINES] * 4


@pytest.mark.parametrize(("rows", "most"), [(3, 9), (466, 9), (467, 8), (1001, 4), (1101, 3)])
def test_a_page_has_no_more_fields_than_a_request_may(rows: int, most: int) -> None:
    assert most_parts(rows) == most
    fields = most * (rows + len(PartForm.base_fields)) + 4
    assert fields <= settings.DATA_UPLOAD_MAX_NUMBER_FIELDS

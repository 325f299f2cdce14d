"""Pages of i.SAF: what people see and may do."""

import re
from datetime import date
from decimal import Decimal

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts import sessions
from accounts.models import User
from intake import services as intake_services
from isaf.models import Register
from isaf.types import RegisterState, RegisterType
from representation.models import Taxpayer
from tests.isaf.files import IsafFile, Paid, Sold, judged, send
from tests.make import make_acting, make_grant, make_headship, make_taxpayer, make_user

pytestmark = pytest.mark.django_db(transaction=True)


def client_of(user: User) -> Client:
    client = Client(headers={"accept-language": "en"})
    client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    session = client.session
    sessions.begin(session)
    session.save()
    return client


def company() -> tuple[Taxpayer, User, Client]:
    taxpayer, user = make_taxpayer(), make_user()
    make_headship(user, taxpayer)
    return taxpayer, user, client_of(user)


def register_of(taxpayer: Taxpayer, *sales: Sold, **more: object) -> Register:
    acting = make_acting(taxpayer=taxpayer)
    judged(acting, IsafFile(taxpayer.code, sales=sales, **more))  # type: ignore[arg-type]
    return Register.objects.get(taxpayer=taxpayer, type=RegisterType.SALES)


def test_an_uploaded_file_leads_to_its_page() -> None:
    taxpayer, _, client = company()
    file = SimpleUploadedFile("spalis.xml", IsafFile(taxpayer.code, sales=[Sold()]).render())
    answer = client.post(reverse("isaf:upload"), {"documents": [file]})
    assert answer.status_code == 302
    page = client.get(answer["Location"])
    assert "spalis.xml" in page.content.decode()


def test_several_files_lead_to_the_list() -> None:
    taxpayer, _, client = company()
    files = [
        SimpleUploadedFile(f"{part}.xml", IsafFile(taxpayer.code, part=part).render())
        for part in ("A", "B")
    ]
    answer = client.post(reverse("isaf:upload"), {"documents": files, "dry_run": "on"})
    assert answer["Location"] == reverse("isaf:files")
    page = client.get(answer["Location"]).content.decode()
    assert "A.xml" in page
    assert "B.xml" in page


def test_a_form_without_a_file_says_so() -> None:
    _, _, client = company()
    page = client.post(reverse("isaf:upload"), {})
    assert page.status_code == 200
    assert "This field is required." in page.content.decode()


def test_a_waiting_file_shows_progress_and_a_judged_one_its_registers() -> None:
    taxpayer, _, client = company()
    acting = make_acting(taxpayer=taxpayer)
    waiting = send(acting, IsafFile(taxpayer.code, sales=[Sold()]))
    address = reverse("isaf:file", args=[waiting.pk])
    progress = reverse("isaf:file-progress", args=[waiting.pk])
    assert f'hx-get="{progress}"' in client.get(address).content.decode()
    assert "HX-Refresh" not in client.get(progress)
    intake_services.process(waiting.pk)
    assert client.get(progress)["HX-Refresh"] == "true"
    page = client.get(address).content.decode()
    register = Register.objects.get(type=RegisterType.SALES)
    assert reverse("isaf:register", args=[register.number]) in page
    assert "Those still being prepared have to be submitted" in page


def test_problems_of_a_file_can_be_taken_away() -> None:
    taxpayer, _, client = company()
    wrong = Sold(vat=Decimal("99.00"))
    document = judged(make_acting(taxpayer=taxpayer), IsafFile(taxpayer.code, sales=[wrong]))
    for form in ("xlsx", "csv"):
        address = reverse("isaf:file-problems", kwargs={"document_id": document.pk, "form": form})
        answer = client.get(address)
        assert answer.status_code == 200
        assert "attachment" in answer["Content-Disposition"]
        assert b"".join(answer)


def test_the_list_of_registers_names_every_period_and_what_to_do() -> None:
    taxpayer, _, client = company()
    register = register_of(taxpayer, Sold())
    page = client.get(reverse("isaf:registers")).content.decode()
    assert register.number in page
    assert reverse("isaf:register-submit", args=[register.number]) in page
    assert page.count("<tbody") == 13


def test_a_register_shows_its_invoices_and_sums() -> None:
    taxpayer, _, client = company()
    register = register_of(taxpayer, Sold("A1"), Sold("A2", taxable=Decimal("50.00")))
    page = client.get(reverse("isaf:register", args=[register.number])).content.decode()
    assert "A1" in page
    assert "150.00" in page


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ({"q": "a-1"}, {"A 1"}),
        ({"q": "statyba"}, {"B 7"}),
        ({"q": "LT29006"}, {"B 7"}),
        ({"q": "100%"}, set()),
        ({"type": "KS"}, {"K 1"}),
        ({"code": "pvm58"}, {"B 7"}),
        ({"since": "2026-10-10"}, {"B 7"}),
        ({"until": "2026-10-04"}, {"K 1"}),
        ({"party": "LT290061371314"}, {"B 7"}),
        ({"part": "1"}, {"A 1", "B 7", "K 1"}),
        ({"part": "2"}, set()),
        ({"problems": "on"}, {"B 7", "K 1"}),
        ({"since": "not a day"}, {"A 1", "B 7", "K 1"}),
        ({"party": "lt290061371314"}, {"B 7"}),
        ({"party_key": "LT290061371314"}, {"B 7"}),
        ({"party_key": "-"}, set()),
        ({"country": "-"}, {"A 1", "B 7", "K 1"}),
        ({"country": "ee"}, set()),
        ({"rate": "9"}, {"B 7"}),
        ({"rate": "21,0", "code": "PVM1"}, {"A 1", "K 1"}),
        ({"rate": "9", "code": "PVM1"}, set()),
        ({"rate": "-"}, set()),
        ({"code": "-"}, set()),
        ({"rate": "much"}, {"A 1", "B 7", "K 1"}),
        ({"special": "true"}, set()),
        ({"special": "false", "type": "KS"}, {"K 1"}),
        ({"source": "PORTAL_FILE"}, {"A 1", "B 7", "K 1"}),
        ({"source": "SERVICE_FILE"}, set()),
        ({"supplied_since": "2026-01-01"}, set()),
        ({"registered_until": "2026-12-31"}, set()),
        ({"taxable_from": "100,00", "taxable_to": "100"}, {"A 1", "B 7", "K 1"}),
        ({"vat_to": "20.99"}, {"B 7"}),
        ({"total_from": "1 000"}, set()),
        ({"total_from": "121", "until": "2026-10-04"}, {"K 1"}),
        ({"problems": "warning"}, {"B 7", "K 1"}),
        ({"problems": "error"}, set()),
    ],
)
def test_invoices_are_found_by(asked: dict[str, str], found: set[str]) -> None:
    taxpayer, _, client = company()
    register = register_of(
        taxpayer,
        Sold("A 1"),
        Sold("B 7", "LT290061371314", "UAB Statyba", date(2026, 10, 12), rate=Decimal(9)),
        Sold("K 1", type="KS", issued=date(2026, 10, 3), refs=[("X9", date(2026, 10, 1))]),
    )
    page = client.get(reverse("isaf:register", args=[register.number]), asked)
    assert {row.number for row in page.context["page"].rows} == found
    assert page.context["totals"].invoices == len(found)


def test_filters_in_use_are_told_and_taken_away_one_by_one() -> None:
    taxpayer, _, client = company()
    register = register_of(taxpayer, Sold("A 1"))
    asked = {"q": "A", "type": "SF", "taxable_to": "1000", "since": "2026-10-01", "rate": ""}
    page = client.get(reverse("isaf:register", args=[register.number]), asked)
    told = {str(chip.label): chip for chip in page.context["chips"]}
    assert list(told) == [
        "Number, name or code",
        "Document type",
        "Issued from",
        "Taxable value to",
    ]
    assert told["Taxable value to"].value == "1,000.00"
    assert told["Document type"].url == "?q=A&taxable_to=1000&since=2026-10-01"
    text = page.content.decode()
    assert '<details class="filters-more" open>' in text
    page = client.get(reverse("isaf:register", args=[register.number]))
    assert page.context["chips"] == []
    assert "open>" not in page.content.decode().partition("filters-more")[2][:20]


def test_a_supply_or_registration_date_is_asked_for() -> None:
    taxpayer, _, client = company()
    acting = make_acting(taxpayer=taxpayer)
    judged(acting, IsafFile(taxpayer.code, purchases=[Sold("P 1"), Sold("P 2")]))
    register = Register.objects.get(taxpayer=taxpayer, type=RegisterType.PURCHASE)
    with connection.cursor() as cursor:
        cursor.execute("UPDATE isaf_tax_row SET vat_point = '2026-10-03' WHERE position = 1")
        cursor.execute("UPDATE isaf_invoice SET vat_point = '2026-10-02'")
    address = reverse("isaf:register", args=[register.number])
    for asked, found in (
        ({"supplied_since": "2026-10-03"}, ["P 2"]),
        ({"supplied_until": "2026-10-02"}, ["P 1"]),
        ({"registered_since": "2026-10-05", "registered_until": "2026-10-05"}, ["P 1", "P 2"]),
        ({"registered_since": "2026-10-06"}, []),
    ):
        assert [row.number for row in client.get(address, asked).context["page"].rows] == found


def test_pages_of_a_register_follow_one_another_over_parts_and_back() -> None:
    taxpayer, _, client = company()
    acting = make_acting(taxpayer=taxpayer)
    for part in ("A", "B"):
        sales = [Sold(f"{part}{n:03}") for n in range(60)]
        judged(acting, IsafFile(taxpayer.code, part=part, sales=sales))
    register = Register.objects.get(type=RegisterType.SALES)
    address = reverse("isaf:register", args=[register.number])
    first = client.get(address).context["page"]
    second = client.get(address, {"at": first.next}).context["page"]
    third = client.get(address, {"at": second.next}).context["page"]
    numbers = [row.number for page in (first, second, third) for row in page.rows]
    assert numbers == [f"{part}{n:03}" for part in "AB" for n in range(60)]
    assert not third.next
    back = client.get(address, {"at": third.previous}).context["page"]
    assert [row.number for row in back.rows] == [row.number for row in second.rows]


def test_a_foreign_cursor_is_refused() -> None:
    taxpayer, _, client = company()
    register = register_of(taxpayer, Sold())
    answer = client.get(reverse("isaf:register", args=[register.number]), {"at": "xyz"})
    assert answer.status_code == 422


def test_the_way_to_submission_asks_and_then_gives_a_receipt() -> None:
    taxpayer, _, client = company()
    register = register_of(taxpayer, Sold())
    address = reverse("isaf:register-submit", args=[register.number])
    assert "This is what you submit" in client.get(address).content.decode()
    register.refresh_from_db()
    assert register.state == RegisterState.PREPARING
    answer = client.post(address)
    assert answer["Location"] == reverse("isaf:register-submitted", args=[register.number])
    assert "Receipt" in client.get(answer["Location"]).content.decode()
    register.refresh_from_db()
    assert register.state == RegisterState.SUBMITTED
    assert client.post(address).status_code == 409


def test_a_receipt_is_shown_only_after_submission() -> None:
    taxpayer, _, client = company()
    register = register_of(taxpayer, Sold())
    answer = client.get(reverse("isaf:register-submitted", args=[register.number]))
    assert answer["Location"] == reverse("isaf:register", args=[register.number])


def test_an_invoice_shows_rows_references_and_findings() -> None:
    taxpayer, _, client = company()
    credit = Sold("K 1", type="KS", refs=[("A 1", date(2026, 10, 5)), ("X 9", date(2026, 10, 5))])
    register = register_of(taxpayer, Sold("A 1"), credit)
    part_id = register.shown.get().part_id
    page = client.get(reverse("isaf:invoice", args=[register.number, part_id, 1]))
    detail = page.context["detail"]
    assert [row.code for row in detail.rows] == ["PVM1"]
    assert [(one.number, one.place) for one in detail.references] == [
        ("A 1", (part_id, 0)),
        ("X 9", None),
    ]
    assert "14041" in {one.problem.code for one in detail.problems}


def test_an_invoice_of_a_part_not_shown_is_not_found() -> None:
    taxpayer, _, client = company()
    register = register_of(taxpayer, Sold("A 1"))
    old = register.shown.get().part_id
    register_of(taxpayer, Sold("A 2"))
    answer = client.get(reverse("isaf:invoice", args=[register.number, old, 0]))
    assert answer.status_code == 404


def test_the_other_pages_of_a_register_open() -> None:
    taxpayer, _, client = company()
    register = register_of(taxpayer, Sold(), settlements=[Paid()])
    settlements = Register.objects.get(type=RegisterType.SETTLEMENT)
    for name, number in (
        ("register-problems", register.number),
        ("register-parts", register.number),
        ("register", settlements.number),
    ):
        assert client.get(reverse(f"isaf:{name}", args=[number])).status_code == 200


@pytest.mark.parametrize("name", ["register", "register-problems", "register-parts"])
def test_every_page_of_a_register_leads_to_submission_and_to_the_others(name: str) -> None:
    taxpayer, _, client = company()
    register = register_of(taxpayer, Sold())
    page = client.get(reverse(f"isaf:{name}", args=[register.number])).content.decode()
    for other in ("register", "register-problems", "register-parts", "register-submit"):
        assert f'href="{reverse(f"isaf:{other}", args=[register.number])}"' in page


def test_a_register_being_prepared_can_be_removed_from_the_page_of_its_parts() -> None:
    taxpayer, _, client = company()
    register = register_of(taxpayer, Sold())
    page = client.get(reverse("isaf:register-parts", args=[register.number])).content.decode()
    assert reverse("isaf:register-cancel", args=[register.number]) in page


def test_a_finding_leads_to_its_invoice() -> None:
    taxpayer, _, client = company()
    register = register_of(taxpayer, Sold("BE NUMERIO"))
    page = client.get(reverse("isaf:register-problems", args=[register.number])).content.decode()
    assert f"{reverse('isaf:register', args=[register.number])}?q=BE%20NUMERIO" in page


@pytest.mark.parametrize("form", ["xlsx", "csv"])
def test_invoices_can_be_taken_away(form: str) -> None:
    taxpayer, _, client = company()
    register = register_of(taxpayer, *(Sold(f"A{n}") for n in range(70)))
    address = reverse("isaf:register-export", kwargs={"number": register.number, "form": form})
    answer = client.get(address, {"q": "A"})
    content = b"".join(answer)
    assert content
    if form == "csv":
        assert len(re.findall(rb"\r\n", content)) == 71


def test_what_was_found_in_a_register_can_be_taken_away() -> None:
    taxpayer, _, client = company()
    register = register_of(taxpayer, Sold("BE NUMERIO"), Sold("A 1"))
    page = client.get(reverse("isaf:register-problems", args=[register.number]))
    place = {"number": register.number, "form": "csv"}
    address = reverse("isaf:register-problems-export", kwargs=place)
    assert address in page.content.decode()
    lines = b"".join(client.get(address)).decode().splitlines()
    assert any("14035" in line and "BE NUMERIO" in line for line in lines)
    assert not any("A 1" in line for line in lines)


def test_a_removed_register_is_gone_from_the_list() -> None:
    taxpayer, _, client = company()
    register = register_of(taxpayer, Sold())
    answer = client.post(reverse("isaf:register-cancel", args=[register.number]))
    assert answer["Location"] == reverse("isaf:registers")
    address = reverse("isaf:register", args=[register.number])
    assert client.get(address).status_code == 404


ADDRESSES = [
    ("get", "isaf:registers", False),
    ("get", "isaf:files", False),
    ("get", "isaf:register", True),
    ("get", "isaf:register-problems", True),
    ("get", "isaf:register-parts", True),
    ("get", "isaf:register-submit", True),
    ("get", "isaf:register-submitted", True),
    ("post", "isaf:register-submit", True),
    ("post", "isaf:register-cancel", True),
]


@pytest.mark.parametrize(("method", "name", "has_number"), ADDRESSES)
def test_nobody_else_gets_anything(method: str, name: str, has_number: bool) -> None:
    taxpayer, _, _ = company()
    register = register_of(taxpayer, Sold())
    args = [register.number] if has_number else []
    address = reverse(name, args=args)
    _, _, stranger = company()
    representative = make_user()
    make_grant(representative, taxpayer, "mailbox.view")
    assert getattr(Client(), method)(address).status_code == 302
    assert getattr(client_of(representative), method)(address).status_code == 403
    answer = getattr(stranger, method)(address)
    assert answer.status_code == (404 if has_number else 200)
    assert register.number not in answer.content.decode().replace(address, "")


@pytest.mark.parametrize(
    ("name", "limit"),
    [("isaf:registers", 12), ("isaf:files", 12), ("isaf:register", 14)],
)
def test_a_list_costs_the_same_whatever_its_length(name: str, limit: int) -> None:
    taxpayer, _, client = company()
    register = register_of(taxpayer, Sold())
    address = reverse(name, args=[register.number] if name == "isaf:register" else [])
    client.get(address)
    with CaptureQueriesContext(connection) as few:
        client.get(address)
    register_of(taxpayer, *(Sold(f"A{n}") for n in range(40)), part="2")
    with CaptureQueriesContext(connection) as many:
        client.get(address)
    assert len(many) == len(few)
    assert len(many) <= limit

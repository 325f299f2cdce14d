"""Preliminary returns as files and pages: FFData read back, tables, papers, queries, decisions."""

from decimal import Decimal
from io import BytesIO

import pytest
from django.test import Client
from django.urls import reverse
from django.utils.translation import override
from openpyxl import load_workbook
from pypdf import PdfReader
from pytest_django import DjangoAssertNumQueries

from accounts.models import User
from imas.kernel import ffdata
from imas.kernel.periods import Period
from isaf.models import ReturnVersion
from isaf.return_ffdata import ffdata_of
from isaf.returns.forms import FormName
from isaf.services import return_lines
from representation.types import Acting
from tests import make
from tests.isaf.drafting import drafted, line, sold
from tests.isaf.registers_told import Told
from tests.isaf.test_views import client_of

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def acting() -> Acting:
    taxpayer = make.make_taxpayer(name="UAB „Baltijos mediena“", vat_code="LT100001738313")
    head = make.make_user()
    make.make_headship(head, taxpayer)
    return make.make_acting(taxpayer=taxpayer, user=head)


@pytest.fixture
def client(acting: Acting) -> Client:
    return client_of(User.objects.get(pk=acting.user_id))


def test_ffdata_reads_back_to_the_same_boxes(acting: Acting) -> None:
    version = drafted(acting, [sold(line("1000.00", "210.00"))], [sold(line("10.00", "2.10"))])
    text = ffdata_of(version)
    definition, ((page, fields),) = ffdata.read(text)
    assert (definition, page) == ("{00000000-0000-0000-0000-000000000000}", "FR0600")
    assert len(fields) == 41
    assert fields["B_MM_Pavad"] == "UAB „BALTIJOS MEDIENA“"
    assert fields["B_MM_PVM"] == "100001738313"
    assert (fields["B_ML_DataNuo"], fields["B_ML_DataIki"]) == ("2026-10-01", "2026-10-31")
    assert (fields["E8"], fields["E9"]) == ("1", "1")
    read = {
        name[1:]: int(value)
        for name, value in fields.items()
        if name[1:] in version.boxes and value
    }
    assert read == {box: value for box, value in version.boxes.items() if value}
    assert b"\r\n" in text


def test_the_form_before_2026_has_forty_fields(acting: Acting) -> None:
    version = drafted(acting, period=Period.month(2025, 10))
    definition, ((_page, fields),) = ffdata.read(ffdata_of(version))
    assert definition == "{DFDCC8EC-FFAB-4AA2-92E3-E20980272B19}"
    assert len(fields) == 40


def test_the_list_goes_on_further_pages(acting: Acting) -> None:
    buyers = [
        Told(f"S{n}", f"PL{5260001246 + n}", lines=[line(f"{n}.50", None, "PVM13")])
        for n in range(1, 28)
    ]
    version = drafted(acting, buyers, form=FormName.LIST)
    _definition, pages = ffdata.read(ffdata_of(version))
    assert [(name, len(fields)) for name, fields in pages] == [
        ("FR0564", 78), ("FR0564P", 124), ("FR0564P", 124),
    ]  # fmt: skip
    first, second, third = (fields for _name, fields in pages)
    assert first["E16"] == str(sum(n + 1 for n in range(1, 28)))  # each half up
    assert first["E17"] == "2"
    assert (second["P10-1"], third["P10-2"], third["P12-3"]) == ("10", "27", "")


def test_tables_and_papers(acting: Acting, client: Client) -> None:
    version = drafted(
        acting, [sold(line("1000.00", "210.00"))], [sold(line("5.00", None, "PVM100"))]
    )
    return_lines.add_line(
        acting, version.of_id, return_lines.Told("P:PVM23", vat=Decimal(9), note="=cmd()")
    )

    def take(form: str) -> bytes:
        answer = client.get(reverse("isaf:return-export", args=[version.of_id, form]))
        assert answer.status_code == 200
        return answer.getvalue()

    cells = list(load_workbook(BytesIO(take("xlsx"))).active.iter_rows(values_only=True))  # type: ignore[union-attr]
    assert len(cells) == 4
    assert {row[4] for row in cells[1:]} == {"S1", "=cmd()"}
    assert "'=cmd()" in take("csv").decode()
    paper = " ".join(page.extract_text() for page in PdfReader(BytesIO(take("pdf"))).pages)
    assert "FR0600" in paper
    assert version.of.number in paper
    assert ffdata.read(take("ffdata"))[1][0][1]["E26"] == "9"


def _pages(version: ReturnVersion) -> list[str]:
    of = version.of_id
    return [
        reverse("isaf:returns"),
        reverse("isaf:return", args=[of]),
        reverse("isaf:return-box", args=[of, "11"]),
        reverse("isaf:return-apart", args=[of, "unmapped"]),
    ]


def test_pages_take_the_same_queries_however_much_there_is(
    acting: Acting, client: Client, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    many = [Told(f"S{n}", "LT100002222", lines=[line("1.00", "0.21")]) for n in range(60)]
    odd = [Told(f"N{n}", "LT100002222", lines=[line("1.00", None, "PVM100")]) for n in range(60)]
    version = drafted(acting, [*many, *odd])
    with override("lt"):
        for page in _pages(version):
            with django_assert_max_num_queries(40):
                assert client.get(page).status_code == 200


def test_deciding_on_the_page(acting: Acting, client: Client) -> None:
    version = drafted(
        acting, [sold(line("1000.00", "210.00")), sold(line("1.00", "0.21"), number="S2")]
    )
    page = reverse("isaf:return-box", args=[version.of_id, "11"])
    shown = client.get(page).content.decode()
    place = shown.split('name="place"')[1].split('value="')[1].split('"')[0]
    said = {"place": place, "counted": "excluded", "deduction": "usual", "reason": "Ne mūsų"}
    answer = client.post(page, said, follow=True)
    assert answer.status_code == 200
    version.refresh_from_db()
    assert version.boxes["11"] == 1
    apart = client.get(reverse("isaf:return-apart", args=[version.of_id, "excluded"]))
    assert "Ne mūsų" in apart.content.decode()
    assert client.post(page, {**said, "place": "x/y"}).status_code == 422
    assert client.post(page, {"counted": "excluded"}).status_code == 302
    version.refresh_from_db()
    assert version.boxes["11"] == 1

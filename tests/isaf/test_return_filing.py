"""Preliminary returns corrected line by line, with proofs, held against what was filed."""

from datetime import date
from decimal import Decimal
from io import BytesIO

import pytest
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from openpyxl import load_workbook

from accounts.models import User
from imas.kernel import ffdata
from imas.kernel.errors import NotFoundError, UnprocessableError
from isaf.models import Register, ReturnLineFile, ReturnVersion
from isaf.return_deadlines import returns_due
from isaf.return_ffdata import ffdata_of
from isaf.returns.forms import FormName, annexes_on
from isaf.selectors.listed import changed_lines
from isaf.selectors.returns import file_of_line, newest_version
from isaf.services import computing, filed, return_lines, returns
from isaf.services.return_lines import Told as LineTold
from isaf.services.returns import Settings
from mailbox.proofs import Proof
from representation.models import Taxpayer
from representation.types import Acting
from tests import make
from tests.isaf.drafting import computed, drafted, line, sold
from tests.isaf.registers_told import Told, supersede, tell
from tests.isaf.test_views import client_of

pytestmark = pytest.mark.django_db(transaction=True)

PDF = b"%PDF-1.7 muitine"


@pytest.fixture
def acting() -> Acting:
    taxpayer = make.make_taxpayer(name="UAB „Baltijos mediena“", vat_code="LT100001738313")
    head = make.make_user()
    make.make_headship(head, taxpayer)
    return make.make_acting(taxpayer=taxpayer, user=head)


@pytest.fixture
def client(acting: Acting) -> Client:
    return client_of(User.objects.get(pk=acting.user_id))


def retold(acting: Acting, version: ReturnVersion, *sales: Told) -> ReturnVersion:
    """The register of issued invoices corrected, and the return with it."""
    supersede(Register.objects.get(type="SALES_REGISTRY"))
    tell(Taxpayer.objects.get(pk=acting.taxpayer_id), "S", *sales)
    returns.correct(acting, version.of_id)
    computing.compute_return(version.of_id)
    newest = newest_version(version.of)
    assert newest
    return newest


def corrected(acting: Acting) -> ReturnVersion:
    """A confirmed list of three buyers; then one has bought more, one nothing, one is new."""
    goods = {"PL5260001246": "100.00", "LV40003009497": "50.00", "EE100594102": "30.00"}
    told = [
        sold(line(amount, None, "PVM13"), number=f"S{n}", vat_code=code)
        for n, (code, amount) in enumerate(goods.items())
    ]
    version = drafted(acting, told, form=FormName.LIST)
    returns.confirm(acting, version.of_id, 1)
    now = [
        sold(line("100.00", None, "PVM13"), number="S0", vat_code="PL5260001246"),
        sold(line("80.40", None, "PVM13"), number="S1", vat_code="LV40003009497"),
        sold(line("9.00", None, "PVM19"), number="S9", vat_code="FI01120389"),
    ]
    return retold(acting, version, *now)


def test_a_list_is_corrected_by_its_changed_lines(acting: Acting) -> None:
    version = corrected(acting)
    told = [(one.country + one.code, *one.in_euros) for one in changed_lines(version)]
    assert told == [("EE100594102", 0, 0, 0), ("FI01120389", 0, 9, 0), ("LV40003009497", 80, 0, 0)]
    returns.set_up(acting, version.of_id, Settings(by_lines=True))
    version.refresh_from_db()
    _definition, ((_page, fields),) = ffdata.read(ffdata_of(version))
    assert (fields["E6"], fields["E15"], fields["E16"]) == ("3", "80", "80")
    assert [fields[f"P9-{row}"] for row in range(1, 5)] == ["T", "T", "T", ""]
    assert [fields[f"P12-{row}"] for row in range(1, 4)] == ["100594102", "01120389", "40003009497"]
    returns.set_up(acting, version.of_id, Settings())
    version.refresh_from_db()
    _definition, ((_page, whole),) = ffdata.read(ffdata_of(version))
    assert (whole["E6"], whole["E16"], whole["P9-1"]) == ("2", "180", "")


def test_only_a_correction_of_a_list_gives_changed_lines(acting: Acting) -> None:
    version = drafted(acting, [sold(line("1.00", None, "PVM13"), vat_code="PL5260001246")])
    first = computed(acting, form=FormName.LIST)
    for one in (version, first):
        with pytest.raises(UnprocessableError, match="return-by-lines-wrong"):
            returns.set_up(acting, one.of_id, Settings(by_lines=True))


def test_a_confirmed_version_keeps_the_data_it_was_confirmed_with(acting: Acting) -> None:
    version = drafted(acting, [sold(line("100.00", "21.00"))])
    returns.set_up(acting, version.of_id, Settings(activity="620100", is_last=True))
    returns.confirm(acting, version.of_id, 1)
    first = ffdata_of(ReturnVersion.objects.get(pk=version.pk))
    returns.correct(acting, version.of_id)
    computing.compute_return(version.of_id)
    returns.set_up(acting, version.of_id, Settings(percent=50, activity="4711"))
    assert ffdata_of(ReturnVersion.objects.get(pk=version.pk)) == first
    newest = newest_version(version.of)
    assert newest
    _definition, ((_page, fields),) = ffdata.read(ffdata_of(newest))
    assert (fields["E8"], fields["E9"], fields["E10"], fields["E28"]) == ("2", "1", "471100", "50")


def test_earlier_versions_are_taken_away_while_their_rows_stand(
    acting: Acting, client: Client
) -> None:
    version = drafted(acting, [sold(line("100.00", "21.00"))])
    returns.confirm(acting, version.of_id, 1)
    returns.correct(acting, version.of_id)
    computing.compute_return(version.of_id)
    computed(acting)  # the third; the second was nobody's, so its rows are gone

    def take(number: str, name: str = "isaf:return-boxes-export") -> tuple[int, bytes]:
        answer = client.get(
            reverse(name, args=[version.of_id, "xlsx"]), {"version": number} if number else {}
        )
        return answer.status_code, answer.getvalue()

    for number in ("", "1", "3"):
        status, content = take(number)
        assert status == 200
        cells = load_workbook(BytesIO(content)).active.iter_rows(values_only=True)  # type: ignore[union-attr]
        assert ("11", 100, 100) in {(row[0], *row[2:4]) for row in cells}
    assert [take(number)[0] for number in ("2", "9")] == [404, 404]
    assert take("1", "isaf:return-export")[0] == 200
    page = client.get(reverse("isaf:return", args=[version.of_id]), {"version": "2"})
    assert b"boxes.xlsx" not in page.content


def test_a_line_is_borne_out_by_files(acting: Acting, client: Client) -> None:
    version = drafted(acting)
    url = reverse("isaf:return-line", args=[version.of_id])
    sent = {"rule": "P:PVM23", "vat": "9,00", "note": "25LTMRN1"}
    answer = client.post(url, sent | {"proofs": SimpleUploadedFile("MRN.pdf", PDF)})
    assert answer.status_code == 302
    kept = ReturnLineFile.objects.get()
    answer = client.get(reverse("isaf:return-line-file", args=[kept.line_id, kept.pk]))
    assert answer.getvalue() == PDF
    assert answer["Content-Disposition"] == 'attachment; filename="MRN.pdf"'
    assert b"MRN.pdf" in client.get(reverse("isaf:return", args=[version.of_id])).content
    refused = client.post(url, sent | {"proofs": SimpleUploadedFile("x.pdf", b"MZ exe")})
    assert refused.status_code == 200
    assert ReturnLineFile.objects.count() == 1
    stranger = make.make_acting("isaf.returns")
    with pytest.raises(NotFoundError, match="return-line-not-found"):
        file_of_line(stranger, kept.line_id, kept.pk)


def test_a_refused_line_leaves_no_file_behind(acting: Acting) -> None:
    version = drafted(acting)
    before = _stored()
    proof = Proof(SimpleUploadedFile("MRN.pdf", PDF), "application/pdf")
    with pytest.raises(UnprocessableError, match="return-line-wrong"):
        return_lines.add_line(acting, version.of_id, LineTold("B:25", note="x"), [proof])
    assert _stored() == before


def _stored() -> set[str]:
    months = [
        f"mailbox/{year}/{month}"
        for year in default_storage.listdir("mailbox")[0]
        for month in default_storage.listdir(f"mailbox/{year}")[0]
    ]
    return {name for month in months for name in default_storage.listdir(month)[1]}


def test_what_was_filed_stands_beside_what_was_drawn_up(acting: Acting, client: Client) -> None:
    version = drafted(acting, [sold(line("1000.00", "210.00"))])
    text = ffdata_of(version).replace(b">1000<", b">900<")
    url = reverse("isaf:return-filed", args=[version.of_id])
    assert client.post(url, {"file": SimpleUploadedFile("x.ffdata", text)}).status_code == 302
    version.of.refresh_from_db()
    assert version.of.filed_boxes is not None
    assert version.of.filed_boxes["11"] == 900
    page = client.get(reverse("isaf:return", args=[version.of_id]))
    assert page.content.decode().count("differs") == 1
    told = filed.tell_filed(acting, version.of_id, {"11": 1000, "29": 210, "36": 210})
    assert told.filed_boxes is not None
    assert (told.filed_boxes["11"], told.filed_boxes["25"]) == (1000, 0)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (b"100001738313", b"100001738313"),
        (b"2026-10-31", b"2026-09-30"),
        (b">1000<", b">daug<"),
        (b"FR0600", b"FR0564"),
        (b"<FFData", b"<FFDatum"),
        (b"</FFData>", b""),
    ],
    ids=["same", "period", "number", "form", "root", "broken"],
)
def test_another_return_is_not_what_was_filed(acting: Acting, old: bytes, new: bytes) -> None:
    version = drafted(acting, [sold(line("1000.00", "210.00"))])
    text = ffdata_of(version).replace(old, new)
    if old == new:
        filed.tell_filed_file(acting, version.of_id, text)
        return
    with pytest.raises(UnprocessableError, match="return-filed-other"):
        filed.tell_filed_file(acting, version.of_id, text)


@pytest.mark.parametrize("boxes", [{"99": 1}, {"11": 10**12}], ids=["box", "large"])
def test_boxes_that_no_form_has_were_not_filed(acting: Acting, boxes: dict[str, int]) -> None:
    version = drafted(acting)
    with pytest.raises(UnprocessableError, match="return-filed-other"):
        filed.tell_filed(acting, version.of_id, boxes)


def test_an_ordered_return_is_due_on_the_25th_until_it_is_confirmed(acting: Acting) -> None:
    version = drafted(acting)

    def told() -> list[tuple[str, date, bool]]:
        found = returns_due([acting.taxpayer_id], date(2026, 11, 1), date(2026, 11, 30))
        return [(one.key, one.day, one.is_done) for one in found.get(acting.taxpayer_id, ())]

    assert told() == [("isaf.return.FR0600.2026-10", date(2026, 11, 25), False)]
    returns.confirm(acting, version.of_id, 1)
    assert told() == [("isaf.return.FR0600.2026-10", date(2026, 11, 25), True)]
    assert returns_due([acting.taxpayer_id], date(2026, 12, 1), date(2026, 12, 31)) == {}


def test_annexes_are_known_by_name_since_2020() -> None:
    assert [one.name for one in annexes_on(date(2026, 10, 1))] == ["FR0564R", "FR0564T"]
    assert annexes_on(date(2019, 10, 1)) == []


def test_the_page_of_a_list_names_its_annexes(acting: Acting, client: Client) -> None:
    version = corrected(acting)
    page = client.get(reverse("isaf:return", args=[version.of_id]))
    assert b"FR0564R" in page.content
    answer = client.post(
        reverse("isaf:return-settings", args=[version.of_id]), {"by_lines": "lines"}
    )
    assert answer.status_code == 302
    version.refresh_from_db()
    assert version.by_lines


def test_amounts_of_changed_lines_are_of_whole_euros(acting: Acting) -> None:
    version = drafted(
        acting,
        [sold(line("100.00", None, "PVM13"), vat_code="PL5260001246")],
        form=FormName.LIST,
    )
    returns.confirm(acting, version.of_id, 1)
    now = sold(line("100.30", None, "PVM13"), vat_code="PL5260001246")
    newest = retold(acting, version, now)
    assert changed_lines(newest) == []
    assert sum(Decimal(one.goods) for one in changed_lines(version)) == Decimal("100.00")

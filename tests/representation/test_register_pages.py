import io

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from openpyxl import load_workbook
from pytest_django.fixtures import Settings

from accounts import sessions, stepup
from accounts.models import User
from representation import waybills
from representation.models import ImportRun, JournalEntry, Taxpayer, WaybillSubmitter
from tests.make import (
    legal_code,
    make_grant,
    make_headship,
    make_taxpayer,
    make_totp,
    make_user,
    personal_code,
)

pytestmark = pytest.mark.django_db
VAT = "LT100001919017"


def browser_of(user: User, *, proved: bool = False) -> Client:
    client = Client()
    client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    session = client.session
    sessions.begin(session)
    if proved:
        stepup.confirm(session)
    session.save()
    return client


@pytest.fixture
def company() -> Taxpayer:
    return make_taxpayer(name="UAB „Šilo medis“", vat_code=VAT)


@pytest.fixture
def officer() -> Client:
    user = make_user(is_staff=True)
    make_totp(user)
    return browser_of(user, proved=True)


def sent(officer: Client, text: str, kind: str = "taxpayers") -> str:
    """Take a file in; return the address of its preview."""
    file = SimpleUploadedFile("mm.csv", text.encode())
    answer = officer.post("/registers/imports/new/", {"kind": kind, "document": file})
    return str(answer.headers["Location"])


def test_an_officer_sees_what_a_file_changes_and_applies_it(officer: Client) -> None:
    code = legal_code()
    shown = sent(officer, f"code,kind,name\n{code},legal,UAB „Nauja“\n")
    page = officer.get(shown).content.decode()
    assert "UAB „Nauja“" in page
    assert not Taxpayer.objects.filter(code=code).exists()
    officer.post(f"{shown}apply/")
    assert Taxpayer.objects.get(code=code).name == "UAB „Nauja“"
    assert "/apply/" not in officer.get(shown).content.decode()
    assert code not in officer.get("/registers/imports/").content.decode()


def test_refused_rows_are_shown_and_left_out_only_by_their_own_button(officer: Client) -> None:
    code = legal_code()
    shown = sent(officer, f"code,kind,name\n{code},legal,A\n12,legal,B\n")
    assert "This is not a valid code" in officer.get(shown).content.decode()
    officer.post(f"{shown}apply/")
    assert not Taxpayer.objects.exists()
    officer.post(f"{shown}apply/", {"skip_refused": "yes"})
    assert Taxpayer.objects.get().code == code


def test_a_dropped_file_changes_nothing(officer: Client) -> None:
    shown = sent(officer, f"code,kind,name\n{legal_code()},legal,A\n")
    officer.post(f"{shown}drop/")
    assert not Taxpayer.objects.exists()
    assert ImportRun.objects.get().state == "dropped"


def test_a_file_that_cannot_be_read_is_said_beside_the_field(officer: Client) -> None:
    file = SimpleUploadedFile("mm.csv", b"colour\nred")
    answer = officer.post("/registers/imports/new/", {"kind": "vat", "document": file})
    assert answer.status_code == 200
    assert "The columns are not those of this register" in answer.content.decode()


def test_applying_asks_for_the_second_factor(officer: Client) -> None:
    shown = sent(officer, f"code,kind,name\n{legal_code()},legal,A\n")
    answer = browser_of(User.objects.get()).post(f"{shown}apply/")
    assert answer.headers["Location"].startswith("/second-factor/")
    assert not Taxpayer.objects.exists()


def test_only_officers_have_the_entry_in_the_sidebar(officer: Client, company: Taxpayer) -> None:
    head = make_user()
    make_headship(head, company)
    assert "/registers/imports/" in officer.get("/registers/imports/").content.decode()
    assert "/registers/imports/" not in browser_of(head).get("/").content.decode()


@pytest.mark.parametrize("typed", [VAT, "šilo", "medis silo"])
def test_somebody_without_a_taxpayer_may_look_one_up(company: Taxpayer, typed: str) -> None:
    page = browser_of(make_user()).get("/taxpayers/lookup/", {"q": typed}).content.decode()
    assert company.name in page
    assert VAT in page


def test_the_day_asked_about_counts(company: Taxpayer) -> None:
    client = browser_of(make_user())
    page = client.get("/taxpayers/lookup/", {"q": company.code, "on": "2010-01-01"})
    assert VAT not in page.content.decode().split('id="found"')[1]


def test_too_little_is_said_beside_the_field() -> None:
    page = browser_of(make_user()).get("/taxpayers/lookup/", {"q": "uab"}).content.decode()
    assert "Type at least 3 letters" in page


def test_looking_up_too_often_is_stopped(settings: Settings) -> None:
    settings.LOOKUPS_PER_MINUTE = 1
    client = browser_of(make_user())
    answers = [client.get("/taxpayers/lookup/", {"q": "medis"}) for _ in range(2)]
    assert [answer.status_code for answer in answers] == [200, 429]
    assert answers[1].headers["Retry-After"]


@pytest.mark.parametrize("form", ["csv", "xlsx"])
def test_a_file_of_codes_comes_back_with_answers(company: Taxpayer, form: str) -> None:
    person = make_taxpayer(personal_code(), name="Aldona")
    Taxpayer.objects.filter(pk=person.pk).update(kind="natural")
    file = SimpleUploadedFile("kodai.csv", f"kodas\n{company.code}\n{person.code}\n".encode())
    answer = browser_of(make_user()).post(
        "/taxpayers/lookup/file/", {"document": file, "on": "2026-11-22", "form": form}
    )
    content = b"".join(answer.streaming_content)  # type: ignore[attr-defined]  # it streams
    if form == "xlsx":
        sheet = load_workbook(io.BytesIO(content)).worksheets[0]
        rows = [[str(cell or "") for cell in row] for row in sheet.iter_rows(values_only=True)]
    else:
        rows = [line.split(";") for line in content.decode("utf-8-sig").splitlines()]
    assert (rows[1][0], rows[1][1], rows[1][4]) == (company.code, "yes", VAT)
    assert (rows[2][0], rows[2][1], rows[2][2]) == (person.code, "no", "")


def test_an_unreadable_file_of_codes_is_said_beside_the_field() -> None:
    form = {
        "document": SimpleUploadedFile("a.xlsx", b"PK\x03\x04"),
        "on": "2026-01-01",
        "form": "csv",
    }
    answer = browser_of(make_user()).post("/taxpayers/lookup/file/", form)
    assert "The file cannot be read" in answer.content.decode()


def test_everybody_may_submit_waybills_until_the_consignor_limits_it(company: Taxpayer) -> None:
    head, carrier, other = make_user(), legal_code(), legal_code()
    make_headship(head, company)
    assert waybills.may_submit_waybills(company.pk, other)
    form = {"who": "listed", "codes": f"{carrier}\n"}
    assert browser_of(head).post("/representatives/waybills/", form).status_code == 302
    allowed = {
        code: waybills.may_submit_waybills(company.pk, code)
        for code in (carrier, other, company.code)
    }
    assert allowed == {carrier: True, other: False, company.code: True}
    assert carrier in browser_of(head).get("/representatives/waybills/").content.decode()
    entry = JournalEntry.objects.get(action="ivaz.submitters-saved")
    assert (entry.subject, entry.params["added"]) == ("only-listed", carrier)


def test_a_submitter_taken_off_the_list_is_kept_as_having_been_there(company: Taxpayer) -> None:
    head, carrier = make_user(), legal_code()
    make_headship(head, company)
    client = browser_of(head)
    client.post("/representatives/waybills/", {"who": "listed", "codes": carrier})
    client.post("/representatives/waybills/", {"who": "listed", "codes": ""})
    assert not waybills.may_submit_waybills(company.pk, carrier)
    assert WaybillSubmitter.objects.get().removed_at is not None


def test_a_personal_code_is_listed_but_not_written_into_the_journal(company: Taxpayer) -> None:
    head, person = make_user(), personal_code()
    make_headship(head, company)
    browser_of(head).post("/representatives/waybills/", {"who": "listed", "codes": person})
    assert waybills.may_submit_waybills(company.pk, person)
    assert person not in str(list(JournalEntry.objects.values()))


def test_what_cannot_be_a_code_is_refused_and_nothing_is_saved(company: Taxpayer) -> None:
    head = make_user()
    make_headship(head, company)
    form = {"who": "listed", "codes": f"{legal_code()} 12"}
    page = browser_of(head).post("/representatives/waybills/", form).content.decode()
    assert "12 is neither" in page
    assert waybills.may_submit_waybills(company.pk, "12")


def test_the_rule_needs_its_right(company: Taxpayer) -> None:
    clerk = make_user()
    make_grant(clerk, company, "isaf.view")
    form = {"who": "everybody", "codes": ""}
    assert browser_of(clerk).post("/representatives/waybills/", form).status_code == 403

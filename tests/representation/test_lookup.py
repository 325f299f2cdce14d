import io
import zipfile
from datetime import date
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from openpyxl import Workbook
from pytest_django.fixtures import Settings

from imas.kernel.errors import RefusedDocumentError, UnprocessableError
from representation.models import FarmerScheme, Taxpayer, VatRegistration
from representation.registers import published
from representation.registers.sheets import codes_of
from representation.types import TaxpayerKind
from tests.make import make_api_key, make_headship, make_taxpayer, make_user, personal_code

pytestmark = pytest.mark.django_db
VAT, LAPSED = "LT100001919017", "LT100001234510"
DAY = date(2026, 11, 22)
ADDRESS = "/api/v1/taxpayers/lookup"


@pytest.fixture
def company() -> Taxpayer:
    return make_taxpayer(name="UAB „Šilo medis“", vat_code=VAT)


@pytest.fixture
def person() -> Taxpayer:
    """A natural person who was a VAT payer until the end of 2025."""
    taxpayer = make_taxpayer(kind=TaxpayerKind.NATURAL, name="Aldona Žemaitienė")
    VatRegistration.objects.create(
        taxpayer=taxpayer,
        vat_code=LAPSED,
        valid_from=date(2020, 1, 1),
        valid_to=date(2025, 12, 31),
    )
    return taxpayer


@pytest.fixture
def program() -> Client:
    user, taxpayer = make_user(), make_taxpayer(name="MB Klausėja")
    make_headship(user, taxpayer)
    return Client(headers={"Authorization": f"Bearer {make_api_key(user, taxpayer)[1]}"})


def test_a_company_is_found_by_its_code_with_what_holds_on_the_day(company: Taxpayer) -> None:
    FarmerScheme.objects.create(taxpayer=company, valid_from=date(2026, 1, 1))
    (found,) = published.by_code(company.code, DAY)
    assert (found.vat_code, found.vat_is_valid, found.farmer_scheme) == (VAT, True, True)
    (before,) = published.by_code(company.code, date(2015, 1, 1))
    assert (before.vat_code, before.vat_is_valid, before.farmer_scheme) == ("", False, False)


@pytest.mark.parametrize("typed", [VAT, "lt 100001919017", "LT-100001919017"])
def test_a_vat_code_is_found_however_it_is_typed(company: Taxpayer, typed: str) -> None:
    assert [one.code for one in published.by_vat(typed, DAY)] == [company.code]


@pytest.mark.parametrize("typed", ["šilo", "silo", "MEDIS silo", "med", "uab šilo"])
def test_a_name_is_found_by_the_beginnings_of_its_words(company: Taxpayer, typed: str) -> None:
    make_taxpayer(name="UAB „Kita įmonė“")
    assert [one.name for one in published.by_name(typed, DAY)] == [company.name]


def test_a_name_with_a_point_is_found_by_either_part() -> None:
    make_taxpayer(name="UAB „Pirkiniai.lt“")
    assert published.by_name("pirkiniai.lt", DAY)


@pytest.mark.parametrize("typed", ["", "uab", "ab", "š", "„“", "&|!:*", "_ _"])
def test_too_little_of_a_name_finds_nothing(company: Taxpayer, typed: str) -> None:
    with pytest.raises(UnprocessableError):
        published.by_name(typed, DAY)


@pytest.mark.parametrize("typed", ["silo & med", "silo:* | kita", "'silo'); --", "silo <-> medis"])
def test_marks_of_the_query_language_mean_nothing(company: Taxpayer, typed: str) -> None:
    published.by_name(typed, DAY)


def test_a_person_is_found_only_on_days_of_paying_vat(person: Taxpayer) -> None:
    then = date(2024, 1, 1)
    (found,) = published.by_vat(LAPSED, then)
    assert (found.name, found.code) == (person.name, "")
    assert published.by_name("žemait", then) == [found]
    assert published.by_vat(LAPSED, DAY) == []
    assert published.by_name("žemait", DAY) == []
    assert published.check_many([LAPSED], DAY) == [None]


def test_a_personal_code_finds_nobody(person: Taxpayer) -> None:
    then = date(2024, 1, 1)
    assert published.by_code(person.code, then) == []
    assert published.check_many([person.code], then) == [None]


def test_many_codes_are_answered_each_in_its_place(
    company: Taxpayer, person: Taxpayer, django_assert_num_queries: Any
) -> None:
    asked = [VAT, "999", company.code, "lt100001919017", VAT, personal_code()]
    with django_assert_num_queries(3):
        found = published.check_many(asked, DAY)
    assert [one.name if one else None for one in found] == [
        company.name,
        None,
        company.name,
        company.name,
        company.name,
        None,
    ]


def test_a_vat_code_that_changed_hands_is_whose_it_is_on_the_day() -> None:
    first, second = make_taxpayer(), make_taxpayer()
    days = ((first, date(2020, 1, 1), date(2023, 1, 1)), (second, date(2024, 1, 1), None))
    for taxpayer, since, until in days:
        VatRegistration.objects.create(
            taxpayer=taxpayer, vat_code=VAT, valid_from=since, valid_to=until
        )
    assert [one and one.code for one in published.check_many([VAT], DAY)] == [second.code]
    then = published.check_many([VAT], date(2021, 1, 1))
    assert [one and one.code for one in then] == [first.code]


def test_programs_look_taxpayers_up(program: Client, company: Taxpayer, person: Taxpayer) -> None:
    answer = program.get(ADDRESS, {"vat": VAT, "on": "2026-11-22"}).json()
    assert answer["on"] == "2026-11-22"
    assert answer["items"][0] | {"vat_since": ""} == {
        "code": company.code,
        "kind": "legal",
        "name": company.name,
        "vat_code": VAT,
        "vat_valid": True,
        "vat_since": "",
        "vat_until": None,
        "farmer_scheme": False,
        "ended_on": None,
    }
    assert program.get(ADDRESS, {"code": person.code}).json()["items"] == []


def test_programs_check_many_codes(program: Client, company: Taxpayer) -> None:
    asked = {"codes": [company.code, "1"], "on": "2026-01-01"}
    items = program.post(ADDRESS, asked, content_type="application/json").json()["items"]
    assert [(one["asked"], bool(one["taxpayer"])) for one in items] == [
        (company.code, True),
        ("1", False),
    ]


@pytest.mark.parametrize(
    ("query", "code"),
    [
        ({}, "lookup-one-question"),
        ({"code": "1", "vat": "2"}, "lookup-one-question"),
        ({"name": "a\0b"}, "lookup-one-question"),
        ({"name": "uab"}, "lookup-name-too-short"),
        ({"code": "1", "on": "yesterday"}, "invalid-fields"),
    ],
)
def test_an_unclear_question_is_refused(program: Client, query: dict[str, str], code: str) -> None:
    assert program.get(ADDRESS, query).json()["code"] == code


def test_too_many_codes_at_once_are_refused(program: Client, settings: Settings) -> None:
    settings.LOOKUP_BATCH = 2
    answer = program.post(ADDRESS, {"codes": ["1", "2", "3"]}, content_type="application/json")
    assert (answer.status_code, answer.json()["code"]) == (422, "lookup-too-many")


def test_who_asks_too_often_is_told_when_to_come_again(program: Client, settings: Settings) -> None:
    settings.LOOKUPS_PER_MINUTE = 2
    answers = [program.get(ADDRESS, {"code": "1"}) for _ in range(3)]
    assert [answer.status_code for answer in answers] == [200, 200, 429]
    assert 0 < int(answers[-1].headers["Retry-After"]) <= 60


def test_codes_of_a_batch_count_each(program: Client, settings: Settings) -> None:
    settings.LOOKUP_CODES_PER_HOUR = 3
    body = {"codes": ["1", "2"]}
    answers = [program.post(ADDRESS, body, content_type="application/json") for _ in range(2)]
    assert [answer.status_code for answer in answers] == [200, 429]
    assert 0 < int(answers[-1].headers["Retry-After"]) <= 3600


def _workbook(*values: object) -> io.BytesIO:
    book, file = Workbook(), io.BytesIO()
    assert book.active
    for value in values:
        book.active.append([value, "kita"])
    book.save(file)
    file.seek(0)
    return file


def test_codes_are_read_from_the_first_column_of_either_file() -> None:
    text = "Kodas;Pavadinimas\n300000001;A\n\n LT100001919017 ,B\n'300000002;C\n"
    wanted = ["300000001", "LT100001919017", "300000002"]
    assert codes_of(io.BytesIO(text.encode()), 10) == wanted
    assert codes_of(_workbook("Kodas", 300000001, None, VAT, 300000002.0), 10) == wanted


def _bomb() -> io.BytesIO:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/workbook.xml", b"0" * 70_000_000)
    file.seek(0)
    return file


def _with_a_document_type() -> io.BytesIO:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr("xl/workbook.xml", b'<?xml version="1.0"?><!DOCTYPE a [<!ENTITY b "c">]>')
    file.seek(0)
    return file


@pytest.mark.parametrize(
    "file",
    [
        io.BytesIO(b""),
        io.BytesIO(b"Kodas\n"),
        io.BytesIO(b"\xff\xfe\x00"),
        io.BytesIO(b"PK\x03\x04 broken"),
        io.BytesIO(b"1\n2\n3\n4\n"),
        _bomb(),
        _with_a_document_type(),
    ],
    ids=["empty", "heading", "not-text", "broken", "too-many", "bomb", "document-type"],
)
def test_a_file_without_readable_codes_is_refused(file: io.BytesIO) -> None:
    with pytest.raises(RefusedDocumentError):
        codes_of(file, 3)


def test_a_mistyped_name_is_found_where_the_server_can_tell_likeness(company: Taxpayer) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT to_regclass('representation_taxpayer_alike') IS NOT NULL")
        (can_tell,) = cursor.fetchone()
    found = [one.name for one in published.by_name("silo medys", DAY)]
    assert found == ([company.name] if can_tell else [])

"""Following whose published data has changed."""

from typing import Any

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from imas.kernel import clock
from representation.registers import changed
from representation.types import TaxpayerKind
from tests.make import make_api_key, make_headship, make_taxpayer, make_user
from tests.representation.test_importing import OTHER_VAT, VAT, take, vat

pytestmark = pytest.mark.django_db

ADDRESS = "/api/v1/taxpayers/changes"


@pytest.fixture
def program() -> Client:
    """A program with a key."""
    head, taxpayer = make_user(), make_taxpayer()
    make_headship(head, taxpayer)
    _, plain = make_api_key(head, taxpayer)
    return Client(headers={"Authorization": f"Bearer {plain}"})


def _told(program: Client, after: str = "0") -> dict[str, Any]:
    answer = program.get(ADDRESS, {"after": after})
    assert answer.status_code == 200
    found: dict[str, Any] = answer.json()
    return found


def test_a_changed_vat_code_is_told_with_both_answers(program: Client) -> None:
    seller = make_taxpayer()
    take("vat", vat(f"{seller.code},{VAT},2020-01-01,,"))
    start = _told(program, "latest")
    assert start["items"] == []
    take("vat", vat(f"{seller.code},{OTHER_VAT},{clock.today()},,"))
    told = _told(program, start["next"])
    answers = {one["asked"]: one["taxpayer"]["vat_code"] for one in told["items"]}
    assert answers == {seller.code: OTHER_VAT, VAT: OTHER_VAT, OTHER_VAT: OTHER_VAT}
    assert _told(program, told["next"]) == {"on": told["on"], "items": [], "next": told["next"]}


def test_a_natural_person_is_told_by_vat_codes_alone(program: Client) -> None:
    person = make_taxpayer(kind=TaxpayerKind.NATURAL, code="39001010009", name="Ona Onaitė")
    take("vat", vat(f"{person.code},{VAT},2020-01-01,,"))
    told = _told(program)
    assert [one["asked"] for one in told["items"]] == [VAT]
    assert person.code not in str(told)
    take("vat", vat(f"{person.code},{VAT},2020-01-01,2021-01-01,"))
    assert _told(program, told["next"])["items"] == [{"asked": VAT, "taxpayer": None}]


def test_who_heads_or_pays_by_cash_is_nobodys_to_follow(program: Client) -> None:
    seller = make_taxpayer()
    take("cash", f"code,since\n{seller.code},2020-01-01")
    assert _told(program)["items"] == []


def test_pages_follow_one_another_without_a_gap(
    program: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(changed, "PAGE_SIZE", 1)
    sellers = [make_taxpayer(), make_taxpayer()]
    take("farmers", "code,since\n" + "\n".join(f"{one.code},2020-01-01" for one in sellers))
    first = _told(program)
    second = _told(program, first["next"])
    found = [*first["items"], *second["items"]]
    assert {one["asked"] for one in found} == {one.code for one in sellers}
    assert all(one["taxpayer"]["farmer_scheme"] for one in found)


@pytest.mark.parametrize("after", ["x", "-1", "9" * 19])
def test_a_foreign_cursor_is_refused(program: Client, after: str) -> None:
    assert program.get(ADDRESS, {"after": after}).json()["code"] == "bad-cursor"


def test_a_page_of_changes_costs_two_queries(
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    sellers = [make_taxpayer() for _ in range(3)]
    take("farmers", "code,since\n" + "\n".join(f"{one.code},2020-01-01" for one in sellers))
    with django_assert_num_queries(2):
        assert len(changed.codes_changed_after(0).codes) == 3


def test_an_unchanged_answer_is_not_sent_again(program: Client) -> None:
    seller = make_taxpayer()
    asked = {"code": seller.code, "on": "2026-10-31"}
    first = program.get("/api/v1/taxpayers/lookup", asked)
    again = program.get("/api/v1/taxpayers/lookup", asked, headers={"If-None-Match": first["ETag"]})
    assert (first.status_code, again.status_code, again.content) == (200, 304, b"")
    take("farmers", f"code,since\n{seller.code},2020-01-01")
    changed_since = program.get(
        "/api/v1/taxpayers/lookup", asked, headers={"If-None-Match": first["ETag"]}
    )
    assert changed_since.status_code == 200

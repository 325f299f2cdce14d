"""The classifiers by REST, as programs keep a copy of them."""

import pytest
from django.test import Client

from imas.kernel.xml import SCHEMAS
from isaf.api.classifiers import ClassifierView
from tests.make import make_api_key, make_headship, make_taxpayer, make_user

pytestmark = pytest.mark.django_db
ADDRESS = "/api/v1/isaf/classifiers"


@pytest.fixture
def program() -> Client:
    taxpayer, user = make_taxpayer(), make_user()
    make_headship(user, taxpayer)
    _key, plain = make_api_key(user, taxpayer)
    return Client(headers={"Authorization": f"Bearer {plain}"})


def test_a_table_is_told_as_it_was_on_a_day(program: Client) -> None:
    def rates(day: str) -> dict[str, str]:
        items = program.get(f"{ADDRESS}/vat-codes?on={day}").json()["items"]
        assert len({row["code"] for row in items}) == len(items)
        return {row["code"]: row["rates"] for row in items}

    before, after = rates("2025-12-31"), rates("2026-01-01")
    assert (before["PVM2"], "PVM2" in after) == ("9", False)
    assert ("PVM58" in before, after["PVM58"]) == (False, "12")


@pytest.mark.parametrize("table", ClassifierView.tables)
def test_a_program_need_not_take_what_it_holds(program: Client, table: str) -> None:
    first = program.get(f"{ADDRESS}/{table}")
    assert first.json()["items"]
    again = program.get(f"{ADDRESS}/{table}", headers={"If-None-Match": first["ETag"]})
    assert (again.status_code, again.content) == (304, b"")
    other = program.get(
        f"{ADDRESS}/{table}?on=1999-01-01", headers={"If-None-Match": first["ETag"]}
    )
    assert other.status_code == (304 if other["ETag"] == first["ETag"] else 200)


def test_every_table_of_saft_is_handed_out_in_both_languages(program: Client) -> None:
    held = {path.stem.replace("_", "-") for path in (SCHEMAS / "isaft/2.01").glob("*.csv")}
    assert held == {name.removeprefix("saft-") for name in ClassifierView.tables if "saft" in name}
    for name in held:
        for row in program.get(f"{ADDRESS}/saft-{name}").json()["items"]:
            assert row["name_lt"], row
            assert row["name_en"], row
            assert row["certainty"] in {"sourced", "inferred"}
    items = program.get(f"{ADDRESS}/saft-account-types").json()["items"]
    assert [row["code"] for row in items] == ["IT", "TT", "NK", "I", "P", "S", "KT"]


def test_what_is_no_table_or_no_day_is_refused(program: Client) -> None:
    absent = program.get(f"{ADDRESS}/secrets")
    assert (absent.status_code, absent.json()["code"]) == (404, "classifier-not-found")
    assert program.get(f"{ADDRESS}/vat-codes?on=soon").status_code == 400
    assert Client().get(f"{ADDRESS}/vat-codes").status_code == 401

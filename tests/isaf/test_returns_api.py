"""Preliminary returns by REST, and evidence handed in by the authority's own program."""

from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.test import Client

from imas.kernel import ffdata
from isaf.models import PreliminaryReturn, ReturnLine
from isaf.returns.forms import FormName
from isaf.returns.standing import ReturnState
from isaf.services import computing
from representation.models import Taxpayer
from representation.services.officers import issue_officer_key
from representation.types import Acting
from tests import make
from tests.isaf.drafting import computed, drafted, filled, line, sold
from tests.isaf.registers_told import tell

pytestmark = pytest.mark.django_db(transaction=True)

RETURNS = "/api/v1/isaf/returns"
EVIDENCE = "/api/v1/isaf/evidence"


@pytest.fixture
def taxpayer() -> Taxpayer:
    return make.make_taxpayer(vat_code="LT100001738313")


@pytest.fixture
def acting(taxpayer: Taxpayer) -> Acting:
    head = make.make_user()
    make.make_headship(head, taxpayer)
    return make.make_acting(taxpayer=taxpayer, user=head)


@pytest.fixture
def program(acting: Acting, taxpayer: Taxpayer) -> Client:
    from accounts.models import User  # noqa: PLC0415 - of this fixture alone

    _key, plain = make.make_api_key(User.objects.get(pk=acting.user_id), taxpayer)
    return Client(headers={"Authorization": f"Bearer {plain}", "X-Taxpayer": taxpayer.code})


@pytest.fixture
def itis() -> Client:
    """The program of the system that holds import VAT."""
    make.make_user(login_name="itis", is_staff=True)
    _key, plain = issue_officer_key("itis", ["isaf.evidence"])
    return Client(headers={"Authorization": f"Bearer {plain}"})


def post(client: Client, address: str, body: Any) -> tuple[int, Any]:
    answer = client.post(address, body, content_type="application/json")
    return answer.status_code, answer.json() if answer.content else None


def ordered(program: Client, taxpayer: Taxpayer) -> str:
    """October told, its return ordered and computed: its address."""
    tell(taxpayer, "S", sold(line("1000.00", "210.00")), sold(line("50.00", "10.50"), number="S2"))
    tell(taxpayer, "P", sold(line("20.00", None, "PVM100"), number="P1"))
    status, (one,) = post(program, RETURNS, {"periods": ["2026-10"], "forms": ["FR0600"]})
    assert (status, one["state"], one["version"]) == (202, "due", None)
    address = f"{RETURNS}/{one['id']}"
    assert program.get(f"{address}/rows").json()["code"] == "return-not-computed"
    computing.compute_return(PreliminaryReturn.objects.get().pk)
    return address


def test_a_return_is_told_box_by_box(program: Client, taxpayer: Taxpayer) -> None:
    told = program.get(ordered(program, taxpayer)).json()
    assert (told["state"], told["version"]) == ("ready", 1)
    assert {one["box"]: one["shown"] for one in told["boxes"]}["36"] == 221
    assert told["rules"] == [
        {"rule": "S:PVM1", "boxes": ["11", "29"], "confidence": "sourced", "rows": 2,
         "taxable": "1050.00", "vat": "220.50", "direct": "0.00", "shared": "0.00"},
    ]  # fmt: skip
    assert [(one["standing"], one["rule"]) for one in told["apart"]] == [("unmapped", "P:PVM100")]


def test_deciding_and_confirming(program: Client, taxpayer: Taxpayer) -> None:
    address = ordered(program, taxpayer)
    rows = program.get(f"{address}/rows?rule=S:PVM1").json()["items"]
    assert [row["number"] for row in rows] == ["S1", "S2"]
    place = {name: rows[1][name] for name in ("period_start", "part", "position")}
    body = {"invoices": [place], "counted": "excluded"}
    status, refused = post(program, f"{address}/decisions", body)
    assert (status, refused["code"]) == (422, "return-reason-missing")
    status, told = post(program, f"{address}/decisions", {**body, "reason": "Ne mūsų"})
    assert (status, {one["box"]: one["shown"] for one in told["boxes"]}["11"]) == (200, 1000)

    status, kept = post(program, f"{address}/lines", {"rule": "B:25", "vat": "4.20", "note": "x"})
    assert (status, kept["source"]) == (201, "MANUAL")
    assert post(program, f"{address}/lines/{kept['id']}/remove", {})[0] == 204
    status, told = post(program, f"{address}/settings", {"percent": 80, "activity": "6201"})
    assert (status, told["percent"]) == (200, 80)
    status, told = post(program, f"{address}/confirm", {"version": 1})
    assert status == 200
    assert told["confirmed_at"]
    assert post(program, f"{address}/confirm", {"version": 1})[1]["code"] == "return-confirmed"
    _definition, ((_page, fields),) = ffdata.read(program.get(f"{address}/return.ffdata").content)
    assert (fields["E11"], fields["E10"], fields["E28"]) == ("1000", "620100", "80")
    assert [one["number"] for one in program.get(RETURNS).json()] == [told["number"]]


def test_the_list_is_told_by_buyer(program: Client, acting: Acting) -> None:
    one = sold(line("100.40", None, "PVM13"), vat_code="PL5260001246")
    version = drafted(acting, [one], form=FormName.LIST)
    told = program.get(f"{RETURNS}/{version.of_id}").json()
    assert told["listed"][0]["goods"] == "100.40"
    assert told["listed"][0]["has_valid_code"]
    assert "boxes" not in told


def record(owner: Taxpayer, **other: str) -> dict[str, str]:
    told = {"reference": "MRN1", "taxpayer": owner.code, "period": "2026-10"}
    return {**told, "rule": "P:PVM23", "vat": "500.00", **other}


def test_import_vat_is_handed_in_once(itis: Client, acting: Acting, taxpayer: Taxpayer) -> None:
    version = drafted(acting)
    answer = {"new": 1, "held": 0, "refused": []}
    assert post(itis, EVIDENCE, {"records": [record(taxpayer)]}) == (200, answer)
    assert PreliminaryReturn.objects.get(pk=version.of_id).state == ReturnState.DUE
    assert filled(computed(acting)) == {"26": 500, "35": 500, "36": -500}
    again = [
        record(taxpayer),
        record(taxpayer, vat="1.00"),
        record(taxpayer, reference="MRN2", taxpayer="1"),
        record(taxpayer, reference="MRN3", rule="P:PVM5"),
        record(taxpayer, reference="MRN4", period="October"),
    ]
    status, told = post(itis, EVIDENCE, {"records": again})
    assert (status, told["new"], told["held"]) == (200, 0, 1)
    assert {one["reference"]: one["code"] for one in told["refused"]} == {
        "MRN1": "return-line-changed",
        "MRN2": "evidence-taxpayer-unknown",
        "MRN3": "return-line-wrong",
        "MRN4": "bad-period",
    }
    assert ReturnLine.objects.get().vat == Decimal(500)


def test_evidence_is_the_authoritys_alone(program: Client, taxpayer: Taxpayer) -> None:
    assert post(program, EVIDENCE, {"records": [record(taxpayer)]})[0] == 403
    assert not ReturnLine.objects.exists()


def test_import_vat_from_a_file(
    taxpayer: Taxpayer, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "itis.csv"
    heading = "reference,taxpayer,period,rule,taxable,vat,note\n"
    good = f"MRN1,{taxpayer.code},2026-10,P:PVM23,,500.00,Muitinė\n"
    file.write_text(heading + good, encoding="utf-8")
    call_command("take_evidence", str(file))
    assert "new 1, held 0, refused 0" in capsys.readouterr().out
    file.write_text(heading + good + "MRN2,1,2026-10,P:PVM23,,5,\n", encoding="utf-8")
    with pytest.raises(CommandError, match="MRN2: evidence-taxpayer-unknown"):
        call_command("take_evidence", str(file))
    file.write_text(heading + good.replace("500.00", "daug"), encoding="utf-8")
    with pytest.raises(CommandError, match="line 2: no amount"):
        call_command("take_evidence", str(file))
    file.write_text("reference\n", encoding="utf-8")
    with pytest.raises(CommandError, match="Missing columns"):
        call_command("take_evidence", str(file))


def test_the_rules_are_shown(capsys: pytest.CaptureFixture[str]) -> None:
    call_command("return_rules", "--on", "2026-10-01")
    told = capsys.readouterr().out.splitlines()
    assert any(
        row.split() == ["P:PVM16", "21", "34", "25", "35", "self", "sourced"] for row in told
    )

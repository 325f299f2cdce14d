"""What waybill software does by REST besides sending records: documents, objections, look-ups."""

from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from ivaz.models import Waybill, WaybillEvent, WaybillFile
from ivaz.types import Act, Section, State
from mailbox.models import Message
from representation.models import JournalEntry, Taxpayer
from tests import make
from tests.ivaz.records import issued, receipt, say, waybill

pytestmark = pytest.mark.django_db

V1 = "/api/v1/ivaz"
PAPER = b"%PDF-1.7 a consignment note"


def program(taxpayer: Taxpayer, *rights: str) -> Client:
    user = make.make_user()
    make.make_headship(user, taxpayer)
    _key, plain = make.make_api_key(user, taxpayer, rights=rights or ("ivaz.view", "ivaz.submit"))
    return Client(headers={"Authorization": f"Bearer {plain}", "X-Taxpayer": taxpayer.code})


def paper(name: str = "cmr.pdf", content: bytes = PAPER) -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content)


@pytest.fixture
def rn(consignor: Taxpayer, transporter: Taxpayer, consignee: Taxpayer) -> str:
    return issued(transporter, waybill(consignor, transporter, consignee))


@pytest.mark.parametrize(
    ("body", "status", "code"),
    [
        ("null", 422, "records-missing"),
        ("{}", 422, "records-missing"),
        ('{"Order": []}', 422, "records-missing"),
        ('{"Ordner": [{}]}', 422, "section-unknown"),
        ('"Order"', 400, "invalid-fields"),
        ('[{"Order": [{}]}]', 400, "invalid-fields"),
        ('{"Order": {}}', 400, "invalid-fields"),
        ('{"Order": [1]}', 400, "invalid-fields"),
        ('{"Order": [', 400, "bad-request"),
    ],
)
def test_bodies_that_hold_no_records(
    body: str, status: int, code: str, consignor: Taxpayer
) -> None:
    client = program(consignor)
    for _time in range(2):  # what one request had wrong is not told to the next
        answer = client.post(f"{V1}/records", body, content_type="application/json")
        assert (answer.status_code, answer.json()["code"]) == (status, code), answer.content


def test_documents_are_added_listed_and_taken_by_the_parties(
    consignor: Taxpayer, consignee: Taxpayer, rn: str
) -> None:
    address = f"{V1}/waybills/{rn}/documents"
    Waybill.objects.update(state=State.CLOSED)
    sender = program(consignee)
    again: Any = {"Idempotency-Key": "paper-1"}
    made = sender.post(address, {"files": [paper(), paper("foto.pdf")]}, headers=again)
    assert made.status_code == 201, made.content
    assert [one["name"] for one in made.json()["items"]] == ["cmr.pdf", "foto.pdf"]
    repeated = sender.post(address, {"files": [paper(), paper("foto.pdf")]}, headers=again)
    assert (repeated.json(), repeated["Idempotent-Replayed"]) == (made.json(), "true")
    assert WaybillFile.objects.count() == 2
    other = program(consignor)
    first, _second = other.get(address).json()["items"]
    assert (first["taxpayer"], first["size"]) == (consignee.name, len(PAPER))
    given = other.get(f"{address}/{first['id']}")
    assert b"".join(given) == PAPER
    assert given["Content-Disposition"].startswith("attachment")
    seen = JournalEntry.objects.filter(action="ivaz.waybill-seen", subject=rn)
    assert seen.exists()
    assert JournalEntry.objects.filter(action="ivaz.files-added", subject=rn).count() == 1


def test_what_is_no_paper_or_too_much_is_refused(consignor: Taxpayer, rn: str) -> None:
    client = program(consignor)
    for files in ([], [paper(content=b"<html>")], [paper()] * 6):
        answer = client.post(f"{V1}/waybills/{rn}/documents", {"files": files})
        assert (answer.status_code, answer.json()["code"]) == (400, "invalid-fields"), (
            answer.content
        )
    assert not WaybillFile.objects.exists()


def test_strangers_and_lookers_on_add_nothing(consignor: Taxpayer, rn: str) -> None:
    stranger = program(make.make_taxpayer())
    for number in (rn, "IV0"):
        answer = stranger.post(f"{V1}/waybills/{number}/documents", {"files": [paper()]})
        assert (answer.status_code, answer.json()["code"]) == (404, "waybill-not-found")
    viewer = program(consignor, "ivaz.view")
    answer = viewer.post(f"{V1}/waybills/{rn}/documents", {"files": [paper()]})
    assert (answer.status_code, answer.json()["code"]) == (403, "right-missing")
    other = issued(consignor, waybill(consignor, consignor, None, uid="L-2"))
    client = program(consignor)
    made = client.post(f"{V1}/waybills/{rn}/documents", {"files": [paper()]}).json()["items"]
    elsewhere = client.get(f"{V1}/waybills/{other}/documents/{made[0]['id']}")
    assert elsewhere.json()["code"] == "waybill-attachment-not-found"


def test_the_consignor_objects_once_under_a_key(
    consignor: Taxpayer, transporter: Taxpayer, rn: str
) -> None:
    client, address = program(consignor), f"{V1}/waybills/{rn}/object"
    told: Any = {"data": {"reason": "Nesiuntėme"}, "content_type": "application/json"}
    for _time in range(2):
        answer = client.post(address, **told, headers={"Idempotency-Key": "no-1"})
        assert answer.status_code == 204, answer.content
    assert Waybill.objects.get(rn=rn).is_objected
    assert WaybillEvent.objects.filter(act=Act.OBJECT).count() == 1
    assert Message.objects.get(code="ivaz.objected").taxpayer == transporter
    assert "object" in client.get(f"{V1}/waybills/{rn}").json()["allowed"]
    preparer = program(transporter).post(address, **told)
    assert (preparer.status_code, preparer.json()["code"]) == (403, "waybill-not-yours")
    empty = client.post(address, {"reason": ""}, "application/json")
    assert empty.status_code == 400


def test_delivered_is_said_once_under_a_key(transporter: Taxpayer, rn: str) -> None:
    client, address = program(transporter), f"{V1}/waybills/{rn}/deliver"
    for _time in range(2):
        told = client.post(
            address, content_type="application/json", headers={"Idempotency-Key": "d-1"}
        )
        assert told.status_code == 204, told.content
    again = client.post(address, content_type="application/json")
    assert (again.status_code, again.json()["code"]) == (409, "waybill-state")


def test_changes_are_followed(consignor: Taxpayer, transporter: Taxpayer, rn: str) -> None:
    client = program(consignor)
    first = client.get(f"{V1}/changes").json()
    assert [one["rn"] for one in first["items"]] == [rn]
    say(transporter, Section.RECEIPT, receipt(rn, by="1"))
    later = client.get(f"{V1}/changes?after={first['next']}").json()
    assert [(one["rn"], one["state"]) for one in later["items"]] == [(rn, "accepted")]
    end = client.get(f"{V1}/changes?after={later['next']}").json()
    assert end == {"items": [], "next": later["next"]}
    wrong = client.get(f"{V1}/changes?after=soon")
    assert (wrong.status_code, wrong.json()["code"]) == (422, "bad-cursor")


@pytest.mark.parametrize(
    ("table", "code", "name"), [("units", "KGM", "kilogramas"), ("packagings", "BX", "dėžė")]
)
def test_a_program_need_not_take_a_table_it_holds(
    consignor: Taxpayer, table: str, code: str, name: str
) -> None:
    client = program(consignor)
    first = client.get(f"{V1}/classifiers/{table}")
    assert {row["code"]: row["name_lt"] for row in first.json()["items"]}[code] == name
    same = client.get(f"{V1}/classifiers/{table}", headers={"If-None-Match": first["ETag"]})
    assert (same.status_code, same.content) == (304, b"")
    absent = client.get(f"{V1}/classifiers/vat-codes")
    assert (absent.status_code, absent.json()["code"]) == (404, "classifier-not-found")
    assert "units" in absent.json()["detail"]

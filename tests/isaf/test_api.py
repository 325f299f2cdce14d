"""The i.SAF web service, as accounting programs use it."""

from collections.abc import Mapping
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from intake import services as intake_services
from intake.types import Source
from isaf.models import Register
from isaf.services import decide_register
from isaf.types import RegisterType
from representation.models import Taxpayer
from tests.isaf.files import IsafFile, Sold, judged
from tests.make import make_acting, make_api_key, make_headship, make_taxpayer, make_user

pytestmark = pytest.mark.django_db(transaction=True)

FILES = "/api/v1/isaf/files"
REGISTERS = "/api/v1/isaf/registers"


def program(*rights: str) -> tuple[Taxpayer, Client]:
    """A company and a client with a key to it."""
    taxpayer, user = make_taxpayer(), make_user()
    make_headship(user, taxpayer)
    _, plain = make_api_key(
        user, taxpayer, rights=rights or ("isaf.view", "isaf.upload", "isaf.submit")
    )
    headers = {"Authorization": f"Bearer {plain}", "X-Taxpayer": taxpayer.code}
    return taxpayer, Client(headers=headers)


def send(client: Client, content: bytes, query: str = "", **headers: str) -> Any:
    return client.post(f"{FILES}{query}", content, "application/xml", headers=headers)


def judge(answer: Mapping[str, Any]) -> None:
    document = intake_services.process(answer["id"])
    assert document
    for register in Register.objects.filter(number__in=document.registers):
        decide_register(register.pk)


def test_a_raw_body_gets_a_receipt_and_an_address() -> None:
    taxpayer, client = program()
    content = IsafFile(taxpayer.code, sales=[Sold()]).render()
    answer = send(client, content)
    assert answer.status_code == 202
    body = answer.json()
    assert set(body) == {"id", "state", "receipt"}
    assert set(body["receipt"]) == {"number", "sha256", "size", "received_at"}
    assert body["state"] == "UPLOADED"
    assert body["receipt"]["size"] == len(content)
    assert answer["Location"] == f"{FILES}/{body['id']}"
    assert answer["Retry-After"]


def test_a_form_is_taken_too() -> None:
    taxpayer, client = program()
    file = SimpleUploadedFile("a.xml", IsafFile(taxpayer.code).render())
    assert client.post(FILES, {"document": file}).status_code == 202


def test_the_file_tells_verdict_counts_and_registers() -> None:
    taxpayer, client = program()
    sent = send(client, IsafFile(taxpayer.code, sales=[Sold(), Sold()]).render()).json()
    judge(sent)
    body = client.get(f"{FILES}/{sent['id']}").json()
    assert (body["state"], body["dry_run"]) == ("ACCEPTED", False)
    assert body["counts"] == {"sales": 2, "purchases": 0, "settlements": 0}
    assert set(body["progress"]) == {"stage", "bytes", "total_bytes", "records"}
    assert len(body["registers"]) == 2


def test_a_dry_run_makes_no_register() -> None:
    taxpayer, client = program()
    sent = send(client, IsafFile(taxpayer.code, sales=[Sold()]).render(), "?dry_run=true").json()
    judge(sent)
    body = client.get(f"{FILES}/{sent['id']}").json()
    assert (body["state"], body["dry_run"], body["registers"]) == ("ACCEPTED", True, [])
    assert not Register.objects.exists()


def test_problems_are_told_in_both_languages_with_their_place() -> None:
    taxpayer, client = program()
    content = IsafFile(taxpayer.code, sales=[Sold()]).render()
    sent = send(
        client, content.replace(b"<InvoiceDate>2026-10-05", b"<InvoiceDate>2026-13-05")
    ).json()
    judge(sent)
    body = client.get(f"{FILES}/{sent['id']}/problems").json()
    problem = body["items"][0]
    assert problem["code"] == "11004"
    assert problem["system_code"] == "XSD_VALIDATION_FAILED"
    assert set(problem["message"]) == {"lt", "en"}
    assert problem["line"]
    assert "InvoiceDate" in problem["path"]


def test_the_same_key_gets_the_same_answer() -> None:
    taxpayer, client = program()
    content = IsafFile(taxpayer.code, sales=[Sold()]).render()
    headers = {"Idempotency-Key": "one"}
    first, again = send(client, content, **headers), send(client, content, **headers)
    assert first.status_code == again.status_code == 202
    assert first.json() == again.json()
    assert send(client, content + b"\n", **headers).status_code == 422


def test_an_identical_file_is_refused_with_the_first_one_named() -> None:
    taxpayer, client = program()
    content = IsafFile(taxpayer.code, sales=[Sold()]).render()
    first = send(client, content).json()
    answer = send(client, content)
    assert answer.status_code == 422
    assert answer["Content-Type"].startswith("application/problem+json")
    body = answer.json()
    assert (body["code"], body["first_copy"]) == ("11003", first["id"])


def test_nothing_sent_is_refused() -> None:
    _, client = program()
    assert send(client, b"").status_code == 400
    empty = client.post(FILES, {"document": SimpleUploadedFile("a.xml", b"")})
    assert (empty.status_code, empty.json()["code"]) == (422, "11007")


def test_registers_are_listed_by_period() -> None:
    taxpayer, client = program()
    judged(make_acting(taxpayer=taxpayer), IsafFile(taxpayer.code, sales=[Sold()]))
    body = client.get(f"{REGISTERS}?period=2026-10").json()
    assert {row["type"] for row in body["items"]} == {RegisterType.SALES, RegisterType.PURCHASE}
    sales = next(row for row in body["items"] if row["type"] == RegisterType.SALES)
    assert (sales["state"], sales["relevance"], sales["period"]) == ("PREPARING", None, "2026-10")
    assert (sales["taxable"], sales["vat"], sales["invoices"]) == ("100.00", "21.00", 1)
    assert client.get(f"{REGISTERS}?period=2026-09").json()["items"] == []
    assert client.get(f"{REGISTERS}?period=never").status_code == 422


def test_a_register_is_submitted_and_decided() -> None:
    taxpayer, client = program()
    judged(make_acting(taxpayer=taxpayer), IsafFile(taxpayer.code, sales=[Sold()]))
    register = Register.objects.get(type=RegisterType.SALES)
    address = f"{REGISTERS}/{register.number}"
    answer = client.post(f"{address}/submit")
    assert answer.status_code == 202
    assert answer.json()["state"] == "SUBMITTED"
    again = client.post(f"{address}/submit")
    assert (again.status_code, again.json()["code"]) == (409, "register-not-preparing")
    decide_register(register.pk)
    body = client.get(address).json()
    assert (body["state"], body["relevance"]) == ("ACCEPTED", True)
    assert [part["part_number"] for part in body["parts"]] == ["1"]


def test_invoices_are_paged_by_cursor() -> None:
    taxpayer, client = program()
    sales = [Sold(f"A{n:03}") for n in range(60)]
    judged(make_acting(taxpayer=taxpayer), IsafFile(taxpayer.code, sales=sales))
    address = f"{REGISTERS}/{Register.objects.get(type=RegisterType.SALES).number}/invoices"
    first = client.get(address).json()
    second = client.get(address, {"cursor": first["next"]}).json()
    assert [row["number"] for row in first["items"] + second["items"]] == [
        f"A{n:03}" for n in range(60)
    ]
    assert second["next"] is None
    assert client.get(address, {"cursor": "?"}).status_code == 422


def test_strangers_and_keys_without_the_right_get_nothing() -> None:
    taxpayer, owner = program()
    sent = send(owner, IsafFile(taxpayer.code, sales=[Sold()]).render()).json()
    judge(sent)
    number = Register.objects.get(type=RegisterType.SALES).number
    _, stranger = program()
    other, powerless = program("mailbox.view")
    for name, args in (
        ("api-isaf-file", [sent["id"]]),
        ("api-isaf-file-problems", [sent["id"]]),
        ("api-isaf-register", [number]),
        ("api-isaf-invoices", [number]),
    ):
        address = reverse(name, args=args)
        assert stranger.get(address).status_code == 404
        assert powerless.get(address).status_code == 403
        assert Client().get(address).status_code == 401
    submit = reverse("api-isaf-submit", args=[number])
    assert stranger.post(submit).status_code == 404
    assert powerless.post(submit).status_code == 403
    assert Client().post(submit).status_code == 401
    assert send(powerless, IsafFile(other.code).render()).status_code == 403


def test_a_key_for_uploading_alone_reads_its_own_receipts_and_nothing_else() -> None:
    taxpayer, user = make_taxpayer(), make_user()
    make_headship(user, taxpayer)

    def client_with(*rights: str) -> Client:
        _, plain = make_api_key(user, taxpayer, rights=rights)
        return Client(headers={"Authorization": f"Bearer {plain}", "X-Taxpayer": taxpayer.code})

    uploader, whole = client_with("isaf.upload"), client_with("isaf.view", "isaf.upload")
    sent = send(uploader, IsafFile(taxpayer.code, sales=[Sold()]).render()).json()
    judge(sent)
    told = uploader.get(f"{FILES}/{sent['id']}").json()
    assert told["state"] == "ACCEPTED"
    assert uploader.get(f"{FILES}/{sent['id']}/problems").status_code == 200
    assert uploader.get(REGISTERS).status_code == 403
    assert uploader.get(f"{REGISTERS}/{told['registers'][0]}").status_code == 403

    by_hand = intake_services.receive(
        make_acting(user=user, taxpayer=taxpayer),
        "isaf",
        SimpleUploadedFile("a.xml", b"<a/>"),
        filename="a.xml",
        content_type="application/xml",
        source=Source.PORTAL_FILE,
    )
    assert whole.get(f"{FILES}/{by_hand.pk}").status_code == 200
    assert uploader.get(f"{FILES}/{by_hand.pk}").status_code == 404
    other = make_user()
    make_headship(other, taxpayer)
    _, plain = make_api_key(other, taxpayer, rights=("isaf.upload",))
    stranger = Client(headers={"Authorization": f"Bearer {plain}", "X-Taxpayer": taxpayer.code})
    assert stranger.get(f"{FILES}/{sent['id']}").status_code == 404


def test_a_file_in_the_line_tells_how_many_are_before_it() -> None:
    taxpayer, client = program()
    first = send(client, IsafFile(taxpayer.code, sales=[Sold()]).render()).json()
    second = send(client, IsafFile(taxpayer.code, part="2", sales=[Sold()]).render()).json()
    assert client.get(f"{FILES}/{first['id']}").json()["line"] == {
        "ahead": 0,
        "waited_lately": None,
    }
    assert client.get(f"{FILES}/{second['id']}").json()["line"]["ahead"] == 1
    judge(first)
    assert client.get(f"{FILES}/{first['id']}").json()["line"] is None
    waiting = client.get(f"{FILES}/{second['id']}").json()["line"]
    assert waiting["ahead"] == 0
    assert 0 <= waiting["waited_lately"] < 60

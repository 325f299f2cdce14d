"""Files of many taxpayers in one delivery."""

import zipfile
from io import BytesIO
from typing import Any

import pytest
from django.test import Client
from pytest_django import Settings

from intake.models import Document
from isaf.models import Register
from representation.models import Taxpayer
from tests.isaf.files import IsafFile, Sold
from tests.isaf.test_api import judge
from tests.make import make_api_key, make_headship, make_taxpayer, make_user

pytestmark = pytest.mark.django_db(transaction=True)

ADDRESS = "/api/v1/isaf/batches"
ZIP = "application/zip"


@pytest.fixture
def provider() -> tuple[Client, Taxpayer, Taxpayer]:
    """A program of an accounting firm's head that uploads for two clients, and the clients."""
    head = make_user()
    one, other = make_taxpayer(), make_taxpayer()
    make_headship(head, one)
    make_headship(head, other)
    _, plain = make_api_key(head, one, other, rights=("isaf.upload",))
    return Client(headers={"Authorization": f"Bearer {plain}"}), one, other


def _zip(*files: tuple[str, bytes]) -> bytes:
    packed = BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files:
            archive.writestr(name, content)
    return packed.getvalue()


def _file(taxpayer: Taxpayer, number: str = "A 1") -> bytes:
    return IsafFile(taxpayer.code, sales=[Sold(number)]).render()


def _sent(client: Client, packed: bytes, **headers: str) -> tuple[int, dict[str, Any]]:
    answer = client.post(ADDRESS, packed, content_type=ZIP, headers=headers)
    return answer.status_code, answer.json()


def test_each_file_goes_to_its_taxpayer_with_a_receipt_of_its_own(
    provider: tuple[Client, Taxpayer, Taxpayer],
) -> None:
    client, one, other = provider
    status, told = _sent(client, _zip(("1.xml", _file(one)), ("b/2.xml", _file(other))))
    assert (status, told["received"], told["refused"]) == (202, 2, 0)
    assert [item["taxpayer"] for item in told["files"]] == [one.code, other.code]
    for item, taxpayer in zip(told["files"], (one, other), strict=True):
        judge(item)
        read = client.get(item["url"], headers={"X-Taxpayer": taxpayer.code}).json()
        assert (read["state"], read["receipt"]) == ("ACCEPTED", item["receipt"])
        assert Register.objects.filter(taxpayer=taxpayer).exists()


def test_what_is_refused_does_not_stop_the_others(
    provider: tuple[Client, Taxpayer, Taxpayer],
) -> None:
    client, one, _ = provider
    stranger = make_taxpayer()
    same = _file(one)
    status, told = _sent(
        client,
        _zip(
            ("stranger.xml", _file(stranger)),
            ("nobody.xml", IsafFile("999999999", sales=[Sold()]).render()),
            ("photo.png", b"\x89PNG"),
            ("good.xml", same),
            ("again.xml", same),
        ),
    )
    assert (status, told["received"], told["refused"]) == (202, 1, 4)
    codes = [item["refusal"]["code"] if item["refusal"] else None for item in told["files"]]
    assert codes == [
        "taxpayer-not-yours",
        "taxpayer-not-yours",
        "file-taxpayer-missing",
        None,
        "11003",
    ]
    assert told["files"][4]["first_copy"] == told["files"][3]["id"]
    assert not Document.objects.filter(taxpayer=stranger).exists()


def test_a_delivery_that_broke_off_is_sent_again_whole(
    provider: tuple[Client, Taxpayer, Taxpayer],
) -> None:
    client, one, other = provider
    packed = _zip(("1.xml", _file(one)), ("2.xml", _file(other)))
    _, first = _sent(client, packed, **{"Idempotency-Key": "evening"})
    _, again = _sent(client, packed, **{"Idempotency-Key": "evening"})
    assert [item["id"] for item in again["files"]] == [item["id"] for item in first["files"]]
    assert Document.objects.count() == 2
    _, changed = _sent(client, _zip(("1.xml", _file(one, "B 1"))), **{"Idempotency-Key": "evening"})
    assert changed["files"][0]["refusal"]["code"] == "idempotency-key-reused"


def test_a_damaged_file_is_refused_alone(provider: tuple[Client, Taxpayer, Taxpayer]) -> None:
    client, one, other = provider
    packed = bytearray(_zip(("1.xml", _file(one)), ("2.xml", _file(other))))
    packed[len("1.xml") + 30 + 40] ^= 0xFF
    status, told = _sent(client, bytes(packed))
    assert status == 202
    assert told["files"][0]["refusal"]["code"] == "batch-file-unreadable"
    assert told["files"][1]["refusal"] is None


def test_what_unpacks_to_too_much_is_refused_and_what_follows_is_judged_by_what_is_left(
    provider: tuple[Client, Taxpayer, Taxpayer], settings: Settings
) -> None:
    client, one, other = provider
    small, large = _file(one), _file(other) + b" " * 10_000
    settings.INTAKE_MAX_UNPACKED_BYTES = len(small) + 5_000
    _, told = _sent(client, _zip(("large.xml", large), ("small.xml", small)))
    codes = [item["refusal"]["code"] if item["refusal"] else None for item in told["files"]]
    assert codes == ["batch-too-large", None]


@pytest.mark.parametrize(
    ("packed", "code"),
    [
        (b"PK\x03\x04 and no more", "batch-unreadable"),
        (_zip(("../a.xml", b"<a/>")), "batch-unreadable"),
        (_zip(), "batch-empty"),
        (_zip(("1.xml", b"<a/>"), ("2.xml", b"<a/>"), ("3.xml", b"<a/>")), "batch-too-many"),
    ],
)
def test_a_batch_that_is_none_is_refused_whole(
    provider: tuple[Client, Taxpayer, Taxpayer], settings: Settings, packed: bytes, code: str
) -> None:
    settings.ISAF_BATCH_FILES = 2
    status, told = _sent(provider[0], packed)
    assert (status, told["code"]) == (422, code)
    assert not Document.objects.exists()


def test_a_key_that_may_not_upload_gets_nothing_in(
    provider: tuple[Client, Taxpayer, Taxpayer],
) -> None:
    _, one, _ = provider
    head = make_user()
    make_headship(head, one)
    _, plain = make_api_key(head, one, rights=("isaf.view",))
    client = Client(headers={"Authorization": f"Bearer {plain}"})
    status, told = _sent(client, _zip(("1.xml", _file(one))))
    assert (status, told["files"][0]["refusal"]["code"]) == (422, "right-missing")
    assert not Document.objects.exists()


def test_a_dry_run_leaves_nothing_but_verdicts(
    provider: tuple[Client, Taxpayer, Taxpayer],
) -> None:
    client, one, _ = provider
    answer = client.post(f"{ADDRESS}?dry_run=true", _zip(("1.xml", _file(one))), content_type=ZIP)
    judge(answer.json()["files"][0])
    assert not Register.objects.exists()


def test_nobody_sends_without_a_key() -> None:
    assert Client().post(ADDRESS, _zip(("1.xml", b"<a/>")), content_type=ZIP).status_code == 401

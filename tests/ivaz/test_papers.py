"""A waybill as a paper, its signed square, and what the square leads to."""

import base64
import json
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from django.test import Client
from django.urls import reverse
from joserfc import jwk
from pytest_django import Settings

from imas.kernel import clock
from ivaz import signing
from ivaz.models import Waybill
from ivaz.types import Section
from representation.models import Taxpayer
from tests.ivaz.records import cancellation, issued, named, party, say, waybill
from tests.ivaz.test_pages import browser

pytestmark = pytest.mark.django_db


def _key(folder: Path, name: str) -> str:
    path = folder / f"{name}.pem"
    path.write_bytes(jwk.OKPKey.generate_key("Ed25519").as_pem(private=True))
    return str(path)


@pytest.fixture(autouse=True)
def _signed(settings: Settings, tmp_path: Path) -> None:
    settings.WAYBILL_SIGNING_KEYS = [_key(tmp_path, "new"), _key(tmp_path, "old")]


@pytest.fixture
def rn(consignor: Taxpayer, transporter: Taxpayer, consignee: Taxpayer) -> str:
    return issued(consignor, waybill(consignor, transporter, consignee))


def _token(rn: str) -> str:
    return signing.token_of(Waybill.objects.get(rn=rn))


def _checked(token: str) -> Any:
    return Client(headers={"accept-language": "en"}).get(reverse("ivaz:check", args=[token]))


def test_a_paper_is_taken_away(consignor: Taxpayer, rn: str) -> None:
    client = browser(consignor)
    answer = client.get(reverse("ivaz:waybill-pdf", args=[rn]))
    assert answer["Content-Type"] == "application/pdf"
    assert answer.content.startswith(b"%PDF-1")
    assert "<svg" in client.get(reverse("ivaz:waybill", args=[rn])).content.decode()


def test_a_trip_sheet_holds_what_a_vehicle_carries_on_a_day(
    consignor: Taxpayer, transporter: Taxpayer, rn: str
) -> None:
    other = issued(consignor, waybill(consignor, transporter, None, uid="L-2"))
    say(consignor, Section.CANCELLATION, cancellation(other))
    day = Waybill.objects.get(rn=rn).dispatch_at.astimezone(clock.VILNIUS).date()
    asked = {"plate": "abc-123", "day": f"{day}"}
    for party_ in (consignor, transporter):
        client = browser(party_)
        page = client.get(reverse("ivaz:trip"), asked).content.decode()
        assert rn in page
        assert other not in page
        assert rn not in client.get(reverse("ivaz:trip"), {**asked, "plate": "X"}).content.decode()
        paper = client.get(reverse("ivaz:trip-pdf"), asked)
        assert paper.content.startswith(b"%PDF-1")
    assert browser(consignor).get(reverse("ivaz:trip-pdf")).status_code == 302


def test_without_a_key_papers_bear_no_square(
    consignor: Taxpayer, rn: str, settings: Settings
) -> None:
    token = _token(rn)
    settings.WAYBILL_SIGNING_KEYS = []
    client = browser(consignor)
    assert client.get(reverse("ivaz:waybill-pdf", args=[rn])).status_code == 200
    assert 'class="card-body qr"' not in client.get(
        reverse("ivaz:waybill", args=[rn])
    ).content.decode()  # fmt: skip
    assert _checked(token).status_code == 404


def test_anybody_checks_a_square_by_the_published_keys_alone(rn: str) -> None:
    published = Client().get(reverse("ivaz:check-keys")).json()["keys"]
    assert len(published) == 2
    assert not any("d" in key for key in published)
    header, payload, signature = _token(rn).split(".")
    kid = json.loads(_bytes(header))["kid"]
    (found,) = [key for key in published if key["kid"] == kid]
    key = Ed25519PublicKey.from_public_bytes(_bytes(found["x"]))
    key.verify(_bytes(signature), f"{header}.{payload}".encode())
    told = json.loads(_bytes(payload))
    assert (told["rn"], told["p"], told["v"]) == (rn, ["ABC123"], 1)


def _bytes(text: str) -> bytes:
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))


def test_a_square_tells_how_the_waybill_stands_and_no_more(consignor: Taxpayer, rn: str) -> None:
    page = _checked(_token(rn)).content.decode()
    assert rn in page
    assert "ABC123" in page
    assert "The square is genuine" in page
    for hidden in (consignor.name, consignor.code, "Dažai", "Laisvės"):
        assert hidden not in page
    say(consignor, Section.CANCELLATION, cancellation(rn))
    assert "Cancelled" in _checked(_token(rn)).content.decode()


def test_an_old_square_says_what_changed(
    transporter: Taxpayer, consignor: Taxpayer, rn: str
) -> None:
    before = _token(rn)
    later = {**named(rn), "ShipTo": {"UnloadAddress": {"FullAddress": "Kitur"}}}
    say(consignor, Section.AMENDMENT, later)
    assert "has been amended since" in _checked(before).content.decode()
    means = [{"IdentityOfTransportUnits": "NEW 001"}]
    changed = {**(party(transporter) or {}), "TransportMeans": means}
    say(transporter, Section.AMENDMENT, {**named(rn), "Transporter": changed})
    page = _checked(before).content.decode()
    assert "The vehicle has been changed since" in page
    assert "NEW001" in page


def test_an_altered_square_is_none_of_ours(rn: str, settings: Settings) -> None:
    token = _token(rn)
    header, payload, signature = token.split(".")
    other = base64.urlsafe_b64encode(json.dumps({"rn": rn, "v": 9, "p": [], "d": ""}).encode())
    none = base64.urlsafe_b64encode(b'{"alg":"none"}').decode().rstrip("=")
    for altered in (
        "x", "x" * 5_000, f"{header}.{other.decode().rstrip('=')}.{signature}",
        f"{none}.{payload}.", f"{header}.{payload}.{signature[:-4]}AAAA", token[:-1],
    ):  # fmt: skip
        answer = _checked(altered)
        assert answer.status_code == 404
        assert rn not in answer.content.decode().replace(altered, "")
    settings.WAYBILL_SIGNING_KEYS = settings.WAYBILL_SIGNING_KEYS[::-1]
    assert _checked(token).status_code == 200, "a key that was turned still checks"

"""Raw messages of the uploader, as the known programs send them."""

import base64
import gzip
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest
from django.core.files.storage import default_storage
from django.test import Client
from lxml import etree
from pytest_django import Settings

from imas.kernel import xml
from intake import services as intake_services
from intake.models import Document
from isaf.models import Register
from isaf.parsing.peeking import registration_number_of
from isaf.services import decide_register
from representation.models import Taxpayer
from tests.isaf.files import IsafFile, Sold
from tests.make import make_certificate, make_headship, make_taxpayer, make_user

pytestmark = pytest.mark.django_db(transaction=True)

ADDRESS = "/isaf-uploader/services/uploader"
SOAP = "http://schemas.xmlsoap.org/soap/envelope/"
V1 = "urn:isaf:uploader:v1"
RIGHTS = ("isaf.view", "isaf.upload", "isaf.submit")


@pytest.fixture(autouse=True)
def _behind_a_proxy(settings: Settings) -> None:
    settings.CERTIFICATE_PROXIES = ["127.0.0.1"]


def program(*taxpayers: Taxpayer, rights: tuple[str, ...] = RIGHTS) -> Client:
    """A client with a certificate that opens these taxpayers."""
    user = make_user()
    for taxpayer in taxpayers:
        make_headship(user, taxpayer)
    kept, _ = make_certificate(user, *taxpayers, rights=rights)
    return Client(headers={"X-Client-Certificate": quote(kept.pem)})


def envelope(request: str) -> bytes:
    return (
        f'<soapenv:Envelope xmlns:soapenv="{SOAP}" xmlns:urn="{V1}"><soapenv:Header/>'
        f"<soapenv:Body>{request}</soapenv:Body></soapenv:Envelope>"
    ).encode()


def call(client: Client, request: str, status: int = 200) -> etree._Element:
    return post(client, envelope(request), "text/xml; charset=utf-8", status)


def post(client: Client, body: bytes, content_type: str, status: int = 200) -> etree._Element:
    answer = client.post(ADDRESS, body, content_type)
    assert answer.status_code == status, answer.content
    told = xml.parse(answer.content).find(f"{{{SOAP}}}Body")
    assert told is not None
    if status == 200:
        xml.schema("isaf/uploader/uploader.xsd").assertValid(told[0])
    return told[0]


def told(element: etree._Element, name: str) -> Any:
    return element.findtext(f".//{{{V1}}}{name}")


def upload_of(content: bytes, number: str = "") -> str:
    data = base64.b64encode(content).decode()
    given = f"<requestNumber>{number}</requestNumber>" if number else ""
    return f"<urn:UploadRequest><data>{data}</data>{given}</urn:UploadRequest>"


def judge(tracking_number: str) -> None:
    document = intake_services.process(Document.objects.get(number=tracking_number).pk)
    assert document
    for register in Register.objects.filter(number__in=document.registers):
        decide_register(register.pk)


def mtom(content: bytes, message: bytes, *, transfer: str = "binary") -> tuple[bytes, str]:
    """The message and the file as CXF and .NET put them together."""
    root = (
        b'--b\r\nContent-Type: application/xop+xml; charset=UTF-8; type="text/xml"\r\n'
        b"Content-Transfer-Encoding: binary\r\nContent-ID: <root@x>\r\n\r\n"
    )
    part = (
        "\r\n--b\r\nContent-Type: application/octet-stream\r\n"
        f"Content-Transfer-Encoding: {transfer}\r\nContent-ID: <file@x>\r\n\r\n"
    ).encode()
    kind = 'multipart/related; type="application/xop+xml"; start="<root@x>"; boundary="b"'
    return root + message + part + content + b"\r\n--b--\r\n", kind


INCLUDED = (
    '<urn:UploadRequest><urn:data><xop:Include xmlns:xop="http://www.w3.org/2004/08/xop/include" '
    'href="cid:file@x"/></urn:data></urn:UploadRequest>'
)


def test_a_file_inline_goes_all_the_way() -> None:
    taxpayer = make_taxpayer()
    client = program(taxpayer)
    content = IsafFile(taxpayer.code, sales=[Sold()]).render()
    answer = call(client, upload_of(content, "mano-1"))
    number = told(answer, "trackingNumber")
    assert (told(answer, "operationStatus"), told(answer, "requestNumber")) == ("SUCCESS", "mano-1")

    waiting = call(
        client,
        "<urn:CheckStateRequest><requestNumber>mano-1</requestNumber></urn:CheckStateRequest>",
    )
    assert told(waiting, "state") == "UPLOADED"
    judge(number)
    ask = f"<urn:trackingNumber>{number}</urn:trackingNumber>"
    history = call(client, f"<urn:StateHistoryRequest>{ask}</urn:StateHistoryRequest>")
    states = [item.text for item in history.iter(f"{{{V1}}}state")]
    assert states == ["UPLOADED", "PROCESSING", "ACCEPTED"]


@pytest.mark.parametrize("packed", [False, True])
def test_a_file_beside_the_message_is_the_same_file(packed: bool) -> None:
    taxpayer = make_taxpayer()
    client = program(taxpayer)
    plain = IsafFile(taxpayer.code, sales=[Sold()]).render()
    content = gzip.compress(plain) if packed else plain
    body, kind = mtom(content, envelope(INCLUDED))
    number = told(post(client, body, kind), "trackingNumber")
    kept = Document.objects.get(number=number)
    assert (kept.size, kept.container) == (len(content), "gzip" if packed else "xml")


def test_the_same_request_number_is_the_same_file() -> None:
    taxpayer = make_taxpayer()
    client = program(taxpayer)
    content = IsafFile(taxpayer.code, sales=[Sold()]).render()
    first = told(call(client, upload_of(content, "A1")), "trackingNumber")
    assert told(call(client, upload_of(content, "A1")), "trackingNumber") == first
    other = IsafFile(taxpayer.code, sales=[Sold("KITA 2")]).render()
    refused = call(client, upload_of(other, "A1"))
    assert (told(refused, "operationStatus"), told(refused, "trackingNumber")) == ("ERROR", first)
    assert told(refused, "errorCode") == "idempotency-key-reused"
    assert Document.objects.count() == 1


@pytest.mark.parametrize(
    ("content", "code"), [(b"", "11007"), (b"%PDF-1.7 not xml at all", "11001")]
)
def test_what_is_no_file_has_a_number_and_a_fault_of_its_own(content: bytes, code: str) -> None:
    client = program(make_taxpayer())
    refused = call(client, upload_of(content))
    assert (told(refused, "operationStatus"), told(refused, "errorCode")) == ("ERROR", code)
    ask = f"<trackingNumber>{told(refused, 'trackingNumber')}</trackingNumber>"
    state = call(client, f"<urn:CheckStateRequest>{ask}</urn:CheckStateRequest>")
    assert (told(state, "state"), told(state, "errorCode")) == ("UPLOAD_REJECTED", code)
    locales = [one.get("locale") for one in state.iter(f"{{{V1}}}description")]
    assert locales == ["lt", "en"]


def test_an_upload_that_breaks_on_our_side_has_its_official_number(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    taxpayer = make_taxpayer()
    client = program(taxpayer)
    (tmp_path / "no-folder").touch()
    monkeypatch.setattr(default_storage, "location", str(tmp_path / "no-folder"))
    fault = call(client, upload_of(IsafFile(taxpayer.code, sales=[Sold()]).render()), status=500)
    assert (told(fault, "code"), fault.findtext("faultcode")) == ("11009", "soap:Server")
    assert not Document.objects.exists()


def test_an_identical_file_is_refused_by_its_official_number() -> None:
    taxpayer = make_taxpayer()
    client = program(taxpayer)
    content = IsafFile(taxpayer.code, sales=[Sold()]).render()
    call(client, upload_of(content))
    assert told(call(client, upload_of(content)), "errorCode") == "11003"


def test_a_file_goes_to_the_taxpayer_it_names() -> None:
    first, second, stranger = make_taxpayer(), make_taxpayer(), make_taxpayer()
    client = program(first, second)
    for taxpayer, kept_for, verdict in (
        (second, second, None),
        (stranger, first, "12002"),
    ):
        content = IsafFile(taxpayer.code, sales=[Sold()]).render()
        number = told(call(client, upload_of(content)), "trackingNumber")
        assert Document.objects.get(number=number).taxpayer == kept_for
        judge(number)
        ask = f"<trackingNumber>{number}</trackingNumber>"
        state = call(client, f"<urn:CheckStateRequest>{ask}</urn:CheckStateRequest>")
        assert told(state, "errorCode") == verdict


def test_strangers_learn_nothing_of_files_and_registers() -> None:
    taxpayer = make_taxpayer()
    content = IsafFile(taxpayer.code, sales=[Sold()]).render()
    number = told(call(program(taxpayer), upload_of(content)), "trackingNumber")
    judge(number)
    register = Register.objects.first()
    assert register
    stranger = program(make_taxpayer())
    for name, ask in (
        ("CheckState", f"<trackingNumber>{number}</trackingNumber>"),
        ("StateHistory", f"<trackingNumber>{number}</trackingNumber>"),
        ("GetRegistryStatus", f"<registryNumber>{register.number}</registryNumber>"),
        ("SubmitRegistry", f"<registryNumber>{register.number}</registryNumber>"),
        ("RemoveRegistry", f"<registryNumber>{register.number}</registryNumber>"),
        ("ValidateRegistry", f"<registryNumber>{register.number}</registryNumber>"),
        ("GetRegistryValidationStatus", f"<registryNumber>{register.number}</registryNumber>"),
    ):
        missing = ask.replace(number, "ISAF-2020-1").replace(register.number, "S-2020-01-1-1")
        told_ = call(stranger, f"<urn:{name}Request>{ask}</urn:{name}Request>")
        nothing = call(stranger, f"<urn:{name}Request>{missing}</urn:{name}Request>")
        assert told(told_, "errorCode") == told(nothing, "errorCode")
        assert told(told_, "errorCode") in {"file-not-found", "register-not-found"}
    asked = (
        "<SelectionStartDate>2026-10-01</SelectionStartDate>"
        "<SelectionEndDate>2026-10-31</SelectionEndDate>"
        f"<RegistrationNumber>{taxpayer.code}</RegistrationNumber>"
    )
    by_code = call(
        stranger,
        f"<urn:GetRegistryNumbersByTaxPayerRequest>{asked}</urn:GetRegistryNumbersByTaxPayerRequest>",
    )
    assert (told(by_code, "errorCode"), told(by_code, "systemCode")) == (
        "14408",
        "PROXY_INFO_MISMATCH",
    )


def test_an_interval_is_a_year_at_most() -> None:
    client = program(make_taxpayer())
    ask = (
        "<urn:SelectionStartDate>2025-01-01</urn:SelectionStartDate>"
        "<urn:SelectionEndDate>2026-03-01</urn:SelectionEndDate>"
    )
    answer = call(client, f"<urn:GetRegistryNumbersRequest>{ask}</urn:GetRegistryNumbersRequest>")
    assert told(answer, "errorCode") == "bad-interval"


def test_a_day_may_carry_a_time_zone() -> None:
    client = program(make_taxpayer())
    ask = (
        "<urn:SelectionStartDate>2026-10-01+03:00</urn:SelectionStartDate>"
        "<urn:SelectionEndDate>2026-10-31Z</urn:SelectionEndDate>"
    )
    answer = call(client, f"<urn:GetRegistryNumbersRequest>{ask}</urn:GetRegistryNumbersRequest>")
    assert told(answer, "operationStatus") == "SUCCESS"


def test_a_right_that_is_missing_is_said() -> None:
    taxpayer = make_taxpayer()
    client = program(taxpayer, rights=("isaf.view",))
    content = IsafFile(taxpayer.code, sales=[Sold()]).render()
    fault = call(client, upload_of(content), status=500)
    assert told(fault, "code") == "right-missing"
    assert not Document.objects.exists()


@pytest.mark.parametrize(
    ("body", "kind", "code"),
    [
        (b"", "text/xml", "soap-message"),
        (b"<a>", "text/xml", "soap-message"),
        (b"<a/>", "text/xml", "soap-message"),
        (envelope("<urn:CheckStateRequest/>"), "application/soap+xml", "soap-version"),
        (
            envelope("<x/>").replace(SOAP.encode(), b"http://www.w3.org/2003/05/soap-envelope"),
            "text/xml",
            "soap-version",
        ),
        (envelope("<urn:Elsewhere/>"), "text/xml", "soap-operation"),
        (envelope("<urn:CheckStateRequest/>"), "text/xml", "soap-message"),
        (
            envelope("<urn:UploadRequest><data>?!</data></urn:UploadRequest>"),
            "text/xml",
            "soap-message",
        ),
        (b"<!DOCTYPE a [<!ENTITY b 'c'>]>" + envelope("<a>&b;</a>"), "text/xml", "soap-message"),
        (envelope("<a>" * 60 + "</a>" * 60), "text/xml", "soap-message"),
        (
            envelope(f"<urn:CheckStateRequest>{'x' * 100_000}</urn:CheckStateRequest>"),
            "text/xml",
            "soap-message",
        ),
        (b"nonsense", 'multipart/related; boundary="b"', "soap-message"),
        (b"nonsense", "multipart/related", "soap-message"),
        (
            b"--b\r\nContent-ID: " + b"x" * 9_000 + b"\r\n\r\n",
            'multipart/related; boundary="b"',
            "soap-message",
        ),
        (
            envelope("<urn:UploadRequest><data/><data/></urn:UploadRequest>"),
            "text/xml",
            "soap-message",
        ),
        (*mtom(b"x", envelope(INCLUDED.replace("file@x", "elsewhere"))), "soap-message"),
        (*mtom(b"x", envelope(INCLUDED), transfer="base64"), "soap-message"),
    ],
)
def test_what_is_no_message_gets_a_fault(body: bytes, kind: str, code: str) -> None:
    fault = post(program(make_taxpayer()), body, kind, status=500)
    assert (fault.tag, told(fault, "code")) == (f"{{{SOAP}}}Fault", code)
    assert not Document.objects.exists()


def test_without_a_certificate_only_the_description_is_told(client: Client) -> None:
    fault = call(client, upload_of(b"<a/>"), status=500)
    assert told(fault, "code") == "unauthenticated"
    answer = client.get(ADDRESS, query_params={"wsdl": ""})
    assert answer.status_code == 200
    assert b"iSAFUploaderService" in answer.content


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16", "windows-1257"])
def test_the_first_bytes_tell_for_whom_a_file_is(encoding: str) -> None:
    text = IsafFile("302903001", sales=[Sold()]).render().decode()
    text = text.replace('encoding="UTF-8"', f'encoding="{encoding}"')
    content = text.encode(encoding)
    assert registration_number_of(content) == "302903001"
    assert registration_number_of(gzip.compress(content)) == "302903001"


def test_a_number_behind_the_header_is_somebody_elses() -> None:
    head = (
        b"<a><FileDescription></FileDescription><RegistrationNumber>302903001</RegistrationNumber>"
    )
    assert registration_number_of(head) == ""
    assert registration_number_of(b"\x1f\x8bbroken") == ""

"""The synchronous service: small files, waybills' states and changes, by messages as they come."""

import base64
import gzip
from typing import Any

import pytest
from django.test import Client
from lxml import etree
from pytest_django.fixtures import Settings

from imas.kernel import xml
from intake.models import Document
from intake.types import DocumentState, Source
from ivaz.models import Waybill
from ivaz.services import at_once
from ivaz.types import Section, State
from representation.models import Taxpayer
from tests import make
from tests.isaf.test_soap import SOAP, mtom, program
from tests.ivaz.records import issued, receipt, say, waybill
from tests.ivaz.test_files import file_of

pytestmark = pytest.mark.django_db

ADDRESS = "/ivaz-processor/services/sync"
V1 = "urn:ivaz:processor:v1"
RIGHTS = ("ivaz.view", "ivaz.submit")


@pytest.fixture(autouse=True)
def _behind_a_proxy(settings: Settings) -> None:
    settings.CERTIFICATE_PROXIES = ["127.0.0.1"]
    settings.IVAZ_SYNC_SECONDS = 0


@pytest.fixture
def client(consignor: Taxpayer) -> Client:
    return program(consignor, rights=RIGHTS)


@pytest.fixture
def content(consignor: Taxpayer, transporter: Taxpayer, consignee: Taxpayer) -> bytes:
    """A file with a good waybill, a wrong one and a receipt of nothing."""
    records: dict[Section, list[Any]] = {
        Section.WAYBILL: [
            waybill(consignor, transporter, consignee, uid="A"),
            waybill(consignor, transporter, consignee, uid="B", ShipTo={"WarehouseID": "1"}),
        ],
        Section.RECEIPT: [receipt("IV0")],
    }
    return bytes(file_of(consignor, records).read())


def envelope(request: str) -> bytes:
    return (
        f'<e:Envelope xmlns:e="{SOAP}" xmlns:v="{V1}"><e:Header/>'
        f"<e:Body>{request}</e:Body></e:Envelope>"
    ).encode()


def call(client: Client, operation: str, *elements: tuple[str, str], status: int = 200) -> Any:
    told = "".join(f"<v:{name}>{text}</v:{name}>" for name, text in elements)
    return post(client, envelope(f"<v:{operation}Request>{told}</v:{operation}Request>"), status)


def post(
    client: Client, body: bytes, status: int = 200, kind: str = "text/xml; charset=utf-8"
) -> Any:
    answer = client.post(ADDRESS, body, kind)
    assert answer.status_code == status, answer.content
    found = xml.parse(answer.content).find(f"{{{SOAP}}}Body")
    assert found is not None
    if status == 200:
        xml.schema("ivaz/processor/processor.xsd").assertValid(found[0])
    return found[0]


def submit(client: Client, content: bytes, number: str = "", status: int = 200) -> Any:
    given = [("requestNumber", number)] if number else []
    data = base64.b64encode(content).decode()
    return call(client, "SubmitFile", ("data", data), *given, status=status)


def told(element: etree._Element, name: str) -> Any:
    return element.findtext(f".//{{{V1}}}{name}")


def each(element: etree._Element, name: str) -> list[Any]:
    return list(element.iter(f"{{{V1}}}{name}"))


@pytest.mark.parametrize("packed", [False, True])
@pytest.mark.parametrize("beside", [False, True])
def test_a_file_is_done_before_the_answer(
    client: Client, content: bytes, packed: bool, beside: bool
) -> None:
    sent = gzip.compress(content) if packed else content
    if beside:
        include = (
            '<v:SubmitFileRequest><v:data><x:Include href="cid:file@x" '
            'xmlns:x="http://www.w3.org/2004/08/xop/include"/></v:data></v:SubmitFileRequest>'
        )
        body, kind = mtom(sent, envelope(include))
        answer = post(client, body, kind=kind)
    else:
        answer = submit(client, sent)
    assert (told(answer, "operationStatus"), told(answer, "fileState")) == ("SUCCESS", "ACCEPTED")
    good, bad, strange = each(answer, "record")
    assert (told(good, "taken"), told(good, "LocalTransportDocumentUID")) == ("true", "A")
    assert (told(good, "RN"), told(good, "state")) == (Waybill.objects.get().rn, "sent")
    assert (told(bad, "taken"), told(bad, "RN"), told(bad, "state")) == ("false", None, None)
    assert (told(bad, "errorCode"), told(bad, "path")) == ("ivaz.schema", "ShipTo")
    assert [one.get("locale") for one in each(bad, "description")] == ["lt", "en"]
    assert told(strange, "section") == "ReceiptConfirmation"
    assert told(strange, "errorCode") == "ivaz.waybill-unknown"
    kept = Document.objects.get(number=told(answer, "trackingNumber"))
    assert (kept.state, kept.source) == (DocumentState.ACCEPTED, Source.SERVICE_FILE)


def test_the_same_request_number_gets_the_first_answer_with_the_states_of_now(
    client: Client, content: bytes, transporter: Taxpayer, consignor: Taxpayer
) -> None:
    first = submit(client, content, "R1")
    rn = told(first, "RN")
    say(transporter, Section.RECEIPT, receipt(rn, by="1"))
    again = submit(client, content, "R1")
    assert told(again, "trackingNumber") == told(first, "trackingNumber")
    assert (told(again, "RN"), told(again, "state")) == (rn, "accepted")
    other = bytes(file_of(consignor, {Section.RECEIPT: [receipt("IV0")]}).read())
    refused = submit(client, other, "R1")
    assert told(refused, "errorCode") == "idempotency-key-reused"
    assert told(refused, "trackingNumber") == told(first, "trackingNumber")
    assert Document.objects.count() == 1
    by_number = call(client, "GetFileResult", ("requestNumber", "R1"), ("fromPosition", "2"))
    assert [told(one, "section") for one in each(by_number, "record")] == ["ReceiptConfirmation"]


def test_a_file_sent_again_is_refused_whole_or_judged_anew_in_what_was_refused(
    client: Client, content: bytes, consignor: Taxpayer, transporter: Taxpayer
) -> None:
    rn = told(submit(client, content), "RN")
    again = submit(client, content)
    assert (told(again, "fileState"), told(again, "RN")) == ("ACCEPTED", rn)
    good = waybill(consignor, transporter, None, uid="C")
    whole = bytes(file_of(consignor, {Section.WAYBILL: [good]}).read())
    assert told(submit(client, whole), "fileState") == "ACCEPTED"
    refused = submit(client, whole)
    assert (told(refused, "fileState"), told(refused, "errorCode")) == (
        "UPLOAD_REJECTED",
        "11003",
    )


def test_a_file_behind_another_has_its_number_and_is_done_later(
    client: Client, content: bytes, consignor: Taxpayer
) -> None:
    other = bytes(file_of(consignor, {Section.RECEIPT: [receipt("IV0")]}).read())
    before = submit(client, other)
    waits = Document.objects.filter(number=told(before, "trackingNumber"))
    waits.update(state=DocumentState.UPLOADED, attempts=99)
    answer = submit(client, content, "R2")
    assert (told(answer, "fileState"), each(answer, "record")) == ("UPLOADED", [])
    waits.update(state=DocumentState.REJECTED)
    assert told(submit(client, content, "R2"), "fileState") == "ACCEPTED"


def test_what_is_too_large_is_refused_and_leaves_nothing(
    client: Client, content: bytes, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.IVAZ_SYNC_FILE_BYTES = len(content) - 1
    for sent in (content, gzip.compress(content)):
        answer = submit(client, sent, "R3")
        assert told(answer, "errorCode") == "waybill-file-too-large"
        assert (told(answer, "operationStatus"), told(answer, "requestNumber")) == ("ERROR", "R3")
    settings.IVAZ_SYNC_FILE_BYTES = len(content)
    monkeypatch.setattr(at_once, "MOST", 2)
    assert told(submit(client, content), "errorCode") == "waybill-file-too-large"
    monkeypatch.setattr(at_once, "MOST", 3)
    assert told(submit(client, content), "operationStatus") == "SUCCESS"
    assert Document.objects.count() == 1


@pytest.mark.parametrize(
    ("content", "state", "code"),
    [
        (b"", "UPLOAD_REJECTED", "11007"),
        (b"%PDF-1.7", "UPLOAD_REJECTED", "11001"),
        (gzip.compress(b"%PDF-1.7"), "REJECTED", "11001"),
        (b"<iVAZFile/>", "REJECTED", "ivaz.structure"),
        (b"<iVAZFile>", "REJECTED", "ivaz.broken"),
    ],
)
def test_what_is_no_file_is_told_so(client: Client, content: bytes, state: str, code: str) -> None:
    answer = submit(client, content)
    assert (told(answer, "fileState"), told(answer, "errorCode")) == (state, code)
    assert told(answer, "trackingNumber")


def test_a_file_goes_to_the_taxpayer_it_names(
    consignor: Taxpayer, transporter: Taxpayer, content: bytes
) -> None:
    both = program(transporter, consignor, rights=RIGHTS)
    number = told(submit(both, content), "trackingNumber")
    assert Document.objects.get(number=number).taxpayer == consignor
    strange = program(transporter, rights=RIGHTS)
    answer = submit(strange, content)
    assert (told(answer, "fileState"), told(answer, "errorCode")) == ("REJECTED", "ivaz.creator")
    kept = Document.objects.get(number=told(answer, "trackingNumber"))
    assert kept.taxpayer == transporter


def test_a_waybill_is_found_by_its_numbers_and_its_parties_alone(
    client: Client, consignor: Taxpayer, transporter: Taxpayer
) -> None:
    rn = issued(consignor, waybill(consignor, transporter, None))
    for asked in (
        ("RN", rn),
        ("LocalTransportDocumentUID", "L-1"),
        ("LocalTransportDocumentNumber", "VAZ L-1"),
    ):
        found = call(client, "GetWaybillState", asked)
        assert (told(found, "RN"), told(found, "state")) == (rn, "sent")
        assert [one.text for one in each(found, "role")] == ["preparer", "consignor"]
        assert [one.text for one in each(found, "plate")] == ["ABC123"]
        stranger = program(make.make_taxpayer(), rights=RIGHTS)
        nothing = call(stranger, "GetWaybillState", asked)
        assert told(nothing, "errorCode") == "waybill-not-found"
    carrier = program(make.make_taxpayer(), transporter, rights=RIGHTS)
    named = ("RegistrationNumber", transporter.code)
    assert told(call(carrier, "GetWaybillState", ("RN", rn), named), "RN") == rn
    uid = call(carrier, "GetWaybillState", ("LocalTransportDocumentUID", "L-1"), named)
    assert told(uid, "errorCode") == "waybill-not-found"
    foreign = call(client, "GetWaybillState", ("RN", rn), named)
    assert told(foreign, "errorCode") == "taxpayer-not-yours"


def test_changes_are_followed_from_where_one_was(
    client: Client, consignor: Taxpayer, transporter: Taxpayer
) -> None:
    rn = issued(consignor, waybill(consignor, transporter, None))
    other = issued(consignor, waybill(consignor, transporter, None, uid="L-2"))
    first = call(client, "GetChanges")
    assert {one.text for one in each(first, "RN")} == {rn, other}
    after = ("after", told(first, "next"))
    nothing = call(client, "GetChanges", after)
    assert (each(nothing, "RN"), told(nothing, "next")) == ([], told(first, "next"))
    say(transporter, Section.RECEIPT, receipt(rn, by="1"))
    later = call(client, "GetChanges", after)
    assert [(told(later, "RN"), told(later, "state"))] == [(rn, State.ACCEPTED)]
    assert int(told(later, "next")) > int(told(first, "next"))


def test_a_file_is_a_stranger_s_as_one_that_is_not_there(client: Client, content: bytes) -> None:
    number = told(submit(client, content, "R4"), "trackingNumber")
    stranger = program(make.make_taxpayer(), rights=RIGHTS)
    for asked in (("trackingNumber", number), ("trackingNumber", "no"), ("requestNumber", "R4")):
        answer = call(stranger, "GetFileResult", asked)
        assert told(answer, "errorCode") == "waybill-file-not-found"


def test_rights_are_asked_for(consignor: Taxpayer, content: bytes) -> None:
    viewer = program(consignor, rights=("ivaz.view",))
    fault = submit(viewer, content, status=500)
    assert told(fault, "code") == "right-missing"
    assert not Document.objects.exists()
    other = program(consignor, rights=("isaf.view",))
    assert told(call(other, "GetChanges"), "errorCode") == "right-missing"


def test_without_a_certificate_only_the_description_is_told(client: Client) -> None:
    anonymous = Client()
    assert told(call(anonymous, "GetChanges", status=500), "code") == "unauthenticated"
    answer = anonymous.get(ADDRESS, query_params={"wsdl": ""})
    assert answer.status_code == 200
    assert b"iVAZProcessorService" in answer.content
    assert b"not public" in answer.content
    fault = call(client, "Delete", status=500)
    assert told(fault, "code") == "soap-operation"

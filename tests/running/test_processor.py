"""An outside SOAP client sends and follows waybills over mutual TLS, done before the answer."""

import gzip
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import requests
from zeep.exceptions import Fault

from demo.people import companies
from imas.kernel import clock
from ivaz.parsing.writing import write
from ivaz.types import Section
from tests.isaf.test_soap import SOAP, mtom
from tests.running.house import House
from tests.running.soap_programs import PROCESSOR, TlsHouse

pytestmark = pytest.mark.slow

CONSIGNOR, CARRIER = companies()[9], companies()[11]


@pytest.fixture
def tls(house: House, port: int, trusted: Path) -> TlsHouse:
    """Return the house that programs speak to."""
    return TlsHouse(house, port, trusted)


@pytest.fixture
def session(tls: TlsHouse, tmp_path: Path) -> requests.Session:
    """Return a connection that shows a certificate of the accountant's program."""
    return tls.session(tmp_path, CONSIGNOR.code)


def _file(code: str, records: dict[Section, list[Any]]) -> bytes:
    header = {
        "FileDateCreated": "2026-11-21T10:00:00",
        "SoftwareCompanyName": "UAB „Programa“",
        "SoftwareName": "zeep",
        "SoftwareVersion": "1.0",
        "CreatorRegistrationNumber": code,
    }
    return b"".join(write(header, records))


def _waybill(uid: str) -> dict[str, Any]:
    leaves = clock.now() + timedelta(days=1)
    return {
        "TransportDocumentUID": {"LocalTransportDocumentUID": uid},
        "LocalTransportDocumentNumber": f"ZEEP {uid}",
        "LocalTransportDocumentDate": clock.today().isoformat(),
        "TimeOfDispatch": leaves.replace(microsecond=0).isoformat(),
        "Consignor": {"RegistrationNumber": CONSIGNOR.code, "Name": CONSIGNOR.name},
        "Consignee": None,
        "Transporter": {
            "RegistrationNumber": CARRIER.code,
            "Name": CARRIER.name,
            "TransportMeans": [{"IdentityOfTransportUnits": "ABC 123"}],
        },
        "ShipFrom": {"LoadAddress": {"FullAddress": "Gedimino pr. 1, Vilnius"}},
        "ShipTo": {"UnloadAddress": {"FullAddress": "Laisvės al. 1, Kaunas"}},
        "DeliveryData": {
            "Products": [
                {
                    "ProductLineNumber": "1",
                    "Quantity": "10.000",
                    "UnitOfMeasure": "KGM",
                    "ProductDescription": "Dažai",
                }
            ]
        },
    }


def test_the_whole_life_of_a_waybill(tls: TlsHouse, session: requests.Session) -> None:
    processor = tls.operations(session, PROCESSOR)
    cursor = processor.GetChanges().next
    content = _file(
        CONSIGNOR.code,
        {
            Section.WAYBILL: [_waybill("zeep-1")],
            Section.RECEIPT: [
                {
                    "TransportDocumentUID": {"IvazTransportDocumentUID": "IV0"},
                    "ReceiptType": "2",
                    "ReceiptDate": "2026-11-21",
                    "ReceivedCargoConclusion": "1",
                }
            ],
        },
    )
    sent = processor.SubmitFile(data=content, requestNumber="zeep-1")
    assert (sent.operationStatus, sent.fileState, sent.errors) == ("SUCCESS", "ACCEPTED", None)
    good, wrong = sent.recordList.record
    assert (good.taken, good.LocalTransportDocumentUID, good.state) == (True, "zeep-1", "sent")
    (found,) = wrong.errors.error
    assert (wrong.taken, found.errorCode) == (False, "ivaz.waybill-unknown")
    assert [one.locale for one in found.descriptions.description] == ["lt", "en"]

    again = processor.SubmitFile(data=content, requestNumber="zeep-1")
    assert (again.trackingNumber, again.recordList.record[0].RN) == (sent.trackingNumber, good.RN)
    kept = processor.GetFileResult(trackingNumber=sent.trackingNumber)
    assert kept.requestNumber == "zeep-1"

    cancelled = {
        "TransportDocumentUID": {"IvazTransportDocumentUID": good.RN},
        "CancellationReason": "1",
    }
    file = _file(CONSIGNOR.code, {Section.CANCELLATION: [cancelled]})
    (done,) = processor.SubmitFile(data=gzip.compress(file)).recordList.record
    assert (done.taken, done.state) == (True, "cancelled")
    (state,) = processor.GetWaybillState(
        LocalTransportDocumentUID="zeep-1", RegistrationNumber=CONSIGNOR.code
    ).waybillList.waybill
    assert (state.RN, state.state, state.plateList.plate) == (good.RN, "cancelled", ["ABC123"])
    changes = processor.GetChanges(after=cursor)
    assert [one.state for one in changes.waybillList.waybill if one.RN == good.RN] == ["cancelled"]
    missing = processor.GetWaybillState(RN="IV0")
    assert missing.errors.error[0].errorCode == "waybill-not-found"


def test_a_file_beside_the_message(tls: TlsHouse, session: requests.Session) -> None:
    message = (
        f'<e:Envelope xmlns:e="{SOAP}"><e:Body><v:SubmitFileRequest '
        'xmlns:v="urn:ivaz:processor:v1"><v:data><x:Include href="cid:file@x" '
        'xmlns:x="http://www.w3.org/2004/08/xop/include"/></v:data></v:SubmitFileRequest>'
        "</e:Body></e:Envelope>"
    )
    content = gzip.compress(_file(CONSIGNOR.code, {Section.WAYBILL: [_waybill("mtom-1")]}))
    body, kind = mtom(content, message.encode())
    answer = session.post(
        tls.address_of(PROCESSOR), data=body, headers={"Content-Type": kind}, timeout=30
    )
    assert answer.status_code == 200
    assert b"<v1:state>sent</v1:state>" in answer.content


def test_without_a_certificate_nothing_is_done(tls: TlsHouse, trusted: Path) -> None:
    stranger = requests.Session()
    stranger.trust_env, stranger.verify = False, str(trusted)
    processor = tls.operations(stranger, PROCESSOR)
    with pytest.raises(Fault) as refused:
        processor.GetChanges()
    assert b"unauthenticated" in refused.value.detail[0].xpath("string()").encode()

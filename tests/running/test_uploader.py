"""An outside SOAP client drives a register's whole life over mutual TLS."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
import requests

from demo.people import companies
from imas.kernel.periods import Period
from tests.isaf.files import IsafFile, Sold
from tests.running.house import House, wait_until
from tests.running.soap_programs import TlsHouse

pytestmark = pytest.mark.slow

MAY = Period.month(2026, 5)
COMPANY = companies()[9]
SOLD = Sold(number="SOAP 1", issued=date(2026, 5, 12))
FILE = IsafFile(COMPANY.code, MAY, sales=[SOLD])


@pytest.fixture
def tls(house: House, port: int, trusted: Path) -> TlsHouse:
    """Return the house that programs speak to."""
    return TlsHouse(house, port, trusted)


@pytest.fixture
def session(tls: TlsHouse, tmp_path: Path) -> requests.Session:
    """Return a connection that shows a certificate of the accountant's program."""
    return tls.session(tmp_path, COMPANY.code)


@pytest.fixture
def uploader(tls: TlsHouse, session: requests.Session) -> Any:
    """Return the operations as zeep reads them off the description."""
    return tls.operations(session)


def test_the_whole_life_of_a_register(uploader: Any) -> None:  # noqa: PLR0915 - one life
    sent = uploader.Upload(data=FILE.render(), requestNumber="zeep-1")
    assert (sent.operationStatus, sent.requestNumber, sent.errors) == ("SUCCESS", "zeep-1", None)
    number = sent.trackingNumber
    wait_until(lambda: uploader.CheckState(requestNumber="zeep-1").state == "ACCEPTED")
    history = uploader.StateHistory(trackingNumber=number).stateHistory.historyItem
    assert [item.state for item in history] == ["UPLOADED", "PROCESSING", "ACCEPTED"]

    register = _sales(uploader.GetRegistryNumbers(**_interval()))
    assert (register.registryStatus, register.cancelled, register.relevance) == (
        "PREPARING",
        False,
        None,
    )
    represented = uploader.GetRegistryNumbersByTaxPayer(
        **_interval(), RegistrationNumber=COMPANY.code, registryType="SALES_REGISTRY"
    )
    assert [one.registryNumber for one in represented.registryList.registry] == [
        register.registryNumber
    ]

    assert uploader.ValidateRegistry(register.registryNumber).operationStatus == "SUCCESS"
    checked = _when(
        lambda: uploader.GetRegistryValidationStatus(register.registryNumber),
        lambda answer: answer.ValidationStatus == "VALIDATED",
    )
    assert checked.ValidationEnd is not None

    submitted = uploader.SubmitRegistry(register.registryNumber)
    assert (submitted.operationStatus, submitted.registryStatus) == ("SUCCESS", "SUBMITTED")
    status = _when(
        lambda: uploader.GetRegistryStatus(register.registryNumber),
        lambda answer: answer.registryStatus == "ACCEPTED",
    )
    (part,) = status.partList.part
    assert (status.relevance, part.trackingNumber, part.requestNumber) == (True, number, "zeep-1")
    assert (part.RegistryPartSource, part.cancelled) == ("SERVICE_FILE", False)

    again = uploader.SubmitRegistry(register.registryNumber)
    assert (again.operationStatus, again.error.errorCode) == ("ERROR", "register-not-preparing")
    kept = uploader.RemoveRegistry(register.registryNumber)
    assert (kept.operationStatus, kept.cancelled) == ("ERROR", False)

    corrected = replace(FILE, sales=[replace(SOLD, taxable=Decimal("250.00"))])
    newer = uploader.Upload(data=corrected.render(), requestNumber="zeep-2")
    wait_until(lambda: uploader.CheckState(trackingNumber=newer.trackingNumber).state == "ACCEPTED")
    correction = _sales(uploader.GetRegistryNumbers(**_interval()), "PREPARING")
    assert correction.registryNumber != register.registryNumber
    removed = uploader.RemoveRegistry(correction.registryNumber)
    assert (removed.operationStatus, removed.cancelled) == ("SUCCESS", True)
    gone = uploader.GetRegistryStatus(correction.registryNumber)
    assert gone.errors.error[0].errorCode == "register-not-found"


def test_a_file_with_errors_says_them_in_both_languages(uploader: Any) -> None:
    wrong = replace(FILE, part="K", sales=[replace(SOLD, number="SOAP 2", vat_code="LT12")])
    number = uploader.Upload(data=wrong.render()).trackingNumber
    wait_until(lambda: uploader.CheckState(trackingNumber=number).state == "ACCEPTED")
    register = _sales(uploader.GetRegistryNumbers(**_interval()), "PREPARING")
    refused = uploader.SubmitRegistry(register.registryNumber)
    assert refused.error.errorCode == "register-has-errors"
    found = uploader.GetRegistryStatus(register.registryNumber).errors.error[0]
    assert found.severity == "ERROR"
    assert found.errorCode.isdigit()
    assert "SOAP 2" in found.detail
    assert [one.locale for one in found.descriptions.description] == ["lt", "en"]


def test_a_body_in_chunks_is_read_whole(session: requests.Session, tls: TlsHouse) -> None:
    content = (
        b'<e:Envelope xmlns:e="http://schemas.xmlsoap.org/soap/envelope/"><e:Body>'
        b'<u:CheckRegistryRequest xmlns:u="urn:isaf:uploader:v1"><registryNumber>nera'
        b"</registryNumber></u:CheckRegistryRequest></e:Body></e:Envelope>"
    )
    pieces = (content[at : at + 50] for at in range(0, len(content), 50))
    answer = session.post(
        tls.address, data=pieces, headers={"Content-Type": "text/xml"}, timeout=30
    )
    assert answer.status_code == 200
    assert b"register-not-found" in answer.content


def _interval() -> dict[str, date]:
    return {"SelectionStartDate": MAY.start, "SelectionEndDate": MAY.end}


def _sales(answer: Any, status: str = "") -> Any:
    rows = [row for row in answer.registryList.registry if row.registryType == "SALES_REGISTRY"]
    return [row for row in rows if status in {"", row.registryStatus}][-1]


def _when(ask: Callable[[], Any], is_so: Callable[[Any], bool]) -> Any:
    def answered() -> Any:
        answer = ask()
        return answer if is_so(answer) else None

    return wait_until(answered)

"""An outside SOAP client gets every error case that the specification names."""

from collections.abc import Callable, Mapping
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from zeep.exceptions import Fault

from demo.mandates import ACCOUNTANT
from demo.people import companies
from imas.kernel.periods import Period, PeriodKind
from isaf.making import legal_code
from tests.isaf.files import IsafFile, Sold
from tests.isaf.test_every_code import CASES, Case, content_of
from tests.running.house import House, wait_until
from tests.running.soap_programs import TlsHouse

pytestmark = pytest.mark.slow

COMPANY, OTHER = companies()[11], companies()[12]
HALF_YEARLY, UNKNOWN = legal_code(33000001), legal_code(33000002)
CODES = {PeriodKind.MONTH: COMPANY.code, PeriodKind.HALF_YEAR: HALF_YEARLY, None: UNKNOWN}
OF_FILES = [case for case in CASES if case.code < "13"]

Programs = Mapping[PeriodKind | None, Any]


@pytest.fixture(scope="module")
def programs(
    house: House, port: int, trusted: Path, tmp_path_factory: pytest.TempPathFactory
) -> Programs:
    """Programs of a monthly and a half-yearly taxpayer, and of one of whom that is not known."""
    folder = tmp_path_factory.mktemp("programs")
    _register(house, folder, "taxpayers", "code,kind,name", "legal,UAB „Pusmetis“", "legal,UAB „X“")
    person = f"{ACCOUNTANT.personal_code},{ACCOUNTANT.first_name},2020-01-01"
    _register(house, folder, "heads", "code,personal_code,person_name,since", person, person)
    _register(house, folder, "periods", "code,kind,since", "half_year,2020-01-01")
    tls = TlsHouse(house, port, trusted)
    return {kind: tls.operations(tls.session(folder, code)) for kind, code in CODES.items()}


def _register(house: House, folder: Path, kind: str, head: str, *rows: str) -> None:
    lines = (f"{code},{row}" for code, row in zip((HALF_YEARLY, UNKNOWN), rows, strict=False))
    file = folder / f"{kind}.csv"
    file.write_text("\n".join((head, *lines)), encoding="utf-8")
    house.manage("import_register", kind, str(file))


@pytest.mark.parametrize("case", OF_FILES, ids=[case.code for case in OF_FILES])
def test_a_file_is_refused_by_its_official_number(programs: Programs, case: Case) -> None:
    program = programs[case.kind]
    if case.code == "12013":
        held = IsafFile(
            UNKNOWN, Period.month(2026, 3), sales=[Sold("Z 1", issued=date(2026, 3, 5))]
        )
        _accepted(program, held.render())
    assert _refusal(program, content_of(case, CODES[case.kind])) == case.code


@pytest.mark.parametrize(
    ("code", "expected"), [(legal_code(39_999_998), "12001"), (OTHER.code, "12002")]
)
def test_a_file_of_somebody_else_is_refused(programs: Programs, code: str, expected: str) -> None:
    content = IsafFile(code, sales=[Sold(f"{expected} 1")]).render()
    assert _refusal(programs[PeriodKind.MONTH], content) == expected


def test_an_identical_file_is_refused(programs: Programs) -> None:
    content = IsafFile(HALF_YEARLY, Period.half_year(2026, 1), part="A").render()
    _accepted(programs[PeriodKind.HALF_YEAR], content)
    assert _refusal(programs[PeriodKind.HALF_YEAR], content) == "11003"


NOTHING = "S-1999-01-0000000-1"


@pytest.mark.parametrize(
    "operation",
    [
        "SubmitRegistry",
        "RemoveRegistry",
        "GetRegistryStatus",
        "ValidateRegistry",
        "GetRegistryValidationStatus",
    ],
)
def test_a_register_that_is_not_there_is_told(programs: Programs, operation: str) -> None:
    answer = getattr(programs[None], operation)(registryNumber=NOTHING)
    assert _error(answer).errorCode == "register-not-found"


@pytest.mark.parametrize("operation", ["CheckState", "StateHistory"])
@pytest.mark.parametrize("asked", ["trackingNumber", "requestNumber"])
def test_a_file_that_is_not_there_is_told(programs: Programs, operation: str, asked: str) -> None:
    answer = getattr(programs[None], operation)(**{asked: "nera"})
    assert _error(answer).errorCode == "file-not-found"


@pytest.mark.parametrize("operation", ["SubmitRegistry", "RemoveRegistry", "ValidateRegistry"])
def test_a_register_that_is_no_longer_prepared_is_told(programs: Programs, operation: str) -> None:
    program = programs[PeriodKind.MONTH]
    year = {"SelectionStartDate": date(2026, 1, 1), "SelectionEndDate": date(2026, 12, 31)}
    held = program.GetRegistryNumbers(**year).registryList.registry
    accepted = next(one for one in held if one.registryStatus == "ACCEPTED")
    answer = getattr(program, operation)(registryNumber=accepted.registryNumber)
    assert _error(answer).errorCode == "register-not-preparing"


@pytest.mark.parametrize(
    ("end", "code", "expected"),
    [
        (date(2027, 3, 1), None, "bad-interval"),
        (date(2025, 12, 31), None, "bad-interval"),
        (date(2027, 3, 1), HALF_YEARLY, "bad-interval"),
        (date(2026, 12, 31), OTHER.code, "14408"),
        (date(2026, 12, 31), NOTHING[:9], "soap-message"),
    ],
)
def test_what_cannot_be_listed_is_told(
    programs: Programs, end: date, code: str | None, expected: str
) -> None:
    program = programs[PeriodKind.HALF_YEAR]
    asked: dict[str, Any] = {"SelectionStartDate": date(2026, 1, 1), "SelectionEndDate": end}
    ask: Callable[..., Any] = program.GetRegistryNumbers
    if code is not None:
        ask, asked = program.GetRegistryNumbersByTaxPayer, {**asked, "RegistrationNumber": code}
    assert _code_of(lambda: ask(**asked)) == expected


def test_the_same_request_number_with_another_file_is_told(programs: Programs) -> None:
    program, period = programs[PeriodKind.HALF_YEAR], Period.half_year(2026, 1)
    first = IsafFile(HALF_YEARLY, period, part="B").render()
    number = program.Upload(data=first, requestNumber="B").trackingNumber
    answer = program.Upload(
        data=IsafFile(HALF_YEARLY, period, part="C").render(), requestNumber="B"
    )
    assert (answer.operationStatus, answer.trackingNumber) == ("ERROR", number)
    assert _error(answer).errorCode == "idempotency-key-reused"


def _refusal(program: Any, content: bytes) -> str:
    """Return the code by which a file is refused, at the door or when it is judged."""
    answer = program.Upload(data=content)
    number = answer.trackingNumber
    assert number
    if answer.operationStatus == "SUCCESS":
        wait_until(lambda: program.CheckState(trackingNumber=number).state not in _WAITING)
        answer = program.CheckState(trackingNumber=number)
        assert answer.state == "REJECTED"
    found = _error(answer)
    assert found.severity == "ERROR"
    assert [one.locale for one in found.descriptions.description] == ["lt", "en"]
    return str(found.errorCode)


_WAITING = {"UPLOADED", "PROCESSING"}


def _accepted(program: Any, content: bytes) -> None:
    number = program.Upload(data=content).trackingNumber
    wait_until(lambda: program.CheckState(trackingNumber=number).state == "ACCEPTED")


def _code_of(ask: Callable[[], Any]) -> str:
    """Return the code of an error, or of a fault where the request itself is wrong."""
    try:
        return str(_error(ask()).errorCode)
    except Fault as fault:
        return str(fault.detail.findtext(".//{urn:isaf:uploader:v1}code"))


def _error(answer: Any) -> Any:
    """Return the first error of an answer, whichever of its two places it stands in."""
    assert answer.operationStatus == "ERROR" or answer.state == "REJECTED"
    several = getattr(answer, "errors", None)
    return several.error[0] if several else answer.error

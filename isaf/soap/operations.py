"""What the uploader does: the operations of the specification, in terms of the house's services."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import chain

from django.core.files.uploadedfile import UploadedFile

from imas.kernel.errors import UnprocessableError
from imas.web.exceptions import BROKEN
from intake import tasks as intake_tasks
from intake.models import Document
from intake.types import DocumentState, Source
from isaf import selectors, services, tasks
from isaf.models import Part, Register
from isaf.parsing.peeking import HEAD, registration_number_of
from isaf.services import uploading
from isaf.soap.answers import Nodes, Value, error_of, errors_of, refused_by
from isaf.soap.callers import Caller
from isaf.types import RegisterState
from representation.types import Acting

LONGEST = timedelta(days=366)
"""The interval of one question about registers: a year at most."""

_STATES = {DocumentState.FAILED: DocumentState.REJECTED}
"""Our own failure is told as the specification's fault 10000 of a rejected file."""


@dataclass(frozen=True)
class Call:
    """Who calls, with what: the texts of the request by name, and the file that came with it."""

    caller: Caller
    fields: Mapping[str, str]
    file: "UploadedFile[bytes] | None" = None

    def text(self, name: str) -> str:
        """Return the text of an element, "" when it is absent."""
        return self.fields.get(name, "")

    def day(self, name: str) -> date:
        """Return an xs:date; a time zone, which .NET adds, says nothing about a calendar day."""
        try:
            return date.fromisoformat(self.text(name)[:10])
        except ValueError:
            raise UnprocessableError("bad-interval") from None

    @property
    def number(self) -> str:
        """The number of the register that is meant."""
        return self.text("registryNumber")


@dataclass(frozen=True)
class Operation:
    """An operation: what it answers, and which of the request an error repeats."""

    run: Callable[[Call], Nodes]
    repeats: tuple[str, ...] = ()
    errors: str = "error"
    """The element in which an error stands; `errors` holds several. Empty: refusals are faults."""
    says_cancelled: bool = False
    broken: str = BROKEN.code
    """The code of the fault when the house itself fails."""


class RefusedFileError(Exception):
    """The file was refused at the door; it has its number all the same."""

    def __init__(self, nodes: Nodes) -> None:
        super().__init__()
        self.nodes = nodes


def upload(call: Call) -> Nodes:
    """Take a file in; the same requestNumber with the same file is the same file.

    The answer always has a tracking number, also that of a file refused at the door. Where none
    can be given, because the certificate may upload for nobody, the refusal is a fault.
    """
    file, request_number = call.file, call.text("requestNumber")
    if file is None:
        raise UnprocessableError("soap-message", detail="data")
    code = registration_number_of(file.read(HEAD))
    file.seek(0)
    acting = call.caller.of_file(code)
    try:
        document = uploading.receive_file(
            acting, file, source=Source.SERVICE_FILE, dry_run=False, idempotency_key=request_number
        )
    except UnprocessableError as reused:
        earlier = call.caller.document("", request_number)
        found = [("error", error_of(reused))]
        raise RefusedFileError([*_numbers(earlier, request_number), ("errors", found)]) from reused
    intake_tasks.queue(document)
    numbers = _numbers(document, request_number)
    if document.state == DocumentState.UPLOAD_REJECTED:
        raise RefusedFileError([*numbers, ("errors", errors_of(document.problems.all()))])
    return numbers


def check_state(call: Call) -> Nodes:
    """Tell how a file stands and what was found in it."""
    document = _document(call)
    failed = document.state == DocumentState.FAILED
    found = refused_by("10000") if failed else errors_of(document.problems.all())
    state, at = _states(document)[-1]
    return [("state", state), ("errors", found), ("stateDate", at)]


def state_history(call: Call) -> Nodes:
    """Tell how a file came to stand where it stands."""
    return [
        (
            "stateHistory",
            [
                ("historyItem", [("state", state), ("stateDate", at)])
                for state, at in _states(_document(call))
            ],
        )
    ]


def registry_numbers(call: Call) -> Nodes:
    """List the registers of the credential's own taxpayer."""
    return _registry_list(call, call.caller.own())


def registry_numbers_by_taxpayer(call: Call) -> Nodes:
    """List the registers of a represented taxpayer."""
    code = call.text("RegistrationNumber")
    return [("RegistrationNumber", code), *_registry_list(call, call.caller.acting(code))]


def submit_registry(call: Call) -> Nodes:
    """Submit a register; its checks follow."""
    register = services.submit_register(call.caller.of_register(call.number), call.number)
    tasks.queue_register(register)
    return _moved(register)


def remove_registry(call: Call) -> Nodes:
    """Give up a register that is being prepared."""
    register = services.cancel_register(call.caller.of_register(call.number), call.number)
    number, *rest = _moved(register)
    return [number, ("cancelled", True), *rest]


def registry_status(call: Call) -> Nodes:
    """Tell how a register stands, its parts and everything found in it."""
    register = selectors.find_register(call.caller.of_register(call.number), call.number)
    return [
        ("registryNumber", register.number),
        ("registryStatus", register.state),
        ("relevance", _relevance(register)),
        ("registryStatusDate", _moved_at(register)),
        ("partList", _parts(register)),
        ("errors", errors_of(selectors.every_problem(register))),
    ]


def validate_registry(call: Call) -> Nodes:
    """Have a register that is being prepared checked once more."""
    register = services.request_check(call.caller.of_register(call.number), call.number)
    tasks.queue_register(register)
    return [("registryNumber", register.number)]


def validation_status(call: Call) -> Nodes:
    """Tell how far the last check of a register is."""
    register = selectors.find_register(call.caller.of_register(call.number), call.number)
    status = "VALIDATED"
    if register.given_up_at is not None:
        status = "ERROR_WHILE_VALIDATING"
    elif register.check_requested_at is not None or register.state == RegisterState.SUBMITTED:
        status = "AWAITING_VALIDATION"
    ended = register.decided_at or register.checked_at
    return [
        ("ValidationStart", register.claimed_at or register.check_requested_at),
        ("ValidationEnd", ended if status == "VALIDATED" else None),
        ("ValidationStatus", status),
    ]


OPERATIONS: Mapping[str, Operation] = {
    "Upload": Operation(upload, errors="", broken="11009"),
    "CheckState": Operation(check_state, (), "errors"),
    "StateHistory": Operation(state_history, (), "errors"),
    "GetRegistryNumbers": Operation(registry_numbers),
    "GetRegistryNumbersByTaxPayer": Operation(
        registry_numbers_by_taxpayer, ("RegistrationNumber",)
    ),
    "SubmitRegistry": Operation(submit_registry, ("registryNumber",)),
    "RemoveRegistry": Operation(remove_registry, ("registryNumber",), says_cancelled=True),
    "GetRegistryStatus": Operation(registry_status, ("registryNumber",), "errors"),
    "ValidateRegistry": Operation(validate_registry, ("registryNumber",)),
    "GetRegistryValidationStatus": Operation(validation_status),
}

ALIASES: Mapping[str, str] = {"CheckRegistry": "GetRegistryStatus"}
"""What an example of the specification calls an operation that its list names otherwise."""


def _numbers(document: Document, request_number: str) -> Nodes:
    return [("trackingNumber", document.number), ("requestNumber", request_number)]


def _document(call: Call) -> Document:
    return call.caller.document(call.text("trackingNumber"), call.text("requestNumber"))


def _states(document: Document) -> list[tuple[str, Value]]:
    """Return the states a file has been in, the last is the one it is in."""
    if document.state == DocumentState.UPLOAD_REJECTED:
        return [(document.state, document.received_at)]
    states: list[tuple[str, Value]] = [(DocumentState.UPLOADED, document.received_at)]
    if document.started_at is not None:
        states.append((DocumentState.PROCESSING, document.started_at))
    if document.finished_at is not None:
        state = DocumentState(document.state)
        states.append((_STATES.get(state, state), document.finished_at))
    return states


def _registry_list(call: Call, acting: Acting) -> Nodes:
    start, end = call.day("SelectionStartDate"), call.day("SelectionEndDate")
    if not start <= end <= start + LONGEST:
        raise UnprocessableError("bad-interval")
    rows = selectors.registers_of(acting).filter(start__gte=start, end__lte=end)
    if type_ := call.text("registryType"):
        rows = rows.filter(type=type_)
    found: Nodes = [("registry", _registry(row)) for row in rows.order_by("start", "number")]
    return [("registryList", found or None)]


def _registry(register: Register) -> Nodes:
    return [
        ("registryNumber", register.number),
        ("SelectionStartDate", register.start),
        ("SelectionEndDate", register.end),
        ("registryType", register.type),
        ("relevance", _relevance(register)),
        ("cancelled", register.cancelled_at is not None),
        ("registryStatus", register.state),
    ]


def _moved(register: Register) -> Nodes:
    return [
        ("registryNumber", register.number),
        ("registryStatus", register.state),
        ("registryStatusDate", _moved_at(register)),
    ]


def _moved_at(register: Register) -> Value:
    moved = (register.cancelled_at, register.decided_at, register.submitted_at)
    return next(filter(None, moved), register.created_at)


def _relevance(register: Register) -> bool | None:
    return None if register.state == RegisterState.PREPARING else register.relevant


def _parts(register: Register) -> Nodes:
    shown = [(row.part, False) for row in selectors.parts_of(register)]
    replaced = [(part, True) for part in selectors.replaced_parts(register)]
    return [("part", _part(part, is_gone)) for part, is_gone in chain(shown, replaced)]


def _part(part: Part, is_gone: bool) -> Nodes:  # noqa: FBT001 - as the element says it
    document = part.document
    return [
        ("PartNumber", part.part_number),
        ("requestNumber", document.idempotency_key.partition(":")[2] if document else None),
        ("trackingNumber", document.number if document else None),
        ("fileName", document.filename if document else None),
        ("createdPartDate", part.created_at),
        ("cancelled", is_gone),
        ("RegistryPartSource", part.source),
    ]

"""What the uploader does: the operations of the specification, in terms of the house's services."""

from collections.abc import Mapping
from datetime import timedelta
from itertools import chain

from imas.kernel.errors import UnprocessableError
from intake import tasks as intake_tasks
from intake.models import Document
from intake.soap import operations as soap
from intake.soap.answers import Nodes, Value
from intake.soap.operations import Operation, RefusedFileError
from intake.types import DocumentState, Source
from isaf import selectors, services, tasks
from isaf.models import Part, Register
from isaf.parsing.peeking import HEAD, registration_number_of
from isaf.selectors import KIND
from isaf.services import uploading
from isaf.soap.answers import WRITER
from isaf.soap.callers import UploaderCaller
from isaf.types import RegisterState
from representation.types import Acting

LONGEST = timedelta(days=366)
"""The interval of one question about registers: a year at most."""

_STATES = {DocumentState.FAILED: DocumentState.REJECTED}
"""Our own failure is told as the specification's fault 10000 of a rejected file."""

Call = soap.Call[UploaderCaller]


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
    acting = call.caller.of_file(KIND, code)
    try:
        document = uploading.receive_file(
            acting, file, source=Source.SERVICE_FILE, dry_run=False, idempotency_key=request_number
        )
    except UnprocessableError as reused:
        earlier = call.caller.document("", request_number)
        found = [("error", WRITER.error_of(reused))]
        raise RefusedFileError([*_numbers(earlier, request_number), ("errors", found)]) from reused
    intake_tasks.queue(document)
    numbers = _numbers(document, request_number)
    if document.state == DocumentState.UPLOAD_REJECTED:
        raise RefusedFileError([*numbers, ("errors", _found(document))])
    return numbers


def check_state(call: Call) -> Nodes:
    """Tell how a file stands and what was found in it."""
    document = _document(call)
    failed = document.state == DocumentState.FAILED
    found = WRITER.refused_by("10000") if failed else _found(document)
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
    register = services.submit_register(call.caller.of_register(_number(call)), _number(call))
    tasks.queue_register(register)
    return _moved(register)


def remove_registry(call: Call) -> Nodes:
    """Give up a register that is being prepared."""
    register = services.cancel_register(call.caller.of_register(_number(call)), _number(call))
    number, *rest = _moved(register)
    return [number, ("cancelled", True), *rest]


def registry_status(call: Call) -> Nodes:
    """Tell how a register stands, its parts and everything found in it."""
    register = selectors.find_register(call.caller.of_register(_number(call)), _number(call))
    return [
        ("registryNumber", register.number),
        ("registryStatus", register.state),
        ("relevance", _relevance(register)),
        ("registryStatusDate", _moved_at(register)),
        ("partList", _parts(register)),
        ("errors", WRITER.errors_of(row.problem for row in selectors.every_problem(register))),
    ]


def validate_registry(call: Call) -> Nodes:
    """Have a register that is being prepared checked once more."""
    register = services.request_check(call.caller.of_register(_number(call)), _number(call))
    tasks.queue_register(register)
    return [("registryNumber", register.number)]


def validation_status(call: Call) -> Nodes:
    """Tell how far the last check of a register is."""
    register = selectors.find_register(call.caller.of_register(_number(call)), _number(call))
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


OPERATIONS: Mapping[str, Operation[UploaderCaller]] = {
    "Upload": Operation(upload, errors="", broken="11009"),
    "CheckState": Operation(check_state, (), "errors"),
    "StateHistory": Operation(state_history, (), "errors"),
    "GetRegistryNumbers": Operation(registry_numbers),
    "GetRegistryNumbersByTaxPayer": Operation(
        registry_numbers_by_taxpayer, ("RegistrationNumber",)
    ),
    "SubmitRegistry": Operation(submit_registry, ("registryNumber",)),
    "RemoveRegistry": Operation(
        remove_registry, ("registryNumber",), says_beside=[("cancelled", False)]
    ),
    "GetRegistryStatus": Operation(registry_status, ("registryNumber",), "errors"),
    "ValidateRegistry": Operation(validate_registry, ("registryNumber",)),
    "GetRegistryValidationStatus": Operation(validation_status),
}

ALIASES: Mapping[str, str] = {"CheckRegistry": "GetRegistryStatus"}
"""What an example of the specification calls an operation that its list names otherwise."""


def _number(call: Call) -> str:
    return call.text("registryNumber")


def _found(document: Document) -> Nodes | None:
    return WRITER.errors_of(row.problem for row in document.problems.all())


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

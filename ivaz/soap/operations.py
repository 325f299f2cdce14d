"""What the synchronous service does, in terms of the house's services."""

from collections.abc import Iterable, Mapping

from django.conf import settings

from imas.kernel.errors import NotFoundError, UnprocessableError
from imas.web.paging import number_after
from intake import tasks as intake_tasks
from intake.models import Document
from intake.soap import operations as soap
from intake.soap.answers import Nodes, Value, Writer
from intake.soap.operations import Operation, RefusedFileError
from intake.types import DocumentState
from ivaz import selectors
from ivaz.models import RecordVerdict, WaybillParty
from ivaz.parsing.reading import BROKEN, STRUCTURE
from ivaz.services import at_once
from ivaz.services.following import changes_after
from ivaz.services.judging import NOTHING
from ivaz.soap.callers import ProcessorCaller
from ivaz.types import Role

WRITER = Writer("urn:ivaz:processor:v1", selectors.KIND, has_paths=True)

_OF_THE_FILE = frozenset({BROKEN, STRUCTURE, NOTHING})
"""What is said of a file besides what is said of its records."""
_STATES = {DocumentState.FAILED: DocumentState.REJECTED}

Call = soap.Call[ProcessorCaller]


def submit_file(call: Call) -> Nodes:
    """Take a small file and tell what became of its records.

    The same requestNumber with the same file gets the first answer again, with the states of now.
    Where files of the taxpayer sent before are still being judged when the time to wait is over,
    the file has its number and is judged after them.
    """
    file, number = call.file, call.text("requestNumber")
    if file is None:
        raise UnprocessableError("soap-message", detail="data")
    try:
        creator = at_once.creator_of(file)
    except UnprocessableError as too_large:
        raise RefusedFileError([("requestNumber", number), _error(too_large)]) from too_large
    acting = call.caller.of_file(selectors.KIND, creator)
    try:
        document = at_once.receive_small(acting, file, idempotency_key=number)
    except UnprocessableError as reused:
        earlier = call.caller.document("", number)
        told = [("trackingNumber", earlier.number), ("requestNumber", number), _error(reused)]
        raise RefusedFileError(told) from reused
    intake_tasks.judge_now(document, settings.IVAZ_SYNC_SECONDS)
    result = _result(document, number)
    if document.state == DocumentState.UPLOAD_REJECTED:
        raise RefusedFileError(result)
    return result


def file_result(call: Call) -> Nodes:
    """Tell what became of the records of a file, `MOST` at a time."""
    document = call.caller.document(call.text("trackingNumber"), call.text("requestNumber"))
    number = document.idempotency_key.partition(":")[2]
    return _result(document, number, int(call.text("fromPosition") or 0))


def waybill_state(call: Call) -> Nodes:
    """Tell how waybills stand that bear a number of theirs."""
    found = selectors.waybills_named(
        call.caller.named(call.text("RegistrationNumber")),
        rn=call.text("RN"),
        uid=call.text("LocalTransportDocumentUID"),
        number=call.text("LocalTransportDocumentNumber"),
    )
    if not found:
        raise NotFoundError("waybill-not-found")
    return [_waybills(found)]


def changes(call: Call) -> Nodes:
    """Tell which waybills have changed since an earlier answer."""
    acting = call.caller.named(call.text("RegistrationNumber"))
    found = changes_after(acting, number_after(call.text("after") or "0"))
    return [_waybills(found.rows), ("next", str(found.next))]


OPERATIONS: Mapping[str, Operation[ProcessorCaller]] = {
    "SubmitFile": Operation(submit_file, errors=""),
    "GetFileResult": Operation(file_result, errors="errors"),
    "GetWaybillState": Operation(waybill_state, errors="errors"),
    "GetChanges": Operation(changes, errors="errors"),
}


def _error(refused: UnprocessableError) -> tuple[str, Value]:
    return "errors", [("error", WRITER.error_of(refused))]


def _result(document: Document, request_number: str, position: int = 0) -> Nodes:
    page = selectors.verdicts_from(document, position)
    states = selectors.states_of(document, page.rows)
    state = DocumentState(document.state)
    records = [("record", _record(row, states)) for row in page.rows]
    return [
        ("trackingNumber", document.number),
        ("requestNumber", request_number),
        ("fileState", _STATES.get(state, state)),
        ("recordList", records or None),
        ("nextPosition", page.next),
        ("errors", _errors(document, has_records=bool(records))),
    ]


def _errors(document: Document, *, has_records: bool) -> Nodes | None:
    """Return what is wrong with a file; what is wrong with its records is said there."""
    if document.state == DocumentState.FAILED:
        return WRITER.refused_by("10000")
    found = document.problems.all()
    if has_records:
        found = found.filter(code__in=_OF_THE_FILE)
    return WRITER.errors_of(row.problem for row in found)


def _record(row: RecordVerdict, states: Mapping[str, str]) -> Nodes:
    return [
        ("section", row.section),
        ("position", row.position),
        ("LocalTransportDocumentUID", row.local_uid),
        ("LocalTransportDocumentNumber", row.number),
        ("taken", row.is_taken),
        ("RN", row.rn),
        ("state", states.get(row.rn)),
        ("errors", WRITER.errors_of(row.found)),
    ]


def _waybills(parties: Iterable[WaybillParty]) -> tuple[str, Value]:
    return "waybillList", [("waybill", _waybill(party)) for party in parties] or None


def _waybill(party: WaybillParty) -> Nodes:
    waybill = party.waybill
    return [
        ("RN", waybill.rn),
        ("section", waybill.kind),
        ("LocalTransportDocumentUID", waybill.local_uid),
        ("LocalTransportDocumentNumber", waybill.number),
        ("LocalTransportDocumentDate", waybill.dated),
        ("state", waybill.state),
        ("version", waybill.version),
        ("warned", waybill.is_warned),
        ("different", waybill.is_different),
        ("objected", waybill.is_objected),
        ("TimeOfDispatch", waybill.dispatch_at),
        ("EstimatedTimeOfArrival", waybill.arrival_at),
        ("closesAfter", waybill.due_on),
        ("roleList", [("role", role) for role in Role if role in party.roles]),
        ("plateList", [("plate", plate) for plate in waybill.plates] or None),
    ]

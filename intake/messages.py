"""Words for the codes the front desk itself gives, by code and reason."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, cast

from django.utils.translation import gettext_lazy as _

from intake.types import DocumentState, Stage, Words

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise

STATES: "Mapping[str, _StrPromise]" = {
    DocumentState.UPLOAD_REJECTED: _("Upload rejected"),
    DocumentState.UPLOADED: _("Uploaded"),
    DocumentState.PROCESSING: _("Being processed"),
    DocumentState.ACCEPTED: _("Accepted"),
    DocumentState.REJECTED: _("Not accepted"),
    DocumentState.FAILED: _("Failed"),
}

STAGES: "Mapping[str, _StrPromise]" = {
    Stage.RECEIVED: _("Received"),
    Stage.UNPACKING: _("Unpacking"),
    Stage.READING: _("Reading"),
    Stage.STORING: _("Storing"),
    Stage.CHECKING: _("Checking"),
    Stage.DONE: _("Done"),
}

_TYPE = ("FILE_INVALID_MIME_TYPE", _("Wrong type of file"))
_SIZE = ("FILE_SIZE_LIMIT_EXCEEDED", _("File too large"))
_EMPTY = ("FILE_EMPTY", _("Empty file"))
_ARCHIVE = _("Put exactly one XML file into the archive, without a password, and send it again.")


def _words(
    official: "tuple[str, _StrPromise]", message: "_StrPromise", mend: "_StrPromise"
) -> Words:
    system_code, title = official
    return Words(message, title, mend, system_code)


PROBLEMS: Mapping[tuple[str, str], Words] = {
    ("11001", ""): _words(
        _TYPE,
        _("The file is neither XML nor a gzip or zip archive."),
        _("Send the XML file your program made, plain or packed with gzip or zip."),
    ),
    ("11001", "inside"): _words(_TYPE, _("What is in the archive is not XML."), _ARCHIVE),
    ("11001", "nested"): _words(_TYPE, _("There is another archive in the archive."), _ARCHIVE),
    ("11001", "several"): _words(_TYPE, _("There is more than one file in the archive."), _ARCHIVE),
    ("11001", "encrypted"): _words(_TYPE, _("The archive is protected with a password."), _ARCHIVE),
    ("11001", "method"): _words(
        _TYPE,
        _("The archive is packed in a way that is not read here."),
        _("Pack the XML file with ordinary zip or gzip and send it again."),
    ),
    ("11001", "name"): _words(
        _TYPE,
        _("A file in the archive has the name %(name)s, which points outside of the archive."),
        _ARCHIVE,
    ),
    ("11001", "damaged"): _words(
        _TYPE,
        _("The archive is damaged or was not sent to its end."),
        _("Pack the XML file anew and send it again."),
    ),
    ("11002", ""): _words(
        _SIZE,
        _("The file is larger than %(limit)s bytes."),
        _("Pack it with gzip, or send the period in parts, each with its own PartNumber."),
    ),
    ("11002", "unpacked"): _words(
        _SIZE,
        _("Unpacked, the file is larger than %(limit)s bytes."),
        _("Send the period in parts, each with its own PartNumber."),
    ),
    ("11002", "ratio"): _words(
        _SIZE,
        _("Unpacked, the file grows more than %(limit)s times; genuine files do not."),
        _("Send the XML file unpacked."),
    ),
    ("11003", ""): _words(
        ("IDENTICAL_FILE_ALREADY_UPLOADED", _("The same file again")),
        _("This file was already received on %(received)s under the number %(number)s."),
        _("Look at the result of the first copy. To correct data, send a corrected file."),
    ),
    ("11007", ""): _words(
        _EMPTY,
        _("The file is empty."),
        _("Make the file anew in your program and send it again."),
    ),
    ("11007", "inside"): _words(_EMPTY, _("The archive is empty."), _ARCHIVE),
    ("10000", ""): _words(
        ("SYSTEM_ERROR", _("Our own failure")),
        _("We could not check this file, through no fault of yours. The operators have been told."),
        _("Send the file again later."),
    ),
}

REFUSALS: "Mapping[str, tuple[_StrPromise, _StrPromise]]" = {
    **{
        code: (cast("_StrPromise", words.title), cast("_StrPromise", words.mend))
        for (code, reason), words in PROBLEMS.items()
        if code.startswith("11") and not reason
    },
    "document-kind-unknown": (
        _("There is no such kind of document"),
        _("Documents of the kind %(kind)s are not taken here."),
    ),
    "soap-message": (
        _("The SOAP message cannot be read"),
        _("What does not fit: %(detail)s. The service is described at ?wsdl."),
    ),
    "soap-version": (
        _("This is another version of SOAP"),
        _("This service speaks SOAP 1.1 (text/xml)."),
    ),
    "soap-operation": (
        _("There is no such operation"),
        _("The service has no %(operation)s; its operations are described at ?wsdl."),
    ),
    "batch-unreadable": (
        _("The batch is not a zip that can be read"),
        _("It is damaged, too long a list, or a name in it leads out of the archive."),
    ),
    "batch-empty": (
        _("The batch is empty"),
        _("The zip holds no file."),
    ),
    "batch-too-many": (
        _("The batch holds too many files"),
        _("It has %(count)s files, at most %(limit)s are taken. Send several batches."),
    ),
    "batch-file-unreadable": (
        _("The file cannot be read out of the batch"),
        _("It is damaged, encrypted or packed in an unusual way. Pack it anew."),
    ),
    "batch-too-large": (
        _("The file unpacks to too much"),
        _("Send it by itself, or in a batch with fewer files."),
    ),
    "idempotency-key-reused": (
        _("This Idempotency-Key was used for another request"),
        _("Use a new key for a new request, or repeat the first request unchanged."),
    ),
    "idempotency-key-too-long": (
        _("The Idempotency-Key is too long"),
        _("A key holds at most %(limit)s characters."),
    ),
    "idempotency-running": (
        _("The first request with this Idempotency-Key is still running"),
        _("Repeat it after the seconds in the Retry-After header."),
    ),
}

MAILBOX: "Mapping[str, tuple[_StrPromise, _StrPromise]]" = {
    "intake.failed": (
        _("File %(number)s could not be checked"),
        _(
            "We could not check the file %(filename)s, through no fault of yours. "
            "Send it again; none of it was stored."
        ),
    ),
}

ACTIONS = {
    "intake.document-received": _("File received"),
    "intake.document-judged": _("File checked"),
    "intake.document-failed": _("File could not be checked through our fault"),
}
"""What the journal says of documents."""

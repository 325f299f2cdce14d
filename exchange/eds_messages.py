"""Messages of EDS's upload service, SOAP 1.1: what is asked, and what an answer says.

`EDSWebServiceUploadFile.asmx`, namespace `http://vmi.lt/EDSUploadFile.wsdl`; names and codes as
programs in use know them (docs/exchange.md). Elements of an answer are found by their names,
wherever they stand: the wrapping is not published.
"""

import base64
from collections.abc import Mapping
from dataclasses import dataclass

from lxml import etree

from imas.kernel.errors import DomainError
from imas.kernel.xml import parse

NAMESPACE = "http://vmi.lt/EDSUploadFile.wsdl"
ENVELOPE = "http://schemas.xmlsoap.org/soap/envelope/"
DESCRIPTION = 150
"""Characters EDS takes of a description."""

FILE_CONFIRMED, FILE_UNCONFIRMED, FILE_REMOVED, FILE_EXPIRED = 10, 20, 30, 40
FILED, ACCEPTED, ACCEPTED_WITH_ERRORS, HELD, ANNULLED = 10, 21, 22, 41, 100
NOT_ACCEPTED, REJECTED, REJECTED_IN_AUDIT = 101, 102, 103
WRONG_LOGIN, NO_FILE = 101, 603


@dataclass(frozen=True, slots=True)
class Credentials:
    """As whom a program uploads."""

    program: str
    user: str
    password: str


@dataclass(frozen=True, slots=True)
class Taken:
    """What EDS said of a file: its id, or the code and words with which it refused it."""

    file_id: str
    error: int | None
    said: str


@dataclass(frozen=True, slots=True)
class Stands:
    """Where a file and its declaration stand; None where EDS does not say."""

    file_state: int | None
    declaration_state: int | None
    said: str


class BrokenAnswerError(Exception):
    """What came is no answer of EDS."""


def submit(by: Credentials, content: bytes, file_name: str, description: str, code: str) -> bytes:
    """Return the message that uploads a file for the taxpayer with this code."""
    return _message(
        "SubmitFile",
        {
            "File": base64.b64encode(content).decode(),
            "FileName": file_name,
            "FileDescription": description[:DESCRIPTION],
            "AppName": by.program,
            "UserName": by.user,
            "Password": by.password,
            "PersonCode": code,
        },
    )


def check(by: Credentials, file_id: str) -> bytes:
    """Return the message that asks where a file stands."""
    fields = {"FileId": file_id, "AppName": by.program, "UserName": by.user}
    return _message("CheckFileState", {**fields, "Password": by.password})


def taken(answer: str) -> Taken:
    """Read the answer to `submit`; `BrokenAnswerError` when it is none."""
    found = _fields(answer)
    file_id, error = found.get("FileId", ""), _number(found.get("ErrorCode", ""))
    if not file_id and error is None:
        raise BrokenAnswerError
    return Taken("" if error else file_id, error or None, found.get("Message", ""))


def stands(answer: str) -> Stands:
    """Read the answer to `check`; `BrokenAnswerError` when it is none."""
    found = _fields(answer)
    if "FileConfirmStateCode" not in found:
        raise BrokenAnswerError
    said = found.get("DeclarationStateName") or found.get("FileStateName", "")
    return Stands(
        _number(found["FileConfirmStateCode"]), _number(found.get("DeclarationStateCode", "")), said
    )


Nested = Mapping[str, "str | Mapping[str, str]"]


def answer(operation: str, fields: Nested) -> bytes:
    """Return the message with which an upload service answers an operation."""
    return _message(f"{operation}Response", fields)


def fault(said: str) -> bytes:
    """Return a fault of SOAP 1.1."""
    root = etree.Element(f"{{{ENVELOPE}}}Envelope", nsmap={"soap": ENVELOPE})
    body = etree.SubElement(root, f"{{{ENVELOPE}}}Body")
    found = etree.SubElement(body, f"{{{ENVELOPE}}}Fault")
    etree.SubElement(found, "faultcode").text = "soap:Client"
    etree.SubElement(found, "faultstring").text = said
    return etree.tostring(root, xml_declaration=True, encoding="UTF-8")


def _message(name: str, fields: Nested) -> bytes:
    root = etree.Element(f"{{{ENVELOPE}}}Envelope", nsmap={"soap": ENVELOPE})
    body = etree.SubElement(root, f"{{{ENVELOPE}}}Body")
    asked = etree.SubElement(body, f"{{{NAMESPACE}}}{name}", nsmap={None: NAMESPACE})
    for field, value in fields.items():
        element = etree.SubElement(asked, f"{{{NAMESPACE}}}{field}")
        if isinstance(value, str):
            element.text = value
        else:
            for inner, text in value.items():
                etree.SubElement(element, f"{{{NAMESPACE}}}{inner}").text = text
    return etree.tostring(root, xml_declaration=True, encoding="UTF-8")


def _fields(text: str) -> Mapping[str, str]:
    try:
        root = parse(text.encode())
    except DomainError as error:
        raise BrokenAnswerError from error
    if root.tag != f"{{{ENVELOPE}}}Envelope":
        raise BrokenAnswerError
    leaves = (one for one in root.iter(etree.Element) if not len(one))
    return {etree.QName(one).localname: (one.text or "").strip() for one in leaves}


def _number(text: str) -> int | None:
    return int(text) if text.isdecimal() and len(text) < 5 else None

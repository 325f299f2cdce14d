"""Messages of VIISP: what we ask, and what an answer says (service `authentication`)."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from lxml import etree

NS = "http://www.epaslaugos.lt/services/authentication"
SOAP = "http://schemas.xmlsoap.org/soap/envelope/"
ATTRIBUTES = ("lt-personal-code", "eidas-eid", "iltu-personal-code", "lt-company-code")
INFORMATION = ("firstName", "lastName", "companyName", "proxyType", "proxySource")
_LONGEST_TICKET = 512


class UnexpectedMessageError(Exception):
    """The answer is none to what was asked; the text says why, for the log."""


@dataclass(frozen=True, slots=True)
class Answer:
    """Whom the gateway names: attributes (codes) and information by their official names."""

    method: str
    attributes: Mapping[str, str]
    information: Mapping[str, str]
    custom: str
    source: str = ""


def ticket_request(*, pid: str, methods: Iterable[str], back: str, custom: str) -> etree._Element:
    """Ask to begin: by which methods, and where the browser comes back to with `custom`."""
    message = _element("authenticationRequest")
    _add(message, "pid", pid)
    _add(message, "serviceTarget", "citizen")
    for name, values in (
        ("authenticationProvider", methods),
        ("authenticationAttribute", ATTRIBUTES),
        ("userInformation", INFORMATION),
    ):
        for value in values:
            _add(message, name, value)
    _add(message, "postbackUrl", back)
    _add(message, "customData", custom)
    return message


def data_request(*, pid: str, ticket: str) -> etree._Element:
    """Ask, once, who has come with a ticket."""
    message = _element("authenticationDataRequest")
    _add(message, "pid", pid)
    _add(message, "ticket", ticket)
    _add(message, "includeSourceData", "true")
    return message


def envelope(message: etree._Element) -> bytes:
    """Put a message into a SOAP 1.1 envelope."""
    root = etree.Element(f"{{{SOAP}}}Envelope", nsmap={"soapenv": SOAP})
    etree.SubElement(root, f"{{{SOAP}}}Body").append(message)
    return etree.tostring(root, xml_declaration=True, encoding="UTF-8")


def ticket_of(message: etree._Element) -> str:
    """Return the ticket the gateway has given."""
    _demand(message, "authenticationResponse")
    ticket = _text(message, "ticket")
    if not 0 < len(ticket) <= _LONGEST_TICKET:
        raise UnexpectedMessageError("no ticket")
    return ticket


def answer_of(message: etree._Element) -> Answer:
    """Return whom the gateway names."""
    _demand(message, "authenticationDataResponse")
    return Answer(
        method=_text(message, "authenticationProvider"),
        attributes=dict(_pairs(message, "authenticationAttribute", "attribute")),
        information=dict(_pairs(message, "userInformation", "information")),
        custom=_text(message, "customData"),
        source=_text(message, "sourceData/type"),
    )


def _pairs(message: etree._Element, name: str, key: str) -> Iterator[tuple[str, str]]:
    seen: set[str] = set()
    for pair in message.findall(f"{{{NS}}}{name}"):
        said = _text(pair, key)
        if said in seen:
            raise UnexpectedMessageError("told twice")
        seen.add(said)
        value = pair.find(f"{{{NS}}}value")
        yield said, "" if value is None else "".join(map(str, value.itertext())).strip()


def _demand(message: etree._Element, name: str) -> None:
    if message.tag != f"{{{NS}}}{name}":
        raise UnexpectedMessageError("another message")


def _text(element: etree._Element, path: str) -> str:
    steps = "/".join(f"{{{NS}}}{step}" for step in path.split("/"))
    return (element.findtext(steps) or "").strip()


def _element(name: str) -> etree._Element:
    return etree.Element(f"{{{NS}}}{name}", nsmap={"authentication": NS})


def _add(parent: etree._Element, name: str, text: str) -> None:
    etree.SubElement(parent, f"{{{NS}}}{name}").text = text

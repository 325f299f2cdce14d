"""The gateway itself: tickets and signed answers, and the page where one chooses whom to be.

It signs and verifies by itself, not with the code of `accounts`, so that both sides agree on the
messages and not on a mistake.
"""

import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs

from cryptography.hazmat.primitives.serialization import (
    Encoding,
    PublicFormat,
    load_pem_private_key,
)
from lxml import etree
from signxml.algorithms import CanonicalizationMethod, DigestAlgorithm, SignatureMethod
from signxml.exceptions import SignXMLException
from signxml.signer import SignatureReference, XMLSigner
from signxml.verifier import SignatureConfiguration, XMLVerifier

from imas.kernel import xml
from imas.local.bank import keys, pages

NS = "http://www.epaslaugos.lt/services/authentication"
SOAP = "http://schemas.xmlsoap.org/soap/envelope/"
PEOPLE = (
    {"firstName": "Jonas", "lastName": "Vadovas", "code": "97804120413"},
    {"firstName": "BUHALTERE", "lastName": "RASA", "code": "98509231175"},
    {"firstName": "Nauja", "lastName": "Naudotoja", "code": "99001010017"},
)
"""Two of the demo logins (the second as banks send names) and somebody new."""
_SHA1 = SignatureConfiguration(
    require_x509=False,
    location="./",
    signature_methods=frozenset({SignatureMethod.RSA_SHA1}),
    digest_algorithms=frozenset({DigestAlgorithm.SHA1}),
)


@dataclass
class Coming:
    """What is known of one ticket."""

    asked: etree._Element
    person: Mapping[str, str] | None = None
    method: str = ""

    def said(self, name: str) -> str:
        """Return what i.MAS asked for under a name."""
        return self.asked.findtext(f"{{{NS}}}{name}") or ""


class Signer(XMLSigner):
    """Signs with SHA-1, as the real gateway does."""

    def check_deprecated_methods(self) -> None:
        """Allow it."""


class Bank(ThreadingHTTPServer):
    """Gives tickets to whom it knows and answers once for each."""

    people: Sequence[Mapping[str, str]] = PEOPLE

    def __init__(self, port: int, folder: Path, handler: type[BaseHTTPRequestHandler]) -> None:
        super().__init__(("127.0.0.1", port), handler)
        keys.prepare(folder)
        client = load_pem_private_key((folder / keys.OURS).read_bytes(), None)
        self.client = client.public_key().public_bytes(
            Encoding.PEM, PublicFormat.SubjectPublicKeyInfo
        )
        self.key = (folder / keys.ITS_KEY).read_bytes()
        self.comings: dict[str, Coming] = {}

    def answer(self, envelope: bytes) -> bytes:
        """Answer a signed question; `ValueError` to anybody else's."""
        message = self._asked(envelope)
        if message.tag == f"{{{NS}}}authenticationRequest":
            ticket = secrets.token_urlsafe(24)
            self.comings[ticket] = Coming(message)
            return self.told(_ticket(ticket))
        coming = self.comings.pop(message.findtext(f"{{{NS}}}ticket") or "", None)
        if coming is None or coming.person is None:
            raise ValueError("no such ticket")
        return self.told(_data(coming, coming.person))

    def told(self, message: etree._Element) -> bytes:
        """Sign an answer and put it into its envelope."""
        return envelope_of(self.signed(message))

    def signed(self, message: etree._Element, key: bytes = b"") -> etree._Element:
        """Sign a message as the real gateway does."""
        signer = Signer(
            signature_algorithm=SignatureMethod.RSA_SHA1,
            digest_algorithm=DigestAlgorithm.SHA1,
            c14n_algorithm=CanonicalizationMethod.EXCLUSIVE_XML_CANONICALIZATION_1_0,
        )
        prefixes = ["authentication"]
        reference = SignatureReference(URI="#uniqueId", inclusive_ns_prefixes=prefixes)
        return signer.sign(
            message,
            key=key or self.key,
            reference_uri=[reference],
            id_attribute="id",
            inclusive_ns_prefixes=prefixes,
        )

    def _asked(self, envelope: bytes) -> etree._Element:
        body = xml.parse(envelope).find(f"{{{SOAP}}}Body")
        if body is None or len(body) != 1:
            raise ValueError("no message")
        try:
            result: Any = XMLVerifier().verify(
                etree.tostring(body[0]), expect_config=_SHA1, id_attribute="id"
            )
        except SignXMLException as error:
            raise ValueError("not signed") from error
        if result.signature_key != self.client:
            raise ValueError("signed by another")
        signed: etree._Element = result.signed_xml
        if signed.findtext(f"{{{NS}}}pid") != keys.PID:
            raise ValueError("another pid")
        return signed


class Handler(BaseHTTPRequestHandler):
    """Addresses of the bank."""

    server: Bank

    def do_POST(self) -> None:
        """Answer SOAP at /auth, people elsewhere."""
        body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        if self.path == "/auth":
            self._soap(body)
            return
        form = {name: values[0] for name, values in parse_qs(body.decode()).items()}
        coming = self.server.comings.get(form.get("ticket", ""))
        if coming is None:
            self.send_error(404)
        elif self.path == "/portal":
            methods = [
                one.text or "" for one in coming.asked.iter(f"{{{NS}}}authenticationProvider")
            ]
            self._page(pages.choice(form["ticket"], self.server.people, methods))
        else:
            self._chosen(coming, form)

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 - as in http.server
        """Say nothing."""

    def _soap(self, body: bytes) -> None:
        try:
            self.reply(200, self.server.answer(body), "text/xml; charset=utf-8")
        except ValueError:
            fault = etree.Element(f"{{{SOAP}}}Fault")
            self.reply(500, envelope_of(fault), "text/xml; charset=utf-8")

    def _chosen(self, coming: Coming, form: Mapping[str, str]) -> None:
        if form.get("done") == "yes":
            coming.person = self.server.people[int(form["person"])]
            coming.method = form["method"]
        back = {"ticket": form["ticket"], "customData": coming.said("customData")}
        self._page(pages.way_back(coming.said("postbackUrl"), back))

    def _page(self, page: str) -> None:
        self.reply(200, page.encode(), "text/html; charset=utf-8")

    def reply(self, status: int, body: bytes, kind: str) -> None:
        """Send an answer."""
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)


def envelope_of(*parts: etree._Element) -> bytes:
    """Put parts into a SOAP body."""
    root = etree.Element(f"{{{SOAP}}}Envelope", nsmap={"soap": SOAP})
    etree.SubElement(root, f"{{{SOAP}}}Header")
    etree.SubElement(root, f"{{{SOAP}}}Body").extend(parts)
    return etree.tostring(root, xml_declaration=True, encoding="UTF-8")


def _ticket(ticket: str) -> etree._Element:
    message = _message("authenticationResponse")
    _add(message, "ticket", ticket)
    return message


def _data(coming: Coming, person: Mapping[str, str]) -> etree._Element:
    """Tell who has come, in the order of the schema."""
    message = _message("authenticationDataResponse")
    _add(message, "authenticationProvider", coming.method)
    attribute = "eidas-eid" if coming.method == "auth.eidas" else "lt-personal-code"
    pair = _add(message, "authenticationAttribute")
    _add(pair, "attribute", attribute)
    code = person["code"]
    _add(pair, "value", f"EE/LT/{code}" if attribute == "eidas-eid" else code)
    told = {**person, "proxySource": "BANKLINK"}
    for name in ("firstName", "lastName", "proxySource"):
        pair = _add(message, "userInformation")
        _add(pair, "information", name)
        _add(_add(pair, "value"), "stringValue", told[name])
    _add(message, "customData", coming.said("customData"))
    source = _add(message, "sourceData")
    _add(source, "type", "BANKLINK")
    _add(source, "parameter", person["code"]).set("name", "VK_USER")
    return message


def _message(name: str) -> etree._Element:
    message = etree.Element(f"{{{NS}}}{name}", nsmap={"authentication": NS})
    message.set("id", "uniqueId")
    return message


def _add(parent: etree._Element, name: str, text: str = "") -> etree._Element:
    made = etree.SubElement(parent, f"{{{NS}}}{name}")
    made.text = text or None
    return made

"""The pretended bank, told by tests to lie: `python -m tests.gateways.viisp PORT FOLDER`."""

import json
import sys
from collections.abc import Mapping
from copy import deepcopy
from pathlib import Path
from typing import Any

from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from lxml import etree
from signxml.algorithms import CanonicalizationMethod
from signxml.signer import XMLSigner

from imas.kernel import xml
from imas.local.bank.server import NS, PEOPLE, SOAP, Bank, Handler, envelope_of

DSIG = "{http://www.w3.org/2000/09/xmldsig#}"


class LyingBank(Bank):
    """Answers as it was told to; `forged` is the code a liar puts in place of the signed one."""

    lie = ""
    forged = ""
    told_before = b""

    def told(self, message: etree._Element) -> bytes:
        """Tell the truth, or a lie about whoever has come."""
        if not self.lie or message.tag != f"{{{NS}}}authenticationDataResponse":
            truth = super().told(message)
            if message.tag == f"{{{NS}}}authenticationDataResponse":
                self.told_before = truth
            return truth
        lied: bytes = LIES[self.lie](self, message)
        return lied


class BehavingHandler(Handler):
    """Takes orders at /behave."""

    server: LyingBank

    def do_POST(self) -> None:  # noqa: N802 - named by http.server
        """Obey a test."""
        if self.path != "/behave":
            super().do_POST()
            return
        told = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        self.server.lie = told.get("lie", "")
        self.server.forged = told.get("forged", "")
        self.server.people = told.get("people", PEOPLE)
        self.reply(200, b"{}", "application/json")

    def do_GET(self) -> None:  # noqa: N802 - named by http.server
        """There is nothing to read."""
        self.send_error(404)


def _another(bank: LyingBank, message: etree._Element) -> etree._Element:
    """The message with the code of somebody else, not signed."""
    forged = deepcopy(message)
    for pair in forged.iter(f"{{{NS}}}authenticationAttribute"):
        value = pair.find(f"{{{NS}}}value")
        assert value is not None
        value.text = bank.forged
    return forged


def _unsigned(bank: LyingBank, message: etree._Element) -> bytes:
    return envelope_of(_another(bank, message))


def _other_key(bank: LyingBank, message: etree._Element) -> bytes:
    key = rsa.generate_private_key(65537, 2048).private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )
    return envelope_of(bank.signed(_another(bank, message), key))


def _changed(bank: LyingBank, message: etree._Element) -> bytes:
    return envelope_of(_another(bank, bank.signed(message)))


def _swapped_names(bank: LyingBank, message: etree._Element) -> bytes:
    """The code stays as it was signed; first and last name change places on the way."""
    signed = bank.signed(message)
    names = [
        pair
        for pair in signed.iter(f"{{{NS}}}userInformation")
        if pair.findtext(f"{{{NS}}}information") in {"firstName", "lastName"}
    ]
    one, other = (next(iter(pair.iter(f"{{{NS}}}stringValue"))) for pair in names)
    one.text, other.text = other.text, one.text
    return envelope_of(signed)


def _wrapped_in_header(bank: LyingBank, message: etree._Element) -> bytes:
    forged, signed = _another(bank, message), bank.signed(message)
    root = xml.parse(envelope_of(forged))
    header = root.find(f"{{{SOAP}}}Header")
    assert header is not None
    header.append(signed)
    return etree.tostring(root)


def _wrapped_inside(bank: LyingBank, message: etree._Element) -> bytes:
    """The forged message carries the signature, and the signed one within it."""
    forged, signed = _another(bank, message), bank.signed(message)
    signature = signed.find(f"{DSIG}Signature")
    assert signature is not None
    holder = etree.SubElement(signature, f"{DSIG}Object")
    moved = deepcopy(signed)
    for inner in moved.findall(f"{DSIG}Signature"):
        moved.remove(inner)
    holder.append(moved)
    forged.append(signature)
    return envelope_of(forged)


def _wrapped_under_another_name(bank: LyingBank, message: etree._Element) -> bytes:
    """The forged message has an id of its own; the reference leads to the signed one inside."""
    root = xml.parse(_wrapped_inside(bank, message))
    body = root.find(f"{{{SOAP}}}Body")
    assert body is not None
    body[0].set("id", "another")
    return etree.tostring(root)


def _beside(bank: LyingBank, message: etree._Element) -> bytes:
    return envelope_of(_another(bank, message), bank.signed(message))


def _signed_twice(bank: LyingBank, message: etree._Element) -> bytes:
    signed = bank.signed(message)
    signature = signed.find(f"{DSIG}Signature")
    assert signature is not None
    signed.append(deepcopy(signature))
    return envelope_of(signed)


def _told_twice(bank: LyingBank, message: etree._Element) -> bytes:
    """Two codes in one signed message."""
    pair = message.find(f"{{{NS}}}authenticationAttribute")
    assert pair is not None
    forged = _another(bank, message).find(f"{{{NS}}}authenticationAttribute")
    assert forged is not None
    pair.addnext(forged)
    return envelope_of(bank.signed(message))


def _other_algorithm(bank: LyingBank, message: etree._Element) -> bytes:
    signer = XMLSigner(
        c14n_algorithm=CanonicalizationMethod.EXCLUSIVE_XML_CANONICALIZATION_1_0,
    )
    return envelope_of(
        signer.sign(message, key=bank.key, reference_uri="#uniqueId", id_attribute="id")
    )


def _other_custom(bank: LyingBank, message: etree._Element) -> bytes:
    custom = message.find(f"{{{NS}}}customData")
    assert custom is not None
    custom.text = "another"
    return envelope_of(bank.signed(message))


def _other_method(bank: LyingBank, message: etree._Element) -> bytes:
    method = message.find(f"{{{NS}}}authenticationProvider")
    assert method is not None
    method.text = "auth.login.pass"
    return envelope_of(bank.signed(message))


def _doctype(bank: LyingBank, message: etree._Element) -> bytes:
    envelope = envelope_of(bank.signed(message))
    return envelope.replace(b"?>", b"?><!DOCTYPE a>", 1)


def _replayed(bank: LyingBank, message: etree._Element) -> bytes:
    return bank.told_before


LIES: Mapping[str, Any] = {
    "unsigned": _unsigned,
    "other-key": _other_key,
    "changed": _changed,
    "swapped-names": _swapped_names,
    "wrapped-in-header": _wrapped_in_header,
    "wrapped-inside": _wrapped_inside,
    "wrapped-under-another-name": _wrapped_under_another_name,
    "beside": _beside,
    "signed-twice": _signed_twice,
    "told-twice": _told_twice,
    "other-algorithm": _other_algorithm,
    "other-custom": _other_custom,
    "other-method": _other_method,
    "doctype": _doctype,
    "replayed": _replayed,
    "not-xml": lambda *_: b"<a",
    "fault": lambda *_: envelope_of(etree.Element(f"{{{SOAP}}}Fault")),
}

if __name__ == "__main__":
    LyingBank(int(sys.argv[1]), Path(sys.argv[2]), BehavingHandler).serve_forever()

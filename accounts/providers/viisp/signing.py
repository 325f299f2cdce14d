"""Signatures of VIISP messages: XML-DSig, enveloped, exclusive canonical form.

The gateway demands RSA with SHA-1. SHA-1 is allowed in this module alone, and only to a provider
configured so: nobody can make a second message fit a signature already given (that is still out of
reach), and what is signed here is of use once, for minutes, over TLS.
"""

from lxml import etree
from signxml.algorithms import CanonicalizationMethod, DigestAlgorithm, SignatureMethod
from signxml.exceptions import SignXMLException
from signxml.signer import XMLSigner
from signxml.verifier import SignatureConfiguration, XMLVerifier

from imas.kernel import xml

DSIG = "http://www.w3.org/2000/09/xmldsig#"
ID = "uniqueNodeId"
_C14N = "http://www.w3.org/2001/10/xml-exc-c14n#"
_TRANSFORMS = [f"{DSIG}enveloped-signature", _C14N]
_METHODS = {
    "rsa-sha1": (SignatureMethod.RSA_SHA1, DigestAlgorithm.SHA1),
    "rsa-sha256": (SignatureMethod.RSA_SHA256, DigestAlgorithm.SHA256),
}


class BadSignatureError(Exception):
    """The message is not signed as it must be; the text says why, for the log."""


class _Signer(XMLSigner):
    def check_deprecated_methods(self) -> None:
        """Allow SHA-1, which the library refuses by itself."""


def sign(message: etree._Element, private_key: str, method: str) -> etree._Element:
    """Return the message with our signature as its last child; its id becomes `ID`."""
    message.set("id", ID)
    signature_method, digest = _METHODS[method]
    signer = _Signer(
        signature_algorithm=signature_method,
        digest_algorithm=digest,
        c14n_algorithm=CanonicalizationMethod.EXCLUSIVE_XML_CANONICALIZATION_1_0,
    )
    return signer.sign(message, key=private_key, reference_uri=f"#{ID}", id_attribute="id")


def verified(envelope: bytes, certificate: str, method: str) -> etree._Element:
    """Return the one message of a SOAP envelope as it was signed by the holder of a certificate.

    What is returned is parsed from the very bytes the signature covers, so nothing read from it
    can have been wrapped around, moved or added. Everything else: `BadSignatureError`.
    """
    message = _only_message(xml.parse(envelope))
    _demand_plain_signature(message)
    alone = etree.tostring(message, with_tail=False)
    signature_method, digest = _METHODS[method]
    expected = SignatureConfiguration(
        location="./",
        expect_references=1,
        signature_methods=frozenset({signature_method}),
        digest_algorithms=frozenset({digest}),
    )
    try:
        result = XMLVerifier().verify(
            alone,
            x509_cert=certificate,
            expect_config=expected,
            id_attribute="id",
            validate_schema=False,  # it knows no InclusiveNamespaces, which the gateway writes
        )
    except (SignXMLException, ValueError, etree.LxmlError) as error:
        raise BadSignatureError(type(error).__name__) from error
    signed = None if isinstance(result, list) else result.signed_xml
    if signed is None or signed.tag != message.tag or signed.get("id") != message.get("id"):
        raise BadSignatureError("another element is signed")
    return signed


def _only_message(root: etree._Element) -> etree._Element:
    soap = "{http://schemas.xmlsoap.org/soap/envelope/}"
    bodies = root.findall(f"{soap}Body")
    if root.tag != f"{soap}Envelope" or len(bodies) != 1 or len(bodies[0]) != 1:
        raise BadSignatureError("not one message in one envelope")
    return bodies[0][0]


def _demand_plain_signature(message: etree._Element) -> None:
    """Demand one signature, of the message itself, with one reference that nothing else answers."""
    document = message.getroottree()
    signatures = list(document.iter(f"{{{DSIG}}}Signature"))
    if len(signatures) != 1 or signatures[0].getparent() is not message:
        raise BadSignatureError("not one signature, in the message")
    references = list(signatures[0].iter(f"{{{DSIG}}}Reference"))
    name = message.get("id", "")
    if len(references) != 1 or not name or references[0].get("URI") != f"#{name}":
        raise BadSignatureError("not one reference, to the message")
    if _bearers(document, name) != 1:
        raise BadSignatureError("an id stands twice")
    transforms = [one.get("Algorithm") for one in references[0].iter(f"{{{DSIG}}}Transform")]
    method = signatures[0].find(f"{{{DSIG}}}SignedInfo/{{{DSIG}}}CanonicalizationMethod")
    if transforms != _TRANSFORMS or method is None or method.get("Algorithm") != _C14N:
        raise BadSignatureError("other transforms")


def _bearers(document: etree._ElementTree, name: str) -> int:
    """Count the elements with this id, however the attribute is written."""
    ids = {"id", "{http://www.w3.org/XML/1998/namespace}id"}
    return sum(
        1
        for element in document.iter("*")
        for attribute, value in element.attrib.items()
        if str(attribute).lower() in ids and value == name
    )

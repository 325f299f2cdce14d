"""The description of the uploader (WSDL 1.1), put together of its operations and its schema."""

from functools import lru_cache

from lxml import etree

from imas.kernel import xml
from isaf.soap.answers import NAMESPACE
from isaf.soap.operations import OPERATIONS

SCHEMA = "isaf/uploader/uploader.xsd"
_WSDL = "http://schemas.xmlsoap.org/wsdl/"
_SOAP = "http://schemas.xmlsoap.org/wsdl/soap/"
_HTTP = "http://schemas.xmlsoap.org/soap/http"
_NAMES = {"wsdl": _WSDL, "soap": _SOAP, "v1": NAMESPACE}


@lru_cache(maxsize=8)
def description(address: str) -> bytes:
    """Return the WSDL of the service at an address: document/literal, SOAP 1.1.

    A caller chooses the port in the address, so only a few are kept.
    """
    root = etree.Element(_wsdl("definitions"), nsmap=_NAMES)
    root.set("name", "iSAFUploaderService")
    root.set("targetNamespace", NAMESPACE)
    types = etree.SubElement(root, _wsdl("types"))
    types.append(xml.parse_part((xml.SCHEMAS / SCHEMA).read_bytes()))
    for operation in OPERATIONS:
        for message in (f"{operation}Request", f"{operation}Response"):
            _message(root, message, message)
    _message(root, "Fault", "FaultDetail")
    _port_type(root)
    _binding(root)
    _service(root, address)
    return etree.tostring(root, xml_declaration=True, encoding="UTF-8", pretty_print=True)


def _message(root: etree._Element, name: str, element: str) -> None:
    message = etree.SubElement(root, _wsdl("message"), name=name)
    etree.SubElement(message, _wsdl("part"), name="parameters", element=f"v1:{element}")


def _port_type(root: etree._Element) -> None:
    port_type = etree.SubElement(root, _wsdl("portType"), name="iSAFUploader")
    for name in OPERATIONS:
        operation = etree.SubElement(port_type, _wsdl("operation"), name=name)
        etree.SubElement(operation, _wsdl("input"), message=f"v1:{name}Request")
        etree.SubElement(operation, _wsdl("output"), message=f"v1:{name}Response")
        etree.SubElement(operation, _wsdl("fault"), name="Fault", message="v1:Fault")


def _binding(root: etree._Element) -> None:
    binding = etree.SubElement(root, _wsdl("binding"), name="iSAFUploaderSoap11")
    binding.set("type", "v1:iSAFUploader")
    etree.SubElement(binding, _soap("binding"), style="document", transport=_HTTP)
    for name in OPERATIONS:
        operation = etree.SubElement(binding, _wsdl("operation"), name=name)
        etree.SubElement(operation, _soap("operation"), soapAction="")
        for side in ("input", "output"):
            part = etree.SubElement(operation, _wsdl(side))
            etree.SubElement(part, _soap("body"), use="literal")
        fault = etree.SubElement(operation, _wsdl("fault"), name="Fault")
        etree.SubElement(fault, _soap("fault"), name="Fault", use="literal")


def _service(root: etree._Element, address: str) -> None:
    service = etree.SubElement(root, _wsdl("service"), name="iSAFUploaderService")
    port = etree.SubElement(service, _wsdl("port"), name="iSAFUploaderSoap11")
    port.set("binding", "v1:iSAFUploaderSoap11")
    etree.SubElement(port, _soap("address"), location=address)


def _wsdl(name: str) -> str:
    return f"{{{_WSDL}}}{name}"


def _soap(name: str) -> str:
    return f"{{{_SOAP}}}{name}"

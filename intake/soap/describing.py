"""The description of a service (WSDL 1.1), put together of its operations and its schema."""

from functools import lru_cache
from typing import Any

from lxml import etree

from imas.kernel import xml
from intake.soap.operations import Service

_WSDL = "http://schemas.xmlsoap.org/wsdl/"
_SOAP = "http://schemas.xmlsoap.org/wsdl/soap/"
_HTTP = "http://schemas.xmlsoap.org/soap/http"


@lru_cache(maxsize=16)
def description(service: Service[Any], address: str) -> bytes:
    """Return the WSDL of a service at an address: document/literal, SOAP 1.1.

    A caller chooses the port in the address, so only a few are kept.
    """
    namespace = service.writer.namespace
    names = {"wsdl": _WSDL, "soap": _SOAP, "v1": namespace}
    root = etree.Element(_wsdl("definitions"), nsmap=names)
    root.set("name", service.name)
    root.set("targetNamespace", namespace)
    etree.SubElement(root, _wsdl("documentation")).text = service.about
    types = etree.SubElement(root, _wsdl("types"))
    types.append(xml.parse_part((xml.SCHEMAS / service.schema).read_bytes()))
    for operation in service.operations:
        for message in (f"{operation}Request", f"{operation}Response"):
            _message(root, message, message)
    _message(root, "Fault", "FaultDetail")
    _port_type(root, service)
    _binding(root, service)
    _service(root, service, address)
    return etree.tostring(root, xml_declaration=True, encoding="UTF-8", pretty_print=True)


def _message(root: etree._Element, name: str, element: str) -> None:
    message = etree.SubElement(root, _wsdl("message"), name=name)
    etree.SubElement(message, _wsdl("part"), name="parameters", element=f"v1:{element}")


def _port_type(root: etree._Element, service: Service[Any]) -> None:
    port_type = etree.SubElement(root, _wsdl("portType"), name=service.port)
    for name in service.operations:
        operation = etree.SubElement(port_type, _wsdl("operation"), name=name)
        etree.SubElement(operation, _wsdl("input"), message=f"v1:{name}Request")
        etree.SubElement(operation, _wsdl("output"), message=f"v1:{name}Response")
        etree.SubElement(operation, _wsdl("fault"), name="Fault", message="v1:Fault")


def _binding(root: etree._Element, service: Service[Any]) -> None:
    binding = etree.SubElement(root, _wsdl("binding"), name=f"{service.port}Soap11")
    binding.set("type", f"v1:{service.port}")
    etree.SubElement(binding, _soap("binding"), style="document", transport=_HTTP)
    for name in service.operations:
        operation = etree.SubElement(binding, _wsdl("operation"), name=name)
        etree.SubElement(operation, _soap("operation"), soapAction="")
        for side in ("input", "output"):
            part = etree.SubElement(operation, _wsdl(side))
            etree.SubElement(part, _soap("body"), use="literal")
        fault = etree.SubElement(operation, _wsdl("fault"), name="Fault")
        etree.SubElement(fault, _soap("fault"), name="Fault", use="literal")


def _service(root: etree._Element, service: Service[Any], address: str) -> None:
    element = etree.SubElement(root, _wsdl("service"), name=service.name)
    port = etree.SubElement(element, _wsdl("port"), name=f"{service.port}Soap11")
    port.set("binding", f"v1:{service.port}Soap11")
    etree.SubElement(port, _soap("address"), location=address)


def _wsdl(name: str) -> str:
    return f"{{{_WSDL}}}{name}"


def _soap(name: str) -> str:
    return f"{{{_SOAP}}}{name}"

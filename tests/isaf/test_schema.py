"""The schema accepts and refuses what the element table says, element by element.

libxml2 is the gate; the `xmlschema` package, another reader of the same schema, must agree where
it is asked (it is known to take blanks inside a number).
"""

import subprocess
import sys
from collections.abc import Iterator
from functools import cache

import pytest
import xmlschema
from lxml import etree

from imas.kernel import xml
from isaf.parsing.model import NAMESPACE, XSD, XSI, Node, root
from tests.isaf.test_parsing_laws import WHOLE

Way = tuple[str, ...]
Pair = tuple[tuple[str, ...], tuple[str, ...]]
NIL = f"{{{XSI}}}nil"
TEXTS = {"Text24": 24, "Text35": 35, "Text70": 70, "Text256": 256}

MONEY_GOOD = ("0", "-1.5", "+100.00", " 100.00 ", "100.100", "1234567890123456.78", "0.1", ".5")
MONEY_BAD = ("", "100,00", "1E2", "100.123", "1 000.00", "12345678901234567.89", "a")
RATE_GOOD = ("21", "21.00", "0", "999.99", "-1", "1000.00")
RATE_BAD = ("", "21%", "1000.01", "12.345")
DATE_BAD = ("", "2026-02-30", "2026.10.05", "05-10-2026", "2026-10-05T00:00:00", "ND")

PAIRS: dict[str, Pair] = {
    "money": (MONEY_GOOD, MONEY_BAD),
    "rate": (RATE_GOOD, RATE_BAD),
    "any date": (("1900-01-01", "2026-10-05", "2026-10-05+02:00", "9999-12-31"), DATE_BAD),
    "2016-07": (("2016-07-01", "2100-01-01"), (*DATE_BAD, "2016-06-30", "2100-01-02")),
    "2011": (("2011-01-01", "2100-01-01"), (*DATE_BAD, "2010-12-31", "2100-01-02")),
}
GOOD: dict[str, tuple[str, ...]] = {
    "FileVersion": ("iSAF1.2",),
    "FileDateCreated": (
        "2026-02-10T09:15:00",
        "2026-02-10T09:15:00.1234567+02:00",
        "2026-02-10T07:15:00Z",
    ),
    "DataType": ("F", "S", "P"),
    "RegistrationNumber/": ("304823023", "00304823023", " 1 "),
    "NumberOfParts": ("0", "1", "4294967295"),
    "PartNumber": ("1", "KAUNO_DEP", "A" * 20),
    "Country": ("LT", "lt", "ND", "žž"),
    "InvoiceType": ("", "SF", "DS", "KS", "VS", "VD", "VK", "AN"),
    "SpecialTaxation": ("", "T"),
    "SettlementType": ("G", "V"),
    "TaxCode": ("PVM1", "PVM58", "PVM999"),
    "SelectionStartDate": ("2016-07-01", "2100-01-01", "2026-10-01Z"),
    "SelectionEndDate": ("2016-10-01", "2100-01-01"),
    "ReferenceDate": ("1990-01-01", "2100-01-01"),
}
BAD: dict[str, tuple[str, ...]] = {
    "FileVersion": ("", "iSAF1.1", "iSAF_TEST", "isaf1.2"),
    "FileDateCreated": ("", "2026-02-10", "2026-02-10 09:15:00", "2026-02-10T25:00:00"),
    "DataType": ("", "f", "FS"),
    "RegistrationNumber/": ("", "LT304823023", "123456789012", "-1"),
    "NumberOfParts": ("", "-1", "1.5", "4294967296"),
    "PartNumber": ("", "a", "A-1", "A" * 21, "Vilnius"),
    "Country": ("", "L", "LTU"),
    "InvoiceType": ("sf", "XX", " "),
    "SpecialTaxation": ("t", "N"),
    "SettlementType": ("", "g", "A"),
    "TaxCode": ("", "PVM", "pvm1", "PVM1234", "21"),
    "SelectionStartDate": (*DATE_BAD, "2016-06-30", "2100-01-02"),
    "SelectionEndDate": (*DATE_BAD, "2016-09-30", "2100-01-02"),
    "ReferenceDate": (*DATE_BAD, "1989-12-31", "2100-01-02"),
}


def leaves(node: Node, way: Way = ()) -> Iterator[tuple[Way, Node]]:
    """Yield every element below the root with its way from there."""
    for child in node.children:
        yield (*way, child.name), child
        yield from leaves(child, (*way, child.name))


EVERY = tuple(leaves(root()))
VALUES = tuple((way, node) for way, node in EVERY if node.simple)


KINDS = {
    **dict.fromkeys(
        ("SettlementDate", "VATPointDate", "VATPointDate2", "RegistrationAccountDate"), "2016-07"
    ),
    **dict.fromkeys(("TaxableValue", "Amount", "VATAmount"), "money"),
    "TaxPercentage": "rate",
}


def kind_of(way: Way) -> str:
    """Return the group of values the element takes."""
    name = way[-1]
    if name == "RegistrationNumber":
        return "RegistrationNumber/" if way[0] == "Header" else "35"
    if name in GOOD:
        return name
    if name == "InvoiceDate":
        return {"PurchaseInvoices": "any date", "SalesInvoices": "2016-07"}.get(way[1], "2011")
    return KINDS.get(name) or _text_kind(way)


def _text_kind(way: Way) -> str:
    name, master = way[-1], way[0] == "MasterFiles"
    if name in {"InvoiceNo", "ReferenceNo"} or (name.endswith("ID") and master):
        return "70+"
    if name in {"SettlementRefNo", "CustomerID", "SupplierID", "SupplierCustomerID"}:
        return "70"
    if name == "VATRegistrationNumber":
        return "35+" if master else "35"
    if name == "Name":
        return "256+" if master else "256"
    return {"SoftwareVersion": "24"}.get(name, "256")


def good_and_bad(kind: str) -> Pair:
    """Return the values an element of that group takes, and those it does not."""
    if kind in PAIRS:
        return PAIRS[kind]
    if kind in GOOD:
        return GOOD[kind], BAD[kind]
    length = int(kind.removesuffix("+"))
    good = ("ž" * length, " ", "ND")
    return (
        (good, ("", "x" * (length + 1)))
        if kind.endswith("+")
        else ((*good, ""), ("x" * (length + 1),))
    )


def fresh() -> etree._Element:
    return xml.parse_part(WHOLE)


def at(document: etree._Element, way: Way) -> etree._Element:
    found = document.find("/".join(f"{{{NAMESPACE}}}{name}" for name in way))
    assert found is not None
    return found


def put(element: etree._Element, text: str) -> None:
    element.attrib.pop(NIL, None)
    for child in list(element):
        element.remove(child)
    element.text = text or None


def valid(document: etree._Element) -> bool:
    return xml.schema(XSD).validate(document)


@cache
def other_reader() -> xmlschema.XMLSchema:
    return xmlschema.XMLSchema(str(xml.SCHEMAS / XSD))


def agreed(document: etree._Element) -> bool:
    """Return the verdict, which the other reader shares."""
    verdict = valid(document)
    assert other_reader().is_valid(etree.tostring(document)) == verdict
    return verdict


def ids(cases: tuple[tuple[Way, Node], ...]) -> list[str]:
    return ["/".join(way) for way, _ in cases]


@pytest.mark.parametrize(("way", "node"), VALUES, ids=ids(VALUES))
def test_values_are_taken_and_refused_as_the_table_says(way: Way, node: Node) -> None:
    good, bad = good_and_bad(kind_of(way))
    document = fresh()
    element = at(document, way)
    for text in good:
        put(element, text)
        assert valid(document), text
    for text in bad:
        put(element, text)
        assert not valid(document), text
    put(element, good[-1])
    assert agreed(document)
    put(element, bad[-1])
    assert not agreed(document)


@pytest.mark.parametrize(("way", "node"), VALUES, ids=ids(VALUES))
def test_nil_is_allowed_where_the_table_says(way: Way, node: Node) -> None:
    nillable = way[-1] in {
        "NumberOfParts",
        "Country",
        "VATPointDate",
        "RegistrationAccountDate",
        "TaxCode",
        "TaxPercentage",
        "VATPointDate2",
    } or way[-2:] == ("DocumentTotal", "Amount")
    document = fresh()
    element = at(document, way)
    for mark in ("true", "1"):
        put(element, "")
        element.set(NIL, mark)
        assert valid(document) == nillable
    element.text = "1"
    assert not agreed(document)


OPTIONAL = {
    ("MasterFiles",),
    ("SourceDocuments",),
    ("MasterFiles", "Customers"),
    ("MasterFiles", "Suppliers"),
    ("SourceDocuments", "PurchaseInvoices"),
    ("SourceDocuments", "SalesInvoices"),
    ("SourceDocuments", "SettlementsAndPayments"),
}
OPTIONAL_IN_PARTIES = {"CustomerID", "SupplierID", "SupplierCustomerID", "RegistrationNumber"}


@pytest.mark.parametrize(("way", "node"), EVERY, ids=ids(EVERY))
def test_elements_are_required_as_the_table_says(way: Way, node: Node) -> None:
    document = fresh()
    parent = at(document, way[:-1]) if len(way) > 1 else document
    for element in list(parent.iterchildren(f"{{{NAMESPACE}}}{way[-1]}")):
        parent.remove(element)
    inline = way[-2:-1] and way[-2] in {"CustomerInfo", "SupplierInfo", "Payment"}
    optional = (
        way in OPTIONAL or (inline and way[-1] in OPTIONAL_IN_PARTIES) or way[-1] == "Reference"
    )
    assert agreed(document) == bool(optional)


@pytest.mark.parametrize(("way", "node"), EVERY, ids=ids(EVERY))
def test_order_is_strict(way: Way, node: Node) -> None:
    document = fresh()
    element = at(document, way)
    following = element.getnext()
    if following is None or following.tag == element.tag:
        return
    following.addnext(element)
    assert not agreed(document)


@pytest.mark.parametrize(("way", "node"), EVERY, ids=ids(EVERY))
def test_no_element_takes_an_attribute(way: Way, node: Node) -> None:
    document = fresh()
    at(document, way).set("kind", "x")
    assert not agreed(document)


LIMITS = (
    (("SourceDocuments", "SalesInvoices", "Invoice", "References", "Reference"), 1000),
    (("SourceDocuments", "SalesInvoices", "Invoice", "DocumentTotals", "DocumentTotal"), 100),
    (("SourceDocuments", "PurchaseInvoices", "Invoice", "DocumentTotals", "DocumentTotal"), 100),
    (
        (
            "SourceDocuments",
            "SettlementsAndPayments",
            "SettlementAndPayment",
            "ReferencesToInvoice",
            "ReferenceToInvoice",
        ),
        1000,
    ),
)


@pytest.mark.parametrize(("way", "most"), LIMITS, ids=["/".join(way) for way, _ in LIMITS])
def test_repeated_elements_have_their_limit(way: Way, most: int) -> None:
    document = fresh()
    element = at(document, way)
    parent = element.getparent()
    assert parent is not None
    for same in list(parent)[1:]:
        parent.remove(same)
    text = etree.tostring(element)
    for _ in range(most - 1):
        parent.append(xml.parse_part(text))
    assert valid(document)
    parent.append(xml.parse_part(text))
    assert not valid(document)


def test_lists_hold_half_a_million_records() -> None:
    most = {node.most for way, node in EVERY if node.most > 1000}
    names = {way[-1] for way, node in EVERY if node.most > 1000}
    assert most == {500_000}
    assert names == {"Customer", "Supplier", "Invoice", "SettlementAndPayment"}


def test_a_header_alone_is_a_file() -> None:
    document = fresh()
    for part in list(document)[1:]:
        document.remove(part)
    assert agreed(document)


AT_ONCE = """
from threading import Barrier, Thread
from imas.kernel import xml
gate, loaded = Barrier(6), []
def load():
    gate.wait()
    loaded.append(xml.schema("isaf/1.2/isaf.xsd"))
threads = [Thread(target=load) for _ in range(6)]
[thread.start() for thread in threads]
[thread.join() for thread in threads]
assert len(loaded) == 6
"""


@pytest.mark.parametrize("_again", range(10))
def test_several_threads_may_load_the_first_schema_at_once(_again: int) -> None:
    subprocess.run([sys.executable, "-c", AT_ONCE], check=True, timeout=30)

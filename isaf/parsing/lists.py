"""The lists of records in an i.SAF file, and how one record of each looks at its shortest."""

from dataclasses import dataclass

from isaf.parsing.model import NAMESPACE, ROOT, VERSION, XSI, Node, node_at

DECLARED = f'xmlns="{NAMESPACE}" xmlns:xsi="{XSI}"'


@dataclass(frozen=True, slots=True)
class RecordList:
    """A list of records: where it stands below iSAFFile and what its records are called."""

    parent: str
    name: str
    record: str

    @property
    def node(self) -> Node:
        """Return the schema's view of one record."""
        return node_at(self.parent, self.name, self.record)


LISTS = {
    name: RecordList(parent, name, record)
    for parent, name, record in (
        ("MasterFiles", "Customers", "Customer"),
        ("MasterFiles", "Suppliers", "Supplier"),
        ("SourceDocuments", "PurchaseInvoices", "Invoice"),
        ("SourceDocuments", "SalesInvoices", "Invoice"),
        ("SourceDocuments", "SettlementsAndPayments", "SettlementAndPayment"),
    )
}
"""By the name of the list, in file order."""

HEADER = f"""<Header {DECLARED}><FileDescription><FileVersion>{VERSION}</FileVersion>\
<FileDateCreated>2026-01-01T00:00:00</FileDateCreated><DataType>F</DataType>\
<SoftwareCompanyName/><SoftwareName/><SoftwareVersion/><RegistrationNumber>1</RegistrationNumber>\
<NumberOfParts>1</NumberOfParts><PartNumber>1</PartNumber><SelectionCriteria>\
<SelectionStartDate>2026-01-01</SelectionStartDate><SelectionEndDate>2026-01-31</SelectionEndDate>\
</SelectionCriteria></FileDescription></Header>"""
"""A valid header in one line, for judging a part of a file as if it were a whole one."""


@dataclass(frozen=True, slots=True)
class Envelope:
    """The place a chunk stands in: its list and the namespace prefixes in force there."""

    name: str
    prefix: str
    namespaces: tuple[tuple[str, str], ...]

    @property
    def records(self) -> RecordList:
        """Return the list the chunk is from."""
        return LISTS[self.name]

    def qualified(self, name: str) -> str:
        """Return an i.SAF name as it is written here."""
        return f"{self.prefix}:{name}" if self.prefix else name


@dataclass(frozen=True, slots=True)
class Chunk:
    """Whole records of one list as UTF-8: the line they begin on and the number before them.

    `at` is where the same bytes lie in the file, None when they do not.
    """

    envelope: Envelope
    line: int
    position: int
    records: int
    data: bytes
    at: int | None = None


def shortest_record(records: RecordList) -> str:
    """Return one valid record of the list, which brings its own namespaces."""
    body = "".join(_shortest(child) for child in records.node.children)
    return f"<{records.record} {DECLARED}>{body}</{records.record}>"


def _shortest(node: Node) -> str:
    if not node.least:
        return ""
    if node.nillable:
        return f'<{node.name} xsi:nil="true"/>'
    inside = "".join(_shortest(child) for child in node.children)
    if node.simple:
        inside = _SHORTEST_VALUES.get(node.simple.base) or (node.simple.values or ("1",))[0]
    return f"<{node.name}>{inside}</{node.name}>"


_SHORTEST_VALUES = {"date": "2026-01-01", "decimal": "1"}

__all__ = [
    "DECLARED",
    "HEADER",
    "LISTS",
    "ROOT",
    "Chunk",
    "Envelope",
    "RecordList",
    "shortest_record",
]

"""FFData, the file EDS takes: written of a form's pages and read back.

Structure as programs in use write it (docs/isaf/returns.md): root FFData, a Form with the id of its
definition, pages with every field, empty ones too; dates as YYYY-MM-DD, whole euros, CRLF, no
namespace. Source: FFData samples and FFData writers in public code.
"""

from collections.abc import Mapping, Sequence
from datetime import date

from lxml import etree

from imas.kernel.errors import RefusedDocumentError
from imas.kernel.xml import parse

PROGRAM = "i.MAS"

Fields = Mapping[str, str]


def write(definition: str, pages: Sequence[tuple[str, Fields]], today: date) -> bytes:
    """Write the file of a form, a page after another, each with its name and fields."""
    root = etree.Element(
        "FFData",
        Version="1",
        CreatedByApp=PROGRAM,
        CreatedByLogin="",
        CreatedOn=today.isoformat(),
    )
    body = etree.SubElement(root, "Form", FormDefId=definition, FormLocation="")
    sheets = etree.SubElement(body, "Pages", Count=str(len(pages)))
    for number, (name, fields) in enumerate(pages, start=1):
        page = etree.SubElement(sheets, "Page", PageDefName=name, PageNumber=str(number))
        holder = etree.SubElement(page, "Fields", Count=str(len(fields)))
        for field, value in fields.items():
            etree.SubElement(holder, "Field", Name=field).text = value
    etree.indent(root, space="\t")
    text = etree.tostring(root, encoding="UTF-8", xml_declaration=True)
    return text.replace(b"\n", b"\r\n")


def read(text: bytes) -> tuple[str, list[tuple[str, Fields]]]:
    """Read the id of the definition and the pages of a file; else RefusedDocumentError."""
    root = parse(text)
    body = root.find("Form")
    if root.tag != "FFData" or body is None:
        raise RefusedDocumentError("not-ffdata")
    pages: list[tuple[str, Fields]] = [
        (
            page.get("PageDefName", ""),
            {field.get("Name", ""): field.text or "" for field in page.iterfind("Fields/Field")},
        )
        for page in body.iterfind("Pages/Page")
    ]
    return body.get("FormDefId", ""), pages

"""FFData, the file EDS takes: written of a form's pages and read back.

Structure as programs in use write it (docs/isaf/returns.md): root FFData, a Form with the id of its
definition, pages with every field, empty ones too; dates as YYYY-MM-DD, whole euros, CRLF, no
namespace. Source: FFData samples and FFData writers in public code.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from lxml import etree

from imas.kernel.xml import parse
from isaf.returns.forms import Form, boxes_on

PROGRAM = "i.MAS"
_LISTED_FIRST, _LISTED_MORE = 9, 16
_NAME, _LIST_NAME = 30, 52
_COLUMNS = ("P9", "P10", "P11", "P12", "P13", "P14", "P18")
_FOOT = {"B_FormNr": "FR0564", "B_FormVerNr": "", "Text-20": ""}


@dataclass(frozen=True, slots=True)
class Header:
    """Whose form it is. `vat_code` has its LT; `activity` may be empty."""

    name: str
    code: str
    vat_code: str
    address: str
    contact: str
    filled_on: date
    start: date
    end: date
    corrects: bool
    is_last: bool = False
    activity: str = ""


@dataclass(frozen=True, slots=True)
class ListLine:
    """A line of FR0564 in whole euros."""

    country: str
    code: str
    goods: int
    triangular: int
    services: int


Fields = Mapping[str, str]


def return_fields(header: Header, boxes: Mapping[str, int]) -> Fields:
    """Return the fields of FR0600 in the order of the form."""
    fields = {
        "B_MM_Pavad": header.name.upper()[:_NAME],
        "B_MM_ID": header.code,
        "B_MM_PVM": header.vat_code.removeprefix("LT"),
        "B_MM_Adresas": header.address[:_NAME],
        "B_MM_Epastas": header.contact[:_NAME],
        "B_UzpildData": header.filled_on.isoformat(),
        "B_ML_DataNuo": header.start.isoformat(),
        "B_ML_DataIki": header.end.isoformat(),
        "E8": "2" if header.corrects else "1",
        "E9": "2" if header.is_last else "1",
        "E10": header.activity,
    }
    for number, box in boxes_on(header.start).items():
        value = boxes.get(number, 0)
        fields[box.field] = str(value) if value or number in {"28", "36"} else ""
    return {**fields, "LT": "LT", "B_FormNr": "FR0600", "B_FormVerNr": ""}


def list_pages(header: Header, lines: Sequence[ListLine]) -> list[tuple[str, Fields]]:
    """Return the pages of FR0564: nine lines on the first, sixteen on each further one."""
    first, more = lines[:_LISTED_FIRST], lines[_LISTED_FIRST:]
    sheets = [more[at : at + _LISTED_MORE] for at in range(0, len(more), _LISTED_MORE)]
    goods = sum(line.goods for line in lines)
    head = {
        "B_MM_Pavad": header.name.upper()[:_LIST_NAME],
        "B_MM_ID": header.code,
        "B_MM_PVM": header.vat_code.removeprefix("LT"),
        "B_MM_Tel": header.contact,
        "B_UzpildData": header.filled_on.isoformat(),
        "B_ML_Metai": str(header.start.year),
        "B_ML_Ketvirtis": "",
        "B_ML_Menuo": str(header.start.month),
        **_rows(first, 1, _LISTED_FIRST),
        "E15": str(sum(line.goods for line in first)),
        "E16": str(goods),
        "E17": str(len(sheets)),
        "E6": "2" if header.corrects else "1",
        **_FOOT,
    }
    kept = ("B_MM_ID", "B_MM_PVM", "B_UzpildData", "B_ML_Metai", "B_ML_Ketvirtis", "B_ML_Menuo")
    pages: list[tuple[str, Fields]] = [("FR0564", head)]
    for number, sheet in enumerate(sheets):
        before = _LISTED_FIRST + number * _LISTED_MORE
        page = {
            **{name: head[name] for name in kept},
            "LapoNr": str(number + 1),
            "Text-LT": "LT",
            **_rows(sheet, before + 1, _LISTED_MORE),
            "E15": str(sum(line.goods for line in sheet)),
            **_FOOT,
        }
        pages.append(("FR0564P", page))
    return pages


def _rows(lines: Sequence[ListLine], first: int, size: int) -> Fields:
    fields: dict[str, str] = {}
    for row in range(1, size + 1):
        line = lines[row - 1] if row <= len(lines) else None
        told = (
            ("", str(first + row - 1), line.country, line.code, line.goods, line.triangular,
             line.services)
            if line
            else ("",) * len(_COLUMNS)
        )  # fmt: skip
        fields |= {
            f"{column}-{row}": str(value or "")
            for column, value in zip(_COLUMNS, told, strict=True)
        }
    return fields


def write(form: Form, pages: Sequence[tuple[str, Fields]], today: date) -> bytes:
    """Write the file of a form, a page after another, each named by its definition."""
    root = etree.Element(
        "FFData",
        Version="1",
        CreatedByApp=PROGRAM,
        CreatedByLogin="",
        CreatedOn=today.isoformat(),
    )
    body = etree.SubElement(root, "Form", FormDefId=form.definition, FormLocation="")
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
    """Read the id of the definition and the pages of a file; ValueError when it is none."""
    root = parse(text)
    body = root.find("Form")
    if root.tag != "FFData" or body is None:
        raise ValueError("Not FFData")
    pages: list[tuple[str, Fields]] = [
        (
            page.get("PageDefName", ""),
            {field.get("Name", ""): field.text or "" for field in page.iterfind("Fields/Field")},
        )
        for page in body.iterfind("Pages/Page")
    ]
    return body.get("FormDefId", ""), pages

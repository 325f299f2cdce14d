"""What the fields of FR0600 and FR0564 hold, page by page, as FFData names them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from imas.kernel.ffdata import Fields
from isaf.returns.forms import boxes_on

_LISTED_FIRST, _LISTED_MORE = 9, 16
_NAME, _LIST_NAME = 30, 52
_COLUMNS = ("P9", "P10", "P11", "P12", "P13", "P14", "P18")
_WHOSE = ("B_MM_ID", "B_ML_DataNuo", "B_ML_DataIki")
_CHANGED, _CORRECTED = "3", "T"
"""Box 6 of a list that corrects some lines, and the mark of such a line (column 9)."""

_FOOT = {"B_FormNr": "FR0564", "B_FormVerNr": "", "Text-20": ""}


@dataclass(frozen=True, slots=True)
class Header:
    """Whose form it is. `vat_code` has its LT; `activity` may be empty.

    `by_lines` is of FR0564: it gives the lines that changed since the one it corrects.
    """

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
    by_lines: bool = False
    activity: str = ""


@dataclass(frozen=True, slots=True)
class ListLine:
    """A line of FR0564 in whole euros."""

    country: str
    code: str
    goods: int
    triangular: int
    services: int


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
        **_rows(header, first, 1, _LISTED_FIRST),
        "E15": str(sum(line.goods for line in first)),
        "E16": str(goods),
        "E17": str(len(sheets)),
        "E6": _CHANGED if header.by_lines else "2" if header.corrects else "1",
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
            **_rows(header, sheet, before + 1, _LISTED_MORE),
            "E15": str(sum(line.goods for line in sheet)),
            **_FOOT,
        }
        pages.append(("FR0564P", page))
    return pages


def filed_boxes(pages: Sequence[tuple[str, Fields]], header: Header) -> Mapping[str, int]:
    """Return the boxes of a filed FR0600 by number.

    ValueError unless it is of the taxpayer and period of the header, in whole euros.
    """
    fields = next((fields for page, fields in pages if page == "FR0600"), {})
    mine = (header.code, header.start.isoformat(), header.end.isoformat())
    if tuple(fields.get(name, "") for name in _WHOSE) != mine:
        raise ValueError("another return")
    return {
        number: int(fields.get(box.field) or 0) for number, box in boxes_on(header.start).items()
    }


def _rows(header: Header, lines: Sequence[ListLine], first: int, size: int) -> Fields:
    mark = _CORRECTED if header.by_lines else ""
    fields: dict[str, str] = {}
    for row in range(1, size + 1):
        line = lines[row - 1] if row <= len(lines) else None
        told = (
            (mark, str(first + row - 1), line.country, line.code, line.goods, line.triangular,
             line.services)
            if line
            else ("",) * len(_COLUMNS)
        )  # fmt: skip
        fields |= {
            f"{column}-{row}": str(value or "")
            for column, value in zip(_COLUMNS, told, strict=True)
        }
    return fields

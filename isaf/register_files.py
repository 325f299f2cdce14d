"""A register as valid i.SAF XML again: one file for each part, several of them in a zip.

A file is written from the rows, a batch at a time; docs/isaf/registers.md says what it cannot hold.
"""

import tempfile
import weakref
import zipfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

from django.http import FileResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase

from isaf.building import document, own_header
from isaf.models import Part, Register
from isaf.selectors import InvoiceQuery
from isaf.selectors.contents import (
    every_invoice_of_part,
    invoices_of_part,
    settlements_of_part,
    siblings_of,
)
from isaf.selectors.filtering import ShownParts, shown_parts
from isaf.types import DataType, Header, RegisterType

_SALES, _PURCHASE, _SETTLEMENT = RegisterType.SALES, RegisterType.PURCHASE, RegisterType.SETTLEMENT
_OF_ONE = {_SALES: DataType.SALES, _PURCHASE: DataType.PURCHASES}
_NO_PART = "1"
"""The part number of an empty register that no file has given a part."""


@dataclass(frozen=True, slots=True)
class PartFile:
    """One file to take away: its name and its bytes, made while they are read."""

    name: str
    chunks: Iterator[bytes]


def xml_response(register: Register, taxpayer_code: str, query: InvoiceQuery) -> HttpResponseBase:
    """Answer the XML of what is asked for; a zip when it comes from several parts."""
    files = list(part_files(register, taxpayer_code, query))
    if len(files) == 1:
        response = StreamingHttpResponse(files[0].chunks, content_type="application/xml")
        response["Content-Disposition"] = f'attachment; filename="{files[0].name}"'
        return response
    return _zip_response(f"{register.number}.zip", files)


def part_files(register: Register, taxpayer_code: str, query: InvoiceQuery) -> Iterator[PartFile]:
    """Yield a file for each part that a query looks into; one without records when there is none.

    A register of invoices is written by itself, as a file of type S or P. Settlements have no type
    of their own, so they come with what else their file brought, as far as the reader reaches it.
    """
    parts = shown_parts(register)
    found = Part.objects.in_bulk(parts.wanted(query))
    for part_id in parts.wanted(query):
        part = found[part_id]
        contents = (
            _whole(register, part)
            if register.type == _SETTLEMENT
            else {RegisterType(register.type): part}
        )
        header = _header(register, taxpayer_code, part.part_number, contents)
        yield PartFile(
            f"{register.number}-{part_id}.xml", _written(register, header, contents, query, parts)
        )
    if not parts.numbers:
        header = _header(register, taxpayer_code, _NO_PART, {RegisterType(register.type): None})
        yield PartFile(f"{register.number}.xml", document(header))


def _whole(register: Register, part: Part) -> Mapping[RegisterType, Part]:
    reach = register.reach.registers_of(part.part_number)
    return {type_: one for type_, one in siblings_of(part).items() if type_ in reach}


def _written(
    register: Register,
    header: Header,
    contents: Mapping[RegisterType, Part],
    query: InvoiceQuery,
    parts: ShownParts,
) -> Iterator[bytes]:
    if register.type != _SETTLEMENT:
        (part,) = contents.values()
        rows = invoices_of_part(register, part.pk, query, parts)
        if register.type == _SALES:
            return document(header, sales=rows)
        return document(header, purchases=rows)
    sold, bought = contents.get(_SALES), contents.get(_PURCHASE)
    return document(
        header,
        purchases=every_invoice_of_part(bought) if bought else (),
        sales=every_invoice_of_part(sold) if sold else (),
        settlements=settlements_of_part(contents[_SETTLEMENT]),
    )


def _header(
    register: Register,
    taxpayer_code: str,
    part_number: str,
    contents: Mapping[RegisterType, Part | None],
) -> Header:
    """Return the header of a file of today that speaks for what it holds."""
    invoices = [_OF_ONE[type_] for type_ in contents if type_ in _OF_ONE]
    data_type = invoices[0] if len(invoices) == 1 else DataType.FULL
    header = own_header(taxpayer_code, register.period, part_number, data_type)
    return replace(header, number_of_parts=None)  # how many the period had is not kept


def _zip_response(name: str, files: list[PartFile]) -> FileResponse:
    packed = tempfile.TemporaryFile()  # noqa: SIM115 - the response closes it when sent
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for one in files:
            with archive.open(one.name, "w", force_zip64=True) as entry:
                for chunk in one.chunks:
                    entry.write(chunk)
    packed.seek(0)
    response = FileResponse(
        packed, as_attachment=True, filename=name, content_type="application/zip"
    )
    weakref.finalize(response, packed.close)  # an answer nobody waits for is never closed
    return response

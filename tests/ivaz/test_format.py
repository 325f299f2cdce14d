"""The i.VAZ format: every section read, judged record by record, and written again."""

import copy
import io
from collections.abc import Callable, Iterator
from functools import partial
from typing import Any

import pytest

from imas.kernel import xml
from imas.kernel.problems import Problem
from ivaz.parsing.content import content_of, element_of
from ivaz.parsing.faults import schema_problems
from ivaz.parsing.reading import BROKEN, STRUCTURE, Header, read
from ivaz.parsing.tree import HOLDERS, NAMESPACE, XSD, Node, node_of
from ivaz.parsing.writing import write
from ivaz.rules import moment
from ivaz.types import Content, Record, Section

HEADER = {
    "FileDateCreated": "2026-11-21T10:00:00",
    "SoftwareCompanyName": "UAB „Programa“",
    "SoftwareName": "Apskaita",
    "SoftwareVersion": "1.0",
    "CreatorRegistrationNumber": "304567892",
}

VALUES = {
    "CountryCode": "LT",
    "Country": "LT",
    "Currency": "EUR",
    "ReceiptDate": "2026-11-22",
    "TimeOfReceipt": "2026-11-22",
    "LocalTransportDocumentDate": "2026-11-21",
    "DocumentDate": "2026-11-21",
    "TimeOfDispatch": "2026-11-22T08:00:00",
    "EstimatedTimeOfArrival": "2026-11-22T18:00:00",
    "TimeOfCancellation": "2026-11-22T18:00:00",
}
NUMBERS = {
    "ProductLineNumber", "Quantity", "NumberOfPackages", "GrossWeight", "NetWeight", "Value",
    "PaymentValue", "AmountDifference", "RefusedAmount", "ReceiptType", "ReceivedCargoConclusion",
    "ComplaintType", "CancellationReason",
}  # fmt: skip


def everything(node: Node) -> Any:
    """A value for every element of a record; of a choice the first."""
    if node.item:
        return [everything(node.children[node.item]) for _at in range(2)]
    if node.children:
        names = list(node.children)
        if set(names) in ({"Address", "FullAddress"}, CHOICE):
            names = names[:1]
        return {name: everything(node.children[name]) for name in names}
    return VALUES.get(node.name, "1" if node.name in NUMBERS else "ž")


CHOICE = {"LocalTransportDocumentUID", "IvazTransportDocumentUID"}
WHOLE = {section: everything(node_of(section)) for section in Section}


def file_with(records: dict[Section, list[Content]]) -> bytes:
    return b"".join(write(HEADER, records))


def found_in(text: bytes) -> list[Header | Record | Problem]:
    return list(read(io.BytesIO(text)))


def test_every_section_goes_out_and_comes_in_again() -> None:
    text = file_with({section: [content, content] for section, content in WHOLE.items()})
    schema = xml.schema(XSD)
    assert schema.validate(xml.parse(text)), schema.error_log
    header, *records = found_in(text)
    assert isinstance(header, Header)
    assert header.creator == "304567892"
    assert [(one.section, one.position) for one in records if isinstance(one, Record)] == [
        (section, at) for section in Section for at in range(2)
    ]
    assert all(isinstance(one, Record) and not one.problems for one in records)
    assert [one.content for one in records if isinstance(one, Record)] == [
        content for content in WHOLE.values() for _at in range(2)
    ]


def mutations(content: Any, node: Node) -> Iterator[tuple[str, Callable[[Any], None]]]:
    """Every element left out, repeated as another kind, emptied, made too long or no number."""
    for path, inner in leaves(content, node, ""):
        yield f"{path} gone", partial(change, path=path, value=None)
        if not inner.children:
            for value in ("", "x" * 400, "-1", "0.00001", "1e3"):
                yield f"{path} {value[:5]}", partial(change, path=path, value=value)


def leaves(value: Any, node: Node, path: str) -> Iterator[tuple[str, Node]]:
    if node.item:
        yield from leaves(value[0], node.children[node.item], f"{path}/0")
    elif isinstance(value, dict):
        for name, inner in value.items():
            yield f"{path}/{name}", node.children[name]
            yield from leaves(inner, node.children[name], f"{path}/{name}")


def change(whole: Any, path: str, value: Any) -> None:
    *way, last = path.strip("/").split("/")
    holder = whole
    for step in way:
        holder = holder[int(step)] if isinstance(holder, list) else holder[step]
    if value is None:
        del holder[last]
    else:
        holder[last] = value


@pytest.mark.parametrize("section", Section)
def test_a_record_by_itself_is_judged_as_in_its_file(section: Section) -> None:
    """What the whole file's schema refuses has a problem in its record, and nothing else has."""
    node, schema, count = node_of(section), xml.schema(XSD), 0
    for name, mutate in mutations(WHOLE[section], node):
        content = copy.deepcopy(WHOLE[section])
        mutate(content)
        text = file_with({section: [content]})
        is_valid = schema.validate(xml.parse(text))
        record = found_in(text)[1]
        assert isinstance(record, Record), name
        assert bool(record.problems) != is_valid, name
        count += not is_valid
    assert count > 3


@pytest.mark.parametrize(
    ("change_", "reason", "params"),
    [
        (("/Weird", "1"), "unexpected", {"element": "Weird"}),
        (("/LocalTransportDocumentNumber", "x" * 36), "too-long", {"limit": "35"}),
        (("/LocalTransportDocumentNumber", ""), "empty", {}),
        (("/TimeOfDispatch", "rytoj"), "bad-value", {}),
        (("/TimeOfDispatch", "2015-12-31T00:00:00"), "too-small", {}),
        (("/Consignor", None), "out-of-place", {"expected": "Consignor"}),
        (("/DeliveryData", None), "out-of-place", {"expected": "DeliveryData"}),
        (("/DeliveryData/Products/0/Quantity", "1.2345"), "too-many-decimals", {"limit": "3"}),
        (("/DeliveryData/Products/0/ProductLineNumber", "1000"), "too-many-digits", {}),
        (("/DeliveryData/Products/0/ProductDescription", None), "missing", {}),
    ],
)
def test_what_is_wrong_is_said_with_its_place(
    change_: tuple[str, Any], reason: str, params: dict[str, str]
) -> None:
    content = copy.deepcopy(WHOLE[Section.WAYBILL])
    change(content, *change_)
    (problem,) = found_in(file_with({Section.WAYBILL: [content]}))[1].problems  # type: ignore[union-attr]
    assert problem.reason == reason
    assert params.items() <= problem.params.items()
    assert problem.place.line is not None
    assert problem.place.invoice_no == content["LocalTransportDocumentNumber"] or reason == "empty"


GOOD = file_with({Section.CANCELLATION: [WHOLE[Section.CANCELLATION]]})
TYPED = GOOD.replace(b"<iVAZFile", b"<!DOCTYPE iVAZFile [<!ENTITY b 'c'>]><iVAZFile")


@pytest.mark.parametrize(
    ("text", "code", "reason"),
    [
        (b"", BROKEN, "not-well-formed"),
        (b"not xml", BROKEN, "not-well-formed"),
        (GOOD[:-20], BROKEN, "not-well-formed"),
        (TYPED, BROKEN, "doctype"),
        (TYPED.replace(b"<!DOCTYPE", b" " * (64 * 1024 - 45) + b"<!DOCTYPE"), BROKEN, "doctype"),
        (b"<a/>", STRUCTURE, "wrong-root"),
        (GOOD.replace(NAMESPACE.encode(), b"urn:other"), STRUCTURE, "wrong-root"),
        (GOOD.replace(b"FileDescription>", b"Header>"), STRUCTURE, "unknown-section"),
        (GOOD.replace(b"Cancellations>", b"Others>"), STRUCTURE, "unknown-section"),
        (GOOD.replace(b"Cancellation>", b"Other>"), STRUCTURE, "unknown-record"),
        (f'<iVAZFile xmlns="{NAMESPACE}"/>'.encode(), STRUCTURE, "no-header"),
    ],
)
def test_files_that_cannot_be_understood(text: bytes, code: str, reason: str) -> None:
    told = [(one.code, one.reason) for one in found_in(text) if isinstance(one, Problem)]
    assert (code, reason) in told


def test_sections_out_of_order_are_told() -> None:
    first = file_with({Section.ORDER: [WHOLE[Section.ORDER]]})
    order = first[first.index(b"<Orders>") : first.index(b"</iVAZFile>")]
    text = GOOD.replace(b"<Cancellations>", order + b"<Cancellations>")
    told = [one.reason for one in found_in(text) if isinstance(one, Problem)]
    assert told == ["section-order"]


def test_names_the_schema_does_not_know_are_refused() -> None:
    node = node_of(Section.CANCELLATION)
    element = element_of({**WHOLE[Section.CANCELLATION], "Priezastis": "1"}, node)
    assert [one.reason for one in schema_problems(element, 1, "")] == ["unexpected"]
    assert content_of(element, node) == WHOLE[Section.CANCELLATION]


def test_sections_are_those_of_the_schema() -> None:
    assert set(HOLDERS) == set(Section)
    names = {child.split("}")[1] for child in node_of(Section.WAYBILL).by_tag}
    assert names == set(node_of(Section.WAYBILL).children)


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("2026-11-21T24:00:00", "2026-11-22T00:00:00+02:00"),
        ("2026-11-21T08:00:00.1234567Z", "2026-11-21T08:00:00.123456+00:00"),
        ("2026-07-01T08:00:00", "2026-07-01T08:00:00+03:00"),
    ],
)
def test_every_time_the_schema_takes_is_understood(text: str, meant: str) -> None:
    content = {**copy.deepcopy(WHOLE[Section.WAYBILL]), "TimeOfDispatch": text}
    record = found_in(file_with({Section.WAYBILL: [content]}))[1]
    assert isinstance(record, Record)
    assert not record.problems
    assert moment(record.content["TimeOfDispatch"]).isoformat() == meant


def test_a_text_of_blanks_stays_what_it_is() -> None:
    content = {**copy.deepcopy(WHOLE[Section.CANCELLATION]), "AdditionalInfo": "  "}
    record = found_in(file_with({Section.CANCELLATION: [content]}))[1]
    assert isinstance(record, Record)
    assert record.content == content


def test_what_is_no_record_at_all_is_refused_and_nothing_breaks() -> None:
    deep: Any = "x"
    for _at in range(300):
        deep = {"℘": deep}
    for content in ({"a b": 1}, {"CancellationReason": {"Deep": deep}}, {"℘": deep}, {"x": [1]}):
        element = element_of(content, node_of(Section.CANCELLATION))
        assert list(schema_problems(element, 0, ""))

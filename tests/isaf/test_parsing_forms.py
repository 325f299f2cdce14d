"""The many ways one and the same file is written, and the many ways it comes broken."""

import re

import pytest

from imas.kernel.problems import Problem
from isaf.parsing.lists import LISTS, Envelope, shortest_record
from isaf.parsing.model import NAMESPACE, XSI
from isaf.parsing.recognising import recogniser
from isaf.quick import Walk
from tests.isaf.test_parsing_laws import MINIFIED, WHOLE, ours

PLAIN, PROBLEMS = ours(WHOLE)
TEXT = WHOLE.decode()
PROLOG, BODY = TEXT.split("\n", 1)


def prefixed(text: str, prefix: str) -> str:
    """Write every i.SAF name with a prefix."""
    named = re.sub(r"<(/?)(?=[A-Za-z])", rf"<\1{prefix}:", text)
    return named.replace(f'xmlns="{NAMESPACE}"', f'xmlns:{prefix}="{NAMESPACE}"')


def declared(encoding: str) -> str:
    return f'<?xml version="1.0" encoding="{encoding}"?>\n{BODY}'


FORMS = {
    "minified": MINIFIED,
    "byte order mark": b"\xef\xbb\xbf" + WHOLE,
    "no declaration": BODY.encode(),
    "single quotes": TEXT.replace('"UTF-8"', "'UTF-8'").replace('"true"', "'1'").encode(),
    "windows lines": TEXT.replace("\n", "\r\n").encode(),
    "windows-1257": declared("windows-1257").encode("cp1257"),
    "iso-8859-13": declared("ISO-8859-13").encode("iso8859-13"),
    "utf-16": declared("UTF-16").encode("utf-16"),
    "utf-16 without mark": declared("UTF-16").encode("utf-16-le"),
    "says utf-16 and is utf-8": declared("utf-16").encode(),
    "prefix": f"{PROLOG}\n{prefixed(BODY, 'ns0')}".encode(),
    "other prefix for nil": TEXT.replace("xsi:", "i:").replace("xmlns:xsi", "xmlns:i").encode(),
    "spaces before slashes": TEXT.replace("/>", " />").encode(),
    "nil in pairs": re.sub(r'<(\w+) xsi:nil="true"/>', r'<\1 xsi:nil="true"></\1>', TEXT).encode(),
    "empty pairs": TEXT.replace("<References/>", "<References></References>").encode(),
    "blanks after the declaration": TEXT.replace("?>\n", "?>    \n\n", 1).encode(),
    "comments": TEXT.replace("<InvoiceDate>", "<!-- </Invoice> --><InvoiceDate>").encode(),
    "comment in a value": TEXT.replace("<InvoiceNo>A", "<InvoiceNo>A<!-- x -->").encode(),
    "instructions": TEXT.replace("<Name>", "<?x </SalesInvoices> ?><Name>").encode(),
    "cdata": TEXT.replace("UAB „Ž“ &amp; &lt;B&gt;", "<![CDATA[UAB „Ž“ & <B>]]>").encode(),
    "character references": TEXT.replace("<InvoiceNo>A", "<InvoiceNo>&#65;").encode(),
    "namespaces again and again": TEXT.replace("xsi:nil", f'xmlns:xsi="{XSI}" xsi:nil').encode(),
    "blanks in end tags": TEXT.replace("</Invoice>", "</Invoice >").encode(),
    "a schema location": TEXT.replace(
        "<iSAFFile", '<iSAFFile xsi:schemaLocation="urn:x file:///no/such/file.xsd"', 1
    ).encode(),
    "leading zeros and blanks": TEXT.replace(">-10.5", "> -0010.5").encode(),
}


def without_lines(records: object) -> str:
    return re.sub(r"line=\d+", "", repr(records))


@pytest.mark.parametrize("form", FORMS)
def test_every_way_of_writing_gives_the_same_records(form: str) -> None:
    records, problems = ours(FORMS[form])
    assert problems == PROBLEMS == []
    assert without_lines(records) == without_lines(PLAIN)


@pytest.mark.parametrize("form", ["byte order mark", "windows lines", "utf-16", "prefix", "cdata"])
def test_records_keep_their_lines(form: str) -> None:
    assert [record.line for record in ours(FORMS[form])[0]] == [record.line for record in PLAIN]


def first(data: bytes) -> Problem:
    return ours(data)[1][0]


XMLNS = f'xmlns="{NAMESPACE}"'
BROKEN = {
    "empty": (b"", "11007", "", None),
    "blank": (b" \n\t ", "11007", "", None),
    "mark alone": (b"\xef\xbb\xbf", "11007", "", None),
    "one byte": (b"x", "11010", "not-xml", 1),
    "not xml": (b"PK\x03\x04", "11010", "not-xml", 1),
    "json": (b'{"a": 1}', "11010", "not-xml", 1),
    "no namespace": (b"<iSAFFile/>", "11005", "missing-namespace", 1),
    "wrong namespace": (b'<iSAFFile xmlns="urn:x"/>', "11005", "wrong-namespace", 1),
    "wrong root": (f"<Saskaitos {XMLNS}/>".encode(), "11010", "wrong-root", 1),
    "doctype": (b"<!DOCTYPE iSAFFile []>\n" + BODY.encode(), "11004", "doctype", 1),
    "doctype after a comment": (b"<!-- -->\n<!doctype x>\n<x/>", "11004", "doctype", 2),
    "entity bomb": (
        b'<?xml version="1.0"?>\n<!DOCTYPE b [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]>\n<x>&b;</x>',
        "11004",
        "doctype",
        2,
    ),
    "unknown entity": (WHOLE.replace(b"A 1<", b"&nbsp;<", 1), "11004", "unknown-entity", None),
    "bare ampersand": (WHOLE.replace(b"&amp;", b"&", 1), "11004", "unescaped-character", None),
    "control character": (WHOLE.replace(b"A 1<", b"\x02<", 1), "11004", "control-character", None),
    "bytes of another encoding": (
        WHOLE.replace("Ž".encode(), b"\xde"),
        "11008",
        "bad-character",
        None,
    ),
    "bytes that windows-1257 has not": (
        declared("windows-1257").encode("cp1257").replace(b"UAB", b"\xa1\xa5"),
        "11008",
        "bad-character",
        None,
    ),
    "unknown encoding": (declared("klingon").encode(), "11008", "unknown-encoding", 1),
    "encoding we do not take": (declared("utf-7").encode(), "11008", "unknown-encoding", 1),
    "text before the declaration": (b"\n" + WHOLE, "11004", "text-before-declaration", 2),
    "wrong nesting": (
        WHOLE.replace(b"</Name>\n      </Customer>", b"</Customer>\n</Name>", 1),
        "11004",
        "mismatched-tag",
        None,
    ),
    "too deep": (f"<iSAFFile {XMLNS}>{'<a>' * 60}".encode(), "11004", "too-deep", 1),
    "very deep": (f"<iSAFFile {XMLNS}>{'<a>' * 100_000}".encode(), "11004", "too-deep", 1),
}


@pytest.mark.parametrize("case", BROKEN)
def test_a_broken_document_has_one_clear_reason(case: str) -> None:
    data, code, reason, line = BROKEN[case]
    problem = first(data)
    assert (problem.code, problem.reason) == (code, reason)
    assert line is None or problem.place.line == line


@pytest.mark.parametrize("share", range(1, 40))
def test_a_torn_file_is_said_to_be_torn(share: int) -> None:
    end = len(BODY) * share // 40
    problem = first(BODY.encode()[:end])
    assert problem.reason in {"truncated", "not-well-formed", "unescaped-character"}
    assert problem.code == "11004"


def test_ten_levels_of_wrong_nesting_end_quickly() -> None:
    names = [f"L{level}" for level in range(10)]
    opened = "".join(f"<{name}>" for name in names)
    closed = "".join(f"</{name}>" for name in names)
    assert (
        first(f"<iSAFFile {XMLNS}>{opened}{closed}</iSAFFile>".encode()).reason == "mismatched-tag"
    )


def test_a_record_without_end_is_refused_before_memory_is() -> None:
    head = WHOLE[: WHOLE.index(b"<Invoice>")]
    problem = first(head + b"<Invoice><InvoiceNo>" + b"x" * 12_000_000)
    assert (problem.reason, problem.params["limit"]) == ("record-too-large", "8")


def test_an_endless_comment_is_refused_before_memory_is() -> None:
    assert first(b"<!-- " + b"x" * 12_000_000).reason == "record-too-large"


def _is_known(name: str, record: str) -> bool:
    known = recogniser(Envelope(name, "", (("", NAMESPACE), ("xsi", XSI))))
    assert known is not None
    return Walk(known.form, record.encode(), 1, 0).sees()


def _shortest(name: str) -> str:
    return re.sub(r' xmlns[:\w]*="[^"]*"', "", shortest_record(LISTS[name]))


@pytest.mark.parametrize("name", LISTS)
def test_the_shortest_record_is_valid_and_recognised(name: str) -> None:
    assert _is_known(name, _shortest(name))


@pytest.mark.parametrize(
    ("name", "element", "most"),
    [
        ("PurchaseInvoices", "DocumentTotal", 100),
        ("SalesInvoices", "DocumentTotal", 100),
        ("SettlementsAndPayments", "ReferenceToInvoice", 1000),
    ],
)
def test_an_element_is_recognised_as_often_as_the_schema_allows(
    name: str, element: str, most: int
) -> None:
    before, inside, after = re.split(f"(<{element}>.*</{element}>)", _shortest(name))
    assert _is_known(name, before + inside + after)
    assert _is_known(name, before + inside * most + after)
    assert not _is_known(name, before + inside * (most + 1) + after)
    assert not _is_known(name, before + after)


def test_lines_do_not_depend_on_where_the_file_is_cut() -> None:
    cut = ours(WHOLE, block=200, chunk=300)[0]
    assert [record.line for record in cut] == [record.line for record in PLAIN]

import pytest
from hypothesis import given
from hypothesis import strategies as st

from imas.kernel import xml
from imas.kernel.errors import RefusedDocumentError

BOMB = b'<!DOCTYPE a [<!ENTITY x "y"><!ENTITY z "&x;&x;&x;">]><a>&z;</a>'


@pytest.mark.parametrize(
    ("document", "code"),
    [
        (b"<!DOCTYPE a><a/>", "xml.doctype"),
        (b"<!doctype a><a/>", "xml.doctype"),
        (BOMB, "xml.doctype"),
        (
            '<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]><a>&x;</a>'.encode("utf-16"),
            "xml.doctype",
        ),
        (b"<a>", "xml.not-well-formed"),
        (b"", "xml.not-well-formed"),
        (b"<a>" * 60 + b"</a>" * 60, "xml.too-deep"),
        (b"<a>" * 400 + b"</a>" * 400, "xml.not-well-formed"),
    ],
)
def test_unsafe_and_broken_documents_are_refused(document: bytes, code: str) -> None:
    with pytest.raises(RefusedDocumentError) as refused:
        xml.parse(document)
    assert refused.value.code == code


@pytest.mark.parametrize(
    ("head", "encoding"),
    [
        (b"<a/>", "utf-8"),
        (b"\xef\xbb\xbf<a/>", "utf-8-sig"),
        ("<a/>".encode("utf-16"), "utf-16"),
        (b"<\x00a\x00/\x00>\x00", "utf-16-le"),
        (b"<?xml version='1.0' encoding='windows-1257'?><a/>", "cp1257"),
    ],
)
def test_the_encoding_is_told_by_mark_or_declaration(head: bytes, encoding: str) -> None:
    assert xml.sniff_encoding(head) == encoding


def test_an_encoding_nobody_knows_is_refused() -> None:
    with pytest.raises(RefusedDocumentError, match=r"xml\.unknown-encoding"):
        xml.sniff_encoding(b'<?xml version="1.0" encoding="klingon"?><a/>')


def test_letters_of_windows_1257_survive() -> None:
    document = '<?xml version="1.0" encoding="windows-1257"?><a>Šiaulių ąžuolas</a>'
    assert xml.parse(document.encode("cp1257")).text == "Šiaulių ąžuolas"


@given(st.binary(max_size=200))
def test_any_bytes_are_parsed_or_refused(document: bytes) -> None:
    assert _code_of(document) in {"", "xml.not-well-formed", "xml.doctype", "xml.too-deep"}


def _code_of(document: bytes) -> str:
    try:
        xml.parse(document)
    except RefusedDocumentError as refused:
        return refused.code
    return ""

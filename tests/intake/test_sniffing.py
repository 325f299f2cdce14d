import pytest

from intake.sniffing import container_of
from intake.types import Container


@pytest.mark.parametrize(
    ("head", "container"),
    [
        (b"<a/>", Container.XML),
        (b"\xef\xbb\xbf<a/>", Container.XML),
        (b"\n\t <a/>", Container.XML),
        ("\ufeff<a/>".encode("utf-16-le"), Container.XML),
        ("\ufeff \n<a/>".encode("utf-16-be"), Container.XML),
        ("<a/>".encode("utf-16-le"), Container.XML),
        ("<a/>".encode("utf-16-be"), Container.XML),
        ("\ufeff<a/>".encode("utf-32-be"), Container.XML),
        (b"\x1f\x8b\x08\x00", Container.GZIP),
        (b"PK\x03\x04", Container.ZIP),
        (b"PK\x05\x06", Container.ZIP),
        (b"", Container.UNKNOWN),
        (b"   ", Container.UNKNOWN),
        (b"\x00\x00\x00\x00", Container.UNKNOWN),
        (b"{}", Container.UNKNOWN),
        (b"\xef\xbb\xbf", Container.UNKNOWN),
        (b"7z\xbc\xaf\x27\x1c", Container.UNKNOWN),
    ],
)
def test_the_first_bytes_tell_what_it_is(head: bytes, container: Container) -> None:
    assert container_of(head) is container

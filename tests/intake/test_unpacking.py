"""Archives are trusted in nothing."""

import io
import struct
import zipfile
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from intake import archives
from intake.sniffing import container_of
from intake.types import Container
from intake.unpacking import Limits, unpack
from tests.intake.make import GOOD, gzipped, zipped

LIMITS = Limits(size=64 * 1024 * 1024, ratio=200)


def unpacked(content: bytes, target: Path, limits: Limits = LIMITS) -> tuple[str, str]:
    target.unlink(missing_ok=True)
    packed = target.with_name("packed")
    packed.write_bytes(content)
    with packed.open("rb") as file:
        problem = unpack(container_of(content[:1024]), file, target, limits)
    return (problem.code, problem.reason) if problem else ("", "")


@pytest.mark.parametrize(
    "content",
    [
        GOOD,
        gzipped(GOOD),
        gzipped(GOOD[:5]) + gzipped(GOOD[5:]),
        zipped(("register.xml", GOOD)),
        zipped(("spalis/", b""), ("spalis/ąč.xml", GOOD)),
        zipped(("a.xml", GOOD), ("__MACOSX/._a.xml", b"resource fork")),
    ],
)
def test_the_one_xml_comes_out_as_it_went_in(content: bytes, tmp_path: Path) -> None:
    assert unpacked(content, tmp_path / "out") == ("", "")
    assert (tmp_path / "out").read_bytes() == GOOD


@pytest.mark.parametrize(
    "name", ["/etc/passwd", "../a.xml", "a/../../b.xml", "..\\a.xml", "C:\\a.xml", "\\\\host\\a"]
)
def test_a_name_that_points_outside_is_refused(name: str, tmp_path: Path) -> None:
    assert unpacked(zipped((name, GOOD)), tmp_path / "out") == ("11001", "name")
    assert sorted(path.name for path in tmp_path.iterdir()) == ["out", "packed"]


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        (b"", ("11007", "")),
        (b"words", ("11001", "")),
        (gzipped(b""), ("11007", "inside")),
        (gzipped(b"words"), ("11001", "inside")),
        (gzipped(zipped(("a.xml", GOOD))), ("11001", "nested")),
        (gzipped(GOOD)[:-5], ("11001", "damaged")),
        (gzipped(GOOD) + b"rubbish", ("11001", "damaged")),
        (zipped(), ("11007", "inside")),
        (zipped(("a/", b"")), ("11007", "inside")),
        (zipped(("a.xml", b"")), ("11007", "inside")),
        (zipped(("a.zip", zipped(("b.xml", GOOD)))), ("11001", "nested")),
        (zipped(("a.xml", GOOD), ("b.xml", GOOD)), ("11001", "several")),
        (zipped(("a.xml", GOOD))[:-30], ("11001", "damaged")),
        (b"PK\x03\x04" + b"\0" * 100, ("11001", "damaged")),
    ],
)
def test_a_wrong_archive_has_its_reason(
    content: bytes, expected: tuple[str, str], tmp_path: Path
) -> None:
    assert unpacked(content, tmp_path / "out") == expected


def test_a_password_is_noticed(tmp_path: Path) -> None:
    content = bytearray(zipped(("a.xml", GOOD)))
    content[6] |= 1
    content[content.index(b"PK\x01\x02") + 8] |= 1
    assert unpacked(bytes(content), tmp_path / "out") == ("11001", "encrypted")


def test_an_unusual_method_is_refused(tmp_path: Path) -> None:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_LZMA) as archive:
        archive.writestr("a.xml", GOOD)
    assert unpacked(out.getvalue(), tmp_path / "out") == ("11001", "method")


def test_a_changed_byte_inside_is_damage(tmp_path: Path) -> None:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_STORED) as archive:
        archive.writestr("a.xml", GOOD)
    content = out.getvalue().replace(b"<row/>", b"<raw/>", 1)
    assert unpacked(content, tmp_path / "out") == ("11001", "damaged")


def bomb(size: int) -> bytes:
    return b"<" + b" " * size


@pytest.mark.parametrize("pack", [gzipped, lambda content: zipped(("a.xml", content))])
def test_a_bomb_is_stopped_early(pack: object, tmp_path: Path) -> None:
    content = pack(bomb(100_000_000))  # type: ignore[operator]
    assert unpacked(content, tmp_path / "out", Limits(10**9, 200)) == ("11002", "ratio")
    assert (tmp_path / "out").stat().st_size < 40_000_000


def test_too_much_is_too_much_at_any_ratio(tmp_path: Path) -> None:
    assert unpacked(gzipped(bomb(2_000_000)), tmp_path / "out", Limits(10**6, 200)) == (
        "11002",
        "unpacked",
    )
    assert (tmp_path / "out").stat().st_size <= 10**6


def test_a_huge_list_of_members_is_never_read(tmp_path: Path) -> None:
    content = bytearray(zipped(("a.xml", GOOD)))
    struct.pack_into("<L", content, content.rindex(b"PK\x05\x06") + 12, 500_000_000)
    assert unpacked(bytes(content), tmp_path / "out") == ("11001", "several")


def test_a_huge_list_in_the_64_bit_record_is_never_read(tmp_path: Path) -> None:
    content = zipped(("a.xml", GOOD))
    end = content.rindex(b"PK\x05\x06")
    record = archives._END_RECORD_64.pack(b"PK\x06\x06", 44, 45, 45, 0, 0, 1, 1, 500_000_000, 0)
    locator = archives._LOCATOR_64.pack(b"PK\x06\x07", 0, end, 1)
    faked = content[:end] + record + locator + content[end:]
    assert unpacked(faked, tmp_path / "out") == ("11001", "several")


@given(content=st.binary(max_size=300), head=st.sampled_from([b"\x1f\x8b\x08", b"PK\x03\x04", b""]))
def test_any_bytes_give_a_problem_and_never_a_crash(
    content: bytes, head: bytes, tmp_path_factory: pytest.TempPathFactory
) -> None:
    target = tmp_path_factory.mktemp("any") / "out"
    unpacked(head + content, target)


@given(at=st.integers(0, 200), byte=st.integers(0, 255), kind=st.booleans())
def test_any_changed_byte_gives_a_problem_or_the_xml(
    at: int, byte: int, kind: bool, tmp_path_factory: pytest.TempPathFactory
) -> None:
    content = bytearray(gzipped(GOOD) if kind else zipped(("a.xml", GOOD)))
    content[at % len(content)] = byte
    target = tmp_path_factory.mktemp("any") / "out"
    code, _ = unpacked(bytes(content), target)
    assert code or container_of(target.read_bytes()) is Container.XML

"""What both sides of a.VAZ share: codes, ARNs, signatures, and the reading of messages."""

import string

import pytest
from hypothesis import given
from hypothesis import strategies as st

from avaz import arn, codes, link, texts
from avaz.texts import Fault, Told

years, serials = st.integers(2026, 2099), st.integers(1, arn.LARGEST)
code_texts = st.text(codes.ALPHABET, min_size=5, max_size=8)
numbers = st.text(string.ascii_uppercase + string.digits + "-/", min_size=1, max_size=35)


@given(years, serials)
def test_an_arn_says_its_year_and_number(year: int, serial: int) -> None:
    made = arn.make(year, serial)
    assert arn.is_valid(made)
    assert arn.parts(made) == (year % 100, serial)


@given(years, serials, st.integers(2, 11), st.integers(1, 9))
def test_one_wrong_digit_is_noticed(year: int, serial: int, at: int, by: int) -> None:
    made = arn.make(year, serial)
    wrong = made[:at] + str((int(made[at]) + by) % 10) + made[at + 1 :]
    assert not arn.is_valid(wrong)


@pytest.mark.parametrize("serial", [0, arn.LARGEST + 1])
def test_a_year_has_so_many(serial: int) -> None:
    with pytest.raises(ValueError, match=str(serial)):
        arn.make(2026, serial)


@pytest.mark.parametrize("length", [5, 7, 8])
def test_a_code_has_no_look_alikes(length: int) -> None:
    code = codes.new_code(length)
    assert len(code) == length
    assert not set(code) & set("0O1IL")
    assert codes.normalise(f" {code.lower()} ") == code


@pytest.mark.parametrize("typed", ["", "AB", "ABCDEFGHJ", "ABC0EFG", "ABC-EFG", "ąbcdefg"])
def test_what_is_no_code(typed: str) -> None:
    assert codes.normalise(typed) == ""


@given(code_texts, numbers, st.sampled_from(["", " ", "\n\t "]), st.sampled_from([" ", "   "]))
def test_a_message_is_read_in_any_case_and_with_any_blanks(
    code: str, number: str, around: str, between: str
) -> None:
    told = texts.read(f"{around}{code.lower()}{between}{number}{around}")
    assert told == Told(code, number)


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("5U98H VN95663548", Told("5U98H", "VN95663548")),  # VMI KD-8576
        ("5u98h  vn 95 663", Told("5U98H", "vn 95 663")),
        ("šu98h VĖŽ-1", Told("SU98H", "VĖŽ-1")),
        ("5U98H\u00a0VN1", Told("5U98H", "VN1")),
        ("", Fault.EMPTY),
        (" \x00\u200b ", Fault.EMPTY),
        ("labas", Fault.CODE),  # an L is in no code
        ("0U98H VN1", Fault.CODE),
        ("5U9 VN1", Fault.CODE),
        ("5U98H", Fault.NUMBER_MISSING),
        ("5U98H " + "9" * 36, Fault.NUMBER_LONG),
    ],
)
def test_messages(text: str, told: Told | Fault) -> None:
    assert texts.read(text) == told


@given(st.text(max_size=300))
def test_any_message_is_read_or_refused(text: str) -> None:
    told = texts.read(text)
    if isinstance(told, Told):
        assert codes.normalise(told.code) == told.code
        assert 1 <= len(told.number) <= texts.LONGEST_NUMBER
        assert told.number.isprintable()


def _genuine(secret: str = "s" * 40, **changed: object) -> bool:
    asked = {"at": 1000, "method": "POST", "path": "/a?b=1", "body": b"{}"}
    headers = link.signed("s" * 40, **asked)  # type: ignore[arg-type]
    of_now = {"now": 1000, "time": headers[link.TIME], "signature": headers[link.SIGNATURE]}
    del asked["at"]
    return link.is_genuine(secret, **{**asked, **of_now, **changed})  # type: ignore[arg-type]


def test_a_signed_request_is_genuine() -> None:
    assert _genuine()
    assert _genuine(now=1000 + link.LASTS)


@pytest.mark.parametrize(
    "changed",
    [
        {"secret": "t" * 40},
        {"secret": ""},
        {"method": "GET"},
        {"path": "/a?b=2"},
        {"body": b"{} "},
        {"now": 1001 + link.LASTS},
        {"now": 999 - link.LASTS},
        {"time": "1001"},
        {"time": "١٠٠٠"},
        {"time": ""},
        {"signature": ""},
        {"signature": "ą"},
    ],
)
def test_whatever_is_changed_it_is_not(changed: dict[str, object]) -> None:
    assert not _genuine(**changed)  # type: ignore[arg-type]

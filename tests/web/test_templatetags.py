from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from types import SimpleNamespace

import pytest
from django.utils import translation

from imas.kernel import clock
from imas.web.templatetags import imas

NB = "\N{NO-BREAK SPACE}"


@pytest.mark.parametrize(
    ("language", "value", "shown"),
    [
        ("lt", Decimal("1234.56"), f"1{NB}234,56{NB}€"),
        ("lt", Decimal("-412360.18"), f"−412{NB}360,18{NB}€"),
        ("lt", 0, f"0,00{NB}€"),
        ("lt", None, ""),
        ("en", Decimal("1234.56"), "€1,234.56"),
        ("en", Decimal("-0.5"), "−€0.50"),
    ],
)
def test_an_amount_is_written_as_the_language_writes_it(
    language: str, value: Decimal | None, shown: str
) -> None:
    with translation.override(language):
        assert imas.euro(value) == shown


@pytest.mark.parametrize(
    ("language", "value", "shown"),
    [
        ("lt", "6000.000", f"6{NB}000"),
        ("lt", "0.500", "0,5"),
        ("lt", "-0.500", "−0,5"),
        ("lt", Decimal("1E+3"), f"1{NB}000"),
        ("lt", None, ""),
        ("en", "1234.125", "1,234.125"),
        ("en", 10, "10"),
    ],
)
def test_a_quantity_is_written_to_the_last_digit_that_counts(
    language: str, value: Decimal | int | str | None, shown: str
) -> None:
    with translation.override(language):
        assert imas.shown_quantity(value) == shown


def test_thousands_of_a_count_stand_apart() -> None:
    with translation.override("lt"):
        assert imas.count(1248) == f"1{NB}248"


@pytest.mark.parametrize(
    ("size", "shown"),
    [
        (0, f"0{NB}B"),
        (999, f"999{NB}B"),
        (1000, f"1,0{NB}kB"),
        (1_130_000, f"1,1{NB}MB"),
        (5_000_000_000, f"5,0{NB}GB"),
    ],
)
def test_a_size_is_read_in_the_unit_a_file_manager_shows(size: int, shown: str) -> None:
    with translation.override("lt"):
        assert imas.file_size(size) == shown


def test_an_instant_is_shown_in_vilnius_time() -> None:
    shown = imas.local_datetime(datetime(2026, 11, 20, 14, 40, tzinfo=UTC))
    assert f"2026-11-20{NB}16:40" in shown
    assert 'datetime="2026-11-20T16:40:00+02:00"' in shown


@pytest.mark.parametrize(("days", "urgency"), [(-1, "late"), (0, "soon"), (5, "soon"), (6, "calm")])
def test_a_deadline_grows_urgent(monkeypatch: pytest.MonkeyPatch, days: int, urgency: str) -> None:
    monkeypatch.setattr(clock, "today", lambda: date(2026, 11, 10))
    assert imas.urgency(date(2026, 11, 10 + days)) == urgency


@pytest.mark.parametrize(
    ("days", "words"),
    [(0, "today is the last day"), (1, "1 day left"), (9, "9 days left"), (-2, "2 days late")],
)
def test_a_deadline_is_said_in_words(
    monkeypatch: pytest.MonkeyPatch, days: int, words: str
) -> None:
    monkeypatch.setattr(clock, "today", lambda: date(2026, 11, 10))
    with translation.override("en"):
        assert imas.days_left(date(2026, 11, 10 + days)) == words


@pytest.mark.parametrize(
    ("state", "tone"),
    [
        ("ACCEPTED", "success"),
        ("danger", "danger"),
        ("upload-rejected", "danger"),
        ("x", "neutral"),
    ],
)
def test_a_state_has_a_tone(state: str, tone: str) -> None:
    assert imas.tone(state) == tone


def test_an_unknown_tone_never_breaks_a_page() -> None:
    assert "info-circle" in imas.tone_icon("unheard-of")


def test_company_forms_are_no_initials() -> None:
    assert imas.initials("UAB „Baltijos mediena“") == "BM"
    assert imas.initials("UAB") == "U"
    assert imas.initials("") == ""


def test_only_a_mandate_from_another_is_acting_for_another() -> None:
    def acting(kind: str) -> SimpleNamespace:
        return SimpleNamespace(why=SimpleNamespace(kind=kind))

    assert imas.acts_for_another(acting("grant"))
    assert not imas.acts_for_another(acting("head"))
    assert not imas.acts_for_another(None)
    with translation.override("en"):
        assert imas.capacity(acting("grant")) == "i.MAS representative"


def test_the_last_day_of_what_ends_at_midnight_is_the_day_before() -> None:
    midnight = datetime(2027, 11, 24, tzinfo=clock.VILNIUS)
    assert "2027-11-23" in imas.last_day(midnight)
    assert "2027-11-24" in imas.last_day(midnight + timedelta(minutes=1))
    assert imas.last_day(None) == ""


def test_parts_of_a_bar_fill_it_and_the_smallest_is_visible() -> None:
    shares = [
        {"count": 1583, "tone": "success"},
        {"count": 1, "tone": "danger"},
        {"count": 0, "tone": "info"},
    ]
    parts = imas.as_bar(shares)
    assert [part["tone"] for part in parts] == ["success", "danger"]
    assert all(part["width"] >= 1 for part in parts)
    assert parts[-1]["x"] + parts[-1]["width"] == 1000


def test_a_bar_of_nothing_has_no_parts() -> None:
    assert imas.as_bar([]) == []

"""Every fault code has one true line in the docs, a test, and words in both languages."""

import csv
import re
from collections.abc import Iterator
from pathlib import Path

import polib
import pytest
from django.utils.translation import deactivate_all, override

from imas.kernel import clock
from isaf import messages, rules

ROOT = Path(__file__).resolve().parents[2]
CHECKS = (ROOT / "docs/isaf/checks.md").read_text(encoding="utf-8")
CATALOGUE = ROOT / "locale/lt/LC_MESSAGES/django.po"
PLACEHOLDER = re.compile(r"%\(\w+\)s|%%")


_REASON = re.compile(r"`([\w-]+)`(?: \((\w+)\))?")


def _documented() -> Iterator[list[str]]:
    """The cells of every line: code, system name, severity, trigger, reasons, tested in."""
    for line in CHECKS.splitlines():
        cells = line.removeprefix("| ").removesuffix(" |").split(" | ")
        if cells[0] in rules.codes():
            yield cells


DOCUMENTED = {cells[0]: cells for cells in _documented()}


def _sources() -> list[str]:
    deactivate_all()
    said = [part for pair in messages.SENTENCES.values() for part in pair]
    return sorted({str(part) for part in [*said, *messages.TITLES.values()] if str(part)})


def test_all_official_codes_are_in_the_table() -> None:
    assert len([code for code in rules.codes() if code.isdigit()]) == 95


def test_every_code_has_one_line_in_the_docs() -> None:
    lines = [cells[0] for cells in _documented()]
    assert sorted(lines) == sorted(rules.codes())
    assert {len(cells) for cells in _documented()} == {6}


@pytest.mark.parametrize("code", rules.codes())
def test_a_code_is_tested_where_the_docs_say(code: str) -> None:
    for place in DOCUMENTED[code][-1].split(", "):
        assert code in (ROOT / place).read_text(encoding="utf-8"), place


@pytest.mark.parametrize("code", rules.codes())
def test_a_reason_has_the_severity_the_docs_say(code: str) -> None:
    severity, reasons = DOCUMENTED[code][2], DOCUMENTED[code][4]
    told = {name: said or severity for name, said in _REASON.findall(reasons)}
    today = clock.today()
    for name, said in told.items():
        assert rules.severity(code, today, name) == said, name
    with (ROOT / "schemas/isaf/fault_codes.csv").open(encoding="utf-8") as file:
        graded = {row["reason"] for row in csv.DictReader(file) if row["code"] == code}
    assert graded - {""} <= set(told) or "isaf/messages/schema.py" in reasons


@pytest.mark.parametrize("code", rules.codes())
def test_every_code_is_explained_with_its_severity(code: str) -> None:
    severity = rules.severity(code, clock.today())
    assert f"| {code} | {rules.system_code(code)} | {severity} |" in CHECKS


def test_every_sentence_about_a_code_is_in_lithuanian() -> None:
    lithuanian = {entry.msgid: entry for entry in polib.pofile(str(CATALOGUE))}
    for source in _sources():
        entry = lithuanian.get(source)
        assert entry is not None, source
        assert entry.msgstr, source
        assert not entry.fuzzy, source
        assert set(PLACEHOLDER.findall(entry.msgstr)) == set(PLACEHOLDER.findall(source)), source


@pytest.mark.parametrize("code", rules.codes())
def test_every_code_is_told_in_either_language(code: str) -> None:
    for language in ("lt", "en"):
        with override(language):
            assert str(messages.words(code).title)

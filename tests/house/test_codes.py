"""Every fault code has a line in the docs, and words in both languages."""

import re
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


def _sources() -> list[str]:
    deactivate_all()
    said = [part for pair in messages.SENTENCES.values() for part in pair]
    return sorted({str(part) for part in [*said, *messages.TITLES.values()] if str(part)})


def test_all_official_codes_are_in_the_table() -> None:
    assert len([code for code in rules.codes() if code.isdigit()]) == 95


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

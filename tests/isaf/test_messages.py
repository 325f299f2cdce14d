"""Every code and reason has words, and every sentence can be filled in."""

import re
from datetime import date

import pytest
from django.utils.translation import override

from imas.kernel.problems import Place, Problem, Severity
from isaf import messages, rules

DAY = date(2026, 11, 10)
PLACEHOLDER = re.compile(r"%(?!\((?P<name>[a-z_]+)\)s|%)")
PARTS = [(key, part) for key, said in messages.SENTENCES.items() for part in said if str(part)] + [
    ((code, ""), title) for code, title in messages.TITLES.items()
]


@pytest.mark.parametrize("code", rules.codes())
def test_every_code_of_the_table_has_a_title_and_a_sentence(code: str) -> None:
    said = messages.words(code, "")
    assert said.title
    assert said.message
    assert said.system_code == rules.system_code(code) == messages.system_code(code)


def test_nothing_is_said_of_a_code_that_is_not_in_the_table() -> None:
    assert {code for code, _ in messages.SENTENCES} == set(messages.TITLES) == set(rules.codes())
    with pytest.raises(KeyError):
        messages.words("99999")


@pytest.mark.parametrize(("key", "part"), PARTS)
def test_every_sentence_has_only_named_placeholders(key: tuple[str, str], part: str) -> None:
    with override("en"):
        assert not PLACEHOLDER.search(str(part).replace("%%", "")), key


def test_an_unknown_reason_says_what_its_code_says() -> None:
    assert messages.words("14051", "no-such-reason") == messages.words("14051")


def test_a_finding_is_a_whole_sentence_with_place_and_mend() -> None:
    place = Place(line=12, invoice_no="AA 1")
    problem = Problem(
        "14051", place=place, value="29.98", params={"expected": "5.20"}, reason="gross-in-amount"
    )
    assert messages.render(problem, "en") == (
        "Invoice AA 1, line 12: Amount is 29.98: that is the whole price with VAT, "
        "but VAT alone is 5.20. Write 5.20 in Amount."
    )


@pytest.mark.parametrize(
    ("place", "start"),
    [
        (Place(line=3), "Line 3: The file is empty."),
        (Place(invoice_no="A1"), "Invoice A1: The file is empty."),
        (Place(line=3, path="MasterFiles/Suppliers/Supplier[1]", invoice_no="17"), "Line 3: The"),
        (Place(), "The file is empty."),
    ],
)
def test_a_place_is_told_as_far_as_it_is_known(place: Place, start: str) -> None:
    assert messages.render(Problem("11007", place=place), "en").startswith(start)


def test_what_is_not_known_of_a_finding_reads_as_nothing() -> None:
    assert "base" not in messages.render(Problem("14051"), "en")


def test_a_value_with_a_percent_sign_is_shown_as_written() -> None:
    assert "100%(x)s%" in messages.render(Problem("14012", value="100%(x)s%"), "en")


def test_the_language_changes_words_and_nothing_else() -> None:
    problem = Problem("14051", value="1", severity=Severity.WARNING)
    before = (problem.code, problem.severity, dict(problem.params))
    messages.render(problem, "lt")
    assert (problem.code, problem.severity, dict(problem.params)) == before


@pytest.mark.parametrize("code", rules.codes())
def test_every_code_has_a_severity_on_every_day(code: str) -> None:
    assert rules.severity(code, date(2016, 10, 1)) in Severity
    assert rules.severity(code, DAY, "no-such-reason") is rules.severity(code, DAY)


def test_a_reason_may_be_graver_or_lighter_than_its_code() -> None:
    assert rules.severity("14051", DAY) is Severity.WARNING
    assert rules.severity("14051", DAY, "gross-in-amount") is Severity.ERROR
    assert rules.severity("14026", DAY, "lower-case") is Severity.WARNING

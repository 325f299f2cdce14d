"""Everything said is said in both languages."""

import inspect
from pathlib import Path

import polib
import pytest
from django.contrib.auth import password_validation
from django.utils import translation
from rest_framework import fields, serializers

from imas.local import catalogue, extraction
from imas.local.extraction import Message
from imas.web import borrowed

HERE = Path("here.py")
FORMS = "nplurals=4; plural=0;"


def _catalogue(*entries: polib.POEntry) -> polib.POFile:
    made = polib.POFile()
    made.metadata = {"Plural-Forms": FORMS}
    made.extend(entries)
    return made


def test_no_word_is_missing_from_the_catalogues() -> None:
    assert list(catalogue.faults()) == []


@pytest.mark.parametrize(
    ("source", "message"),
    [
        ('gettext("A")', Message("A")),
        ('_("A " "B")', Message("A B")),
        ('translation.gettext_lazy("A")', Message("A")),
        ('ngettext("%(n)s a", "%(n)s as", n)', Message("%(n)s a", "%(n)s as")),
        ('pgettext_lazy("for a file", "A")', Message("A", "", "for a file")),
        ('npgettext("c", "a", "as", 2)', Message("a", "as", "c")),
    ],
)
def test_a_message_of_python_is_found(source: str, message: Message) -> None:
    assert list(extraction.of_python(source)) == [message]


@pytest.mark.parametrize(
    ("source", "message"),
    [
        ('{% translate "A" %}', Message("A")),
        ("{% translate 'Rate, %' as rate %}", Message("Rate, %%")),
        ('{% translate "A" context "for a file" %}', Message("A", "", "for a file")),
        ('{{ name|default:_("No name") }}', Message("No name")),
        ('{% include "x.html" with title=_("A") only %}', Message("A")),
        ("{% blocktranslate %}It's {{ n }}.{% endblocktranslate %}", Message("It's %(n)s.")),
        (
            "{% blocktranslate count n=2 %}{{ n }} a{% plural %}{{ n }} as{% endblocktranslate %}",
            Message("%(n)s a", "%(n)s as"),
        ),
        ("{% blocktranslate trimmed %}\n A\n B\n{% endblocktranslate %}", Message("A B")),
    ],
)
def test_a_message_of_a_template_is_found(source: str, message: Message) -> None:
    assert list(extraction.of_template(source)) == [message]


def test_what_is_not_a_literal_is_no_message() -> None:
    assert list(extraction.of_python('gettext(word); _(f"{word}"); other("A")')) == []


@pytest.mark.parametrize(
    ("entry", "fault"),
    [
        (polib.POEntry(msgid="A", msgstr=""), "not translated: 'A'"),
        (polib.POEntry(msgid="A", msgstr="B", flags=["fuzzy"]), "fuzzy: 'A'"),
        (polib.POEntry(msgid="%(a)s", msgstr="%(b)s"), "other placeholders: '%(a)s'"),
        (polib.POEntry(msgid="%(a)s", msgstr="%(a)s %"), "stray %: '%(a)s'"),
        (
            polib.POEntry(msgid="a", msgid_plural="as", msgstr_plural={0: "b", 1: "c", 2: "d"}),
            "not translated: 'a'",
        ),
    ],
)
def test_a_wrong_entry_is_told(entry: polib.POEntry, fault: str) -> None:
    said = {Message(entry.msgid, entry.msgid_plural or ""): HERE}
    assert list(catalogue.faults_of(_catalogue(entry), said)) == [fault]


def test_a_message_that_the_catalogue_does_not_hold_is_told_with_its_file() -> None:
    found = list(catalogue.faults_of(_catalogue(), {Message("A"): HERE}))
    assert found == ["here.py says what is not here: 'A'"]


def test_an_entry_that_nothing_says_is_told() -> None:
    found = list(catalogue.faults_of(_catalogue(polib.POEntry(msgid="A", msgstr="B")), {}))
    assert found == ["nothing says any more: 'A'"]


@pytest.mark.parametrize("sentence", borrowed.REST_FRAMEWORK)
def test_a_borrowed_sentence_is_still_said_by_the_framework_and_is_lithuanian(
    sentence: str,
) -> None:
    assert sentence in inspect.getsource(fields) + inspect.getsource(serializers)
    with translation.override("lt"):
        assert translation.gettext(sentence) != sentence


def test_a_short_password_is_refused_in_lithuanian() -> None:
    with translation.override("lt"):
        message = password_validation.MinimumLengthValidator(12).get_error_message()
    assert message == "Slaptažodis per trumpas. Jame turi būti ne mažiau kaip 12 ženklų."

"""Other systems are read from settings, and senseless ones stop the start."""

import json
from typing import Any

import pytest

from exchange.configuring import read_systems
from tests.house.test_settings import GIVEN, _read

AIS: dict[str, Any] = {
    "key": "ais",
    "name": {"lt": "AIS", "en": "AIS"},
    "address": "https://ais.example.lt/",
    "roles_address": "https://ais.example.lt/imas/roles",
}


def test_a_system_is_read_with_its_names() -> None:
    (ais,) = read_systems(json.dumps([{**AIS, "about": {"lt": "Akcizai"}}]))
    assert (ais.client_id, ais.managing_right) == ("ais", "ais.roles")
    assert (ais.words("en"), ais.about_words("lt"), ais.about_words("en")) == ("AIS", "Akcizai", "")


@pytest.mark.parametrize(
    "wrong",
    [
        {"key": "A I S"},
        {"key": "eds"},
        {"name": {"lt": "AIS"}},
        {"address": "http://ais.example.lt/"},
        {"address": "javascript:alert(1)"},
        {"roles_address": "http://10.0.0.1/roles"},
        {"secret": "x"},
    ],
    ids=str,
)
def test_a_senseless_system_is_refused(wrong: dict[str, Any]) -> None:
    with pytest.raises(ValueError):  # noqa: PT011 - the words are for operators
        read_systems(json.dumps([{**AIS, **wrong}]))


@pytest.mark.parametrize("text", ['{"key": "ais"}', "[1]", "[{}]", "nonsense"])
def test_what_is_no_list_of_systems_is_refused(text: str) -> None:
    with pytest.raises(ValueError):  # noqa: PT011 - the words are for operators
        read_systems(text)


def test_two_systems_of_one_key_are_refused() -> None:
    with pytest.raises(ValueError, match="one key"):
        read_systems(json.dumps([AIS, AIS]))


def test_roles_are_not_told_without_a_key_to_sign_with() -> None:
    given = {**GIVEN, "OTHER_SYSTEMS": json.dumps([AIS])}
    assert "SSO_SIGNING_KEYS" in _read(given).stderr
    assert _read({**given, "SSO_SIGNING_KEYS": "/run/sso.pem"}).returncode == 0
    assert "no https address" in _read({**given, "OTHER_SYSTEMS": json.dumps([
        {**AIS, "address": "http://ais.example.lt/"}
    ])}).stderr  # fmt: skip

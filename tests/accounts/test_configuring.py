import json
from pathlib import Path
from typing import Any

import pytest

from accounts.providers.configuring import OidcProvider, read_providers

BANK = {
    "kind": "oidc",
    "key": "bank",
    "name": {"lt": "Bankas", "en": "Bank"},
    "issuer": "https://bank.example",
    "client_id": "imas",
}


def _read(**more: Any) -> OidcProvider:
    (provider,) = read_providers(json.dumps([{**BANK, **more}]))
    assert isinstance(provider, OidcProvider)
    return provider


def test_a_secret_is_read_from_its_file_and_not_shown(tmp_path: Path) -> None:
    file = tmp_path / "secret"
    file.write_text("s3cret\n")
    provider = _read(client_secret_file=str(file), scopes=["openid"])
    assert (provider.client_secret, provider.scopes) == ("s3cret", ("openid",))
    assert "s3cret" not in repr(provider)


def test_nothing_configured_is_nobody() -> None:
    assert read_providers("") == ()


@pytest.mark.parametrize(
    "wrong",
    [
        {"kind": "saml"},
        {"key": "Bank 1"},
        {"name": {"lt": "Bankas"}},
        {"issuer": "http://bank.example"},
        {"issuer": "file:///etc/passwd"},
        {"algorithms": ["none"]},
        {"algorithms": ["HS256"]},
        {"algorithms": []},
        {"acr": {"x": "sure"}},
        {"colour": "red"},
        {"client_id": None, "issuer": ""},
    ],
    ids=str,
)
def test_what_makes_no_sense_is_refused(wrong: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match=r"."):
        _read(**wrong)


@pytest.mark.parametrize("text", ["{}", "[{}]", "no json", json.dumps([BANK, BANK])])
def test_what_is_no_list_of_different_providers_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"."):
        read_providers(text)


def test_this_machine_alone_needs_no_https() -> None:
    assert _read(issuer="http://127.0.0.1:8080").issuer == "http://127.0.0.1:8080"

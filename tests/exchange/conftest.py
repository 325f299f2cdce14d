"""AIS is set up; nobody is there unless a test starts it."""

from pathlib import Path

import pytest
from joserfc import jwk
from pytest_django.fixtures import Settings

from exchange.configuring import OtherSystem

AIS = OtherSystem(
    key="ais",
    name={"lt": "AIS", "en": "AIS"},
    about={"lt": "Akcizų informacinė sistema", "en": "Excise information system"},
    address="http://localhost:9/login",
    roles_address="http://localhost:9/roles",
)


@pytest.fixture(scope="session")
def signing_key(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the file of a key; to find one takes longer than a test of this folder."""
    key = tmp_path_factory.mktemp("exchange") / "sso.pem"
    key.write_bytes(jwk.RSAKey.generate_key(2048).as_pem(private=True))
    return key


@pytest.fixture(autouse=True)
def _systems(settings: Settings, signing_key: Path) -> None:
    settings.SSO_SIGNING_KEYS, settings.SITE_URL = [str(signing_key)], "http://localhost:8000"
    settings.OTHER_SYSTEMS = (AIS,)

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


@pytest.fixture(autouse=True)
def _systems(settings: Settings, tmp_path: Path) -> None:
    key = tmp_path / "sso.pem"
    key.write_bytes(jwk.RSAKey.generate_key(2048).as_pem(private=True))
    settings.SSO_SIGNING_KEYS, settings.SITE_URL = [str(key)], "http://localhost:8000"
    settings.OTHER_SYSTEMS = (AIS,)

"""What i.MAS and the pretended systems must know of each other, in a folder of the run."""

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from joserfc import jwk


@dataclass(frozen=True, slots=True)
class Described:
    """A pretended system: its names, what it is for, and what it may be told of people."""

    key: str
    name_lt: str
    name_en: str
    about_lt: str
    about_en: str
    scopes: frozenset[str] = frozenset({"profile", "code"})
    takes_roles: bool = False


SYSTEMS = (
    Described(
        "vmi",
        "Mano VMI",
        "Mano VMI",
        "Mokesčių mokėtojo duomenys, prašymai ir susirašinėjimas su VMI (parodomoji)",
        "Data of the taxpayer, requests and letters to the STI (demonstration)",
    ),
    Described(
        "eds",
        "EDS",
        "EDS",
        "Elektroninis deklaravimas (parodomoji)",
        "Electronic declaration (demonstration)",
    ),
    Described(
        "ais",
        "AIS",
        "AIS",
        "Akcizų informacinė sistema (parodomoji)",
        "Excise information system (demonstration)",
        frozenset({"profile", "code", "ais"}),
        takes_roles=True,
    ),
)


def signing_key(folder: Path) -> Path:
    """Return the file of the key that signs people in, made when it is not there."""
    return _kept_key(folder / "signing.pem", lambda: jwk.RSAKey.generate_key(2048))


def waybill_key(folder: Path) -> Path:
    """Return the file of the key that signs squares of waybills, made when it is not there."""
    return _kept_key(folder / "waybills.pem", lambda: jwk.OKPKey.generate_key("Ed25519"))


def _kept_key(path: Path, make: Callable[[], jwk.RSAKey | jwk.OKPKey]) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    if not path.exists():
        path.touch(mode=0o600)
        path.write_bytes(make().as_pem(private=True))
    return path


def other_systems(urls: Mapping[str, str]) -> str:
    """Return the value of OTHER_SYSTEMS that leads to the pretended systems."""
    return json.dumps(
        [
            {
                "key": one.key,
                "name": {"lt": one.name_lt, "en": one.name_en},
                "about": {"lt": one.about_lt, "en": one.about_en},
                "address": f"{urls[one.key]}/login",
                "roles_address": f"{urls[one.key]}/roles" if one.takes_roles else "",
            }
            for one in SYSTEMS
        ]
    )


def urls_at(ports: Sequence[int | str]) -> dict[str, str]:
    """Return where each system is, by its key."""
    return {one.key: f"http://localhost:{port}" for one, port in zip(SYSTEMS, ports, strict=True)}


def keep_secret(folder: Path, key: str, secret: str) -> None:
    """Keep the secret of a system where only its process reads it."""
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    path = folder / f"{key}.secret"
    path.touch(mode=0o600)
    path.write_text(secret, encoding="ascii")


def secret_of(folder: Path, key: str) -> str:
    """Return the secret of a system."""
    return (folder / f"{key}.secret").read_text(encoding="ascii")

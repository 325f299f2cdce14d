"""The keys of both sides of the pretended bank: made once, kept in a folder of the run."""

import json
from datetime import timedelta
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.x509.oid import NameOID

from imas.kernel import clock

PID = "VSID000000000000"
OURS, ITS_KEY, ITS_CERTIFICATE = "imas.key", "bank.key", "bank.crt"
_LIFE = timedelta(days=3650)


def prepare(folder: Path) -> None:
    """Make the keys of i.MAS and of the bank, unless they are there."""
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    if not (folder / ITS_CERTIFICATE).exists():
        _write(folder / OURS, _pem(_key()))
        key = _key()
        _write(folder / ITS_KEY, _pem(key))
        _write(folder / ITS_CERTIFICATE, certificate_of(key))


def described(url: str, folder: Path) -> str:
    """Return the value of IDENTITY_PROVIDERS that sets the bank up."""
    bank = {
        "kind": "viisp",
        "key": "parodomasis",
        "name": {
            "lt": "Parodomasis bankas ir el. parašas",
            "en": "Demonstration bank and e-signature",
        },
        "service": f"{url}/auth",
        "portal": f"{url}/portal",
        "pid": PID,
        "private_key_file": str(folder / OURS),
        "gateway_certificate_file": str(folder / ITS_CERTIFICATE),
    }
    return json.dumps([bank])


def certificate_of(key: rsa.RSAPrivateKey) -> bytes:
    """Return a certificate of a key, signed by itself: it is trusted by being named."""
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "i.MAS demonstration bank")])
    now = clock.now()
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + _LIFE)
        .sign(key, hashes.SHA256())
    )
    return certificate.public_bytes(serialization.Encoding.PEM)


def _key() -> rsa.RSAPrivateKey:
    return rsa.generate_private_key(65537, 2048)


def _pem(key: rsa.RSAPrivateKey) -> bytes:
    return key.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )


def _write(path: Path, content: bytes) -> None:
    path.touch(mode=0o600)
    path.write_bytes(content)

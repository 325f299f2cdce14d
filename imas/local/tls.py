"""The certificate with which a local run serves programs over TLS: for this machine only."""

from datetime import timedelta
from ipaddress import ip_address
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from imas.kernel import clock

_LASTS = timedelta(days=397)
_RENEWED_BEFORE = timedelta(days=30)


def certificate(var: Path) -> tuple[Path, Path]:
    """Return the certificate and the key of `localhost`, made when missing or about to end."""
    folder = var / "tls"
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    issued, key = folder / "server.crt", folder / "server.key"
    if not (issued.exists() and _lasts(issued)):
        private = ec.generate_private_key(ec.SECP256R1())
        key.touch(mode=0o600)
        key.write_bytes(
            private.private_bytes(
                serialization.Encoding.PEM,
                serialization.PrivateFormat.PKCS8,
                serialization.NoEncryption(),
            )
        )
        issued.write_bytes(_self_signed(private).public_bytes(serialization.Encoding.PEM))
    return issued, key


def _lasts(path: Path) -> bool:
    ends = x509.load_pem_x509_certificate(path.read_bytes()).not_valid_after_utc
    return clock.now() + _RENEWED_BEFORE < ends


def _self_signed(key: ec.EllipticCurvePrivateKey) -> x509.Certificate:
    now = clock.now()
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "localhost")])
    here = x509.SubjectAlternativeName(
        [x509.DNSName("localhost"), x509.IPAddress(ip_address("127.0.0.1"))]
    )
    return (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now)
        .not_valid_after(now + _LASTS)
        .add_extension(here, critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .sign(key, hashes.SHA256())
    )

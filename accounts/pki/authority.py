"""What the authority signs: its own certificate, client certificates, lists of revoked ones.

Profiles follow RFC 5280. Keys of the authority are on P-384, signatures are ECDSA with SHA-384.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID
from django.conf import settings

from accounts.models import Certificate
from accounts.pki.requests import ClientKey
from accounts.pki.signers import CURVE, DIGEST, signer
from imas.kernel import clock
from imas.kernel.errors import NotFoundError

LIST_LASTS = timedelta(days=1)
"""A list of revoked certificates must be fetched anew after so long."""

_ROOT_LASTS = timedelta(days=10 * 365)
_CLOCKS_DIFFER = timedelta(minutes=5)
_NAME_LENGTH = 64


@dataclass(frozen=True, slots=True)
class Subject:
    """Whom a certificate names: the taxpayer and the program. Never a personal code."""

    organisation: str
    program: str


def self_signed(name: str) -> x509.Certificate:
    """Return the authority's own certificate, signed with the key the settings name."""
    now = clock.now()
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    with signer() as key:
        own = key.public_key()
        builder = _between(now - _CLOCKS_DIFFER, now + _ROOT_LASTS)
        return (
            builder.subject_name(subject)
            .issuer_name(subject)
            .public_key(own)
            .serial_number(x509.random_serial_number())
            .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
            .add_extension(_usage(signs_others=True), critical=True)
            .add_extension(x509.SubjectKeyIdentifier.from_public_key(own), critical=False)
            .sign(key, DIGEST())
        )


def authority() -> x509.Certificate:
    """Return the authority's certificate as the settings name it; none made: `NotFoundError`."""
    path = Path(settings.CA_CERTIFICATE)
    if not path.exists():
        raise NotFoundError("authority-missing")
    return x509.load_pem_x509_certificate(path.read_bytes())


def issue(public_key: ClientKey, subject: Subject, until: datetime) -> x509.Certificate:
    """Return a certificate with which a program proves itself as a client, and nothing more."""
    root = authority()
    usages = x509.ExtendedKeyUsage([ExtendedKeyUsageOID.CLIENT_AUTH])
    with signer() as key:
        return (
            _between(clock.now() - _CLOCKS_DIFFER, until)
            .subject_name(_name(subject))
            .issuer_name(root.subject)
            .public_key(public_key)
            .serial_number(x509.random_serial_number())
            .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
            .add_extension(_usage(signs_others=False), critical=True)
            .add_extension(usages, critical=False)
            .add_extension(x509.SubjectKeyIdentifier.from_public_key(public_key), critical=False)
            .add_extension(_issuer_key(root), critical=False)
            .add_extension(_list_is_at(), critical=False)
            .sign(key, DIGEST())
        )


def revocation_list(revoked: Iterable[Certificate]) -> bytes:
    """Return the signed list of revoked certificates as DER (RFC 5280, 5)."""
    root, now = authority(), clock.now()
    builder = (
        x509.CertificateRevocationListBuilder()
        .issuer_name(root.subject)
        .last_update(now)
        .next_update(now + LIST_LASTS)
        .add_extension(_issuer_key(root), critical=False)
        .add_extension(x509.CRLNumber(int(now.timestamp())), critical=False)
    )
    for certificate in revoked:
        builder = builder.add_revoked_certificate(_entry(certificate))
    with signer() as key:
        return builder.sign(key, DIGEST()).public_bytes(serialization.Encoding.DER)


def _entry(certificate: Certificate) -> x509.RevokedCertificate:
    reason = x509.CRLReason(x509.ReasonFlags(certificate.reason))
    builder = x509.RevokedCertificateBuilder().serial_number(int(certificate.serial, 16))
    if reason.reason is not x509.ReasonFlags.unspecified:
        builder = builder.add_extension(reason, critical=False)
    return builder.revocation_date(certificate.revoked_at or clock.now()).build()


def _between(since: datetime, until: datetime) -> x509.CertificateBuilder:
    return x509.CertificateBuilder().not_valid_before(since).not_valid_after(until)


def _name(subject: Subject) -> x509.Name:
    named = (
        (NameOID.COUNTRY_NAME, "LT"),
        (NameOID.ORGANIZATION_NAME, subject.organisation),
        (NameOID.COMMON_NAME, subject.program),
    )
    return x509.Name([x509.NameAttribute(oid, text[:_NAME_LENGTH]) for oid, text in named])


def _usage(*, signs_others: bool) -> x509.KeyUsage:
    return x509.KeyUsage(
        digital_signature=not signs_others,
        content_commitment=False,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        key_cert_sign=signs_others,
        crl_sign=signs_others,
        encipher_only=False,
        decipher_only=False,
    )


def _issuer_key(root: x509.Certificate) -> x509.AuthorityKeyIdentifier:
    held = root.extensions.get_extension_for_class(x509.SubjectKeyIdentifier).value
    return x509.AuthorityKeyIdentifier.from_issuer_subject_key_identifier(held)


def _list_is_at() -> x509.CRLDistributionPoints:
    address = x509.UniformResourceIdentifier(f"{settings.SITE_URL}/ca/revoked.crl")
    return x509.CRLDistributionPoints([x509.DistributionPoint([address], None, None, None)])


def new_key() -> bytes:
    """Return a new private key for an authority that keeps it in a file, as PEM."""
    return ec.generate_private_key(CURVE()).private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )

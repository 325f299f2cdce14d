import os
import shutil
import subprocess
from datetime import timedelta
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pkcs11
import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import dsa, ec, ed25519, rsa
from cryptography.x509.oid import ExtendedKeyUsageOID
from cryptography.x509.verification import Criticality, ExtensionPolicy, PolicyBuilder, Store
from django.core.management import CommandError, call_command
from django.test import Client
from pkcs11.util.ec import encode_named_curve_parameters
from pytest_django.fixtures import Settings

from accounts.certificates import new_certificate, recognise, revoked
from accounts.models import Certificate, RevocationReason, User
from accounts.pki.authority import Subject, authority, revocation_list
from accounts.pki.requests import MAX_BYTES, public_key_of
from accounts.types import Scope
from imas.kernel import clock
from imas.kernel.errors import ConflictError, UnprocessableError
from representation.models import JournalEntry
from tests.make import make_certificate, make_signing_request, make_user

pytestmark = pytest.mark.django_db

SOFT_HSM = Path("/usr/lib/softhsm/libsofthsm2.so")


@pytest.fixture
def owner() -> User:
    return make_user("ona")


@pytest.fixture
def behind_proxy(settings: Settings) -> None:
    settings.CERTIFICATE_PROXIES = ["127.0.0.0/8"]


def _me(client: Client, pem: str | bytes, **extra: Any) -> tuple[int, str]:
    text = pem if isinstance(pem, str) else pem.decode()
    answer = client.get("/api/v1/me", headers={"X-Client-Certificate": quote(text)}, **extra)
    return answer.status_code, answer.json().get("code", "")


def _csr(key: Any, digest: Any = None) -> bytes:
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "x")])
    builder = x509.CertificateSigningRequestBuilder().subject_name(name)
    return builder.sign(key, digest).public_bytes(serialization.Encoding.PEM)


@pytest.mark.parametrize(
    "key",
    [
        rsa.generate_private_key(65537, 2048),
        ec.generate_private_key(ec.SECP384R1()),
        ed25519.Ed25519PrivateKey.generate(),
    ],
    ids=["rsa", "p384", "ed25519"],
)
def test_strong_keys_are_taken_as_pem_and_as_der(key: Any) -> None:
    digest = None if isinstance(key, ed25519.Ed25519PrivateKey) else hashes.SHA256()
    pem = _csr(key, digest)
    der = x509.load_pem_x509_csr(pem).public_bytes(serialization.Encoding.DER)
    assert public_key_of(pem) == public_key_of(der) == key.public_key()


@pytest.mark.parametrize(
    ("request_", "code"),
    [
        (b"", "csr-unreadable"),
        (b"-----BEGIN CERTIFICATE REQUEST-----\nAAAA\n", "csr-unreadable"),
        (b"\x30" * 200, "csr-unreadable"),
        (b"x" * (MAX_BYTES + 1), "csr-too-large"),
        (_csr(rsa.generate_private_key(65537, 1024), hashes.SHA256()), "csr-key-weak"),  # noqa: S505
        (_csr(ec.generate_private_key(ec.SECP192R1()), hashes.SHA256()), "csr-key-weak"),
        (_csr(dsa.generate_private_key(2048), hashes.SHA256()), "csr-key-weak"),
    ],
    ids=["empty", "cut", "noise", "large", "rsa-1024", "p192", "dsa"],
)
def test_a_bad_request_is_refused_by_what_is_wrong_with_it(request_: bytes, code: str) -> None:
    with pytest.raises(UnprocessableError) as refusal:
        public_key_of(request_)
    assert refusal.value.code == code


def test_a_request_whose_signature_was_spoilt_is_refused() -> None:
    der = bytearray(
        x509.load_pem_x509_csr(make_signing_request()[1]).public_bytes(serialization.Encoding.DER)
    )
    der[60] ^= 1
    with pytest.raises(UnprocessableError) as refusal:
        public_key_of(bytes(der))
    assert refusal.value.code in {"csr-signature", "csr-unreadable"}


def test_one_key_gets_one_certificate(owner: User) -> None:
    _, request = make_signing_request()
    scope = Scope(["isaf.view"], ["1"], clock.now() + timedelta(days=9))
    new_certificate(owner, request, Subject("UAB", "Programa"), scope)
    with pytest.raises(ConflictError):
        new_certificate(owner, request, Subject("UAB", "Programa"), scope)


def test_a_certificate_is_good_for_clients_and_chains_to_the_authority(owner: User) -> None:
    kept, _ = make_certificate(owner)
    issued = x509.load_pem_x509_certificate(kept.pem.encode())
    anything = ExtensionPolicy.permit_all().require_present(
        x509.ExtendedKeyUsage, Criticality.AGNOSTIC, None
    )
    verifier = (
        PolicyBuilder()
        .store(Store([authority()]))
        .extension_policies(ca_policy=ExtensionPolicy.webpki_defaults_ca(), ee_policy=anything)
        .build_client_verifier()
    )
    assert len(verifier.verify(issued, []).chain) == 2
    usage = issued.extensions.get_extension_for_class(x509.ExtendedKeyUsage).value
    assert list(usage) == [ExtendedKeyUsageOID.CLIENT_AUTH]
    assert not issued.extensions.get_extension_for_class(x509.BasicConstraints).value.ca


def test_the_proxy_passes_a_certificate_on(client: Client, owner: User, behind_proxy: None) -> None:
    kept, _ = make_certificate(owner)
    assert _me(client, kept.pem) == (200, "")
    kept.refresh_from_db()
    assert kept.last_used_at is not None


def test_the_proxy_s_header_from_elsewhere_is_a_forgery_and_journalled(
    client: Client, owner: User, behind_proxy: None
) -> None:
    kept, _ = make_certificate(owner)
    assert _me(client, kept.pem, REMOTE_ADDR="203.0.113.9") == (401, "certificate-header-forged")
    entry = JournalEntry.objects.get(action="keys.refused")
    assert entry.params == {"address": "203.0.113.9"}


def test_without_a_proxy_nobody_s_header_is_believed(client: Client, owner: User) -> None:
    kept, _ = make_certificate(owner)
    assert _me(client, kept.pem) == (401, "certificate-header-forged")
    assert JournalEntry.objects.filter(action="keys.refused").count() == 1


@pytest.mark.parametrize("header", ["x", "%00", "-----BEGIN CERTIFICATE-----", "ž"])
def test_a_header_that_is_no_certificate_is_refused(
    client: Client, behind_proxy: None, header: str
) -> None:
    assert _me(client, header) == (401, "certificate-not-valid")


def test_strange_revoked_and_expired_certificates_get_one_answer(
    client: Client, owner: User, behind_proxy: None
) -> None:
    ended, _ = make_certificate(owner)
    Certificate.objects.filter(pk=ended.pk).update(revoked_at=clock.now())
    expired, _ = make_certificate(owner)
    past = clock.now() - timedelta(days=2)
    Certificate.objects.filter(pk=expired.pk).update(created_at=past, expires_at=clock.now())
    strange = authority().public_bytes(serialization.Encoding.PEM)
    answers = {_me(client, pem) for pem in (ended.pem, expired.pem, strange)}
    assert answers == {(401, "certificate-not-valid")}
    refused = JournalEntry.objects.filter(action="keys.refused", user=owner)
    assert {entry.subject for entry in refused} == {ended.serial, expired.serial}


def test_turning_the_same_one_away_again_does_not_fill_the_journal(
    client: Client, owner: User, behind_proxy: None
) -> None:
    ended, _ = make_certificate(owner)
    Certificate.objects.filter(pk=ended.pk).update(revoked_at=clock.now())
    for _ in range(3):
        _me(client, ended.pem)
    assert JournalEntry.objects.filter(action="keys.refused").count() == 1


def test_a_certificate_opens_nothing_from_another_network(
    client: Client, owner: User, behind_proxy: None
) -> None:
    kept, _ = make_certificate(owner, networks=("192.0.2.0/24",))
    assert _me(client, kept.pem) == (401, "certificate-not-valid")
    kept.networks = ["127.0.0.1/32", "192.0.2.0/24"]
    kept.save()
    assert _me(client, kept.pem) == (200, "")


def test_the_list_of_revoked_certificates_is_signed_and_names_them(
    client: Client, owner: User
) -> None:
    ended, _ = make_certificate(owner)
    make_certificate(owner)
    reason = RevocationReason.KEY_COMPROMISE
    Certificate.objects.filter(pk=ended.pk).update(revoked_at=clock.now(), reason=reason)
    listed = x509.load_der_x509_crl(client.get("/ca/revoked.crl").content)
    root = x509.load_pem_x509_certificate(client.get("/ca/root.crt").content)
    assert listed.is_signature_valid(root.public_key())  # type: ignore[arg-type]
    assert [f"{entry.serial_number:x}" for entry in listed] == [ended.serial]
    assert next(iter(listed)).extensions[0].value == x509.CRLReason(x509.ReasonFlags.key_compromise)


def test_an_expired_certificate_leaves_the_list(owner: User) -> None:
    ended, _ = make_certificate(owner)
    Certificate.objects.filter(pk=ended.pk).update(revoked_at=clock.now())
    later = clock.now() + timedelta(days=31)
    assert [one.pk for one in revoked(clock.now())] == [ended.pk]
    assert not list(revoked(later))


def test_the_authority_is_never_overwritten() -> None:
    with pytest.raises(CommandError):
        call_command("make_ca")
    call_command("make_ca", if_missing=True)


def test_without_an_authority_there_is_nothing_to_fetch(client: Client, settings: Settings) -> None:
    settings.CA_CERTIFICATE = "/nonexistent/root.crt"
    assert client.get("/ca/root.crt").status_code == 404
    assert client.get("/ca/revoked.crl").status_code == 404


@pytest.mark.skipif(not SOFT_HSM.exists(), reason="SoftHSM is not installed here")
def test_a_key_in_a_device_signs_everything(
    owner: User, settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "tokens").mkdir()
    conf = tmp_path / "softhsm.conf"
    conf.write_text(f"directories.tokendir={tmp_path / 'tokens'}\n")
    monkeypatch.setenv("SOFTHSM2_CONF", str(conf))
    program = shutil.which("softhsm2-util")
    assert program
    arguments = ("--init-token", "--free", "--label", "imas", "--pin", "1234", "--so-pin", "4321")
    subprocess.run([program, *arguments], check=True, env=dict(os.environ), capture_output=True)
    settings.CA_PKCS11_MODULE, settings.CA_PKCS11_PIN = str(SOFT_HSM), "1234"
    settings.CA_CERTIFICATE = str(tmp_path / "root.crt")
    _key_in_the_device()
    call_command("make_ca")
    kept, _ = make_certificate(owner)
    issued = x509.load_pem_x509_certificate(kept.pem.encode())
    issued.verify_directly_issued_by(authority())
    assert recognise(issued.public_bytes(serialization.Encoding.DER)) == kept
    listed = x509.load_der_x509_crl(revocation_list([]))
    assert listed.is_signature_valid(authority().public_key())  # type: ignore[arg-type]


def _key_in_the_device() -> None:
    token = pkcs11.lib(str(SOFT_HSM)).get_token(token_label="imas")
    with token.open(rw=True, user_pin="1234") as session:
        curve = {pkcs11.Attribute.EC_PARAMS: encode_named_curve_parameters("secp384r1")}
        parameters = session.create_domain_parameters(pkcs11.KeyType.EC, curve, local=True)
        kind = pkcs11.Mechanism.EC_KEY_PAIR_GEN
        parameters.generate_keypair(mechanism=kind, store=True, label="imas-ca")

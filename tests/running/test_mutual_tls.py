"""Programs that prove themselves with a certificate, at the house's own TLS server."""

import http.client
import json
import socket
import ssl
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from cryptography import x509

from demo.mandates import ACCOUNTANT
from demo.people import companies
from imas.local import tls
from tests.make import make_signing_request
from tests.running.house import House

pytestmark = pytest.mark.slow


@pytest.fixture
def program(house: House, tmp_path: Path) -> tuple[Path, str]:
    """Return a file with a program's certificate and key, and the certificate's serial number."""
    private, request = make_signing_request()
    (tmp_path / "apskaita.csr").write_bytes(request)
    pem = house.manage(
        *("issue_certificate", "--login", ACCOUNTANT.name, "--taxpayer", companies()[9].code),
        *("--rights", "isaf.view", "--request", str(tmp_path / "apskaita.csr")),
    )
    path = tmp_path / "program.pem"
    path.write_bytes(pem.encode() + private)
    return path, f"{x509.load_pem_x509_certificate(pem.encode()).serial_number:x}"


def _ask(port: int, trusted: Path, proof: Path | None) -> tuple[int, Any]:
    context = ssl.create_default_context(cafile=str(trusted))
    if proof:
        context.load_cert_chain(proof)
    connection = http.client.HTTPSConnection("localhost", port, context=context, timeout=30)
    with closing(connection):
        connection.request("GET", "/api/v1/me")
        answer = connection.getresponse()
        return answer.status, json.loads(answer.read())


def test_a_program_is_known_by_its_certificate_alone(
    port: int, trusted: Path, program: tuple[Path, str]
) -> None:
    proof, _ = program
    status, body = _ask(port, trusted, proof)
    assert (status, body["login_name"]) == (200, ACCOUNTANT.name)


def test_without_a_certificate_the_connection_stands_but_opens_nothing(
    port: int, trusted: Path
) -> None:
    status, body = _ask(port, trusted, None)
    assert (status, body["code"]) == (401, "unauthenticated")


def test_a_revoked_certificate_is_refused_at_the_next_request(
    house: House, port: int, trusted: Path, program: tuple[Path, str]
) -> None:
    proof, serial = program
    assert _ask(port, trusted, proof)[0] == 200
    house.rows(
        "UPDATE accounts_certificate SET revoked_at = now() WHERE serial = %s RETURNING 1", serial
    )
    status, body = _ask(port, trusted, proof)
    assert (status, body["code"]) == (401, "certificate-not-valid")
    kept = house.rows("SELECT 1 FROM representation_journalentry WHERE subject = %s", serial)
    assert kept


def test_a_certificate_of_another_authority_does_not_get_through_the_door(
    port: int, trusted: Path, tmp_path: Path
) -> None:
    issued, key = tls.certificate(tmp_path)
    proof = tmp_path / "stranger.pem"
    proof.write_bytes(issued.read_bytes() + key.read_bytes())
    with pytest.raises((ssl.SSLError, ConnectionError, http.client.RemoteDisconnected)):
        _ask(port, trusted, proof)


@pytest.mark.filterwarnings("ignore:ssl.TLSVersion:DeprecationWarning")
def test_what_is_older_than_tls_1_2_is_not_spoken(port: int, trusted: Path) -> None:
    context = ssl.create_default_context(cafile=str(trusted))
    context.minimum_version = ssl.TLSVersion.TLSv1
    context.maximum_version = ssl.TLSVersion.TLSv1_1
    with socket.create_connection(("localhost", port)) as plain, pytest.raises(ssl.SSLError):
        context.wrap_socket(plain, server_hostname="localhost")

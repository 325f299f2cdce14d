from datetime import timedelta
from typing import Any

import pytest
from cryptography import x509
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from accounts.models import ApiKey, Certificate, User
from imas.kernel import clock
from representation.models import JournalEntry, Taxpayer
from representation.types import TaxpayerKind
from tests.make import (
    PASSWORD,
    make_api_key,
    make_certificate,
    make_grant,
    make_headship,
    make_signing_request,
    make_taxpayer,
    make_user,
    personal_code,
    prove_second_factor,
)

pytestmark = pytest.mark.django_db


def _signed_in(user: User) -> Client:
    client = Client()
    client.post("/sign-in/", {"username": user.login_name, "password": PASSWORD})
    prove_second_factor(client)
    return client


@pytest.fixture
def taxpayer() -> Taxpayer:
    return make_taxpayer(name="UAB Pavyzdys")


@pytest.fixture
def user(taxpayer: Taxpayer) -> User:
    user = make_user("vadovas")
    make_headship(user, taxpayer)
    return user


@pytest.fixture
def head(user: User) -> Client:
    return _signed_in(user)


def _form(**typed: object) -> dict[str, object]:
    until = (clock.today() + timedelta(days=30)).isoformat()
    known = {"name": "Apskaita", "rights": ["isaf.view"], "until": until}
    return {**known, **typed}


def _me(plain: str, **extra: Any) -> int:
    headers = {"Authorization": f"Bearer {plain}"}
    return Client().get("/api/v1/me", headers=headers, **extra).status_code


def _shown_key(page: str) -> str:
    return page[page.index("imas_") :].split("<", maxsplit=1)[0].strip()


@pytest.mark.parametrize("as_file", [True, False], ids=["file", "text"])
def test_a_certificate_is_ordered_shown_and_downloaded(
    head: Client, taxpayer: Taxpayer, as_file: bool
) -> None:
    _, request = make_signing_request()
    typed = (
        {"csr_file": SimpleUploadedFile("a.csr", request)}
        if as_file
        else {"csr_text": request.decode()}
    )
    page = head.post("/settings/keys/certificates/new/", _form(**typed), follow=True)
    kept = Certificate.objects.get()
    assert kept.serial in page.content.decode()
    assert "Apskaita" in head.get("/settings/keys/certificates/").content.decode()
    pem = head.get(f"/settings/keys/certificates/{kept.pk}/download/").content
    subject = x509.load_pem_x509_certificate(pem).subject.rfc4514_string()
    assert subject == "CN=Apskaita,O=UAB Pavyzdys,C=LT"
    entry = JournalEntry.objects.get(action="certificates.issued")
    assert (entry.taxpayer_id, entry.subject) == (taxpayer.pk, kept.serial)


def test_a_wrong_request_is_explained_beside_its_field(head: Client) -> None:
    page = head.post("/settings/keys/certificates/new/", _form(csr_text="labas"))
    assert "csr_file" in page.context["form"].errors
    assert not Certificate.objects.exists()


def test_no_request_is_asked_for(head: Client) -> None:
    page = head.post("/settings/keys/certificates/new/", _form())
    assert "csr_file" in page.context["form"].errors


def test_a_personal_code_never_stands_in_a_certificate() -> None:
    person = make_user(personal_code=personal_code())
    own = make_taxpayer(person.personal_code, kind=TaxpayerKind.NATURAL, name="Ona Onaitė")
    client = _signed_in(person)
    request = make_signing_request()[1].decode()
    page = client.post("/settings/keys/certificates/new/", _form(csr_text=request))
    assert page.status_code == 302, page.context["form"].errors
    assert own.code.encode() not in Certificate.objects.get().pem.encode()
    issued = x509.load_pem_x509_certificate(Certificate.objects.get().pem.encode())
    assert own.code not in issued.subject.rfc4514_string()


def test_revoking_a_certificate_keeps_the_reason(
    head: Client, user: User, taxpayer: Taxpayer
) -> None:
    kept, _ = make_certificate(user, taxpayer)
    head.post(f"/settings/keys/certificates/{kept.pk}/", {"reason": "superseded"})
    kept.refresh_from_db()
    assert kept.revoked_at is not None
    assert kept.reason == "superseded"
    assert JournalEntry.objects.filter(action="certificates.revoked").exists()


def test_somebody_else_s_certificate_loses_this_taxpayer_only(
    head: Client, taxpayer: Taxpayer
) -> None:
    accountant, other = make_user(), make_taxpayer()
    kept, _ = make_certificate(accountant, taxpayer, other)
    head.post(f"/settings/keys/certificates/{kept.pk}/", {"reason": "superseded"})
    kept.refresh_from_db()
    assert (kept.revoked_at, kept.taxpayer_codes, kept.reason) == (None, [other.code], "")


def test_a_key_answers_only_from_its_networks(head: Client) -> None:
    page = head.post("/settings/keys/new/", _form(networks="192.0.2.7\n198.51.100.0/24"))
    plain = _shown_key(page.content.decode())
    assert ApiKey.objects.get().networks == ["192.0.2.7/32", "198.51.100.0/24"]
    assert _me(plain) == 401
    assert _me(plain, REMOTE_ADDR="198.51.100.200") == 200


def test_what_is_no_network_is_refused_by_name(head: Client) -> None:
    page = head.post("/settings/keys/new/", _form(networks="192.0.2.7 vilnius"))
    assert "vilnius" in page.context["form"].errors["networks"][0]


def test_both_keys_work_through_the_overlap(head: Client, user: User, taxpayer: Taxpayer) -> None:
    key, plain = make_api_key(user, taxpayer, rights=("isaf.view",), networks=("127.0.0.1/32",))
    page = head.post(f"/settings/keys/{key.pk}/rotate/", _form(overlap="24"))
    new = _shown_key(page.content.decode())
    assert (_me(plain), _me(new)) == (200, 200)
    key.refresh_from_db()
    assert key.successor is not None
    assert key.successor.networks == key.networks
    assert key.successor.rights == ["isaf.view"]
    assert key.expires_at <= clock.now() + timedelta(hours=24)
    ApiKey.objects.filter(pk=key.pk).update(expires_at=clock.now())
    assert (_me(plain), _me(new)) == (401, 200)


def test_without_an_overlap_the_old_key_ends_at_once(
    head: Client, user: User, taxpayer: Taxpayer
) -> None:
    key, plain = make_api_key(user, taxpayer)
    head.post(f"/settings/keys/{key.pk}/rotate/", _form(overlap="0"))
    assert _me(plain) == 401


def test_a_key_is_changed_once(head: Client, user: User, taxpayer: Taxpayer) -> None:
    key, _ = make_api_key(user, taxpayer)
    head.post(f"/settings/keys/{key.pk}/rotate/", _form(overlap="24"))
    page = head.post(f"/settings/keys/{key.pk}/rotate/", _form(overlap="24"))
    assert page.context["form"].errors
    assert ApiKey.objects.count() == 2


def test_nobody_changes_somebody_else_s_key(head: Client, taxpayer: Taxpayer) -> None:
    key, _ = make_api_key(make_user(), taxpayer)
    assert head.post(f"/settings/keys/{key.pk}/rotate/", _form(overlap="24")).status_code == 404
    assert ApiKey.objects.count() == 1


def test_a_program_changes_its_own_key_and_gains_no_day(user: User, taxpayer: Taxpayer) -> None:
    key, plain = make_api_key(user, taxpayer)
    answer = Client().post(
        "/api/v1/keys/rotate",
        {"overlap_hours": 1},
        content_type="application/json",
        headers={"Authorization": f"Bearer {plain}"},
    )
    told = answer.json()
    assert answer.status_code == 201
    assert answer.headers["Cache-Control"] == "no-store"
    assert _me(told["key"]) == 200
    successor = ApiKey.objects.get(prefix=told["prefix"])
    assert successor.expires_at == key.expires_at
    entry = JournalEntry.objects.get(action="keys.rotated")
    assert (entry.taxpayer_id, entry.params["successor"]) == (taxpayer.pk, told["prefix"])
    again = Client().post(
        "/api/v1/keys/rotate",
        content_type="application/json",
        headers={"Authorization": f"Bearer {plain}"},
    )
    assert (again.status_code, again.json()["code"]) == (409, "key-rotated")


def test_an_overlap_has_an_end(user: User, taxpayer: Taxpayer) -> None:
    _, plain = make_api_key(user, taxpayer)
    answer = Client().post(
        "/api/v1/keys/rotate",
        {"overlap_hours": 169},
        content_type="application/json",
        headers={"Authorization": f"Bearer {plain}"},
    )
    assert (answer.status_code, answer.json()["code"]) == (422, "key-overlap")


def test_whoever_lost_the_right_rotates_no_key(taxpayer: Taxpayer) -> None:
    person = make_user()
    make_grant(person, taxpayer, "isaf.view")
    key, _ = make_api_key(person, taxpayer)
    client = _signed_in(person)
    assert client.post(f"/settings/keys/{key.pk}/rotate/", _form(overlap="0")).status_code == 403

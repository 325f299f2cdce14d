"""Coming in through VIISP, against a gateway that runs as a process of its own."""

import json
import re
import urllib.parse
import urllib.request
from collections.abc import Iterator
from html import unescape
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from pytest_django.fixtures import Settings

from accounts import services, sessions
from accounts.models import ForeignApplication, Identity, User
from accounts.providers.configuring import read_providers
from accounts.providers.viisp import signing
from accounts.providers.viisp.signing import BadSignatureError
from accounts.types import ApplicationState, Assurance
from imas.kernel import clock, xml
from imas.local.bank import keys
from imas.local.bank.server import Bank, Handler
from representation.models import JournalEntry
from tests.gateways.running import gateway, tell
from tests.gateways.viisp import LIES
from tests.make import make_user, personal_code

pytestmark = pytest.mark.django_db
ROOT = Path(__file__).resolve().parents[2]
KEY = "parodomasis"
START = f"/sign-in/through/{KEY}/"


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    made = tmp_path_factory.mktemp("bank")
    keys.prepare(made)
    return made


@pytest.fixture(scope="module")
def bank(folder: Path) -> Iterator[str]:
    with gateway("tests.gateways.viisp", str(folder)) as url:
        yield url


@pytest.fixture
def code() -> str:
    return personal_code()


@pytest.fixture(autouse=True)
def _set_up(bank: str, folder: Path, settings: Settings, code: str) -> None:
    settings.SITE_URL = "http://testserver"
    _configure(settings, bank, folder)
    tell(bank, people=[_person(code)])


def _configure(settings: Settings, bank: str, folder: Path, **more: Any) -> None:
    (described,) = json.loads(keys.described(bank, folder))
    settings.IDENTITY_PROVIDERS = read_providers(json.dumps([{**described, **more}]))


def _person(code: str, first: str = "Ona", last: str = "Petraitė") -> dict[str, str]:
    return {"firstName": first, "lastName": last, "code": code}


def _fields(page: str) -> dict[str, str]:
    found = re.findall(r"name=[\"']?(\w+)[\"']? value=[\"']([^\"']*)[\"']", page)
    return {name: unescape(value) for name, value in found}


def _ticket(client: Client) -> str:
    answer = client.post(START)
    assert answer.status_code == 200, answer.content.decode()
    return _fields(answer.content.decode())["ticket"]


def _confirm(bank: str, ticket: str, method: str = "auth.lt.bank", done: str = "yes") -> Any:
    form = {"ticket": ticket, "person": "0", "method": method, "done": done}
    body = urllib.parse.urlencode(form).encode()
    with urllib.request.urlopen(f"{bank}/portal/choose", body) as answer:
        return _fields(answer.read().decode())


def _return(client: Client, fields: dict[str, str]) -> Any:
    """Come back as a browser does: a form without our cookie, then a link with it."""
    sent_on = Client().post(f"{START}posted/", fields)
    assert sent_on.status_code == 302
    return client.get(sent_on.headers["Location"])


def _come_in(client: Client, bank: str, method: str = "auth.lt.bank") -> Any:
    return _return(client, _confirm(bank, _ticket(client), method))


def _is_in(client: Client) -> bool:
    return "_auth_user_id" in client.session


def test_a_person_comes_in_through_a_bank(client: Client, bank: str, code: str) -> None:
    user = make_user(personal_code=code)
    assert _come_in(client, bank).headers["Location"] == "/"
    assert client.session["_auth_user_id"] == str(user.pk)


@pytest.mark.parametrize(
    ("method", "assurance", "two_factors"),
    [
        ("auth.lt.bank", Assurance.SUBSTANTIAL, False),
        ("auth.signatureProvider", Assurance.HIGH, True),
    ],
)
def test_session_and_identity_keep_the_method_and_the_source(
    client: Client, bank: str, method: str, assurance: Assurance, *, two_factors: bool
) -> None:
    _come_in(client, bank, method)
    means = sessions.means_of(client.session)
    assert (str(means), means.assurance, means.two_factors) == (
        f"viisp:{method}",
        assurance,
        two_factors,
    )
    kept = {"proxySource": "BANKLINK", "sourceData": "BANKLINK"}
    assert means.evidence == Identity.objects.get().evidence == kept


def test_names_swapped_or_stripped_by_the_bank_change_nothing(
    client: Client, bank: str, code: str
) -> None:
    user = make_user(personal_code=code, first_name="Žygimantė", last_name="Šiaučiūnaitė")
    tell(bank, people=[_person(code, "SIAUCIUNAITE", "ZYGIMANTE")])
    _come_in(client, bank)
    user.refresh_from_db()
    assert client.session["_auth_user_id"] == str(user.pk)
    assert user.full_name == "Žygimantė Šiaučiūnaitė"
    assert JournalEntry.objects.get(action="accounts.signed-in").user == user


@pytest.mark.parametrize("lie", sorted(LIES))
def test_a_lying_answer_lets_nobody_in(client: Client, bank: str, code: str, lie: str) -> None:
    victim = make_user(personal_code=personal_code())
    _come_in(Client(), bank)
    tell(bank, people=[_person(code)], lie=lie, forged=victim.personal_code)
    assert _come_in(client, bank).status_code == 403
    assert not _is_in(client)
    assert not victim.identities.exists()
    refused = JournalEntry.objects.filter(action="accounts.sign-in-refused").get()
    assert refused.params == {"reason": "sign-in-not-proved"}


def test_a_ticket_is_of_use_once(client: Client, bank: str) -> None:
    back = _confirm(bank, _ticket(client))
    assert _return(client, back).status_code == 302
    client.post("/sign-out/")
    for _ in range(2):
        assert _return(client, back).status_code == 403
    refused = JournalEntry.objects.get(action="accounts.sign-in-refused")
    assert refused.params == {"reason": "visit-not-yours"}, "once: strangers do not fill it"


def test_a_ticket_is_of_no_use_to_another_browser(bank: str) -> None:
    thief, owner = Client(), Client()
    _ticket(thief)
    back = _confirm(bank, _ticket(owner))
    assert _return(thief, back).status_code == 403
    assert not _is_in(thief)


def test_a_ticket_of_another_coming_in_of_the_same_browser_is_refused(
    client: Client, bank: str
) -> None:
    one = _confirm(bank, _ticket(client))
    other = _confirm(bank, _ticket(client))
    assert _return(client, {**one, "ticket": other["ticket"]}).status_code == 403


def test_whoever_refuses_at_the_bank_is_not_let_in(client: Client, bank: str) -> None:
    assert _return(client, _confirm(bank, _ticket(client), done="no")).status_code == 503
    assert not _is_in(client)


def test_somebody_of_eidas_applies_with_what_was_proved_and_then_comes_in(
    client: Client, bank: str
) -> None:
    answer = _come_in(client, bank, "auth.eidas")
    assert answer.headers["Location"] == "/apply/"
    assert not User.objects.exists()
    proved = client.get("/apply/").context["proved"]
    told = {"email": "mart@example.ee", "language": "en", "purpose": "Head", "code": "999"}
    assert client.post("/apply/", told).status_code == 200
    assert client.get("/apply/").context["proved"] is None
    application = ForeignApplication.objects.get()
    assert (application.country, application.code) == (proved.code.country, proved.code.number)
    assert application.proved_by.endswith("auth.eidas")
    assert proved.code.number not in str(dict(client.session))
    application.state, application.confirmed_at = ApplicationState.WAITING, clock.now()
    application.save()
    officer = make_user(is_staff=True)
    user = services.approve_application(officer, application.pk, "mart.tamm")
    assert _come_in(client, bank, "auth.eidas").status_code == 302
    assert client.session["_auth_user_id"] == str(user.pk)


def test_the_certificate_of_another_proves_nothing(
    client: Client, bank: str, settings: Settings, tmp_path: Path, folder: Path
) -> None:
    keys.prepare(tmp_path)
    certificate = str(tmp_path / keys.ITS_CERTIFICATE)
    _configure(settings, bank, folder, gateway_certificate_file=certificate)
    assert client.post(START).status_code == 403


def test_sha1_is_refused_where_it_is_not_configured(folder: Path) -> None:
    certificate = (folder / keys.ITS_CERTIFICATE).read_text()
    message = xml.parse(b"<a id='uniqueId'/>")
    with Bank(0, folder, Handler) as bank:
        told = bank.told(message)
    assert signing.verified(told, certificate, "rsa-sha1").tag == "a"
    with pytest.raises(BadSignatureError, match="InvalidInput"):
        signing.verified(told, certificate, "rsa-sha256")


def test_sha1_is_allowed_in_one_module_only() -> None:
    places = [path for app in ("accounts", "imas") for path in (ROOT / app).rglob("*.py")]
    naming = {str(path.relative_to(ROOT)) for path in places if "SHA1" in path.read_text()}
    assert naming == {"accounts/providers/viisp/signing.py", "imas/local/bank/server.py"}


def test_the_page_alone_may_send_its_form_to_the_gateway(client: Client, bank: str) -> None:
    pages = client.post(START), client.get("/sign-in/")
    policies = [page.headers["Content-Security-Policy"].split("; ") for page in pages]
    assert f"form-action 'self' {bank}" in policies[0]
    assert "form-action 'self'" in policies[1]


def test_the_ticket_is_in_no_address(client: Client, bank: str) -> None:
    back = _confirm(bank, _ticket(client))
    assert back["ticket"] not in Client().post(f"{START}posted/", back).headers["Location"]

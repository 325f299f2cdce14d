import io
import json
from datetime import timedelta
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.test import Client
from pytest_django.fixtures import Settings

from accounts.keys import new_key
from accounts.models import ApiKey, User
from accounts.types import Scope
from imas.kernel import clock
from representation.models import ImportRun, Taxpayer, VatRegistration
from tests.make import legal_code, make_taxpayer, make_user

pytestmark = pytest.mark.django_db
ADDRESS = "/api/v1/registers/{}/imports"


def officers_key(user: User, *rights: str) -> str:
    """Make a key of an officer's program."""
    scope = Scope(rights or ("registers.import",), [], clock.now() + timedelta(days=1))
    return new_key(user, "Registrai", scope)[1]


@pytest.fixture
def officer() -> User:
    return make_user(is_staff=True)


@pytest.fixture
def program(officer: User) -> Client:
    return Client(headers={"Authorization": f"Bearer {officers_key(officer)}"})


def send(program: Client, kind: str, content: str, query: str = "", **headers: str) -> Any:
    address = ADDRESS.format(kind) + query
    return program.post(address, content, content_type="text/csv", headers=headers)


def taxpayers(*codes: str) -> str:
    return "\n".join(["code,kind,name", *(f"{code},legal,UAB „A“" for code in codes)])


def test_a_file_waits_until_it_is_applied(program: Client) -> None:
    code = legal_code()
    answer = send(program, "taxpayers", taxpayers(code))
    assert answer.status_code == 201
    item = answer.json()
    assert (item["state"], item["added"]) == ("previewed", 1)
    assert item["examples"][0]["after"]["name"] == "UAB „A“"
    assert not Taxpayer.objects.exists()
    assert program.get(answer.headers["Location"]).json()["added"] == 1
    applied = program.post(answer.headers["Location"] + "/apply")
    assert (applied.status_code, applied.json()["state"]) == (200, "applied")
    assert Taxpayer.objects.get().code == code
    assert program.post(answer.headers["Location"] + "/drop").status_code == 409


def test_refused_rows_are_told_with_place_code_and_both_languages(program: Client) -> None:
    answer = send(program, "taxpayers", taxpayers(legal_code(), "12"), "?apply=true")
    assert answer.status_code == 422
    assert answer.headers["Content-Type"] == "application/problem+json"
    (problem,) = answer.json()["problems"]
    assert (problem["row"], problem["column"], problem["code"]) == (
        2,
        "code",
        "registers.code-invalid",
    )
    assert set(problem["message"]) == {"lt", "en"}
    assert not Taxpayer.objects.exists()
    assert ImportRun.objects.get().state == "refused"


def test_the_same_key_with_the_same_file_is_one_import(program: Client) -> None:
    file = taxpayers(legal_code())
    first = send(program, "taxpayers", file, "?apply=true", **{"Idempotency-Key": "k"})
    again = send(program, "taxpayers", file, "?apply=true", **{"Idempotency-Key": "k"})
    assert (first.status_code, again.json()) == (201, first.json())
    other = send(program, "taxpayers", taxpayers(legal_code()), **{"Idempotency-Key": "k"})
    assert (other.status_code, other.json()["code"]) == (422, "idempotency-key-reused")


def test_json_is_taken_too(program: Client) -> None:
    rows = [{"code": legal_code(), "kind": "legal", "name": "MB"}]
    for body, kind in (
        (json.dumps(rows), "application/json"),
        (json.dumps(rows[0]), "application/x-ndjson"),
    ):
        answer = program.post(ADDRESS.format("taxpayers"), body, content_type=kind)
        assert (answer.status_code, answer.json()["rows"]) == (201, 1)


@pytest.mark.parametrize(
    ("kind", "content", "status", "code"),
    [
        ("nothing", "code\n1", 404, "not-found"),
        ("vat", "", 422, "register-empty"),
        ("vat", "colour\nred", 422, "register-columns"),
    ],
)
def test_what_cannot_be_taken_is_refused(
    program: Client, kind: str, content: str, status: int, code: str
) -> None:
    answer = send(program, kind, content)
    assert (answer.status_code, answer.json()["code"]) == (status, code)


def test_too_large_a_file_is_refused(program: Client, settings: Settings) -> None:
    settings.REGISTER_MAX_FILE_BYTES = 100
    answer = send(program, "taxpayers", taxpayers(*(legal_code() for _ in range(9))))
    assert (answer.status_code, answer.json()["code"]) == (422, "register-too-large")


def test_nobody_but_an_officer_with_the_right_reaches_the_registers(officer: User) -> None:
    head = make_user()
    for user, rights in ((head, ("registers.import",)), (officer, ("isaf.view",))):
        program = Client(headers={"Authorization": f"Bearer {officers_key(user, *rights)}"})
        answer = send(program, "taxpayers", taxpayers(legal_code()), "?apply=true")
        assert answer.status_code == 403
    assert not ImportRun.objects.exists()


def test_an_officer_who_has_left_is_refused_at_once(officer: User, program: Client) -> None:
    User.objects.filter(pk=officer.pk).update(is_staff=False)
    assert send(program, "taxpayers", taxpayers(legal_code())).status_code == 403


def test_an_operator_issues_a_key_to_officers_only(officer: User) -> None:
    out = io.StringIO()
    order = ["issue_key", "--officer", "--rights", "registers.import"]
    call_command(*order, "--login", officer.login_name, stdout=out)
    assert ApiKey.objects.get(prefix=out.getvalue().split("_")[1]).taxpayer_codes == []
    with pytest.raises(CommandError):
        call_command(*order, "--login", make_user().login_name)
    with pytest.raises(CommandError):
        call_command("issue_key", "--officer", "--rights", "isaf.view", "--login", "x")


def test_a_command_imports_a_file_and_tells_what_changed(tmp_path: Any) -> None:
    taxpayer, file, out = make_taxpayer(), tmp_path / "vat.csv", io.StringIO()
    file.write_text(f"code,vat_code,since\n{taxpayer.code},LT100001919017,2020-01-01\n")
    call_command("import_register", "vat", str(file), "--dry-run", "--json", stdout=out)
    assert json.loads(out.getvalue())["added"] == 1
    assert not VatRegistration.objects.exists()
    call_command("import_register", "vat", str(file), stdout=out)
    assert VatRegistration.objects.get().taxpayer == taxpayer


def test_a_command_ends_with_an_error_when_rows_are_refused(tmp_path: Any) -> None:
    file, out = tmp_path / "vat.csv", io.StringIO()
    file.write_text("code,vat_code,since\n1,LT100001919017,2020-01-01\n")
    with pytest.raises(CommandError):
        call_command("import_register", "vat", str(file), stdout=out)
    assert "row 1, code" in out.getvalue()
    with pytest.raises(CommandError):
        call_command("import_register", "vat", str(tmp_path / "missing"))

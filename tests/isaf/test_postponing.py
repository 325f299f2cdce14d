"""Asking to postpone a deadline, the officer's decision, and what it moves."""

from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta
from threading import Barrier
from uuid import uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.urls import reverse

from accounts.models import User
from imas.kernel import clock
from imas.kernel.errors import ConflictError, UnprocessableError
from imas.kernel.periods import Period
from isaf.deadlines import registers_due
from isaf.models import Postponement, PostponementState, Register
from isaf.selectors import last_lines, period_lines
from isaf.services import postponing
from isaf.types import RegisterState
from mailbox.models import Message
from representation.models import Taxpayer
from representation.services.officers import Officer
from tests.isaf.registers_told import Told, tell
from tests.isaf.test_views import client_of
from tests.make import (
    make_acting,
    make_grant,
    make_headship,
    make_taxpayer,
    make_totp,
    make_user,
    prove_second_factor,
)
from tests.representation.test_limits import only

pytestmark = pytest.mark.django_db

REASON = "Serverinė apdegė, apskaitos duomenys atkuriami."
PDF = b"%PDF-1.7 pazyma"


def last_period() -> Period:
    day = clock.today().replace(day=1) - timedelta(days=1)
    return Period.month(day.year, day.month)


def later() -> date:
    """A day that may be asked for, whenever the tests run."""
    return max(last_period().deadline, clock.today()) + timedelta(days=10)


@pytest.fixture
def taxpayer() -> Taxpayer:
    return make_taxpayer(vat_code="LT100001234517")


@pytest.fixture
def head(taxpayer: Taxpayer) -> User:
    user = make_user()
    make_headship(user, taxpayer)
    return user


@pytest.fixture
def client(head: User) -> Client:
    return client_of(head)


@pytest.fixture
def officer() -> User:
    user = make_user(is_staff=True)
    make_totp(user)
    return user


@pytest.fixture
def desk(officer: User) -> Client:
    client = client_of(officer)
    prove_second_factor(client)
    return client


def asked(client: Client, *files: SimpleUploadedFile, **changed: object) -> Postponement:
    given = {"until": f"{later()}", "reason": REASON, "proofs": list(files), **changed}
    answer = client.post(reverse("isaf:postpone", args=[last_period()]), given)
    assert answer.status_code == 302, answer.content.decode()
    return Postponement.objects.latest("asked_at")


def test_a_request_waits_with_its_reason_and_files(client: Client) -> None:
    made = asked(client, SimpleUploadedFile("pažyma.pdf", PDF))
    assert (made.state, made.until, made.reason) == (PostponementState.ASKED, later(), REASON)
    file = made.files.get()
    assert (file.name, file.content_type, file.size) == ("pažyma.pdf", "application/pdf", len(PDF))
    page = client.get(reverse("isaf:postponement", args=[made.pk])).content.decode()
    assert REASON in page
    answer = client.get(reverse("isaf:postponement-file", args=[made.pk, file.pk]))
    assert b"".join(answer.streaming_content) == PDF  # type: ignore[attr-defined]
    assert answer["Content-Disposition"].startswith("attachment")


def test_what_is_granted_moves_the_deadline_everywhere(
    taxpayer: Taxpayer, client: Client, desk: Client
) -> None:
    made = asked(client)
    page = desk.get(reverse("isaf:postponement-desk")).content.decode()
    assert taxpayer.code in page
    decide = reverse("isaf:postponement-decide", args=[made.pk])
    given = {"decision": "granted", "granted_until": f"{later()}", "answer": "Pagrįsta."}
    assert desk.post(decide, given).status_code == 302
    made.refresh_from_db()
    assert (made.state, made.granted_until) == (PostponementState.GRANTED, later())
    due = registers_due([taxpayer.pk], later(), later())[taxpayer.pk]
    assert [one.params["period"] for one in due] == [last_period().code]
    deadline = last_period().deadline
    passed = registers_due([taxpayer.pk], deadline, deadline)[taxpayer.pk]
    assert last_period().code not in {one.params["period"] for one in passed}
    lines = {line.period: line for line in period_lines(make_acting(taxpayer=taxpayer))}
    assert lines[last_period()].deadline == later()
    assert last_lines([taxpayer.pk], clock.today())[taxpayer.pk].deadline == later()
    message = Message.objects.get(code="isaf.postponement-granted")
    assert message.params["answer"] == "Pagrįsta."
    assert taxpayer.code not in desk.get(reverse("isaf:postponement-desk")).content.decode()


def test_what_is_refused_moves_nothing_and_may_be_asked_anew(
    taxpayer: Taxpayer, client: Client, desk: Client
) -> None:
    made = asked(client)
    decide = reverse("isaf:postponement-decide", args=[made.pk])
    desk.post(decide, {"decision": "refused", "granted_until": f"{later()}", "answer": "Ne."})
    made.refresh_from_db()
    assert (made.state, made.granted_until) == (PostponementState.REFUSED, None)
    lines = {line.period: line for line in period_lines(make_acting(taxpayer=taxpayer))}
    assert lines[last_period()].deadline == last_period().deadline
    assert asked(client).pk != made.pk


def test_of_two_requests_the_second_is_refused(client: Client) -> None:
    made = asked(client)
    ask = reverse("isaf:postpone", args=[last_period()])
    assert client.get(ask).status_code == 409
    assert client.post(ask, {"until": f"{later()}", "reason": REASON}).status_code == 409
    client.post(reverse("isaf:postponement-withdraw", args=[made.pk]))
    made.refresh_from_db()
    assert made.state == PostponementState.WITHDRAWN
    assert client.get(ask).status_code == 200


def test_nobody_decides_on_what_was_taken_back(client: Client, taxpayer: Taxpayer) -> None:
    made = asked(client)
    postponing.withdraw(make_acting(taxpayer=taxpayer), made.pk)
    with pytest.raises(ConflictError):
        postponing.decide(Officer(None), made.pk, granted_until=later(), answer="Taip.")


@pytest.mark.parametrize("days", [-400, 0, 400])
def test_a_day_that_cannot_be_asked_for_is_told_at_its_field(client: Client, days: int) -> None:
    given = {"until": f"{last_period().deadline + timedelta(days=days)}", "reason": REASON}
    answer = client.post(reverse("isaf:postpone", args=[last_period()]), given)
    assert 'href="#id_until"' in answer.content.decode()
    assert not Postponement.objects.exists()


@pytest.mark.parametrize(
    "files",
    [
        [SimpleUploadedFile("x.pdf", b"<html>")],
        [SimpleUploadedFile("x.pdf", PDF + b"x" * (5 * 2**20))],
        [SimpleUploadedFile("x.pdf", PDF)] * 6,
    ],
    ids=["kind", "size", "many"],
)
def test_files_of_another_kind_too_large_or_too_many_are_refused(
    client: Client, files: list[SimpleUploadedFile]
) -> None:
    given = {"until": f"{later()}", "reason": REASON, "proofs": files}
    answer = client.post(reverse("isaf:postpone", args=[last_period()]), given)
    assert 'href="#id_proofs"' in answer.content.decode()
    assert not Postponement.objects.exists()


def test_there_is_nothing_to_postpone_once_both_registers_are_submitted(
    taxpayer: Taxpayer,
) -> None:
    october = Period.month(2026, 10)
    for side in ("S", "P"):
        tell(taxpayer, side, Told(), state=RegisterState.SUBMITTED)
    with pytest.raises(ConflictError, match="period-submitted"):
        postponing.require_asking(make_acting(taxpayer=taxpayer), october)


@pytest.mark.parametrize("code", ["2026-H1", "2026-10-05/2026-11-03", "2099-01"])
def test_what_is_no_period_of_the_taxpayer_is_not_postponed(client: Client, code: str) -> None:
    assert client.get(f"/isaf/postponements/ask/{code}/").status_code == 422


@pytest.mark.django_db(transaction=True)
def test_of_two_requests_at_once_one_is_refused(taxpayer: Taxpayer) -> None:
    acting, gate = make_acting(taxpayer=taxpayer), Barrier(2)

    def ask(_: int) -> str:
        gate.wait()
        try:
            postponing.ask(acting, last_period(), until=later(), reason=REASON)
        except ConflictError as refusal:
            return refusal.code
        finally:
            connection.close()
        return "asked"

    with ThreadPoolExecutor(2) as two:
        assert sorted(two.map(ask, range(2))) == ["asked", "postponement-exists"]


def test_the_day_granted_is_told_where_one_submits(taxpayer: Taxpayer, client: Client) -> None:
    tell(taxpayer, "S", Told(), state=RegisterState.PREPARING)
    register = Register.objects.get(taxpayer=taxpayer)
    Postponement.objects.create(
        taxpayer=taxpayer,
        start=register.start,
        end=register.end,
        until=date(2031, 1, 1),
        granted_until=date(2031, 1, 1),
        reason=REASON,
        state=PostponementState.GRANTED,
        decided_at=clock.now(),
    )
    page = client.get(reverse("isaf:register-submit", args=[register.number])).content.decode()
    assert "2031-01-01" in page


def test_an_officer_gives_no_day_before_the_deadline(client: Client) -> None:
    made = asked(client)
    with pytest.raises(UnprocessableError):
        postponing.decide(
            Officer(None), made.pk, granted_until=last_period().deadline, answer="Taip."
        )


def test_strangers_limited_people_and_taxpayers_at_the_desk_are_refused(
    taxpayer: Taxpayer, client: Client
) -> None:
    made = asked(client, SimpleUploadedFile("x.pdf", PDF))
    file = made.files.get().pk
    other = make_user()
    make_headship(other, make_taxpayer())
    stranger = client_of(other)
    assert stranger.get(reverse("isaf:postponement", args=[made.pk])).status_code == 404
    assert stranger.get(reverse("isaf:postponement-file", args=[made.pk, file])).status_code == 404
    assert stranger.post(reverse("isaf:postponement-withdraw", args=[made.pk])).status_code == 404
    assert client.get(reverse("isaf:postponement-file", args=[made.pk, 0])).status_code == 404
    for name, args in (
        ("postponement-desk", []),
        ("postponement-decide", [made.pk]),
        ("postponement-desk-file", [made.pk, file]),
    ):
        assert client.get(reverse(f"isaf:{name}", args=args)).status_code == 403
    limited = make_user()
    make_grant(limited, taxpayer, "isaf.view", "isaf.submit", narrowing=only("S"))
    ask = reverse("isaf:postpone", args=[last_period()])
    assert client_of(limited).post(ask, {}).status_code == 403


def test_an_officer_sees_the_files_and_an_unknown_request_is_not_found(
    client: Client, desk: Client
) -> None:
    made = asked(client, SimpleUploadedFile("x.pdf", PDF))
    address = reverse("isaf:postponement-desk-file", args=[made.pk, made.files.get().pk])
    assert b"".join(desk.get(address).streaming_content) == PDF  # type: ignore[attr-defined]
    assert desk.get(reverse("isaf:postponement-decide", args=[uuid4()])).status_code == 404


def test_the_list_of_periods_leads_to_asking_and_to_the_request(client: Client) -> None:
    page = client.get(reverse("isaf:registers")).content.decode()
    assert reverse("isaf:postpone", args=[last_period()]) in page
    made = asked(client)
    page = client.get(reverse("isaf:registers")).content.decode()
    assert reverse("isaf:postponement", args=[made.pk]) in page
    assert reverse("isaf:postpone", args=[last_period()]) not in page

"""Foreign nationals apply, confirm the address, are decided about, and come in with two factors."""

import re
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from django.conf import settings
from django.core import mail
from django.core.files.storage import storages
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, connection, connections, transaction
from django.test import Client

from accounts import letters, scans, services, sessions
from accounts.models import ForeignApplication, ForeignIdentifier, SafetyLetter, User
from accounts.providers.types import Code
from accounts.services import Applicant
from accounts.services.applying import LETTERS_PER_DAY
from accounts.types import APPLICATION_MOVES, ApplicationState, IdentifierKind, LetterKind
from accounts.uploads import ScanHandler
from imas.kernel import clock
from imas.kernel.errors import ConflictError, ForbiddenError, NotFoundError
from representation.models import Headship, JournalEntry
from tests.make import (
    LONG_AGO,
    PASSWORD,
    make_application,
    make_foreigner,
    make_taxpayer,
    make_totp,
    make_user,
    prove_second_factor,
)

pytestmark = pytest.mark.django_db
PDF = b"%PDF-1.7\n1 0 obj\n<<>>\nendobj\n"
TYPED = {
    "first_name": "Łukasz",
    "last_name": "Nowak",
    "country": "PL",
    "kind": "national",
    "code": "850412 12346",
    "born_on": "1985-04-12",
    "email": "Lukasz@example.pl",
    "language": "en",
    "purpose": "I head UAB Pavyzdys, 302012343.",
}


@pytest.fixture
def officer() -> User:
    return make_user("officer", is_staff=True)


@pytest.fixture
def move_clock(monkeypatch: pytest.MonkeyPatch) -> Callable[[timedelta], None]:
    real = clock.now

    def move(step: timedelta) -> None:
        monkeypatch.setattr(clock, "now", lambda: real() + step)

    return move


def _apply(**changed: Any) -> Any:
    return Client().post("/apply/", {**TYPED, **changed})


def _link() -> str:
    letters.send_due_applicant_letters()
    letters.send_due_safety_letters()
    found = re.search(rf"{re.escape(settings.SITE_URL)}(/apply/[\w/]+/)", str(mail.outbox[-1].body))
    assert found
    return found[1]


def _browser(user: User) -> Client:
    client = Client()
    make_totp(user)
    _sign_in(client, user)
    return client


def _sign_in(client: Client, user: User) -> None:
    client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    session = client.session
    sessions.begin(session)
    session.save()
    prove_second_factor(client)


def _without_tokens(page: bytes) -> str:
    return re.sub(r'(name="csrfmiddlewaretoken" value|content)="[^"]+"', "", page.decode())


def test_from_the_application_to_the_first_sign_in(officer: User) -> None:
    assert _apply().status_code == 200
    application = ForeignApplication.objects.get()
    assert application.state == ApplicationState.UNCONFIRMED
    assert Client().post(_link()).status_code == 200
    application.refresh_from_db()
    assert application.state == ApplicationState.WAITING
    user = services.approve_application(officer, application.pk, "lukasz.nowak")
    assert ForeignIdentifier.objects.of("pl", "85041212346").get().user == user
    client = Client()
    link = _link()
    assert b"lukasz.nowak" in client.get(link).content
    assert client.post(link, {"new": PASSWORD}).headers["Location"] == "/sign-in/"
    client.post("/sign-in/", {"username": "lukasz.nowak", "password": PASSWORD})
    services.accept_rules(User.objects.get(pk=user.pk), settings.RULES_VERSION)
    for page in ("/", "/settings/", "/settings/password/", "/taxpayers/"):
        assert client.get(page).headers["Location"] == "/second-factor/choose/"
    make_totp(user)
    assert client.get("/settings/").status_code == 200
    user.refresh_from_db()
    assert (user.email, user.language) == ("lukasz@example.pl", "en")
    assert user.email_is_confirmed(clock.now())


def test_the_answer_is_the_same_for_everybody() -> None:
    known = make_foreigner("PL", "85041212346")
    first = _apply(email=known.email)
    assert first.status_code == 200
    answers = {_without_tokens(first.content)}
    answers |= {_without_tokens(_apply().content) for _ in range(5)}
    answers.add(_without_tokens(_apply(code="999").content))
    assert len(answers) == 1


def test_an_address_is_written_to_about_three_applications_a_day() -> None:
    for _ in range(5):
        _apply()
    assert ForeignApplication.objects.count() == LETTERS_PER_DAY


def test_an_internet_address_applies_so_often_and_no_more() -> None:
    statuses = [_apply(email=f"one{number}@example.pl").status_code for number in range(12)]
    assert statuses == [200] * 10 + [429] * 2


def test_a_link_works_once_and_for_its_hours(move_clock: Callable[[timedelta], None]) -> None:
    _apply()
    link = _link()
    assert Client().get(link).status_code == 200
    assert ForeignApplication.objects.get().state == ApplicationState.UNCONFIRMED
    assert [Client().post(link).status_code for _ in range(2)] == [200, 410]
    _apply(email="other@example.pl")
    late = _link()
    move_clock(timedelta(hours=settings.EMAIL_LINK_HOURS, minutes=1))
    assert Client().post(late).status_code == 410


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("first_name", ""),
        ("country", "LT"),
        ("country", "XX"),
        ("kind", "eidas"),
        ("code", " - "),
        ("born_on", "1801-01-01"),
        ("born_on", "2999-01-01"),
        ("email", "nobody"),
        ("purpose", ""),
    ],
)
def test_what_is_wrong_is_said_beside_its_field(name: str, value: str) -> None:
    answer = _apply(**{name: value})
    assert answer.context["form"].errors.keys() == {name}
    assert not ForeignApplication.objects.exists()


@pytest.mark.parametrize(
    "content", [b"GIF89a", b"<html>", b"", b"PK\x03\x04", PDF + b"x" * scans.LARGEST]
)
def test_only_small_documents_are_taken_told_by_their_bytes(content: bytes) -> None:
    answer = _apply(scan=SimpleUploadedFile("pasas.pdf", content, "application/pdf"))
    assert answer.context["form"].errors.keys() == {"scan"}


def test_of_a_large_file_no_more_is_kept_than_shows_that_it_is_too_large() -> None:
    handler = ScanHandler()
    handler.new_file("scan", "pasas.pdf", "application/pdf", None)
    for start in range(0, 3 * scans.LARGEST, 64 * 1024):
        handler.receive_data_chunk(b"x" * 64 * 1024, start)
    assert handler.file_complete(3 * scans.LARGEST).size == scans.LARGEST + 1
    handler.new_file("scan", "another.pdf", "application/pdf", None)
    handler.receive_data_chunk(b"x", 0)
    assert handler.file_complete(1).size == 0


def test_an_officer_sees_what_the_person_will_hold_at_once(officer: User) -> None:
    application = make_application(country="PL", code="85041212346")
    company = make_taxpayer(name="UAB „Girios kelias“")
    fingerprint = application.code_hash
    Headship.objects.create(person=fingerprint, taxpayer=company, since=LONG_AGO)
    page = _browser(officer).get(f"/officers/applications/{application.pk}/").content.decode()
    assert f"head of UAB „Girios kelias“ ({company.code})" in page


def test_the_form_is_protected_against_other_sites() -> None:
    assert Client(enforce_csrf_checks=True).post("/apply/", TYPED).status_code == 403


def test_a_scan_is_unreadable_where_it_lies_and_officers_save_it(officer: User) -> None:
    _apply(scan=SimpleUploadedFile("../../pasas.html", PDF, "text/html"))
    Client().post(_link())
    application = ForeignApplication.objects.get()
    with storages["scans"].open(application.scan_name) as file:
        assert b"PDF" not in file.read()
    answer = _browser(officer).get(f"/officers/applications/{application.pk}/scan/")
    assert (answer.content, answer["Content-Type"]) == (PDF, "application/pdf")
    assert answer["Content-Disposition"].startswith("attachment")
    entry = JournalEntry.objects.get(action="accounts.application-scan-seen")
    assert (entry.user, entry.subject) == (officer, application.reference)


def test_scans_go_some_days_after_the_decision(
    officer: User, move_clock: Callable[[timedelta], None]
) -> None:
    decided, waiting = (
        make_application(scan_name=scans.keep(PDF), scan_type="application/pdf") for _ in range(2)
    )
    services.decline_application(officer, decided.pk, "Nothing fits.")
    move_clock(timedelta(days=settings.APPLICATION_SCAN_DAYS - 1))
    services.end_applications()
    services.remove_needless_scans()
    assert scans.read(decided.scan_name) == PDF
    move_clock(timedelta(days=settings.APPLICATION_SCAN_DAYS, minutes=1))
    services.end_applications()
    assert services.remove_needless_scans() >= 1
    assert scans.read(waiting.scan_name) == PDF
    with pytest.raises(NotFoundError):
        scans.read(decided.scan_name)


def test_what_nobody_confirms_expires_and_then_goes(
    move_clock: Callable[[timedelta], None],
) -> None:
    _apply()
    move_clock(timedelta(hours=settings.EMAIL_LINK_HOURS, minutes=1))
    services.end_applications()
    assert ForeignApplication.objects.get().state == ApplicationState.EXPIRED
    move_clock(timedelta(days=settings.APPLICATION_SCAN_DAYS + 1))
    services.end_applications()
    assert not ForeignApplication.objects.exists()


def test_an_identifier_is_not_readable_in_the_database() -> None:
    make_application(code="85041212346")
    with connection.cursor() as cursor:
        cursor.execute("SELECT row_to_json(a)::text FROM accounts_foreignapplication a")
        assert "85041212346" not in str(cursor.fetchall())


def test_an_officer_does_not_see_what_nobody_confirmed(officer: User) -> None:
    hidden = make_application(state=ApplicationState.UNCONFIRMED)
    with pytest.raises(NotFoundError):
        services.find_application(officer, hidden.pk)
    for act in _acts(officer, hidden.pk):
        with pytest.raises(NotFoundError):
            act()


def test_only_officers_decide() -> None:
    application = make_application()
    for act in _acts(make_user(), application.pk):
        with pytest.raises(ForbiddenError):
            act()


def _acts(officer: User, pk: UUID) -> list[Callable[[], object]]:
    return [
        lambda: services.find_application(officer, pk),
        lambda: services.approve_application(officer, pk, "jan.kowalski"),
        lambda: services.decline_application(officer, pk, "No."),
        lambda: services.send_welcome_again(officer, pk),
        lambda: services.scan_of(officer, pk),
    ]


def test_nobody_decides_about_himself(officer: User) -> None:
    by_email = make_application(email=officer.email)
    foreign = make_foreigner("PL", "85041212346", is_staff=True)
    by_code = make_application(code="85041212346")
    for decider, application in ((officer, by_email), (foreign, by_code)):
        with pytest.raises(ForbiddenError, match="application-your-own"):
            services.approve_application(decider, application.pk, "jan")
        with pytest.raises(ForbiddenError, match="application-your-own"):
            services.decline_application(decider, application.pk, "No.")


def test_a_decision_is_made_once_and_written_down(officer: User) -> None:
    application = make_application()
    services.decline_application(officer, application.pk, "The passport is not readable.")
    with pytest.raises(ConflictError, match="application-decided"):
        services.approve_application(officer, application.pk, "jan.kowalski")
    application.refresh_from_db()
    assert (application.state, application.decided_by) == (ApplicationState.DECLINED, officer)
    letters.send_due_applicant_letters()
    assert "The passport is not readable." in str(mail.outbox[-1].body)
    entry = JournalEntry.objects.get(action="accounts.application-declined")
    assert (entry.user, entry.subject) == (officer, application.reference)


@pytest.mark.django_db(transaction=True)
def test_of_two_officers_at_once_one_decides() -> None:
    officers = [make_user(is_staff=True) for _ in range(2)]
    application = make_application()

    def approve(number: int) -> str:
        try:
            services.approve_application(officers[number], application.pk, f"jan{number}")
        except ConflictError as refusal:
            return refusal.code
        finally:
            connections.close_all()
        return "approved"

    with ThreadPoolExecutor(2) as both:
        assert sorted(both.map(approve, range(2))) == ["application-decided", "approved"]
    assert ForeignIdentifier.objects.count() == 1


def test_a_person_known_already_is_shown_and_not_made_twice(officer: User) -> None:
    known = make_foreigner("PL", "85041212346")
    application, again = (make_application(code="85041212346") for _ in range(2))
    alike = services.likenesses_of(application)
    assert alike.person == known
    assert [one.pk for one in alike.applications] == [again.pk]
    with pytest.raises(ConflictError, match="foreigner-known"):
        services.approve_application(officer, application.pk, "jan.kowalski")
    page = _browser(officer).get(f"/officers/applications/{application.pk}/").content.decode()
    assert known.login_name in page
    assert "approve/" not in page


@pytest.mark.parametrize(
    ("first", "last", "proposed"),
    [
        ("Łukasz", "Nowak", "lukasz.nowak2"),
        ("Zoë Ann", "O'Neill", "zoe-ann.o-neill"),
        ("Иван", "Петров", "foreigner"),
    ],
)
def test_a_login_name_is_proposed_out_of_the_names(first: str, last: str, proposed: str) -> None:
    make_user("lukasz.nowak")
    application = make_application(first_name=first, last_name=last)
    assert services.propose_login_name(application) == proposed


def test_a_taken_login_name_is_said_beside_its_field(officer: User) -> None:
    application = make_application()
    address = f"/officers/applications/{application.pk}/approve/"
    answer = _browser(officer).post(address, {"login_name": officer.login_name})
    assert answer.context["approval"].errors.keys() == {"login_name"}
    with pytest.raises(ConflictError, match="login-name-taken"):
        services.approve_application(officer, application.pk, officer.login_name)


def test_a_decision_asks_for_a_fresh_second_factor(officer: User) -> None:
    application, client = make_application(), _browser(officer)
    session = client.session
    del session["second_factor_at"]
    session.save()
    for act in ("approve", "decline"):
        answer = client.post(f"/officers/applications/{application.pk}/{act}/", {"reason": "No."})
        assert answer.headers["Location"] == "/second-factor/"
    application.refresh_from_db()
    assert application.state == ApplicationState.WAITING


def test_another_link_makes_the_earlier_ones_void(officer: User) -> None:
    application = make_application()
    user = services.approve_application(officer, application.pk, "jan.kowalski")
    first = _link()
    services.send_welcome_again(officer, application.pk)
    second = _link()
    assert [Client().get(link).status_code for link in (first, second)] == [410, 200]
    assert services.set_first_password(second.split("/")[-2], PASSWORD)
    assert not services.set_first_password(second.split("/")[-2], PASSWORD)
    with pytest.raises(ConflictError, match="password-is-set"):
        services.send_welcome_again(officer, application.pk)
    user.refresh_from_db()
    assert user.check_password(PASSWORD)


def test_a_forgotten_password_is_replaced_as_everybody_s(officer: User) -> None:
    application = make_application()
    user = services.approve_application(officer, application.pk, "jan.kowalski")
    services.request_recovery("jan.kowalski")
    assert not SafetyLetter.objects.filter(user=user, kind=LetterKind.RECOVERY).exists()
    services.set_first_password(_link().split("/")[-2], PASSWORD)
    services.request_recovery("jan.kowalski")
    assert SafetyLetter.objects.filter(user=user, kind=LetterKind.RECOVERY).count() == 1


def test_a_foreigner_who_comes_through_a_provider_only_owes_no_factor_of_ours() -> None:
    user = make_foreigner("EE", "38001085718")
    user.set_unusable_password()
    user.save()
    client = Client()
    _sign_in(client, user)
    assert client.get("/settings/").status_code == 200


def test_the_list_is_narrowed_and_costs_the_same_however_long(
    officer: User, django_assert_num_queries: Any
) -> None:
    for number in range(7):
        make_application(last_name=f"Novák{number}", country="CZ", code=f"CZ{number}")
    make_application(last_name="Kowalski", country="PL")
    client = _browser(officer)
    client.get("/officers/applications/")
    with django_assert_num_queries(4):
        assert len(client.get("/officers/applications/").context["rows"]) == 8
    narrowed = client.get("/officers/applications/", {"state": "", "country": "PL", "text": "kow"})
    assert [row["application"].last_name for row in narrowed.context["rows"]] == ["Kowalski"]
    assert not client.get("/officers/applications/?state=declined").context["rows"]


def test_states_outside_the_table_are_refused_by_the_database() -> None:
    application = make_application()
    for change in ({"state": "lost"}, {"state": "approved"}, {"country": "LT"}):
        with pytest.raises(IntegrityError), transaction.atomic():
            ForeignApplication.objects.filter(pk=application.pk).update(**change)


def test_decided_and_expired_applications_move_no_more() -> None:
    ends = {state for state, moves in APPLICATION_MOVES.items() if not moves}
    assert ends == {
        ApplicationState.APPROVED,
        ApplicationState.DECLINED,
        ApplicationState.EXPIRED,
    }
    assert set(APPLICATION_MOVES) == set(ApplicationState)


def test_an_applicant_of_a_provider_keeps_what_it_proved() -> None:
    proved = Applicant(
        "Mart",
        "Tamm",
        Code("EE", "38001085718"),
        IdentifierKind.EIDAS,
        email="mart@example.ee",
        language="en",
        purpose="Head of a company",
        proved_by="viisp:auth.eidas",
    )
    assert services.apply_for_access(proved) is not None
    application = ForeignApplication.objects.get()
    assert (application.proved_by, application.kind) == ("viisp:auth.eidas", "eidas")

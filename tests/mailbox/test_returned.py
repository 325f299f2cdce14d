import email
import email.policy
from io import BytesIO
from types import SimpleNamespace

import pytest
from django.core.management import call_command
from django.test import Client
from pytest_django import Settings

from accounts.models import User
from imas.kernel import clock
from mailbox import letters, services
from mailbox.models import Bounce, Notice
from mailbox.returned import letter_id, read_returned
from representation.models import JournalEntry, Taxpayer
from tests.mailbox.catcher import Catcher
from tests.mailbox.make import make_message
from tests.make import PASSWORD, make_grant, make_taxpayer, make_user

pytestmark = pytest.mark.django_db

SECRET = "mail-server-secret"


@pytest.fixture
def taxpayer() -> Taxpayer:
    return make_taxpayer()


@pytest.fixture
def reader(taxpayer: Taxpayer) -> User:
    reader = make_user("ona")
    make_grant(reader, taxpayer, "mailbox.view")
    return reader


def returned(
    message_id: str, *, action: str = "failed", status: str = "5.1.1", kind: str = "report"
) -> bytes:
    """What a mail server sends back (RFC 3464)."""
    return f"""\
From: MAILER-DAEMON@mail.example.lt
To: imas@example.lt
Subject: Undelivered Mail Returned to Sender
MIME-Version: 1.0
Content-Type: multipart/{kind}; report-type=delivery-status; boundary="b"

--b
Content-Type: text/plain

The user is unknown.

--b
Content-Type: message/delivery-status

Reporting-MTA: dns; mail.example.lt

Final-Recipient: rfc822; ona@example.lt
Action: {action}
Status: {status}

--b
Content-Type: text/rfc822-headers

Message-ID: {message_id}
To: ona@example.lt

--b--
""".encode()


def test_a_refused_address_must_be_confirmed_again_at_once(
    catcher: Catcher, taxpayer: Taxpayer, reader: User
) -> None:
    make_message(taxpayer)
    catcher.answer = "550 5.1.1 No such user"
    letters.send_due_notices()
    reader.refresh_from_db()
    assert (reader.email_confirmed_at, Bounce.objects.get().status) == (None, "5.1.1")
    assert Notice.objects.get().dropped_why == "unreachable"
    assert JournalEntry.objects.get(action="mailbox.address-unreachable").user == reader


@pytest.mark.parametrize("answer", ["552 5.2.2 Mailbox full", "550 5.7.1 Looks like spam"])
def test_a_refusal_that_is_not_about_the_address_leaves_it_confirmed(
    catcher: Catcher, taxpayer: Taxpayer, reader: User, answer: str
) -> None:
    make_message(taxpayer)
    catcher.answer = answer
    letters.send_due_notices()
    reader.refresh_from_db()
    assert reader.email_confirmed_at is not None
    assert Notice.objects.get().dropped_why == "refused"


def test_a_letter_really_sent_and_returned_marks_its_address(
    catcher: Catcher, taxpayer: Taxpayer, reader: User
) -> None:
    make_message(taxpayer)
    letters.send_due_notices()
    sent = catcher.taken[0].content
    assert isinstance(sent, bytes)
    message_id = email.message_from_bytes(sent, policy=email.policy.default)["Message-ID"]
    assert services.take_returned_letter(returned(message_id))
    assert not services.take_returned_letter(returned(message_id))
    reader.refresh_from_db()
    assert reader.email_confirmed_at is None
    assert Bounce.objects.get().source == "returned"


@pytest.mark.parametrize(
    "changed",
    [
        {"action": "delayed"},
        {"status": "4.2.2"},
        {"status": "5.2.2"},
        {"kind": "mixed"},
    ],
)
def test_anything_but_a_lasting_failure_of_the_address_is_passed_over(
    reader: User, changed: dict[str, str]
) -> None:
    assert read_returned(returned(letter_id(reader))) is not None
    assert read_returned(returned(letter_id(reader), **changed)) is None


def test_a_forged_report_locks_nobody_out(reader: User) -> None:
    mine = letter_id(make_user())
    forged = mine.replace(f"<imas.{mine.split('.')[1]}.", f"<imas.{reader.pk}.")
    assert read_returned(returned(forged)) is None
    assert read_returned(returned("<someone@example.lt>")) is None
    assert read_returned(b"\xff" * 1000) is None


def test_a_report_about_an_address_changed_since_is_passed_over(reader: User) -> None:
    report = returned(letter_id(reader))
    reader.email = "ona@kitas.lt"
    reader.save()
    assert not services.take_returned_letter(report)


def test_the_mail_server_hands_letters_over_by_its_secret_only(
    reader: User, settings: Settings
) -> None:
    report = returned(letter_id(reader))

    def post(secret: str) -> int:
        headers = {"Authorization": f"Bearer {secret}"}
        return (
            Client(headers=headers)
            .post("/mailbox/returned-letters/", report, content_type="message/rfc822")
            .status_code
        )

    assert post("") == 404
    settings.RETURNED_LETTERS_SECRET = SECRET
    assert (post("guess"), Bounce.objects.count()) == (404, 0)
    assert (post(SECRET), Bounce.objects.count()) == (204, 1)


def test_the_mail_server_hands_letters_over_by_a_command(
    reader: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    report = BytesIO(returned(letter_id(reader)))
    monkeypatch.setattr("sys.stdin", SimpleNamespace(buffer=report))
    call_command("take_returned_letter")
    assert Bounce.objects.get().user == reader


def test_the_person_is_told_in_the_portal_until_the_address_is_confirmed_again(
    reader: User,
) -> None:
    client = Client()
    client.post("/sign-in/", {"username": "ona", "password": PASSWORD})
    services.take_returned_letter(returned(letter_id(reader)))
    answer = client.get("/", follow=True)
    assert answer.redirect_chain[-1][0] == "/email/"
    assert "ona@example.lt does not take letters" in answer.content.decode()
    User.objects.update(email_confirmed_at=clock.now())
    assert "does not take letters" not in client.get("/mailbox/").content.decode()


def test_a_person_chooses_when_he_is_told_and_sees_what_became_of_letters(
    reader: User, taxpayer: Taxpayer, catcher: Catcher
) -> None:
    make_message(taxpayer)
    catcher.answer = "554 5.7.1 No"
    letters.send_due_notices()
    client = Client()
    client.post("/sign-in/", {"username": "ona", "password": PASSWORD})
    page = client.get("/mailbox/e-mail/").content.decode()
    assert "the mail server refused the letter" in page
    form = client.get("/mailbox/e-mail/").context["form"]
    client.post("/mailbox/e-mail/", {**dict.fromkeys(form.fields, "at_once"), "isaf": "daily"})
    assert client.get("/mailbox/e-mail/").context["form"]["isaf"].initial == "daily"
    none = {**dict.fromkeys(form.fields, "at_once"), "isaf": "none"}
    assert client.post("/mailbox/e-mail/", none).status_code == 200

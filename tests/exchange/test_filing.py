"""Confirmed returns at EDS: zeep and our own outbox over real HTTP, the desk, a dead EDS."""

import socket
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from pytest_django.fixtures import Settings
from pytest_django.live_server_helper import LiveServer
from zeep import Client as Soap
from zeep.exceptions import Fault

from accounts.models import User
from exchange import eds_messages as eds
from exchange.desk import services as desk
from exchange.desk.models import DeskFile
from exchange.models import Filing
from exchange.services import filing
from imas.kernel import clock
from imas.kernel.errors import ConflictError, NotFoundError
from imas.kernel.ffdata import read, write
from isaf.filing import FilingState
from isaf.pages.returns import ReturnPage
from isaf.services import returns
from mailbox.models import Message
from representation.types import Acting
from tests import make
from tests.isaf.drafting import drafted, line, sold
from tests.isaf.test_views import client_of

pytestmark = pytest.mark.django_db(transaction=True)

UPLOAD = "/eds/EDSWebServiceUploadFile.asmx"
DECLARATION = write("{1}", [("FR0600", {"E10": "", "E36": "7"})], clock.today())


@pytest.fixture
def acting() -> Acting:
    taxpayer = make.make_taxpayer(name="UAB „Baltijos mediena“", vat_code="LT100001738313")
    head = make.make_user()
    make.make_headship(head, taxpayer)
    return make.make_acting(taxpayer=taxpayer, user=head)


@pytest.fixture
def _eds(settings: Settings, live_server: LiveServer) -> None:
    settings.EDS_UPLOAD_URL = f"{live_server.url}{UPLOAD}"


def confirmed(acting: Acting) -> Filing:
    """A return that was confirmed: its filing."""
    version = drafted(acting, [sold(line("1000.00", "210.00"))])
    returns.confirm(acting, version.of_id, version.number)
    return Filing.objects.get(subject=f"{version.of.number}/1")


def _service(live_server: LiveServer) -> Any:
    """The desk as a program of accounting sees it."""
    client: Any = Soap(f"{live_server.url}{UPLOAD}?wsdl")  # type: ignore[no-untyped-call]
    return client.service


def carried(found: Filing) -> Filing:
    """The filing after its turn came."""
    Filing.objects.update(due_at=clock.now())
    assert filing.due() == [found.pk]
    filing.carry_on(found.pk)
    found.refresh_from_db()
    return found


def stands(acting: Acting) -> FilingState:
    told = filing.Office().filed(acting.taxpayer_id, Filing.objects.get().subject)
    assert told
    return told.state


@pytest.mark.usefixtures("_eds")
def test_from_confirmed_to_accepted(acting: Acting) -> None:
    found = confirmed(acting)
    assert stands(acting) is FilingState.QUEUED
    assert carried(found).file_id
    assert stands(acting) is FilingState.UNCONFIRMED
    assert carried(found).file_state == eds.FILE_UNCONFIRMED

    draft = DeskFile.objects.get(person_code=acting.taxpayer_code)
    assert dict(read(bytes(draft.content))[1][0][1])["E36"] == "210"
    desk.confirm(acting, draft.pk, {"E10": "620100", "E36": "1"}, "Vaida Vadovė")
    fields = dict(read(bytes(DeskFile.objects.get().content))[1][0][1])
    assert (fields["E10"], fields["E36"]) == ("620100", "210")  # only what may be completed

    assert carried(found).finished_at
    assert stands(acting) is FilingState.ACCEPTED
    assert filing.due() == []
    letters = Message.objects.filter(code__startswith="exchange.")
    assert {letter.code for letter in letters} == {
        "exchange.filing-unconfirmed",
        "exchange.filing-accepted",
    }


@pytest.mark.usefixtures("_eds")
def test_a_draft_that_is_removed(acting: Acting) -> None:
    found = carried(confirmed(acting))
    desk.remove(acting, int(found.file_id), "Vaida Vadovė")
    carried(found)
    assert stands(acting) is FilingState.REMOVED
    with pytest.raises(ConflictError, match="eds-file-decided"):
        desk.confirm(acting, int(found.file_id), {}, "Vaida Vadovė")


def test_a_dead_eds_loses_nothing(
    acting: Acting, settings: Settings, live_server: LiveServer
) -> None:
    with socket.socket() as nobody:
        nobody.bind(("127.0.0.1", 0))
        settings.EDS_UPLOAD_URL = f"http://127.0.0.1:{nobody.getsockname()[1]}/"
        found = confirmed(acting)
        for attempt in (1, 2, 3):
            assert carried(found).attempts == attempt
    assert found.due_at - clock.now() > timedelta(seconds=50)
    assert stands(acting) is FilingState.QUEUED
    settings.EDS_UPLOAD_URL = f"{live_server.url}/healthz"  # an answer that is none
    assert not carried(found).file_id
    settings.EDS_UPLOAD_URL = f"{live_server.url}{UPLOAD}"
    assert carried(found).file_id
    assert DeskFile.objects.count() == 1


@pytest.mark.usefixtures("_eds")
def test_a_refused_file_is_told(acting: Acting) -> None:
    found = confirmed(acting)
    Filing.objects.update(content=b"<no/>")
    carried(found)
    assert (stands(acting), found.error, found.said) == (
        FilingState.REFUSED, eds.NO_FILE, "not-ffdata",
    )  # fmt: skip
    assert found.finished_at


def test_one_version_is_handed_over_once(acting: Acting) -> None:
    version = drafted(acting)
    returns.confirm(acting, version.of_id, 1)
    with pytest.raises(ConflictError):
        returns.confirm(acting, version.of_id, 1)
    assert Filing.objects.count() == 1
    page = ReturnPage(version.of, version.of.versions.get(), acting)
    assert page.filed
    assert page.filed.tone == "progress"


def test_zeep_uploads_and_asks(acting: Acting, settings: Settings, live_server: LiveServer) -> None:
    soap = _service(live_server)
    login = {
        "AppName": settings.EDS_PROGRAM,
        "UserName": settings.EDS_USER,
        "Password": settings.EDS_PASSWORD,
    }
    told = soap.SubmitFile(
        File=DECLARATION,
        FileName="fr0600.ffdata",
        FileDescription="Rugsėjis",
        PersonCode=acting.taxpayer_code,
        **login,
    )
    assert (told.Result, told.ErrorCode) == (True, 0)
    asked = soap.CheckFileState(FileId=told.FileId, **login)
    assert asked.FileStateData.FileConfirmStateCode == eds.FILE_UNCONFIRMED
    desk.confirm(acting, int(told.FileId), {}, "Vaida Vadovė")
    asked = soap.CheckFileState(FileId=told.FileId, **login)
    assert asked.FileStateData.FileConfirmStateCode == eds.FILE_CONFIRMED
    assert asked.FileStateData.UserConfirmedName == "Vaida Vadovė"
    assert asked.DeclatationStateData.DeclarationStateCode == str(eds.ACCEPTED)


@pytest.mark.parametrize(
    ("changed", "error"),
    [
        ({"Password": "wrong"}, eds.WRONG_LOGIN),
        ({"AppName": "other"}, eds.WRONG_LOGIN),
        ({"File": b"<broken"}, eds.NO_FILE),
        ({"File": b"<html/>"}, eds.NO_FILE),
        ({"File": b""}, eds.NO_FILE),
    ],
)
def test_what_the_desk_refuses(
    settings: Settings, live_server: LiveServer, changed: dict[str, object], error: int
) -> None:
    soap = _service(live_server)
    login = {
        "AppName": settings.EDS_PROGRAM,
        "UserName": settings.EDS_USER,
        "Password": settings.EDS_PASSWORD,
    }
    asked = {"File": DECLARATION, "FileName": "x", "FileDescription": "", "PersonCode": "1"}
    told = soap.SubmitFile(**{**asked, **login, **changed})
    assert (told.Result, told.ErrorCode, told.FileId) == (False, error, None)
    assert not DeskFile.objects.exists()
    with pytest.raises(Fault):
        soap.CheckFileState(FileId="7", **login)


def test_a_message_that_is_too_large_is_not_read(client: Client) -> None:
    answer = client.post(UPLOAD, b"x" * (9 * 1024 * 1024), content_type="text/xml")
    assert answer.status_code == 500
    assert b"soap-message" in answer.content


def test_no_desk_where_eds_is_named(settings: Settings, client: Client) -> None:
    settings.EDS_DESK = False
    assert client.get(UPLOAD).status_code == 404


def test_the_desk_shows_a_taxpayer_his_own(acting: Acting) -> None:
    kept = desk.take("i.MAS", acting.taxpayer_code, "fr0600.ffdata", "Rugsėjis", DECLARATION)
    client = client_of(User.objects.get(pk=acting.user_id))
    assert "fr0600.ffdata" in client.get(reverse("eds:drafts")).content.decode()
    page = reverse("eds:draft", args=[kept.pk])
    assert client.post(page, {"E10": "620100"}).status_code == 302
    kept.refresh_from_db()
    assert kept.declaration_state == eds.ACCEPTED
    assert kept.decided_by
    with pytest.raises(NotFoundError, match="eds-file-not-found"):
        desk.find(make.make_acting(), kept.pk)

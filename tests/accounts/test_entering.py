from datetime import timedelta

import pytest
from django.conf import settings
from django.http import HttpRequest
from django.test import Client, RequestFactory

from accounts import services, sessions, stepup
from accounts.types import PASSWORD as BY_PASSWORD
from accounts.types import Assurance, Means, MeansKind
from imas.kernel import clock
from imas.kernel.errors import ForbiddenError
from representation.models import JournalEntry
from tests.make import PASSWORD, make_user

pytestmark = pytest.mark.django_db
SIGNED = Means(
    MeansKind.VIISP,
    "auth.signatureProvider",
    Assurance.HIGH,
    two_factors=True,
    evidence={"proxySource": "JAR"},
)


@pytest.fixture
def request_(client: Client, rf: RequestFactory) -> HttpRequest:
    request = rf.get("/")
    request.session = client.session
    return request


def test_whoever_enters_has_a_session_that_knows_the_means(request_: HttpRequest) -> None:
    assert services.enter(request_, make_user(), SIGNED)
    assert sessions.means_of(request_.session) == SIGNED
    assert not sessions.is_over(request_.session)


def test_the_door_is_closed_to_a_closed_account(request_: HttpRequest) -> None:
    with pytest.raises(ForbiddenError, match="account-closed"):
        services.enter(request_, make_user(is_active=False), SIGNED)


def test_every_entry_is_journalled_with_its_means(client: Client) -> None:
    user = make_user("ona")
    client.post("/sign-in/", {"username": "ona", "password": PASSWORD})
    entry = JournalEntry.objects.get(user=user)
    assert (entry.action, entry.subject) == ("accounts.signed-in", "password")
    assert entry.params == {"assurance": "low"}


@pytest.mark.parametrize(("means", "fresh"), [(SIGNED, True), (BY_PASSWORD, False)])
def test_a_means_of_two_factors_is_a_fresh_second_factor(
    request_: HttpRequest, means: Means, fresh: bool
) -> None:
    services.enter(request_, make_user(), means)
    assert stepup.is_fresh(request_.session) is fresh


def test_a_second_factor_grows_stale(
    request_: HttpRequest, monkeypatch: pytest.MonkeyPatch
) -> None:
    stepup.confirm(request_.session)
    assert stepup.demand_second_factor(request_) is None
    later = clock.now() + timedelta(seconds=settings.STEP_UP_SECONDS)
    monkeypatch.setattr(clock, "now", lambda: later)
    assert not stepup.is_fresh(request_.session)

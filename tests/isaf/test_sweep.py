"""What the sweep finds again, and what it gives up: nobody waits for ever unseen."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from celery import Celery
from django.core import mail
from django.core.management import call_command
from django.test import Client
from django.urls import reverse
from pytest_django import Settings

from imas.kernel import clock
from isaf import services, tasks
from isaf.models import CrossCheck, PairRefresh, Register, ReportState
from isaf.models.markers import ATTEMPTS
from isaf.services.crosscheck import due, order_cross_check
from isaf.types import RegisterState, RegisterType
from representation.types import Acting
from tests.isaf.files import OCTOBER, IsafFile, Sold, judged
from tests.isaf.test_views import company
from tests.make import make_acting

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def at_once(celery_app: Celery) -> Iterator[None]:
    """Whatever is queued is done on the spot."""
    celery_app.finalize(auto=True)
    celery_app.conf.task_always_eager = True
    yield
    celery_app.conf.task_always_eager = False


@pytest.fixture
def operators(settings: Settings) -> None:
    settings.ADMINS = [("Budėtojas", "budi@example.lt")]


def submitted(acting: Acting) -> Register:
    judged(acting, IsafFile(acting.taxpayer_code, sales=[Sold()]))
    number = Register.objects.get(type=RegisterType.SALES).number
    return services.submit_register(acting, number)


def wear_out(rows: Any) -> None:
    hour_ago = clock.now() - timedelta(hours=1)
    rows.update(attempts=ATTEMPTS, claimed_at=hour_ago)


def page_of(client: Client, register: Register) -> str:
    return client.get(reverse("isaf:register", args=[register.number])).content.decode()


def test_the_sweep_does_what_the_queue_lost(at_once: None) -> None:
    acting = make_acting()
    register = submitted(acting)
    report = order_cross_check(acting, [OCTOBER])
    tasks.sweep()
    register.refresh_from_db()
    report.refresh_from_db()
    assert register.state == RegisterState.ACCEPTED
    assert report.state == ReportState.READY
    assert not PairRefresh.objects.due().exists()


def test_a_check_that_failed_five_times_is_told_once_and_shown(
    operators: None, caplog: pytest.LogCaptureFixture
) -> None:
    taxpayer, user, client = company()
    register = submitted(make_acting(user=user, taxpayer=taxpayer))
    wear_out(Register.objects.filter(pk=register.pk))
    for _ in range(2):
        services.give_up()
    assert [letter.subject.split("] ")[-1] for letter in mail.outbox] == [
        f"isaf.check-given-up {register.number}"
    ]
    assert [record.getMessage() for record in caplog.records] == ["isaf.check-given-up"]
    assert "could not be finished because of a fault on our side" in page_of(client, register)
    metrics = Client().get("/metrics").content.decode()
    assert 'imas_isaf_given_up{what="registers"} 1.0' in metrics


def test_pairs_that_could_not_be_made_are_told_and_shown(operators: None) -> None:
    taxpayer, user, client = company()
    register = submitted(make_acting(user=user, taxpayer=taxpayer))
    wear_out(PairRefresh.objects.all())
    services.give_up()
    assert len(mail.outbox) == PairRefresh.objects.given_up().count() == 1
    assert "is not up to date because of a fault on our side" in page_of(client, register)


def test_a_report_that_could_not_be_drawn_up_is_told(operators: None) -> None:
    acting = make_acting()
    report = order_cross_check(acting, [OCTOBER])
    CrossCheck.objects.update(state=ReportState.RUNNING)
    wear_out(CrossCheck.objects.all())
    assert due() == []
    report.refresh_from_db()
    assert report.state == ReportState.FAILED
    assert len(mail.outbox) == 1


def test_what_was_given_up_is_finished_when_the_operator_says_so(at_once: None) -> None:
    acting = make_acting()
    register = submitted(acting)
    report = order_cross_check(acting, [OCTOBER])
    CrossCheck.objects.update(state=ReportState.RUNNING)
    for rows in (Register.objects.filter(pk=register.pk), PairRefresh.objects, CrossCheck.objects):
        wear_out(rows)
    tasks.sweep()
    register.refresh_from_db()
    assert register.state == RegisterState.SUBMITTED
    call_command("retry_checks", verbosity=0)
    tasks.sweep()
    register.refresh_from_db()
    report.refresh_from_db()
    assert (register.state, register.given_up_at) == (RegisterState.ACCEPTED, None)
    assert report.state == ReportState.READY
    assert not PairRefresh.objects.filter(done_at=None).exists()


def test_a_file_sent_again_is_checked_though_the_last_check_was_given_up() -> None:
    acting = make_acting()
    judged(acting, IsafFile(acting.taxpayer_code, sales=[Sold()]))
    Register.objects.update(check_requested_at=clock.now())
    wear_out(Register.objects.all())
    services.give_up()
    assert Register.objects.filter(given_up_at=None).count() == 0
    judged(acting, IsafFile(acting.taxpayer_code, sales=[Sold("AA 2")]))
    assert Register.objects.filter(given_up_at=None, check_requested_at=None).count() == 2

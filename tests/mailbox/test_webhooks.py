import base64
import hashlib
import hmac
import json
import socket
import time
from collections.abc import Iterator
from datetime import timedelta
from uuid import UUID

import pytest
from django.test import Client
from pytest_django import Settings

from imas.kernel import clock
from imas.kernel.errors import ConflictError, ForbiddenError, NotFoundError, UnprocessableError
from mailbox import outgoing, selectors, services, tasks
from mailbox.models import Attempt, Delivery, Endpoint, EndpointSecret, Message
from mailbox.outgoing import check_url, is_public
from mailbox.services.delivering import PAUSES
from mailbox.services.endpoints import MOST_ENDPOINTS, EndpointOrder
from mailbox.signing import MARK, Key
from representation.models import JournalEntry, Taxpayer
from representation.types import Acting, MandateState
from tests.mailbox.make import make_endpoint, make_message
from tests.mailbox.receiver import Receiver
from tests.make import PASSWORD, make_acting, make_grant, make_headship, make_taxpayer, make_user

pytestmark = pytest.mark.django_db


@pytest.fixture
def taxpayer() -> Taxpayer:
    return make_taxpayer()


@pytest.fixture
def head(taxpayer: Taxpayer) -> Acting:
    user = make_user("vadovas")
    make_headship(user, taxpayer)
    return make_acting(user=user, taxpayer=taxpayer)


@pytest.fixture
def browser(head: Acting) -> Client:
    client = Client()
    client.post("/sign-in/", {"username": "vadovas", "password": PASSWORD})
    return client


def run() -> None:
    """What beat and the worker do."""
    for endpoint_id in selectors.endpoints_due(clock.now()):
        tasks.call_webhook(str(endpoint_id))


def make_due() -> None:
    Delivery.objects.update(due_at=clock.now())


def is_signed(headers: dict[str, str], body: bytes, key: Key) -> bool:
    """Check as a receiver would, knowing nothing of our code."""
    secret = base64.b64decode(key.secret.removeprefix(MARK))
    signed = f"{headers['webhook-id']}.{headers['webhook-timestamp']}.".encode() + body
    wanted = base64.b64encode(hmac.new(secret, signed, hashlib.sha256).digest()).decode()
    given = dict(
        zip(headers["webhook-key-id"].split(), headers["webhook-signature"].split(), strict=True)
    )
    return hmac.compare_digest(given.get(key.key_id, ""), f"v1,{wanted}")


def test_what_happens_is_told_once_and_signed(
    receiver: Receiver, head: Acting, taxpayer: Taxpayer
) -> None:
    make_message(taxpayer)  # before the webhook: not its business
    _, key = make_endpoint(head, receiver.url)
    message = make_message(taxpayer, number="S-SECRET")
    for _ in range(3):
        run()
    ((headers, body),) = receiver.calls
    (told,) = receiver.told()
    assert (told["type"], told["data"]["subject"]) == ("mailbox.message", str(message.pk))
    assert b"S-SECRET" not in body
    assert is_signed(headers, body, key)
    assert not is_signed(headers, body + b" ", key)
    assert abs(int(headers["webhook-timestamp"]) - time.time()) < 60
    assert UUID(headers["webhook-id"]) == Delivery.objects.get().pk


def test_events_come_in_the_order_they_happened(
    receiver: Receiver, head: Acting, taxpayer: Taxpayer
) -> None:
    make_endpoint(head, receiver.url)
    for _ in range(5):
        make_message(taxpayer)
    run()
    assert [one["number"] for one in receiver.told()] == [1, 2, 3, 4, 5]


def test_only_chosen_events_are_told(receiver: Receiver, head: Acting, taxpayer: Taxpayer) -> None:
    make_endpoint(head, receiver.url, ["isaf.register"])
    make_message(taxpayer)
    run()
    assert receiver.calls == []


def test_an_old_secret_signs_beside_the_new_one_until_it_ends(
    receiver: Receiver, head: Acting, taxpayer: Taxpayer
) -> None:
    endpoint, old = make_endpoint(head, receiver.url)
    new = services.rotate_secret(head, endpoint.pk)
    make_message(taxpayer)
    run()
    assert all(is_signed(*receiver.calls[0], key) for key in (old, new))
    EndpointSecret.objects.filter(key_id=old.key_id).update(expires_at=clock.now())
    make_message(taxpayer)
    run()
    assert is_signed(*receiver.calls[1], new)
    assert not is_signed(*receiver.calls[1], old)


def test_secrets_are_not_readable_in_the_database(head: Acting) -> None:
    _, key = make_endpoint(head)
    kept = EndpointSecret.objects.extra(select={"raw": "secret"}).get()
    assert key.secret not in kept.raw  # type: ignore[attr-defined]


def test_a_failed_call_is_tried_again_later_and_given_up_after_a_day(
    receiver: Receiver, head: Acting, taxpayer: Taxpayer
) -> None:
    make_endpoint(head, receiver.url)
    make_message(taxpayer)
    receiver.status, receiver.words = 500, b"I am broken"
    run()
    run()
    assert len(receiver.calls) == 1
    delivery = Delivery.objects.get()
    assert delivery.due_at > clock.now()
    for _ in PAUSES:
        make_due()
        run()
    delivery.refresh_from_db()
    assert (delivery.attempts, delivery.dropped_at is None) == (len(PAUSES) + 1, False)
    assert timedelta(hours=20) < sum(PAUSES, timedelta()) <= timedelta(days=1)
    attempt = Attempt.objects.latest("pk")
    assert (attempt.status, attempt.excerpt) == (500, "I am broken")
    ids = {headers["webhook-id"] for headers, _ in receiver.calls}
    assert ids == {str(delivery.pk)}


def test_a_webhook_that_keeps_failing_is_paused_and_the_box_says_so(
    receiver: Receiver, head: Acting, taxpayer: Taxpayer, settings: Settings
) -> None:
    settings.WEBHOOK_MAX_FAILURES = 3
    endpoint, _ = make_endpoint(head, receiver.url)
    make_message(taxpayer)
    receiver.status = 503
    for _ in range(6):
        make_due()
        run()
    endpoint.refresh_from_db()
    assert (endpoint.state, len(receiver.calls)) == ("paused", 3)
    assert Message.objects.filter(code="mailbox.webhook-paused").count() == 1
    receiver.status = 200
    services.resume_endpoint(head, endpoint.pk)
    run()
    assert [one["data"]["code"] for one in receiver.told()[3:]] == [
        "tests.arrived",
        "mailbox.webhook-paused",
    ]


def test_what_happens_during_a_pause_is_told_after_it(
    receiver: Receiver, head: Acting, taxpayer: Taxpayer
) -> None:
    endpoint, _ = make_endpoint(head, receiver.url)
    services.pause_endpoint(head, endpoint.pk)
    make_message(taxpayer)
    run()
    assert receiver.calls == []
    services.resume_endpoint(head, endpoint.pk)
    run()
    assert len(receiver.calls) == 1


def test_who_has_lost_the_right_is_told_nothing_more(
    receiver: Receiver, head: Acting, taxpayer: Taxpayer
) -> None:
    clerk = make_user()
    mandate = make_grant(clerk, taxpayer, "keys.manage", "mailbox.view")
    acting = make_acting("keys.manage", "mailbox.view", user=clerk, taxpayer=taxpayer)
    endpoint, _ = make_endpoint(acting, receiver.url)
    make_message(taxpayer)
    services.spread_events(endpoint.pk)  # on its way when the right ends
    mandate.state = MandateState.REVOKED
    mandate.save()
    make_message(taxpayer)
    run()
    assert receiver.calls == []
    assert Delivery.objects.get().dropped_at is not None


def test_nobody_follows_events_without_their_right(taxpayer: Taxpayer) -> None:
    acting = make_acting("keys.manage", taxpayer=taxpayer)
    with pytest.raises(ForbiddenError):
        make_endpoint(acting)
    head = make_acting(taxpayer=taxpayer)
    for codes in ([], ["tests.unknown"]):
        with pytest.raises(UnprocessableError):
            make_endpoint(head, codes=codes)
    order = EndpointOrder("x", "https://a.example", ["mailbox.message"])
    with pytest.raises(ForbiddenError):
        services.add_endpoint(head, make_user(), order)


def test_a_taxpayer_has_so_many_webhooks_and_no_more(head: Acting) -> None:
    made = [make_endpoint(head)[0] for _ in range(MOST_ENDPOINTS)]
    with pytest.raises(ConflictError):
        make_endpoint(head)
    services.remove_endpoint(head, made[-1].pk)
    make_endpoint(head)


def test_a_stranger_s_webhook_is_not_found(head: Acting) -> None:
    endpoint, _ = make_endpoint(head)
    for verb in (
        services.rotate_secret,
        services.pause_endpoint,
        services.resume_endpoint,
        services.remove_endpoint,
        services.send_test_event,
        services.find_endpoint,
    ):
        with pytest.raises(NotFoundError):
            verb(make_acting(), endpoint.pk)


@pytest.mark.parametrize(
    "address",
    [
        "127.0.0.1", "10.1.2.3", "172.16.0.1", "192.168.1.1", "169.254.169.254", "100.64.0.1",
        "0.0.0.1", "224.0.0.1", "255.255.255.255", "192.0.2.1", "198.18.0.1",
        "::1", "::", "fe80::1%eth0", "fc00::1", "ff02::1", "::ffff:10.0.0.1", "::ffff:127.0.0.1",
        "64:ff9b::a00:1", "2002:a00:1::", "2001:db8::1",
    ],
)  # fmt: skip
def test_no_address_inside_is_public(address: str) -> None:
    assert not is_public(address)


@pytest.mark.parametrize("address", ["193.219.1.1", "2001:778::37", "::ffff:193.219.1.1"])
def test_addresses_of_the_open_internet_are_public(address: str) -> None:
    assert is_public(address)


@pytest.mark.parametrize(
    "url",
    [
        "http://imone.lt/", "https://imone.lt:22/", "https://user:pass@imone.lt/", "https://",
        "ftp://imone.lt/", "file:///etc/passwd", "https://imone.lt:x/", "https://[::1/",
        "https://imone.lt/\r\nX: y", "https://imone.lt/ x", "", "imone.lt",
    ],
)  # fmt: skip
def test_an_address_that_is_not_plain_https_is_refused(url: str) -> None:
    with pytest.raises(UnprocessableError):
        check_url(url)


def test_https_on_its_ports_is_taken() -> None:
    for url in ("https://imone.lt/a?b=c", "https://imone.lt:8443/"):
        check_url(url)


@pytest.fixture
def listener() -> Iterator[socket.socket]:
    with socket.socket() as server:
        server.bind(("127.0.0.1", 0))
        server.listen()
        server.settimeout(0.2)
        yield server


@pytest.mark.parametrize("host", ["localhost", "127.0.0.1", "[::ffff:127.0.0.1]", "0x7f.1"])
def test_a_name_that_leads_inside_is_not_even_connected_to(
    listener: socket.socket, settings: Settings, host: str
) -> None:
    port = str(listener.getsockname()[1])
    settings.WEBHOOK_PORTS = [port]
    answer = outgoing.post(f"https://{host}:{port}/", b"{}", {})
    assert (answer.status, answer.fault) == (None, "address")
    with pytest.raises(TimeoutError):
        listener.accept()


def test_a_redirect_is_not_followed(receiver: Receiver, head: Acting, taxpayer: Taxpayer) -> None:
    make_endpoint(head, receiver.url)
    make_message(taxpayer)
    receiver.status, receiver.location = 307, receiver.url
    run()
    assert len(receiver.calls) == 1
    assert Attempt.objects.get().status == 307
    assert Delivery.objects.get().delivered_at is None


@pytest.mark.parametrize("part", ["drips", "drips_body"])
def test_a_server_that_drips_its_answer_holds_nobody_for_long(
    receiver: Receiver, monkeypatch: pytest.MonkeyPatch, part: str
) -> None:
    monkeypatch.setattr(outgoing, "_WHOLE_SECONDS", 1)
    setattr(receiver, part, True)
    answer = outgoing.post(receiver.url, b"{}", {})
    assert len(answer.excerpt) < 100
    assert answer.milliseconds < 10_000


def test_a_server_that_is_not_there_or_speaks_no_tls_is_a_fault_and_no_crash(
    receiver: Receiver,
) -> None:
    plain = receiver.url.replace("http://", "https://")
    assert outgoing.post(plain, b"{}", {}).fault == "tls"
    assert outgoing.post("http://127.0.0.1:1/", b"{}", {}).fault == "silence"
    assert outgoing.post("https://no-such-name.invalid/", b"{}", {}).fault == "name"


def test_the_pages_add_test_replay_and_remove_a_webhook(
    browser: Client, receiver: Receiver, taxpayer: Taxpayer
) -> None:
    sent = {"name": "Apskaita", "url": receiver.url, "codes": ["mailbox.message"]}
    shown = browser.post("/mailbox/webhooks/new/", sent)
    key: Key = shown.context["key"]
    assert key.secret in shown.content.decode()
    endpoint = Endpoint.objects.get()
    address = f"/mailbox/webhooks/{endpoint.pk}/"
    assert key.secret not in browser.get(address).content.decode()
    browser.post(f"{address}test/")
    run()
    assert receiver.told()[0]["type"] == "mailbox.test"
    make_message(taxpayer)
    run()
    first = Delivery.objects.get(code="mailbox.message")
    browser.post(f"{address}{first.pk}/again/")
    run()
    (_, once), (_, again) = receiver.calls[1:]
    assert json.loads(once) == json.loads(again)
    assert "204" in browser.get(address).content.decode()
    browser.post(f"{address}remove/")
    assert browser.get(address).status_code == 404
    done = set(JournalEntry.objects.values_list("action", flat=True))
    assert {"webhooks.added", "webhooks.tested", "webhooks.replayed", "webhooks.removed"} <= done


def test_a_bad_address_is_said_beside_the_field(browser: Client, head: Acting) -> None:
    sent = {"name": "x", "url": "http://imone.lt/", "codes": ["mailbox.message"]}
    page = browser.post("/mailbox/webhooks/new/", sent)
    assert "It must begin with https://" in page.content.decode()
    assert not Endpoint.objects.exists()

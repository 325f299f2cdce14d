"""Waybills posted one by one, and many at once, against a bare DRF view that inserts one row.

Both servers are gunicorn with one process and four threads, on the same two cores as the programs
that post: four of them, each with one connection. `size` requests each, one after the other in the
same run; ours carry a key, a taxpayer and an Idempotency-Key, and every waybill is counted after.
"""

import http.client
import json
import os
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from datetime import date, timedelta
from itertools import islice

from django.conf import settings
from django.db import connection

from accounts.keys import new_key
from accounts.models import User
from accounts.types import Scope
from bench.memory import PeakMemory
from bench.result import Result
from bench.waybills import parties, waybills
from imas import embedded
from imas.embedded.notes import free_port
from imas.kernel import clock
from ivaz.models import Waybill
from ivaz.types import Content
from representation.models import Headship, Taxpayer

_SENDERS = 4
_AT_ONCE = 500
_BATCHES = 4
_WARMING = 40
"""Requests before the clock starts, ours of them dry runs."""
_JSON = {"Content-Type": "application/json"}

Request = tuple[str, bytes, dict[str, str]]


def measure(size: int) -> Result:
    """Post `size` waybills one by one, then `_BATCHES` requests of `_AT_ONCE` each."""
    consignor, *others = parties()
    headers = _headers(consignor)
    made = waybills([consignor, *others], size + _BATCHES * _AT_ONCE)
    single = [_records([one], headers, f"one-{at}") for at, one in enumerate(islice(made, size))]
    warming = [(f"{path}?dry_run=true", body, headers) for path, body, _keyed in single[:_WARMING]]
    many = [_records(list(islice(made, _AT_ONCE)), headers, f"many-{at}") for at in range(_BATCHES)]
    with _serving("imas.wsgi") as port, PeakMemory() as memory:
        _post_all(port, warming)
        seconds = _post_all(port, single)
        batched = _post_all(port, many)
    if (found := Waybill.objects.count()) != size + _BATCHES * _AT_ONCE:
        raise SystemExit(f"Not taken whole: {found}")
    reference = _bare(size, single)
    rate = _BATCHES * _AT_ONCE / batched
    return Result(
        "posting",
        size,
        seconds,
        "a bare DRF view inserting one row",
        reference,
        memory.megabytes,
        notes=f"{size / seconds:.0f} a second, the bare view {size / reference:.0f}; "
        f"{_AT_ONCE} in a request: {rate:.0f} a second, {rate * seconds / size:.1f} times as many",
    )


def _bare(size: int, requests: Sequence[Request]) -> float:
    with connection.cursor() as cursor:
        cursor.execute("DROP TABLE IF EXISTS bare_row")
        cursor.execute("CREATE TABLE bare_row (id bigserial PRIMARY KEY, content jsonb NOT NULL)")
    told = [
        ("/rows", json.dumps({"content": json.loads(body)}).encode(), _JSON)
        for _path, body, _headers in requests
    ]
    with _serving("bench.bare") as port:
        _post_all(port, told[:_WARMING])
        seconds = _post_all(port, told)
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM bare_row")
        if cursor.fetchone() != (size + len(told[:_WARMING]),):
            raise SystemExit("The bare view has not taken them whole")
        cursor.execute("DROP TABLE bare_row")
    return seconds


def _headers(taxpayer: Taxpayer) -> dict[str, str]:
    """Return what a program of the taxpayer's head sends with each request."""
    user = User.objects.create_user(
        "matas",
        email="matas@example.lt",
        personal_code="38001010006",
        email_confirmed_at=clock.now(),
        rules_version=settings.RULES_VERSION,
        rules_accepted_at=clock.now(),
    )
    Headship.objects.create(
        person=user.personal_code_hash, person_name="", taxpayer=taxpayer, since=date(2020, 1, 1)
    )
    scope = Scope(["ivaz.submit"], [taxpayer.code], clock.now() + timedelta(days=1))
    _key, plain = new_key(user, "Matas", scope)
    return {**_JSON, "Authorization": f"Bearer {plain}", "X-Taxpayer": taxpayer.code}


def _records(contents: Sequence[Content], headers: dict[str, str], key: str) -> Request:
    body = json.dumps({"TransportDocument": contents}).encode()
    return "/api/v1/ivaz/records", body, {**headers, "Idempotency-Key": key}


@contextmanager
def _serving(application: str) -> Iterator[int]:
    port = free_port()
    command = [sys.executable, "-m", "gunicorn", application, "--bind", f"127.0.0.1:{port}"]
    how = ["--worker-class", "gthread", "--threads", "4", "--log-level", "warning"]
    environment = {**os.environ, **embedded.environment(), "KEY_RATE": "1000000/min"}
    process = subprocess.Popen([*command, *how], env=environment)
    try:
        _wait_for(port)
        yield port
    finally:
        process.terminate()
        process.wait()


def _wait_for(port: int) -> None:
    until = time.monotonic() + 60
    while time.monotonic() < until:
        with suppress(OSError):
            _post(http.client.HTTPConnection("127.0.0.1", port, timeout=60), ("/", b"{}", _JSON))
            return
        time.sleep(0.1)
    raise SystemExit("The server did not start")


def _post_all(port: int, requests: Sequence[Request]) -> float:
    shares = [requests[at::_SENDERS] for at in range(_SENDERS)]
    before = time.perf_counter()
    with ThreadPoolExecutor(_SENDERS) as pool:
        list(pool.map(lambda share: _post_share(port, share), shares))
    return time.perf_counter() - before


def _post_share(port: int, share: Sequence[Request]) -> None:
    connection_ = http.client.HTTPConnection("127.0.0.1", port, timeout=600)
    for request in share:
        status = _post(connection_, request)
        if status >= 300:
            raise SystemExit(f"Answered {status}")


def _post(there: http.client.HTTPConnection, request: Request) -> int:
    path, body, headers = request
    there.request("POST", path, body, headers)
    answer = there.getresponse()
    answer.read()
    return answer.status

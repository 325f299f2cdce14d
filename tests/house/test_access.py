"""Every address gives everybody exactly what the table says."""

from collections.abc import Iterator
from copy import copy, deepcopy
from dataclasses import replace
from typing import Any

import pytest
from django.db import transaction
from django.test import Client, override_settings
from django.urls import URLPattern, URLResolver, get_resolver
from pytest_django.plugin import DjangoDbBlocker

from tests.exchange.conftest import AIS
from tests.house.access import ACCESS, GET, POST
from tests.house.world import Who, World, make_world
from tests.make import prove_second_factor

pytestmark = pytest.mark.django_db

PAPER = """--b\r
Content-Disposition: form-data; name="files"; filename="a.pdf"\r
\r
%PDF-1.7\r
--b--\r
"""
BODIES = {
    "api-isaf-files": ("<iSAFFile/>", "application/xml"),
    "api-isaf-batches": ("PK", "application/zip"),
    "api-messages-mark": ('{"ids": [], "mark": "read"}', "application/json"),
    "api-isaf-deal-entries": ('{"kind": "word", "text": "Labas"}', "application/json"),
    "api-isaf-returns": ('{"periods": ["2026-08"], "forms": ["FR0600"]}', "application/json"),
    "api-isaf-return-decisions": ('{"invoices": []}', "application/json"),
    "api-isaf-return-settings": ('{"percent": 100}', "application/json"),
    "api-isaf-return-lines": ('{"rule": "B:25", "vat": 1, "note": "x"}', "application/json"),
    "api-isaf-return-filed": ('{"boxes": {"11": 100}}', "application/json"),
    "api-isaf-return-confirm": ('{"version": 1}', "application/json"),
    "api-ivaz-files": ("<iVAZFile/>", "application/xml"),
    "api-ivaz-waybill-reload": (
        '{"TransportMeans": [{"IdentityOfTransportUnits": "A1"}], "reason": "breakdown"}',
        "application/json",
    ),
    "api-ivaz-documents": (PAPER, "multipart/form-data; boundary=b"),
    "api-ivaz-waybill-object": ('{"reason": "Nesiuntėme"}', "application/json"),
    "api-ivaz-records": ('{"Order": [{}]}', "application/json"),
    "api-isaf-crosschecks": ('{"periods": ["2026-10"]}', "application/json"),
}
FORMS = {"representation:representative": {"rights": [], "until": "2030-01-01"}}
OTHER_METHODS = ("GET", "POST", "PUT", "PATCH", "DELETE")


@pytest.fixture(scope="module")
def _made(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[World]:
    """One world for all: it takes longer to make than to ask, and tests roll back to it."""
    with (
        override_settings(OTHER_SYSTEMS=(AIS,)),
        django_db_blocker.unblock(),
        transaction.atomic(),
    ):
        yield make_world()
        transaction.set_rollback(True)


@pytest.fixture
def world(_made: World) -> World:
    """The world with clients that know nothing of what others were answered."""
    return replace(
        _made,
        browsers={who: _as_made(client) for who, client in _made.browsers.items()},
        programs={who: _as_made(client) for who, client in _made.programs.items()},
    )


def _as_made(client: Client) -> Client:
    made = copy(client)
    made.cookies = deepcopy(client.cookies)
    return made


def _addresses(
    resolver: URLResolver | None = None, namespaces: tuple[str, ...] = ()
) -> Iterator[tuple[str, tuple[str, ...]]]:
    """Every address by its full name, with the names of what it asks for."""
    for pattern in (resolver or get_resolver()).url_patterns:
        if isinstance(pattern, URLPattern):
            wanted = tuple(pattern.pattern.regex.groupindex)
            yield ":".join((*namespaces, str(pattern.name))), wanted
        else:
            inner = (pattern.namespace,) if pattern.namespace else ()
            yield from _addresses(pattern, (*namespaces, *inner))


def _ask(world: World, who: Who, method: str, name: str, wanted: tuple[str, ...]) -> int:
    clients = world.programs if name.startswith("api-") else world.browsers
    body, kind = BODIES.get(name, ("{}", "application/json"))
    more: dict[str, Any] = {"data": body, "content_type": kind} if name.startswith("api-") else {}
    if method == POST and name in FORMS:
        more = {"data": FORMS[name]}
    if method == GET:
        more = {}
    if name.startswith(("representation:", "exchange:")) and who != Who.NOBODY:
        prove_second_factor(clients[who])  # what the right gives is asked, not the step-up
    answer = getattr(clients[who], method.lower())(world.address(name, wanted), **more)
    if answer.streaming:
        list(answer.streaming_content)
    return int(answer.status_code)


def test_every_address_is_in_the_table() -> None:
    assert {name for name, _wanted in _addresses()} == {name for _, name, _ in ACCESS}


def test_no_row_stands_twice() -> None:
    rows = [(method, name) for method, name, _ in ACCESS]
    assert len(rows) == len(set(rows))


@pytest.mark.parametrize("who", list(Who))
def test_reading_gives_what_the_table_says(world: World, who: Who) -> None:
    wanted = dict(_addresses())
    column = list(Who).index(who)
    rows = [(name, statuses[column]) for method, name, statuses in ACCESS if method == GET]
    found = {name: _ask(world, who, GET, name, wanted[name]) for name, _status in rows}
    assert found == dict(rows)


@pytest.mark.parametrize(
    ("name", "statuses"), [(name, statuses) for method, name, statuses in ACCESS if method == POST]
)
def test_writing_does_what_the_table_says(
    world: World, name: str, statuses: tuple[int, ...]
) -> None:
    wanted = dict(_addresses())
    assert tuple(_ask(world, who, POST, name, wanted[name]) for who in Who) == statuses


def test_what_the_table_does_not_name_is_not_allowed(world: World) -> None:
    listed = {(method, name) for method, name, _ in ACCESS}
    open_to_head = {
        (method, name)
        for name, wanted in _addresses()
        for method in OTHER_METHODS
        if (method, name) not in listed and _ask(world, Who.HEAD, method, name, wanted) != 405
    }
    assert not open_to_head

"""Rows written by COPY are what `bulk_create` would have written."""

from collections.abc import Iterator
from datetime import UTC, datetime

import pytest
from django.db import IntegrityError, transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from imas.web.copying import copy_in
from ivaz.models import Waybill, WaybillVersion
from ivaz.services.holding import new_numbers
from representation.models import Taxpayer
from tests.make import make_taxpayer

AT = datetime(2026, 3, 29, 1, 30, 0, 123456, tzinfo=UTC)
NAMES = (
    "id", "rn", "kind", "preparer_id", "local_uid", "number", "number_key", "dated", "dispatch_at",
    "arrival_at", "state", "version", "content", "plates", "is_warned", "is_different",
    "is_objected", "submitted_at", "due_on",
)  # fmt: skip

texts = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=10)
contents = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**40), 2**40) | texts,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(texts, inner, max_size=3),
)


def waybill(taxpayer: Taxpayer, key: int, **told: object) -> Waybill:
    """Return a waybill with all that a row needs."""
    values: dict[str, object] = {
        "pk": key,
        "rn": f"RN{key}",
        "kind": "TransportDocument",
        "preparer": taxpayer,
        "local_uid": f"{key}",
        "number": "",
        "dated": AT.date(),
        "dispatch_at": AT,
        "arrival_at": AT,
        "submitted_at": AT,
        "content": {},
        **told,
    }
    return Waybill(**values)


def write(*rows: Waybill) -> None:
    copy_in(Waybill, NAMES, ([getattr(row, name) for name in NAMES] for row in rows))


@pytest.mark.django_db
@settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(number=texts, plates=st.lists(texts, max_size=4), content=contents)
def test_what_is_written_is_read(number: str, plates: list[str], content: object) -> None:
    taxpayer = Taxpayer.objects.first() or make_taxpayer()
    [(key, _rn)] = new_numbers(1)
    write(waybill(taxpayer, key, number=number, plates=plates, content=content))
    found = Waybill.objects.get(pk=key)
    assert (found.number, found.plates, found.content) == (number, plates, content)
    assert (found.dispatch_at, found.dated, found.due_on) == (AT, AT.date(), None)
    assert (found.is_warned, found.is_different, found.state) == (False, False, "sent")


@pytest.mark.django_db
def test_the_server_numbers_rows_that_have_no_key_and_leaves_the_rest_null() -> None:
    first, second = (key for key, _rn in new_numbers(2))
    taxpayer = make_taxpayer()
    write(*(waybill(taxpayer, key) for key in (first, second)))
    names = ("waybill_id", "number", "content", "until")
    twice: Iterator[tuple[object, ...]] = ((key, 1, {}, AT) for key in (first, second) * 120)
    with pytest.raises(IntegrityError), transaction.atomic():
        copy_in(WaybillVersion, names, twice)
    copy_in(WaybillVersion, names, ((first, number, {}, AT) for number in range(120)))
    assert WaybillVersion.objects.values("pk").distinct().count() == 120
    with pytest.raises(IntegrityError), transaction.atomic():
        copy_in(WaybillVersion, names[:3], [(second, 1, {})])


@pytest.mark.django_db
def test_no_rows_are_no_error() -> None:
    write()
    assert not Waybill.objects.exists()

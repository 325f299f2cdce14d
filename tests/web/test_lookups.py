from collections.abc import Iterator

import pytest
from django.db import connection, transaction
from django.db.models import Model
from pytest_django import DjangoAssertNumQueries
from pytest_django.fixtures import Settings

from accounts.models import ApiKey, User
from imas.web.lookups import Lookup
from imas.web.prepared import Prepared
from representation.models import Taxpayer
from tests.make import make_api_key, make_taxpayer, make_user

pytestmark = pytest.mark.django_db

ADDED = Prepared("test_added", "SELECT %(a)s + %(b)s, %(a)s", {"a": "int", "b": "int"})


@pytest.fixture(params=[True, False], ids=["prepared", "behind a pooler"])
def prepares(request: pytest.FixtureRequest, settings: Settings) -> bool:
    settings.DATABASE_PREPARES = request.param
    return bool(request.param)


@pytest.fixture
def _forgotten() -> Iterator[None]:
    """Another connection, to which nothing has been told."""
    connection.close()
    yield
    connection.close()


def _values(row: Model) -> dict[str, object]:
    return {name: value for name, value in vars(row).items() if name != "_state"}


def _names() -> set[str]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT name FROM pg_prepared_statements")
        return {name for (name,) in cursor.fetchall()}


def test_a_key_found_is_what_django_finds_with_its_user(
    prepares: bool, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    user = make_user()
    key, _plain = make_api_key(user, make_taxpayer())
    make_api_key(make_user(), make_taxpayer())
    with django_assert_num_queries(1):
        found = Lookup(ApiKey, "prefix", beside="user").find(key.prefix)
        assert found
        owner = found.user
    assert _values(found) == {**_values(ApiKey.objects.get(pk=key.pk)), "user_id": user.pk}
    assert _values(owner) == _values(User.objects.get(pk=user.pk))
    assert owner.personal_code == user.personal_code
    assert not found._state.adding
    assert found._state.db == "default"


def test_what_is_not_there_is_none(prepares: bool) -> None:
    make_taxpayer()
    assert Lookup(Taxpayer, "code").find("no such code, and longer than the column is") is None


def test_a_row_is_read_anew_each_time(prepares: bool) -> None:
    taxpayer, lookup = make_taxpayer(name="UAB Senas"), Lookup(Taxpayer, "id")
    assert lookup.find(taxpayer.pk) == taxpayer
    Taxpayer.objects.update(name="UAB Naujas")
    found = lookup.find(taxpayer.pk)
    assert found
    assert found.name == "UAB Naujas"


def test_parameters_stand_where_their_names_do(prepares: bool) -> None:
    assert ADDED.rows({"b": 2, "a": 1, "another": 3}) == [(3, 1)]


def test_a_value_is_never_read_as_sql(prepares: bool) -> None:
    told = Prepared("test_told", "SELECT %(word)s", {"word": "text"})
    assert told.rows({"word": "'); DROP TABLE x; -- %s"}) == [("'); DROP TABLE x; -- %s",)]


@pytest.mark.django_db(transaction=True)
@pytest.mark.usefixtures("_forgotten")
def test_a_statement_is_told_once_and_outlives_what_is_rolled_back() -> None:
    with transaction.atomic():
        assert ADDED.rows({"a": 1, "b": 1}) == [(2, 1)]
        transaction.set_rollback(True)
    assert ADDED.rows({"a": 2, "b": 2}) == [(4, 2)]
    assert "test_added" in _names()


@pytest.mark.django_db(transaction=True)
@pytest.mark.usefixtures("_forgotten")
def test_a_new_connection_is_told_anew() -> None:
    ADDED.rows({"a": 1, "b": 1})
    connection.close()
    assert "test_added" not in _names()
    assert ADDED.rows({"a": 1, "b": 1}) == [(2, 1)]


@pytest.mark.django_db(transaction=True)
@pytest.mark.usefixtures("_forgotten")
def test_nothing_is_prepared_behind_a_pooler(settings: Settings) -> None:
    settings.DATABASE_PREPARES = False
    assert ADDED.rows({"a": 1, "b": 1}) == [(2, 1)]
    assert "test_added" not in _names()

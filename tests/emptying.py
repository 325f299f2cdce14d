"""What a test has committed is deleted after it, from the tables that hold anything.

Django's way, TRUNCATE of every table and then the signal that makes permissions anew, takes
seconds for some hundred tables that are nearly all empty. Its new connection for the next test is
a new process that knows no table yet: to sweep from there costs six times as much.
"""

from django.db import DatabaseError, connections
from django.db.backends.base.base import BaseDatabaseWrapper
from django.test import TransactionTestCase

_EMPTY = """
DO $$
DECLARE
  one regclass;
  is_filled boolean;
BEGIN
  -- Neither append-only triggers nor foreign keys are asked: everything goes.
  SET LOCAL session_replication_role = replica;
  FOR one IN
    SELECT oid::regclass FROM pg_class
     WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace
       AND relname NOT IN ('django_migrations', 'django_content_type', 'auth_permission')
       AND pg_relation_size(oid) > 0
  LOOP
    EXECUTE format('SELECT EXISTS (SELECT FROM %s)', one) INTO is_filled;
    IF is_filled THEN
      EXECUTE format('DELETE FROM %s', one);
    END IF;
  END LOOP;
END $$
"""

# DISCARD ALL without what it does to prepared statements, of which Django's side knows still.
_AS_NEW = (
    *("CLOSE ALL", "RESET ALL", "UNLISTEN *", "SELECT pg_advisory_unlock_all()"),
    *("DISCARD PLANS", "DISCARD TEMP", "DISCARD SEQUENCES"),
)


def empty_quickly() -> None:
    """Have tests that commit swept so; the role of the tests must be a superuser."""

    def teardown(case: TransactionTestCase) -> None:
        for name in case._databases_names(include_mirrors=False):  # type: ignore[attr-defined]
            with connections[name].cursor() as cursor:
                cursor.execute(_EMPTY)

    def must_reload(case: TransactionTestCase) -> bool:
        opened = connections.all(initialized_only=True)
        return not all(_is_as_new(connection) for connection in opened)

    TransactionTestCase._fixture_teardown = teardown  # type: ignore[attr-defined]
    TransactionTestCase._should_reload_connections = must_reload  # type: ignore[attr-defined]


def _is_as_new(connection: BaseDatabaseWrapper) -> bool:
    """Make the server forget what the test has set, made and locked in this session."""
    if connection.connection is None:
        return True
    if connection.in_atomic_block or connection.run_on_commit or not connection.autocommit:
        return False
    try:
        with connection.cursor() as cursor:
            for statement in _AS_NEW:
                cursor.execute(statement)
        connection.ensure_timezone()
    except DatabaseError:
        return False
    return True

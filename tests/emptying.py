"""What a test has committed is deleted after it, from the tables that hold anything.

Django's way, TRUNCATE of every table and then the signal that makes permissions anew, takes
seconds for some hundred tables that are nearly all empty.
"""

from django.db import connections
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
  LOOP
    EXECUTE format('SELECT EXISTS (SELECT FROM %s)', one) INTO is_filled;
    IF is_filled THEN
      EXECUTE format('DELETE FROM %s', one);
    END IF;
  END LOOP;
END $$
"""


def empty_quickly() -> None:
    """Have tests that commit swept so; the role of the tests must be a superuser."""

    def teardown(case: TransactionTestCase) -> None:
        for name in case._databases_names(include_mirrors=False):  # type: ignore[attr-defined]
            with connections[name].cursor() as cursor:
                cursor.execute(_EMPTY)

    TransactionTestCase._fixture_teardown = teardown  # type: ignore[attr-defined]

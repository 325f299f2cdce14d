from django.conf import settings
from django.db import migrations

NAMELESS = """
UPDATE accounts_user
   SET personal_code_hash = encode(sha256(convert_to('account ' || id, 'UTF8')), 'hex')
 WHERE personal_code_hash = ''
   AND id IN (SELECT user_id FROM representation_grant);
"""

# Rights given together are one mandate. What had no end ends as a new one would.
CARRY = """
WITH carried AS (
    INSERT INTO representation_mandate (
        id, taxpayer_id, person, person_name, email, user_id, rights, since, until, passing_on,
        source, state, created_at
    )
    SELECT gen_random_uuid(), given.taxpayer_id, holder.personal_code_hash,
           concat_ws(' ', holder.first_name, holder.last_name), '', given.user_id,
           array_agg(DISTINCT given.right), given.since,
           coalesce(given.until, greatest(given.since, current_date) + %(days)s), 0, 'offer',
           CASE WHEN given.revoked_at IS NULL THEN 'active' ELSE 'revoked' END,
           given.granted_at
      FROM representation_grant given
      JOIN accounts_user holder ON holder.id = given.user_id
     GROUP BY given.taxpayer_id, given.user_id, holder.id, given.since, given.until,
              given.granted_by_id, given.granted_at, given.revoked_by_id, given.revoked_at
    RETURNING *
)
INSERT INTO representation_mandatemove (mandate_id, at, by_id, state, rights, until, passing_on)
SELECT carried.id, act.at, act.by_id, act.state, carried.rights, carried.until, 0
  FROM carried
  JOIN LATERAL (
      SELECT DISTINCT given.granted_by_id, given.revoked_by_id, given.revoked_at
        FROM representation_grant given
       WHERE given.taxpayer_id = carried.taxpayer_id AND given.user_id = carried.user_id
         AND given.since = carried.since AND given.granted_at = carried.created_at
         AND given.right = ANY (carried.rights)
         AND (given.revoked_at IS NOT NULL) = (carried.state = 'revoked')
       LIMIT 1
  ) given ON true
  CROSS JOIN LATERAL (
      VALUES (carried.created_at, given.granted_by_id, 'active'),
             (given.revoked_at, given.revoked_by_id, 'revoked')
  ) act (at, by_id, state)
 WHERE act.at IS NOT NULL
 ORDER BY carried.id, act.at;
"""


def carry(apps, schema_editor) -> None:
    """Make mandates of the grants; a holder without a code gets a fingerprint of the account."""
    with schema_editor.connection.cursor() as cursor:
        cursor.execute(NAMELESS)
        cursor.execute(CARRY, {"days": settings.MANDATE_DAYS})


class Migration(migrations.Migration):
    dependencies = [("representation", "0008_mandates")]

    operations = [migrations.RunPython(carry, migrations.RunPython.noop)]

"""Foreigners are known to mandates by the fingerprint of their foreign code."""

from django.db import migrations

FILL = """
UPDATE accounts_user SET personal_code_hash = known.code_hash
  FROM accounts_foreignidentifier known
 WHERE known.user_id = accounts_user.id AND accounts_user.personal_code = ''
"""


class Migration(migrations.Migration):
    dependencies = [("accounts", "0007_machine_credentials")]

    operations = [migrations.RunSQL(FILL, migrations.RunSQL.noop)]

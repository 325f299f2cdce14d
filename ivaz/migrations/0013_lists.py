from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models

FILL = """
    UPDATE ivaz_waybillparty AS party
       SET settled = CASE WHEN waybill.state IN ('received', 'split', 'cancelled')
                          THEN waybill.state ELSE '' END,
           is_different = waybill.is_different OR waybill.is_warned
      FROM ivaz_waybill waybill
     WHERE party.waybill_id = waybill.id
       AND (waybill.state IN ('received', 'split', 'cancelled')
            OR waybill.is_different OR waybill.is_warned)
"""
_TOLD = models.UniqueConstraint(
    condition=models.Q(("changed__isnull", False)),
    fields=("taxpayer", "changed"),
    name="ivaz_waybillparty_told",
)


class Migration(migrations.Migration):
    """What few waybills of many are stands beside their parties, and each has an index of its own.

    New columns have values without a row being written; those of few rows are then filled. Rows
    that nobody asks for by their change leave its index.
    """

    atomic = False

    dependencies = [
        ("ivaz", "0012_roles"),
    ]

    operations = [
        migrations.AddField(
            model_name="waybillparty",
            name="settled",
            field=models.CharField(blank=True, db_default="", default="", max_length=9),
        ),
        migrations.AddField(
            model_name="waybillparty",
            name="is_different",
            field=models.BooleanField(db_default=False, default=False),
        ),
        migrations.RunSQL(FILL, migrations.RunSQL.noop),
        AddIndexConcurrently(
            model_name="waybillparty",
            index=models.Index(
                condition=models.Q(("settled", ""), _negated=True),
                fields=["taxpayer", "settled", "-dispatch_at", "-waybill"],
                name="ivaz_waybillparty_settled",
            ),
        ),
        AddIndexConcurrently(
            model_name="waybillparty",
            index=models.Index(
                condition=models.Q(("is_different", True)),
                fields=["taxpayer", "-dispatch_at", "-waybill"],
                name="ivaz_waybillparty_different",
            ),
        ),
        migrations.SeparateDatabaseAndState(
            database_operations=[
                migrations.RunSQL(
                    "CREATE UNIQUE INDEX CONCURRENTLY IF NOT EXISTS ivaz_waybillparty_told"
                    " ON ivaz_waybillparty (taxpayer_id, changed) WHERE changed IS NOT NULL",
                    "DROP INDEX CONCURRENTLY IF EXISTS ivaz_waybillparty_told",
                ),
                migrations.RunSQL(
                    "ALTER TABLE ivaz_waybillparty DROP CONSTRAINT IF EXISTS"
                    " ivaz_waybillparty_changed",
                    "ALTER TABLE ivaz_waybillparty ADD CONSTRAINT ivaz_waybillparty_changed"
                    " UNIQUE (taxpayer_id, changed)",
                ),
            ],
            state_operations=[
                migrations.RemoveConstraint(
                    model_name="waybillparty", name="ivaz_waybillparty_changed"
                ),
                migrations.AddConstraint(model_name="waybillparty", constraint=_TOLD),
            ],
        ),
    ]

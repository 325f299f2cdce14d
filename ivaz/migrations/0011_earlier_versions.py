"""Only what a waybill held before it was changed is a version; its newest content is its own.

Every waybill's first version repeated its content, a third of all that was stored of it. Deletes a
row of each waybill; see docs/upgrade.md.
"""

from django.db import migrations

EARLIER_ONLY = """
ALTER TABLE ivaz_waybillversion RENAME COLUMN made_at TO until;
UPDATE ivaz_waybillversion v SET until = next.until
FROM ivaz_waybillversion next
WHERE next.waybill_id = v.waybill_id AND next.number = v.number + 1;
DELETE FROM ivaz_waybillversion v USING ivaz_waybill w
WHERE w.id = v.waybill_id AND v.number = w.version;
"""

ALL = """
ALTER TABLE ivaz_waybillversion RENAME COLUMN until TO made_at;
INSERT INTO ivaz_waybillversion (waybill_id, number, content, made_at)
SELECT id, version, content, submitted_at FROM ivaz_waybill;
UPDATE ivaz_waybillversion v SET made_at = coalesce((
    SELECT previous.made_at FROM ivaz_waybillversion previous
    WHERE previous.waybill_id = v.waybill_id AND previous.number = v.number - 1
), (SELECT submitted_at FROM ivaz_waybill w WHERE w.id = v.waybill_id));
"""


class Migration(migrations.Migration):
    dependencies = [("ivaz", "0010_slimmer_indexes")]

    operations = [
        migrations.RunSQL(
            EARLIER_ONLY,
            ALL,
            state_operations=[migrations.RenameField("waybillversion", "made_at", "until")],
        )
    ]

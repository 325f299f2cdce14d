"""The VAT codes of an invoice stand with it, so that judging a month need not gather its rows.

Reads every tax row once and writes every invoice that has a code anew; see docs/upgrade.md.
"""

from django.db import migrations

ADD = """
ALTER TABLE isaf_invoice ADD COLUMN codes text NOT NULL DEFAULT '';
UPDATE isaf_invoice i SET codes = told.codes
FROM (
    SELECT period_start, part_id, position, string_agg(DISTINCT code, ',' ORDER BY code) AS codes
    FROM isaf_tax_row GROUP BY 1, 2, 3
) told
WHERE told.period_start = i.period_start AND told.part_id = i.part_id
    AND told.position = i.position AND told.codes <> '';
ALTER TABLE isaf_invoice ALTER COLUMN codes DROP DEFAULT;
"""


class Migration(migrations.Migration):
    dependencies = [("isaf", "0013_month_pieces")]

    operations = [migrations.RunSQL(ADD, "ALTER TABLE isaf_invoice DROP COLUMN codes")]

"""Facts of parts, packed for the survey of a month; a piece of a month may judge all deals anew."""

import django.contrib.postgres.fields
import django.db.models.deletion
from django.db import migrations, models

# Numbers and hashes: pressing them together would cost time and spare nothing. Of parts of up to
# some hundred and ninety invoices they stand in the row itself, which is read in one go.
AS_IT_IS = """
ALTER TABLE isaf_partfacts ALTER COLUMN packed SET STORAGE EXTERNAL;
ALTER TABLE isaf_partfacts SET (toast_tuple_target = 8160);
"""


class Migration(migrations.Migration):
    dependencies = [("isaf", "0014_codes_of_invoices")]

    operations = [
        migrations.CreateModel(
            name="PartFacts",
            fields=[
                ("part", models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, primary_key=True, related_name="facts", serialize=False, to="isaf.part")),
                ("bounds", django.contrib.postgres.fields.ArrayField(base_field=models.IntegerField(), size=None)),
                ("packed", models.BinaryField()),
            ],
        ),
        migrations.RunSQL(AS_IT_IS, migrations.RunSQL.noop),
        migrations.AddField(
            model_name="monthpiece",
            name="anew",
            field=models.BooleanField(default=False),
        ),
    ]

from django.db import migrations, models
from django.db.models import OuterRef, Subquery


def name_the_days(apps, schema_editor):
    """A warning sent so far warned of the last day that its mandate has today."""
    mandates = apps.get_model("representation", "Mandate").objects.filter(pk=OuterRef("mandate"))
    letters = apps.get_model("representation", "MandateLetter").objects
    letters.exclude(kind="offer").update(ends_on=Subquery(mandates.values("until")))


class Migration(migrations.Migration):
    dependencies = [("representation", "0020_journal_filters")]

    operations = [
        migrations.RemoveConstraint(
            model_name="mandateletter", name="representation_letter_once"
        ),
        migrations.AddField(
            model_name="mandateletter",
            name="ends_on",
            field=models.DateField(blank=True, null=True),
        ),
        migrations.RunPython(name_the_days, migrations.RunPython.noop),
        migrations.AddConstraint(
            model_name="mandateletter",
            constraint=models.UniqueConstraint(
                fields=("mandate", "kind", "reader", "ends_on"),
                name="representation_letter_once",
                nulls_distinct=False,
            ),
        ),
    ]

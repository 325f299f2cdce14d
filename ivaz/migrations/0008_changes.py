from django.db import migrations, models


class Migration(migrations.Migration):
    """Changes of waybills, numbered for each party when it asks; so far none is."""

    dependencies = [
        ("ivaz", "0007_roadside"),
    ]

    operations = [
        migrations.RunSQL("CREATE SEQUENCE ivaz_change AS bigint", "DROP SEQUENCE ivaz_change"),
        migrations.AddField(
            model_name="waybillparty",
            name="changed",
            field=models.BigIntegerField(blank=True, null=True),
        ),
        migrations.AddConstraint(
            model_name="waybillparty",
            constraint=models.UniqueConstraint(
                fields=("taxpayer", "changed"), name="ivaz_waybillparty_changed"
            ),
        ),
        migrations.AddIndex(
            model_name="waybillparty",
            index=models.Index(
                condition=models.Q(("changed", None)),
                fields=["taxpayer", "id"],
                name="ivaz_waybillparty_untold",
            ),
        ),
    ]

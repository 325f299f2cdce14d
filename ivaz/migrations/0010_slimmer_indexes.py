import django.db.models.deletion
from django.conf import settings
from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models

_GONE = {
    "ivaz_recordverdict_document_id_c68c8243": "ivaz_recordverdict (document_id)",
    "ivaz_waybill_preparer_id_28084421": "ivaz_waybill (preparer_id)",
    "ivaz_waybill_split_of_id_428607b3": "ivaz_waybill (split_of_id)",
    "ivaz_waybillevent_taxpayer_id_025f3202": "ivaz_waybillevent (taxpayer_id)",
    "ivaz_waybillevent_user_id_386629e3": "ivaz_waybillevent (user_id)",
    "ivaz_waybillevent_waybill_id_68ae60a5": "ivaz_waybillevent (waybill_id)",
    "ivaz_waybillparty_taxpayer_id_f3d3cd3d": "ivaz_waybillparty (taxpayer_id)",
    "ivaz_waybillparty_waybill_id_03079112": "ivaz_waybillparty (waybill_id)",
    "ivaz_waybillversion_waybill_id_e5bbc17c": "ivaz_waybillversion (waybill_id)",
    "ivaz_waybill_rn_0784dd64_like": "ivaz_waybill (rn varchar_pattern_ops)",
}


def _drop(name, place):
    return migrations.RunSQL(
        f"DROP INDEX CONCURRENTLY IF EXISTS {name}",
        f"CREATE INDEX CONCURRENTLY IF NOT EXISTS {name} ON {place}",
    )


class Migration(migrations.Migration):
    """Indexes that begin another, or by which nothing is asked, go; a file has less to write.

    By SQL: Django would check every foreign key anew, with the tables locked.
    """

    atomic = False

    dependencies = [
        ("intake", "0004_partial"),
        ("ivaz", "0009_roadside_duties"),
        ("representation", "0022_waybills"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        AddIndexConcurrently(
            model_name="waybill",
            index=models.Index(
                condition=models.Q(("split_of", None), _negated=True),
                fields=["split_of"],
                name="ivaz_waybill_splits",
            ),
        ),
        migrations.SeparateDatabaseAndState(
            database_operations=[_drop(name, place) for name, place in _GONE.items()],
            state_operations=[
                migrations.AlterField(
                    model_name="recordverdict",
                    name="document",
                    field=models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="intake.document",
                    ),
                ),
                migrations.AlterField(
                    model_name="waybill",
                    name="preparer",
                    field=models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="representation.taxpayer",
                    ),
                ),
                migrations.AlterField(
                    model_name="waybill",
                    name="split_of",
                    field=models.ForeignKey(
                        blank=True,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="splits",
                        to="ivaz.waybill",
                    ),
                ),
                migrations.AlterField(
                    model_name="waybillevent",
                    name="taxpayer",
                    field=models.ForeignKey(
                        blank=True,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="representation.taxpayer",
                    ),
                ),
                migrations.AlterField(
                    model_name="waybillevent",
                    name="user",
                    field=models.ForeignKey(
                        blank=True,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                migrations.AlterField(
                    model_name="waybillevent",
                    name="waybill",
                    field=models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="events",
                        to="ivaz.waybill",
                    ),
                ),
                migrations.AlterField(
                    model_name="waybillparty",
                    name="taxpayer",
                    field=models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="representation.taxpayer",
                    ),
                ),
                migrations.AlterField(
                    model_name="waybillparty",
                    name="waybill",
                    field=models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="parties",
                        to="ivaz.waybill",
                    ),
                ),
                migrations.AlterField(
                    model_name="waybillversion",
                    name="waybill",
                    field=models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="versions",
                        to="ivaz.waybill",
                    ),
                ),
            ],
        ),
    ]

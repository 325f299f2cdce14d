"""A taxpayer's waybills of one role found at once, however many he has of the others."""

from django.db import migrations, models


def _index(role):
    """Made again whole where an earlier try was broken off, which leaves it there unfinished."""
    name = f"ivaz_waybillparty_{role}"
    return migrations.RunSQL(
        [
            f"DROP INDEX CONCURRENTLY IF EXISTS {name}",
            f"CREATE INDEX CONCURRENTLY {name} ON ivaz_waybillparty"
            " (taxpayer_id, dispatch_at DESC, waybill_id DESC)"
            f" WHERE roles @> ARRAY['{role}']::varchar(11)[]",
        ],
        f"DROP INDEX CONCURRENTLY IF EXISTS {name}",
        state_operations=[
            migrations.AddIndex(
                "waybillparty",
                models.Index(
                    fields=["taxpayer", "-dispatch_at", "-waybill"],
                    condition=models.Q(roles__contains=[role]),
                    name=name,
                ),
            )
        ],
    )


class Migration(migrations.Migration):
    atomic = False
    dependencies = [("ivaz", "0011_earlier_versions")]

    operations = [_index(role) for role in ("preparer", "consignor", "transporter", "consignee")]

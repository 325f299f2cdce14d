"""Officers who may search on the road already see the way in their menu."""

from typing import Any

from django.db import migrations


def show(apps: Any, _schema_editor: Any) -> None:
    """Write down the last day of each right that stands."""
    rights = apps.get_model("ivaz", "RoadsideRight").objects.filter(withdrawn_at__isnull=True)
    for right in rights.select_related("user"):
        right.user.duties = {**right.user.duties, "roadside": right.until.isoformat()}
        right.user.save(update_fields=["duties"])


def forget(apps: Any, _schema_editor: Any) -> None:
    """Leave everything: the field goes with its own migration."""


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0011_duties"),
        ("ivaz", "0008_changes"),
    ]

    operations = [migrations.RunPython(show, forget)]

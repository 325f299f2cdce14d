"""Outages that are there already: what was said of them, and what is still to be told."""

from django.db import migrations

_SAID = ("subsystem", "start", "end", "effect", "words_lt", "words_en")


def fill(apps, schema_editor):
    """One version of how it was first said, one of its end; the notice that waits."""
    version_of = apps.get_model("avaz", "OutageVersion").objects.create
    notice_of = apps.get_model("avaz", "OutageNotice").objects.create
    for outage in apps.get_model("avaz", "Outage").objects.filter(versions__isnull=True):
        said = {name: getattr(outage, name) for name in _SAID}
        first = {**said, "end": None, "at": outage.start, "by": outage.declared_by}
        version_of(outage=outage, number=1, act=outage.how, **first)
        if outage.end:
            outage.version = 2
            outage.save(update_fields=["version"])
            version_of(outage=outage, number=2, act="ended", at=outage.end, **said)
        notice_of(
            outage=outage,
            version=outage.version,
            occasion="over" if outage.end else "began",
            due_at=outage.end or outage.start,
            told_to=outage.told_to,
            told_at=outage.told_at,
        )


class Migration(migrations.Migration):

    dependencies = [("avaz", "0002_outage_history")]

    operations = [migrations.RunPython(fill, migrations.RunPython.noop)]

from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models


class Migration(migrations.Migration):
    atomic = False

    dependencies = [("representation", "0019_access_review")]

    operations = [
        AddIndexConcurrently(
            "journalentry",
            models.Index(fields=["taxpayer", "user", "-id"], name="representation_journal_person"),
        ),
        AddIndexConcurrently(
            "journalentry",
            models.Index(
                fields=["taxpayer", "action", "-id"], name="representation_journal_action"
            ),
        ),
    ]

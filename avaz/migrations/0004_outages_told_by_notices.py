from django.db import migrations


class Migration(migrations.Migration):

    dependencies = [("avaz", "0003_fill_outage_history")]

    operations = [
        migrations.RemoveField(model_name="outage", name="told_at"),
        migrations.RemoveField(model_name="outage", name="told_to"),
    ]

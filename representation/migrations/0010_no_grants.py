from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("representation", "0009_grants_become_mandates")]

    operations = [
        migrations.DeleteModel(
            name='Grant',
        ),
    ]

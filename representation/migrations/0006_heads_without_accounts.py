from django.db import migrations, models
from django.db.models import Q

from representation.ranges import Only, OnlyText, no_overlap


class Migration(migrations.Migration):
    dependencies = [("representation", "0005_heads_by_person")]

    operations = [
        migrations.RemoveField("headship", "user"),
        migrations.AlterField(
            "headship", "person", models.CharField(db_index=True, max_length=64)
        ),
        migrations.AddConstraint(
            "headship",
            no_overlap(
                "representation_headship_once",
                OnlyText("person"),
                Only("taxpayer"),
                days=("since", "until"),
            ),
        ),
        migrations.AddConstraint(
            "headship",
            models.CheckConstraint(
                condition=~Q(person=""), name="representation_headship_somebody"
            ),
        ),
    ]

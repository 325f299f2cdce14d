import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models
from django.db.models import F, Q

import representation.ranges
import representation.types
from representation.ranges import Only, OnlyText, no_overlap


def _post() -> list[tuple[str, models.Field]]:
    return [
        ("id", models.BigAutoField(primary_key=True, serialize=False)),
        ("person", models.CharField(db_index=True, max_length=64)),
        ("person_name", models.CharField(blank=True, default="", max_length=200)),
        ("since", models.DateField()),
        ("until", models.DateField(blank=True, null=True)),
    ]


def _taxpayer(related_name: str) -> tuple[str, models.Field]:
    field = models.ForeignKey(
        on_delete=django.db.models.deletion.PROTECT,
        related_name=related_name,
        to="representation.taxpayer",
    )
    return "taxpayer", field


def _kept_true(model: str) -> list[models.BaseConstraint]:
    return [
        models.CheckConstraint(
            condition=Q(until__isnull=True) | Q(until__gte=F("since")),
            name=f"representation_{model}_ends_after_start",
        ),
        models.CheckConstraint(condition=~Q(person=""), name=f"representation_{model}_somebody"),
        no_overlap(
            f"representation_{model}_once",
            OnlyText("person"),
            Only("taxpayer"),
            days=("since", "until"),
        ),
    ]


class Migration(migrations.Migration):
    dependencies = [
        ("representation", "0003_choice"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            "taxpayer", "ended_on", models.DateField(blank=True, null=True)
        ),
        migrations.RemoveConstraint("headship", "representation_headship_once"),
        migrations.AlterField(
            "headship",
            "user",
            models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="headships",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            "headship", "person", models.CharField(db_index=True, default="", max_length=64)
        ),
        migrations.AddField(
            "headship",
            "person_name",
            models.CharField(blank=True, default="", max_length=200),
        ),
        migrations.CreateModel(
            name="Accountant",
            fields=[
                *_post(),
                _taxpayer("accountants"),
                (
                    "kind",
                    models.CharField(
                        choices=[(kind, kind) for kind in representation.types.AccountantKind],
                        max_length=10,
                    ),
                ),
            ],
            options={
                "ordering": ["-since", "pk"],
                "abstract": False,
                "constraints": [
                    *_kept_true("accountant"),
                    models.CheckConstraint(
                        condition=Q(kind__in=["sole", "firm"]),
                        name="representation_accountant_kind",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Employment",
            fields=[*_post(), _taxpayer("employments")],
            options={
                "ordering": ["-since", "pk"],
                "abstract": False,
                "constraints": _kept_true("employment"),
            },
        ),
    ]

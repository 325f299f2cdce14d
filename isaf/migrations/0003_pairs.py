"""The live pairs of the cross-check, partitioned by month, and the reports ordered of them."""

import uuid

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models
from django.db.models import Q

import imas.kernel.clock
import imas.web.db

PAIR = """
CREATE TABLE isaf_pair (
    period_start date NOT NULL,
    match_key bigint NOT NULL,
    nth integer NOT NULL,
    near_key bigint,
    seller_id bigint,
    buyer_id bigint,
    buyer_month date NOT NULL,
    issued date NOT NULL,
    sale_start date,
    sale_part bigint,
    sale_position integer,
    purchase_start date,
    purchase_part bigint,
    purchase_position integer,
    state text NOT NULL CONSTRAINT isaf_pair_state CHECK (state IN ('matched', 'differs',
        'missing', 'other_period', 'possible_match', 'waiting', 'not_checkable')),
    reason text NOT NULL,
    fields smallint NOT NULL,
    taxable_gap numeric(28, 2) NOT NULL,
    vat_gap numeric(28, 2) NOT NULL,
    total_gap numeric(28, 2) NOT NULL,
    refreshed_at timestamptz NOT NULL,
    CONSTRAINT isaf_pair_told CHECK (sale_part IS NOT NULL OR purchase_part IS NOT NULL),
    PRIMARY KEY (match_key, period_start, nth)
) PARTITION BY RANGE (period_start);
CREATE INDEX isaf_pair_seller ON isaf_pair (seller_id, period_start, issued, match_key, nth);
CREATE INDEX isaf_pair_buyer ON isaf_pair (buyer_id, buyer_month, issued, match_key, nth);
CREATE INDEX isaf_pair_near ON isaf_pair (near_key) WHERE near_key IS NOT NULL;
CREATE INDEX isaf_pair_nearing ON isaf_pair (match_key) WHERE near_key IS NOT NULL;
CREATE INDEX isaf_pair_spanning ON isaf_pair (match_key) WHERE buyer_month <> period_start;
CREATE SEQUENCE isaf_crosscheck_number;
"""

DROP = "DROP SEQUENCE isaf_crosscheck_number; DROP TABLE isaf_pair;"

_EURO = imas.web.db.EuroSumField


class Migration(migrations.Migration):
    dependencies = [
        ("isaf", "0002_rows"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.RunSQL(PAIR, DROP),
        migrations.CreateModel(
            name="DealPair",
            fields=[
                ("pk", models.CompositePrimaryKey("match_key", "period_start", "nth", blank=True, editable=False, primary_key=True, serialize=False)),
                ("match_key", models.BigIntegerField()),
                ("period_start", models.DateField()),
                ("nth", models.IntegerField()),
                ("near_key", models.BigIntegerField(null=True)),
                ("seller_id", models.BigIntegerField(null=True)),
                ("buyer_id", models.BigIntegerField(null=True)),
                ("buyer_month", models.DateField()),
                ("issued", models.DateField()),
                ("sale_start", models.DateField(null=True)),
                ("sale_part", models.BigIntegerField(null=True)),
                ("sale_position", models.IntegerField(null=True)),
                ("purchase_start", models.DateField(null=True)),
                ("purchase_part", models.BigIntegerField(null=True)),
                ("purchase_position", models.IntegerField(null=True)),
                ("state", models.TextField()),
                ("reason", models.TextField()),
                ("fields", models.SmallIntegerField()),
                ("taxable_gap", _EURO()),
                ("vat_gap", _EURO()),
                ("total_gap", _EURO()),
                ("refreshed_at", models.DateTimeField()),
            ],
            options={"db_table": "isaf_pair", "managed": False},
        ),
        migrations.CreateModel(
            name="CrossCheck",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ("number", models.CharField(max_length=24, unique=True)),
                ("periods", models.JSONField()),
                ("filter", models.JSONField(default=dict)),
                ("state", models.CharField(choices=[("ordered", "ordered"), ("running", "running"), ("ready", "ready"), ("failed", "failed")], default="ordered", max_length=8)),
                ("ordered_at", models.DateTimeField(default=imas.kernel.clock.now)),
                ("claimed_at", models.DateTimeField(null=True)),
                ("attempts", models.PositiveSmallIntegerField(default=0)),
                ("finished_at", models.DateTimeField(null=True)),
                ("summary", models.JSONField(default=dict)),
                ("ordered_by", models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL)),
                ("taxpayer", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="isaf_cross_checks", to="representation.taxpayer")),
            ],
            options={
                "ordering": ["-ordered_at", "-id"],
                "indexes": [
                    models.Index(fields=["taxpayer", "-ordered_at", "-id"], name="isaf_crosscheck_list"),
                    models.Index(condition=Q(state__in=["ordered", "running"]), fields=["ordered_at"], name="isaf_crosscheck_due"),
                ],
                "constraints": [
                    models.CheckConstraint(condition=Q(state__in=["ordered", "running", "ready", "failed"]), name="isaf_crosscheck_state"),
                    models.CheckConstraint(condition=Q(state__in=["ready", "failed"]) ^ Q(finished_at=None), name="isaf_crosscheck_finished"),
                ],
            },
        ),
        migrations.CreateModel(
            name="ReportedPair",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("position", models.IntegerField()),
                ("month", models.DateField()),
                ("side", models.CharField(max_length=1)),
                ("state", models.TextField()),
                ("reason", models.TextField()),
                ("fields", models.SmallIntegerField()),
                ("counterparty_vat", models.TextField()),
                ("counterparty_code", models.TextField()),
                ("counterparty_name", models.TextField()),
                ("our_source", models.TextField(null=True)),
                ("our_number", models.TextField(null=True)),
                ("our_issued", models.DateField(null=True)),
                ("our_type", models.TextField(null=True)),
                ("our_taxable", _EURO(null=True)),
                ("our_vat", _EURO(null=True)),
                ("our_codes", models.TextField(null=True)),
                ("their_number", models.TextField(null=True)),
                ("their_issued", models.DateField(null=True)),
                ("their_type", models.TextField(null=True)),
                ("their_taxable", _EURO(null=True)),
                ("their_vat", _EURO(null=True)),
                ("their_codes", models.TextField(null=True)),
                ("cross_check", models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name="pairs", to="isaf.crosscheck")),
            ],
            options={
                "ordering": ["cross_check", "position"],
                "constraints": [
                    models.UniqueConstraint(fields=("cross_check", "position"), name="isaf_reportedpair_position"),
                    models.CheckConstraint(condition=Q(state__in=["matched", "differs", "missing_at_counterparty", "missing_at_us", "other_period", "possible_match", "waiting", "not_checkable"]), name="isaf_reportedpair_state"),
                ],
            },
        ),
    ]

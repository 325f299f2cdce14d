"""Preliminary VAT returns; their rows of evidence are partitioned by the month of the return."""

import django.contrib.postgres.fields
import django.db.models.deletion
import imas.kernel.clock
import imas.web.db
import isaf.returns.forms
import isaf.returns.standing
import uuid
from django.conf import settings
from django.db import migrations, models


CONTRIBUTION = """
CREATE TABLE isaf_contribution (
    month date NOT NULL,
    version_id bigint NOT NULL,
    standing text NOT NULL CONSTRAINT isaf_contribution_standing CHECK (standing IN ('counted',
        'excluded', 'postponed', 'cancelled', 'unpaid', 'left_out', 'unmapped')),
    rule text NOT NULL,
    kind char(1) NOT NULL CHECK (kind IN ('I', 'S', 'L')),
    period_start date NOT NULL,
    part_id bigint NOT NULL,
    position integer NOT NULL,
    row_no smallint NOT NULL,
    of_row smallint NOT NULL,
    taxable numeric(28, 2) NOT NULL,
    vat numeric(28, 2) NOT NULL,
    direct numeric(28, 2) NOT NULL,
    shared numeric(28, 2) NOT NULL
) PARTITION BY RANGE (month);
CREATE INDEX isaf_contribution_box
    ON isaf_contribution (version_id, standing, rule, part_id, position);
CREATE SEQUENCE isaf_return_number;
"""
DROP = "DROP SEQUENCE isaf_return_number; DROP TABLE isaf_contribution;"


class Migration(migrations.Migration):

    dependencies = [
        ('isaf', '0009_einvoices'),
        ('representation', '0021_letters_by_last_day'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.RunSQL(CONTRIBUTION, DROP),
        migrations.CreateModel(
            name='Contribution',
            fields=[
                ('pk', models.CompositePrimaryKey('month', 'version_id', 'part_id', 'position', 'row_no', 'of_row', blank=True, editable=False, primary_key=True, serialize=False)),
                ('month', models.DateField()),
                ('version_id', models.BigIntegerField()),
                ('standing', models.TextField()),
                ('rule', models.TextField()),
                ('kind', models.CharField(max_length=1)),
                ('period_start', models.DateField()),
                ('part_id', models.BigIntegerField()),
                ('position', models.IntegerField()),
                ('row_no', models.SmallIntegerField()),
                ('of_row', models.SmallIntegerField()),
                ('taxable', imas.web.db.EuroSumField(decimal_places=2, max_digits=28)),
                ('vat', imas.web.db.EuroSumField(decimal_places=2, max_digits=28)),
                ('direct', imas.web.db.EuroSumField(decimal_places=2, max_digits=28)),
                ('shared', imas.web.db.EuroSumField(decimal_places=2, max_digits=28)),
            ],
            options={
                'db_table': 'isaf_contribution',
                'managed': False,
            },
        ),
        migrations.CreateModel(
            name='PreliminaryReturn',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('number', models.CharField(max_length=24, unique=True)),
                ('form', models.CharField(choices=[(isaf.returns.forms.FormName['RETURN'], isaf.returns.forms.FormName['RETURN']), (isaf.returns.forms.FormName['LIST'], isaf.returns.forms.FormName['LIST'])], max_length=6)),
                ('start', models.DateField()),
                ('end', models.DateField()),
                ('state', models.CharField(choices=[(isaf.returns.standing.ReturnState['WAITING'], isaf.returns.standing.ReturnState['WAITING']), (isaf.returns.standing.ReturnState['DUE'], isaf.returns.standing.ReturnState['DUE']), (isaf.returns.standing.ReturnState['READY'], isaf.returns.standing.ReturnState['READY']), (isaf.returns.standing.ReturnState['FAILED'], isaf.returns.standing.ReturnState['FAILED'])], max_length=8)),
                ('percent', models.PositiveSmallIntegerField(default=100)),
                ('activity', models.CharField(blank=True, default='', max_length=6)),
                ('is_last', models.BooleanField(default=False)),
                ('ordered_at', models.DateTimeField(default=imas.kernel.clock.now)),
                ('due_since', models.DateTimeField(null=True)),
                ('claimed_at', models.DateTimeField(null=True)),
                ('attempts', models.PositiveSmallIntegerField(default=0)),
                ('ordered_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('taxpayer', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='isaf_returns', to='representation.taxpayer')),
            ],
            options={
                'ordering': ['-start', 'form', '-end'],
                'indexes': [
                    models.Index(fields=['taxpayer', '-start', 'form'], name='isaf_return_list'),
                    models.Index(condition=models.Q(('state', isaf.returns.standing.ReturnState['DUE'])), fields=['due_since'], name='isaf_return_due'),
                ],
                'constraints': [
                    models.UniqueConstraint(fields=('taxpayer', 'form', 'start', 'end'), name='isaf_return_once'),
                    models.CheckConstraint(condition=models.Q(('state__in', [isaf.returns.standing.ReturnState['WAITING'], isaf.returns.standing.ReturnState['DUE'], isaf.returns.standing.ReturnState['READY'], isaf.returns.standing.ReturnState['FAILED']])), name='isaf_return_state'),
                    models.CheckConstraint(condition=models.Q(('percent__lte', 100)), name='isaf_return_percent'),
                ],
            },
        ),
        migrations.CreateModel(
            name='ReturnDecision',
            fields=[
                ('id', models.BigAutoField(primary_key=True, serialize=False)),
                ('side', models.CharField(max_length=1)),
                ('number_norm', models.TextField()),
                ('counterparty', models.TextField()),
                ('by_vat_code', models.BooleanField()),
                ('counted', models.CharField(choices=[(isaf.returns.standing.Counted['COUNTED'], isaf.returns.standing.Counted['COUNTED']), (isaf.returns.standing.Counted['EXCLUDED'], isaf.returns.standing.Counted['EXCLUDED']), (isaf.returns.standing.Counted['POSTPONED'], isaf.returns.standing.Counted['POSTPONED'])], default=isaf.returns.standing.Counted['COUNTED'], max_length=9)),
                ('until', models.DateField(null=True)),
                ('deduction', models.CharField(choices=[(isaf.returns.standing.Deduction['USUAL'], isaf.returns.standing.Deduction['USUAL']), (isaf.returns.standing.Deduction['FULL'], isaf.returns.standing.Deduction['FULL']), (isaf.returns.standing.Deduction['SHARE'], isaf.returns.standing.Deduction['SHARE']), (isaf.returns.standing.Deduction['NONE'], isaf.returns.standing.Deduction['NONE']), (isaf.returns.standing.Deduction['RESERVE'], isaf.returns.standing.Deduction['RESERVE'])], default=isaf.returns.standing.Deduction['USUAL'], max_length=7)),
                ('share', models.PositiveSmallIntegerField(default=100)),
                ('nature', models.CharField(choices=[(isaf.returns.standing.Nature['USUAL'], isaf.returns.standing.Nature['USUAL']), (isaf.returns.standing.Nature['SERVICES'], isaf.returns.standing.Nature['SERVICES']), (isaf.returns.standing.Nature['GOODS'], isaf.returns.standing.Nature['GOODS'])], default=isaf.returns.standing.Nature['USUAL'], max_length=8)),
                ('reason', models.CharField(blank=True, default='', max_length=500)),
                ('decided_at', models.DateTimeField(default=imas.kernel.clock.now)),
                ('decided_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('taxpayer', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='representation.taxpayer')),
            ],
            options={
                'ordering': ['pk'],
                'indexes': [
                    models.Index(condition=models.Q(('counted', isaf.returns.standing.Counted['POSTPONED'])), fields=['taxpayer', 'until'], name='isaf_returndecision_late'),
                ],
                'constraints': [
                    models.UniqueConstraint(fields=('taxpayer', 'side', 'number_norm', 'counterparty'), name='isaf_returndecision_once'),
                    models.CheckConstraint(condition=models.Q(('counted', isaf.returns.standing.Counted['POSTPONED']), ('until', None), _connector='XOR'), name='isaf_returndecision_until'),
                    models.CheckConstraint(condition=models.Q(('share__lte', 100)), name='isaf_returndecision_share'),
                ],
            },
        ),
        migrations.CreateModel(
            name='ReturnLine',
            fields=[
                ('id', models.AutoField(primary_key=True, serialize=False)),
                ('start', models.DateField()),
                ('end', models.DateField()),
                ('source', models.CharField(choices=[(isaf.returns.standing.LineSource['MANUAL'], isaf.returns.standing.LineSource['MANUAL']), (isaf.returns.standing.LineSource['ITIS_EU'], isaf.returns.standing.LineSource['ITIS_EU'])], max_length=8)),
                ('reference', models.CharField(blank=True, default='', max_length=100)),
                ('rule', models.CharField(max_length=16)),
                ('taxable', imas.web.db.EuroSumField(decimal_places=2, default=0, max_digits=28)),
                ('vat', imas.web.db.EuroSumField(decimal_places=2, default=0, max_digits=28)),
                ('note', models.CharField(blank=True, default='', max_length=500)),
                ('added_at', models.DateTimeField(default=imas.kernel.clock.now)),
                ('removed_at', models.DateTimeField(null=True)),
                ('added_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('removed_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('taxpayer', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='representation.taxpayer')),
            ],
            options={
                'ordering': ['pk'],
                'indexes': [
                    models.Index(fields=['taxpayer', 'start'], name='isaf_returnline_period'),
                ],
                'constraints': [
                    models.UniqueConstraint(condition=models.Q(('reference', ''), _negated=True), fields=('taxpayer', 'source', 'reference'), name='isaf_returnline_reference'),
                ],
            },
        ),
        migrations.CreateModel(
            name='ReturnVersion',
            fields=[
                ('id', models.BigAutoField(primary_key=True, serialize=False)),
                ('number', models.PositiveIntegerField()),
                ('form_version', models.CharField(max_length=8)),
                ('computed_at', models.DateTimeField()),
                ('registers', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=40), default=list, size=None)),
                ('percent', models.PositiveSmallIntegerField()),
                ('corrects', models.BooleanField(default=False)),
                ('boxes', models.JSONField(default=dict)),
                ('confirmed_at', models.DateTimeField(null=True)),
                ('confirmed_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('of', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='versions', to='isaf.preliminaryreturn')),
            ],
            options={
                'ordering': ['-number'],
                'constraints': [
                    models.UniqueConstraint(fields=('of', 'number'), name='isaf_returnversion_number'),
                ],
            },
        ),
        migrations.CreateModel(
            name='ReturnTotal',
            fields=[
                ('id', models.BigAutoField(primary_key=True, serialize=False)),
                ('standing', models.CharField(choices=[(isaf.returns.standing.Counted['COUNTED'], isaf.returns.standing.Counted['COUNTED']), (isaf.returns.standing.Counted['EXCLUDED'], isaf.returns.standing.Counted['EXCLUDED']), (isaf.returns.standing.Counted['POSTPONED'], isaf.returns.standing.Counted['POSTPONED']), (isaf.returns.standing.Counted['CANCELLED'], isaf.returns.standing.Counted['CANCELLED']), (isaf.returns.standing.Counted['UNPAID'], isaf.returns.standing.Counted['UNPAID']), (isaf.returns.standing.Counted['LEFT_OUT'], isaf.returns.standing.Counted['LEFT_OUT']), (isaf.returns.standing.Counted['UNMAPPED'], isaf.returns.standing.Counted['UNMAPPED'])], max_length=12)),
                ('rule', models.CharField(blank=True, max_length=16)),
                ('rows', models.IntegerField()),
                ('taxable', imas.web.db.EuroSumField(decimal_places=2, max_digits=28)),
                ('vat', imas.web.db.EuroSumField(decimal_places=2, max_digits=28)),
                ('direct', imas.web.db.EuroSumField(decimal_places=2, max_digits=28)),
                ('shared', imas.web.db.EuroSumField(decimal_places=2, max_digits=28)),
                ('version', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='totals', to='isaf.returnversion')),
            ],
            options={
                'ordering': ['standing', 'rule'],
                'constraints': [
                    models.UniqueConstraint(fields=('version', 'standing', 'rule'), name='isaf_returntotal_once'),
                ],
            },
        ),
        migrations.CreateModel(
            name='StandingReturn',
            fields=[
                ('taxpayer', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, primary_key=True, related_name='+', serialize=False, to='representation.taxpayer')),
                ('forms', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=6), size=None)),
                ('ordered_at', models.DateTimeField(default=imas.kernel.clock.now)),
                ('ordered_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
        ),
    ]

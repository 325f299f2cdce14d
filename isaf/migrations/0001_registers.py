"""Registers, their parts and findings; the row tables are described here and made in 0002."""

import django.db.models.deletion
import imas.kernel.clock
import imas.web.db
import uuid
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('intake', '__first__'),
        ('representation', '__first__'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='Invoice',
            fields=[
                ('pk', models.CompositePrimaryKey('period_start', 'part_id', 'position', blank=True, editable=False, primary_key=True, serialize=False)),
                ('period_start', models.DateField()),
                ('part_id', models.BigIntegerField()),
                ('position', models.IntegerField()),
                ('side', models.CharField(max_length=1)),
                ('line', models.IntegerField()),
                ('number', models.TextField()),
                ('number_norm', models.TextField()),
                ('match_key', models.BigIntegerField(null=True)),
                ('counterparty_vat', models.TextField()),
                ('counterparty_code', models.TextField()),
                ('country', models.TextField()),
                ('counterparty_name', models.TextField()),
                ('issued', models.DateField()),
                ('type', models.CharField(max_length=2)),
                ('special', models.BooleanField()),
                ('vat_point', models.DateField(null=True)),
                ('registered', models.DateField(null=True)),
                ('taxable', imas.web.db.EuroSumField()),
                ('vat', imas.web.db.EuroSumField()),
                ('total', imas.web.db.EuroSumField()),
                ('refs', models.JSONField(null=True)),
            ],
            options={
                'db_table': 'isaf_invoice',
                'managed': False,
            },
        ),
        migrations.CreateModel(
            name='SettledInvoice',
            fields=[
                ('pk', models.CompositePrimaryKey('period_start', 'part_id', 'position', 'row_no', blank=True, editable=False, primary_key=True, serialize=False)),
                ('period_start', models.DateField()),
                ('part_id', models.BigIntegerField()),
                ('position', models.IntegerField()),
                ('row_no', models.SmallIntegerField()),
                ('number', models.TextField()),
                ('number_norm', models.TextField()),
                ('issued', models.DateField()),
                ('amount', imas.web.db.EuroField()),
                ('vat', imas.web.db.EuroField()),
            ],
            options={
                'db_table': 'isaf_settled_invoice',
                'managed': False,
            },
        ),
        migrations.CreateModel(
            name='Settlement',
            fields=[
                ('pk', models.CompositePrimaryKey('period_start', 'part_id', 'position', blank=True, editable=False, primary_key=True, serialize=False)),
                ('period_start', models.DateField()),
                ('part_id', models.BigIntegerField()),
                ('position', models.IntegerField()),
                ('line', models.IntegerField()),
                ('kind', models.CharField(max_length=1)),
                ('reference', models.TextField()),
                ('paid_on', models.DateField()),
                ('counterparty_vat', models.TextField()),
                ('counterparty_code', models.TextField()),
                ('country', models.TextField()),
                ('counterparty_name', models.TextField()),
                ('taxable', imas.web.db.EuroSumField()),
                ('vat', imas.web.db.EuroSumField()),
            ],
            options={
                'db_table': 'isaf_settlement',
                'managed': False,
            },
        ),
        migrations.CreateModel(
            name='TaxRow',
            fields=[
                ('pk', models.CompositePrimaryKey('period_start', 'part_id', 'position', 'row_no', blank=True, editable=False, primary_key=True, serialize=False)),
                ('period_start', models.DateField()),
                ('part_id', models.BigIntegerField()),
                ('position', models.IntegerField()),
                ('row_no', models.SmallIntegerField()),
                ('taxable', imas.web.db.EuroField()),
                ('code', models.TextField()),
                ('rate', models.DecimalField(decimal_places=2, max_digits=5, null=True)),
                ('amount', imas.web.db.EuroField(null=True)),
                ('vat_point', models.DateField(null=True)),
            ],
            options={
                'db_table': 'isaf_tax_row',
                'managed': False,
            },
        ),
        migrations.CreateModel(
            name='Part',
            fields=[
                ('id', models.BigAutoField(primary_key=True, serialize=False)),
                ('type', models.CharField(choices=[('SALES_REGISTRY', 'SALES_REGISTRY'), ('PURCHASE_REGISTRY', 'PURCHASE_REGISTRY'), ('SETTLEMENTS_AND_PAYMENTS_REGISTRY', 'SETTLEMENTS_AND_PAYMENTS_REGISTRY')], max_length=40)),
                ('start', models.DateField()),
                ('end', models.DateField()),
                ('part_number', models.CharField(max_length=20)),
                ('source', models.CharField(choices=[('PORTAL_FORM', 'PORTAL_FORM'), ('PORTAL_FILE', 'PORTAL_FILE'), ('SERVICE_FILE', 'SERVICE_FILE')], max_length=16)),
                ('created_at', models.DateTimeField(default=imas.kernel.clock.now)),
                ('kept_at', models.DateTimeField(null=True)),
                ('emptied_at', models.DateTimeField(null=True)),
                ('invoices', models.IntegerField(default=0)),
                ('error_count', models.IntegerField(default=0)),
                ('warning_count', models.IntegerField(default=0)),
                ('taxable', imas.web.db.EuroSumField(default=0)),
                ('vat', imas.web.db.EuroSumField(default=0)),
                ('document', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='isaf_parts', to='intake.document')),
                ('taxpayer', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='isaf_parts', to='representation.taxpayer')),
            ],
            options={
                'ordering': ['-id'],
                'indexes': [
                    models.Index(fields=['taxpayer', 'type', 'start'], name='isaf_part_period'),
                    models.Index(condition=models.Q(('kept_at', None)), fields=['created_at'], name='isaf_part_unkept'),
                ],
            },
        ),
        migrations.CreateModel(
            name='Register',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('number', models.CharField(max_length=40, unique=True)),
                ('type', models.CharField(choices=[('SALES_REGISTRY', 'SALES_REGISTRY'), ('PURCHASE_REGISTRY', 'PURCHASE_REGISTRY'), ('SETTLEMENTS_AND_PAYMENTS_REGISTRY', 'SETTLEMENTS_AND_PAYMENTS_REGISTRY')], max_length=40)),
                ('start', models.DateField()),
                ('end', models.DateField()),
                ('state', models.CharField(choices=[('PREPARING', 'PREPARING'), ('SUBMITTED', 'SUBMITTED'), ('ACCEPTED', 'ACCEPTED'), ('REJECTED', 'REJECTED')], default='PREPARING', max_length=16)),
                ('relevant', models.BooleanField(default=False)),
                ('current', models.BooleanField(default=False)),
                ('revision', models.PositiveSmallIntegerField(default=1)),
                ('created_at', models.DateTimeField(default=imas.kernel.clock.now)),
                ('submitted_at', models.DateTimeField(null=True)),
                ('decided_at', models.DateTimeField(null=True)),
                ('cancelled_at', models.DateTimeField(null=True)),
                ('check_requested_at', models.DateTimeField(null=True)),
                ('checked_at', models.DateTimeField(null=True)),
                ('claimed_at', models.DateTimeField(null=True)),
                ('attempts', models.PositiveSmallIntegerField(default=0)),
                ('given_up_at', models.DateTimeField(null=True)),
                ('errors', models.IntegerField(default=0)),
                ('warnings', models.IntegerField(default=0)),
                ('submitted_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('taxpayer', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='isaf_registers', to='representation.taxpayer')),
            ],
            options={
                'ordering': ['-start', 'type', '-revision'],
            },
        ),
        migrations.CreateModel(
            name='RegisterPart',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('part_number', models.CharField(max_length=20)),
                ('part', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='shown', to='isaf.part')),
                ('register', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='shown', to='isaf.register')),
            ],
            options={
                'ordering': ['register', 'part_number'],
                'constraints': [
                    models.UniqueConstraint(fields=('register', 'part_number'), name='isaf_registerpart_number_once'),
                ],
            },
        ),
        migrations.AddField(
            model_name='register',
            name='parts',
            field=models.ManyToManyField(related_name='registers', through='isaf.RegisterPart', to='isaf.part'),
        ),
        migrations.CreateModel(
            name='RegisterProblem',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('position', models.PositiveIntegerField()),
                ('code', models.CharField(max_length=64)),
                ('reason', models.CharField(blank=True, max_length=64)),
                ('severity', models.CharField(choices=[('error', 'error'), ('warning', 'warning'), ('info', 'info')], max_length=8)),
                ('line', models.PositiveIntegerField(blank=True, null=True)),
                ('column', models.PositiveIntegerField(blank=True, null=True)),
                ('path', models.TextField(blank=True)),
                ('register', models.CharField(blank=True, max_length=40)),
                ('invoice_no', models.CharField(blank=True, max_length=80)),
                ('value', models.TextField(blank=True)),
                ('params', models.JSONField(blank=True, default=dict)),
                ('invoice_position', models.IntegerField(null=True)),
                ('on', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='problems', to='isaf.register')),
                ('part', models.ForeignKey(null=True, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='isaf.part')),
            ],
            options={
                'ordering': ['position'],
                'constraints': [
                    models.UniqueConstraint(fields=('on', 'position'), name='isaf_registerproblem_position'),
                ],
            },
        ),
        migrations.CreateModel(
            name='PairRefresh',
            fields=[
                ('id', models.BigAutoField(primary_key=True, serialize=False)),
                ('start', models.DateField()),
                ('end', models.DateField()),
                ('requested_at', models.DateTimeField(default=imas.kernel.clock.now)),
                ('claimed_at', models.DateTimeField(null=True)),
                ('attempts', models.PositiveSmallIntegerField(default=0)),
                ('given_up_at', models.DateTimeField(null=True)),
                ('done_at', models.DateTimeField(null=True)),
                ('taxpayer', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='representation.taxpayer')),
            ],
            options={
                'ordering': ['id'],
                'indexes': [models.Index(condition=models.Q(('done_at', None)), fields=['id'], name='isaf_pairrefresh_due'), models.Index(fields=['taxpayer', 'start'], name='isaf_pairrefresh_period')],
            },
        ),
        migrations.AddIndex(
            model_name='register',
            index=models.Index(fields=['taxpayer', '-start'], name='isaf_register_list'),
        ),
        migrations.AddIndex(
            model_name='register',
            index=models.Index(condition=models.Q(models.Q(('relevant', True), ('state', 'SUBMITTED')), ('check_requested_at__isnull', False), _connector='OR'), fields=['claimed_at'], name='isaf_register_due'),
        ),
        migrations.AddConstraint(
            model_name='register',
            constraint=models.CheckConstraint(condition=models.Q(('state__in', ['PREPARING', 'SUBMITTED', 'ACCEPTED', 'REJECTED'])), name='isaf_register_state'),
        ),
        migrations.AddConstraint(
            model_name='register',
            constraint=models.CheckConstraint(condition=models.Q(('type__in', ['SALES_REGISTRY', 'PURCHASE_REGISTRY', 'SETTLEMENTS_AND_PAYMENTS_REGISTRY'])), name='isaf_register_type'),
        ),
        migrations.AddConstraint(
            model_name='register',
            constraint=models.CheckConstraint(condition=models.Q(('start__lte', models.F('end'))), name='isaf_register_start_before_end'),
        ),
        migrations.AddConstraint(
            model_name='register',
            constraint=models.CheckConstraint(condition=models.Q(('current', False), ('relevant', True), _connector='OR'), name='isaf_register_current_relevant'),
        ),
        migrations.AddConstraint(
            model_name='register',
            constraint=models.CheckConstraint(condition=models.Q(('relevant', False), models.Q(('state', 'PREPARING'), _negated=True), _connector='OR'), name='isaf_register_preparing_irrelevant'),
        ),
        migrations.AddConstraint(
            model_name='register',
            constraint=models.CheckConstraint(condition=models.Q(('cancelled_at', None), ('state', 'PREPARING'), _connector='OR'), name='isaf_register_cancelled_preparing'),
        ),
        migrations.AddConstraint(
            model_name='register',
            constraint=models.CheckConstraint(condition=models.Q(('state', 'PREPARING'), ('submitted_at__isnull', False), _connector='XOR'), name='isaf_register_submitted_at'),
        ),
        migrations.AddConstraint(
            model_name='register',
            constraint=models.UniqueConstraint(fields=('taxpayer', 'type', 'start', 'end', 'revision'), name='isaf_register_revision_once'),
        ),
        migrations.AddConstraint(
            model_name='register',
            constraint=models.UniqueConstraint(condition=models.Q(('current', True)), fields=('taxpayer', 'type', 'start', 'end'), name='isaf_register_one_current'),
        ),
        migrations.AddConstraint(
            model_name='register',
            constraint=models.UniqueConstraint(condition=models.Q(('relevant', True)), fields=('taxpayer', 'type', 'start', 'end', 'state'), name='isaf_register_one_relevant_per_state'),
        ),
        migrations.AddConstraint(
            model_name='register',
            constraint=models.UniqueConstraint(condition=models.Q(('cancelled_at', None), ('state', 'PREPARING')), fields=('taxpayer', 'type', 'start', 'end'), name='isaf_register_one_preparing'),
        ),
    ]

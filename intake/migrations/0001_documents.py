import django.db.models.deletion
import uuid
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('representation', '0002_journal_is_append_only'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.RunSQL(
            'CREATE SEQUENCE intake_document_arrival AS bigint',
            'DROP SEQUENCE intake_document_arrival',
        ),
        migrations.CreateModel(
            name='Document',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('arrival', models.BigIntegerField(editable=False, unique=True)),
                ('number', models.CharField(editable=False, max_length=32, unique=True)),
                ('kind', models.CharField(max_length=16)),
                ('source', models.CharField(choices=[('PORTAL_FORM', 'PORTAL_FORM'), ('PORTAL_FILE', 'PORTAL_FILE'), ('SERVICE_FILE', 'SERVICE_FILE')], max_length=16)),
                ('dry_run', models.BooleanField(default=False)),
                ('filename', models.CharField(blank=True, max_length=255)),
                ('content_type', models.CharField(blank=True, max_length=100)),
                ('container', models.CharField(blank=True, choices=[('xml', 'xml'), ('gzip', 'gzip'), ('zip', 'zip'), ('', '')], max_length=8)),
                ('size', models.BigIntegerField()),
                ('sha256', models.CharField(blank=True, max_length=64)),
                ('storage_name', models.CharField(blank=True, max_length=120)),
                ('idempotency_key', models.CharField(blank=True, max_length=300)),
                ('received_at', models.DateTimeField()),
                ('state', models.CharField(choices=[('UPLOAD_REJECTED', 'UPLOAD_REJECTED'), ('UPLOADED', 'UPLOADED'), ('PROCESSING', 'PROCESSING'), ('ACCEPTED', 'ACCEPTED'), ('REJECTED', 'REJECTED'), ('FAILED', 'FAILED')], max_length=16)),
                ('stage', models.CharField(choices=[('RECEIVED', 'RECEIVED'), ('UNPACKING', 'UNPACKING'), ('READING', 'READING'), ('STORING', 'STORING'), ('CHECKING', 'CHECKING'), ('DONE', 'DONE')], default='RECEIVED', max_length=16)),
                ('attempts', models.PositiveSmallIntegerField(default=0)),
                ('started_at', models.DateTimeField(blank=True, null=True)),
                ('claimed_at', models.DateTimeField(blank=True, null=True)),
                ('heartbeat_at', models.DateTimeField(blank=True, null=True)),
                ('finished_at', models.DateTimeField(blank=True, null=True)),
                ('bytes_read', models.BigIntegerField(default=0)),
                ('total_bytes', models.BigIntegerField(default=0)),
                ('records', models.BigIntegerField(default=0)),
                ('refusal_code', models.CharField(blank=True, max_length=64)),
                ('counts', models.JSONField(blank=True, default=dict)),
                ('registers', models.JSONField(blank=True, default=list)),
                ('errors', models.PositiveIntegerField(default=0)),
                ('warnings', models.PositiveIntegerField(default=0)),
                ('notes', models.PositiveIntegerField(default=0)),
                ('problems_kept', models.PositiveIntegerField(default=0)),
                ('first_copy', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='copies', to='intake.document')),
                ('received_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='documents', to=settings.AUTH_USER_MODEL)),
                ('taxpayer', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='documents', to='representation.taxpayer')),
            ],
            options={
                'ordering': ['-arrival'],
                'indexes': [
                    models.Index(fields=['taxpayer', 'kind', '-arrival'], name='intake_document_list'),
                    models.Index(condition=models.Q(('state__in', ['PROCESSING', 'UPLOADED'])), fields=['taxpayer', 'kind', 'arrival'], name='intake_document_line'),
                ],
                'constraints': [
                    models.CheckConstraint(condition=models.Q(('state__in', ['ACCEPTED', 'FAILED', 'PROCESSING', 'REJECTED', 'UPLOADED', 'UPLOAD_REJECTED'])), name='intake_document_state'),
                    models.UniqueConstraint(condition=models.Q(('state', 'PROCESSING')), fields=('taxpayer', 'kind'), name='intake_document_one_at_a_time'),
                    models.UniqueConstraint(condition=models.Q(('dry_run', False), ('state__in', ['ACCEPTED', 'PROCESSING', 'UPLOADED'])), fields=('taxpayer', 'kind', 'sha256'), name='intake_document_not_twice'),
                    models.UniqueConstraint(condition=models.Q(('idempotency_key', ''), _negated=True), fields=('taxpayer', 'kind', 'idempotency_key'), name='intake_document_idempotency'),
                ],
            },
        ),
        migrations.CreateModel(
            name='DocumentProblem',
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
                ('document', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='problems', to='intake.document')),
            ],
            options={
                'ordering': ['position'],
                'constraints': [
                    models.UniqueConstraint(fields=('document', 'position'), name='intake_documentproblem_position'),
                ],
            },
        ),
        migrations.CreateModel(
            name='IdempotencyRecord',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('scope', models.CharField(max_length=64)),
                ('key', models.CharField(max_length=255)),
                ('fingerprint', models.CharField(max_length=64)),
                ('started_at', models.DateTimeField()),
                ('status', models.PositiveSmallIntegerField(blank=True, null=True)),
                ('body', models.JSONField(blank=True, null=True)),
                ('headers', models.JSONField(blank=True, default=dict)),
            ],
            options={
                'ordering': ['pk'],
                'constraints': [models.UniqueConstraint(fields=('scope', 'key'), name='intake_idempotencyrecord_once')],
            },
        ),
        migrations.CreateModel(
            name='ProblemTotal',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('code', models.CharField(max_length=64)),
                ('severity', models.CharField(choices=[('error', 'error'), ('warning', 'warning'), ('info', 'info')], max_length=8)),
                ('count', models.PositiveIntegerField()),
                ('document', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='totals', to='intake.document')),
            ],
            options={
                'ordering': ['code', 'severity'],
                'constraints': [
                    models.UniqueConstraint(fields=('document', 'code', 'severity'), name='intake_problemtotal_once'),
                ],
            },
        ),
    ]
